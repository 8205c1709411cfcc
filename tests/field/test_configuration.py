"""The user's own files where the user has them: configuration, caches, and environments by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from uv import find_uv_bin

from cleanenv.environments.discovery import NAMED_PLACES
from tests.field.trial import RUN, entering, installed
from tests.support.command import call
from tests.support.environments import make_venv

CONFIGURED = (RUN, "bash")


def output(words: list[str], environ: dict[str, str], folder: Path | None = None) -> str:
    """Return what a command prints; fail if it fails."""
    done = call(words, environ, folder)
    assert done.status == 0, done
    return done.out.strip()


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Return the directory that the user's base directories lie in, which is not HOME."""
    return tmp_path / "else where"


@pytest.mark.parametrize("way", CONFIGURED)
def test_pip_reads_its_configuration(
    way: str, tool: list[str], programs: Path, caller: dict[str, str], elsewhere: Path, tmp_path: Path
) -> None:
    write(elsewhere / "pip/pip.conf", "[global]\nindex-url = https://pypi.corp.example/simple\n")
    words = entering(
        way, tool, programs, ["python", "-m", "pip", "config", "get", "global.index-url"], tmp_path / "job"
    )
    assert output(words, caller | {"XDG_CONFIG_HOME": str(elsewhere)}) == "https://pypi.corp.example/simple"


@pytest.mark.parametrize("way", CONFIGURED)
def test_git_knows_who_commits(
    way: str, tool: list[str], venv: Path, caller: dict[str, str], elsewhere: Path, tmp_path: Path
) -> None:
    write(elsewhere / "git/config", "[user]\n\tname = A Person\n\temail = person@example.org\n")
    words = entering(way, tool, venv, [installed("git"), "config", "user.name"], tmp_path / "job")
    assert output(words, caller | {"XDG_CONFIG_HOME": str(elsewhere)}) == "A Person"


@pytest.mark.parametrize("way", CONFIGURED)
def test_cleanenv_reads_its_own_configuration_inside(
    way: str, tool: list[str], venv: Path, caller: dict[str, str], elsewhere: Path, tmp_path: Path
) -> None:
    write(elsewhere / "cleanenv/config.toml", 'keep = ["MY_TOKEN"]\n')
    inner = [*tool, "run", str(venv), "--", "sh", "-c", "echo ${MY_TOKEN-unset}"]
    words = entering(way, tool, venv, inner, tmp_path / "job")
    environ = caller | {"XDG_CONFIG_HOME": str(elsewhere), "MY_TOKEN": "abc"}
    assert output(words, environ) == "abc"


@pytest.mark.parametrize("way", CONFIGURED)
@pytest.mark.parametrize(
    ("name", "below"),
    [("PIP_CACHE_DIR", ""), ("XDG_CACHE_HOME", "/pip")],
)
def test_pip_puts_its_copies_where_they_belong(
    name: str,
    below: str,
    way: str,
    tool: list[str],
    programs: Path,
    caller: dict[str, str],
    elsewhere: Path,
    tmp_path: Path,
) -> None:
    words = entering(way, tool, programs, ["python", "-m", "pip", "cache", "dir"], tmp_path / "job")
    assert output(words, caller | {name: str(elsewhere)}) == f"{elsewhere}{below}"


@pytest.mark.parametrize("way", CONFIGURED)
@pytest.mark.parametrize(("name", "below"), [("UV_CACHE_DIR", ""), ("XDG_CACHE_HOME", "/uv")])
def test_uv_puts_its_copies_where_they_belong(
    name: str,
    below: str,
    way: str,
    tool: list[str],
    venv: Path,
    caller: dict[str, str],
    elsewhere: Path,
    tmp_path: Path,
) -> None:
    words = entering(way, tool, venv, [find_uv_bin(), "cache", "dir"], tmp_path / "job")
    assert output(words, caller | {name: str(elsewhere)}) == f"{elsewhere}{below}"


def test_gpg_finds_its_keys(tool: list[str], venv: Path, caller: dict[str, str], sockets: Path) -> None:
    """A signed commit fails without: GPG_TTY alone says where to ask for a passphrase of a key that is not found."""
    words = entering(RUN, tool, venv, [installed("gpgconf"), "--list-dirs", "homedir"], sockets / "job")
    assert output(words, caller | {"GNUPGHOME": str(sockets)}) == str(sockets)


@pytest.mark.parametrize(
    ("name", "file", "text", "program"),
    [
        ("PIP_CONFIG_FILE", "pip.conf", "[global]\nindex-url = https://hostile.example\n", "python -m pip config list"),
        ("GIT_CONFIG_GLOBAL", "gitconfig", "[user]\n\tname = hostile\n", "git config --list"),
        (
            "XDG_CONFIG_DIRS",
            "pip/pip.conf",
            "[global]\nindex-url = https://hostile.example\n",
            "python -m pip config list",
        ),
    ],
)
def test_no_other_configuration_is_read(
    name: str,
    file: str,
    text: str,
    program: str,
    tool: list[str],
    programs: Path,
    caller: dict[str, str],
    tmp_path: Path,
) -> None:
    """Near misses: each names a file, or a directory, that is not the user's own place."""
    write(tmp_path / file, text)
    value = tmp_path if name.endswith("DIRS") else tmp_path / file
    environ = caller | {name: str(value)}
    outside = output(["sh", "-c", f"PATH={programs}/bin:$PATH; {program}"], environ)
    inside = output(entering(RUN, tool, programs, program.split(), tmp_path / "job"), environ)
    assert "hostile" in outside
    assert "hostile" not in inside


# Environments by name: the variable that says where they are, its value, and where one lies, below a directory.
def _conda(path: Path) -> None:
    make_venv(path)
    (path / "pyvenv.cfg").unlink()
    (path / "conda-meta").mkdir()


NAMED: dict[str, tuple[str, str, Callable[[Path], object]]] = {
    "WORKON_HOME": ("", "", make_venv),
    "XDG_DATA_HOME": ("", "virtualenvs", make_venv),
    "XDG_CACHE_HOME": ("", "pypoetry/virtualenvs", make_venv),
    "POETRY_VIRTUALENVS_PATH": ("", "", make_venv),
    "POETRY_CACHE_DIR": ("", "virtualenvs", make_venv),
    "PYENV_ROOT": ("", "versions", make_venv),
    "MAMBA_ROOT_PREFIX": ("", "envs", _conda),
    "CONDA_EXE": ("bin/conda", "envs", _conda),
    "CONDA_ENVS_PATH": ("", "", _conda),
}


def place(variable: str, elsewhere: Path) -> tuple[str, Path]:
    """Make an environment that ``variable`` leads to; return the variable's value and where that environment is."""
    value, below, make = NAMED[variable]
    named = elsewhere / variable / below / f"by_{variable.lower()}"
    named.parent.mkdir(parents=True)
    make(named)
    return str(elsewhere / variable / value), named


def test_every_variable_that_leads_to_environments_is_tried() -> None:
    known = {place.partition("/")[0][1:] for place in NAMED_PLACES if place.startswith("$")}
    assert known - {"CONDA_ROOT"} | {"CONDA_EXE", "CONDA_ENVS_PATH"} == set(NAMED)


@pytest.mark.parametrize("variable", NAMED)
def test_a_name_means_the_same_environment_inside_and_outside(
    variable: str, tool: list[str], venv: Path, caller: dict[str, str], elsewhere: Path, tmp_path: Path
) -> None:
    value, named = place(variable, elsewhere)
    environ = caller | {variable: value}
    command = [*tool, "run", named.name, "--", "sh", "-c", "command -v python"]
    outside = output(command, environ, tmp_path)
    assert outside == f"{named}/bin/python"
    assert output(entering(RUN, tool, venv, command, tmp_path / "job"), environ, tmp_path) == outside


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])  # dash reads no file before a script, so has no function
def test_each_name_means_the_same_environment_in_a_clean_shell(
    shell: str, tool: list[str], venv: Path, caller: dict[str, str], elsewhere: Path, tmp_path: Path
) -> None:
    """By the shell's own ``cleanenv``, which is a function there."""
    installed(shell)
    environ = dict(caller)
    script, expected = "", []
    for variable in NAMED:
        environ[variable], named = place(variable, elsewhere)
        script += f"cleanenv run {named.name} -- sh -c 'command -v python'\n"
        expected.append(f"{named}/bin/python")
    done = call([*tool, "shell", str(venv), "--shell", shell], environ, tmp_path, given=script)
    assert (done.out.splitlines(), done.err) == (expected, "")


def test_a_place_that_is_gone_names_nothing(
    tool: list[str], venv: Path, caller: dict[str, str], elsewhere: Path
) -> None:
    """Near miss: the variable is handed on, and what it names is looked for and not found."""
    words = entering(RUN, tool, venv, [*tool, "run", "by_name", "--", "true"], elsewhere)
    assert call(words, caller | {"WORKON_HOME": str(elsewhere)}).status == 3
