"""The launcher under each shell that may be sh, in a hostile environment, in every form of an installation."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import installation, namespace
from tests.support.command import Done, call, write_program
from tests.support.environments import make_venv
from tests.support.surroundings import skip_or_fail

SHELLS = ("dash", "bash", "busybox", "ksh93", "mksh", "zsh", "yash")
FOREIGN = "() { echo foreign >&2; return 0; }"
# What bash as sh takes from the environment; the launcher's own words are among them.
FUNCTIONS = (
    "[",
    "command",
    "cd",
    "pwd",
    "printf",
    "readlink",
    "shopt",
    "unset",
    "set",
    "exec",
    "command_not_found_handle",
)
OPTIONS = (
    *("allexport", "braceexpand", "errexit", "errtrace", "functrace", "history:histexpand", "keyword", "monitor"),
    *("noclobber", "noglob", "nounset", "physical", "posix", "privileged", "errexit:nounset:noglob:keyword"),
)
SHELL_OPTIONS = ("failglob", "nullglob", "nocaseglob:nocasematch", "dotglob:extglob", "execfail", "sourcepath:xpg_echo")
VERSION = "cleanenv 0.1.0\n"
NOBODY = 65534
INCOMPLETE = 70  # README: not completely installed


@pytest.fixture(scope="module")
def launcher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installation.make(tmp_path_factory.mktemp("installation") / "tool")


@pytest.fixture(params=SHELLS)
def as_sh(request: pytest.FixtureRequest) -> list[str]:
    """Return the words that start a command with each shell in turn as sh."""
    return words_with(request.param)


def words_with(shell: str) -> list[str]:
    program = shutil.which(shell)
    if program is None:
        skip_or_fail(f"{shell} is not installed")
        raise AssertionError
    if not namespace.is_possible_to_replace():
        skip_or_fail("mounting takes root")
    return namespace.with_program_as(program, "/bin/sh")


@pytest.fixture
def as_bash() -> list[str]:
    return words_with("bash")


def python_only_in(folder: Path, launcher: Path) -> Path:
    """Install as pip's --user does: below ``folder``, with no Python in it."""
    (folder / "bin").mkdir(parents=True)
    shutil.copy(launcher, folder / "bin/cleanenv")
    (folder / "lib").symlink_to(launcher.parents[1] / "lib")
    return folder / "bin/cleanenv"


def test_it_starts(as_sh: list[str], launcher: Path, caller: dict[str, str], tmp_path: Path) -> None:
    """By its path, by a link of each kind, from its own directory, and below a linked bin."""
    (tmp_path / "absolute").symlink_to(launcher)
    (tmp_path / "relative").symlink_to(os.path.relpath(launcher, tmp_path.resolve()))
    (tmp_path / "-").mkdir()
    (tmp_path / "-/chain").symlink_to("../relative")
    (tmp_path / "bin").symlink_to(launcher.parent)
    for word in (launcher, tmp_path / "absolute", "./relative", "./-/chain", "bin/cleanenv"):
        done = call([*as_sh, str(word), "--version"], caller | {"CDPATH": "/:/tmp", "OLDPWD": "/"}, tmp_path)
        assert done == (0, VERSION, ""), word
    assert call([*as_sh, "./cleanenv", "--version"], caller, launcher.parent) == (0, VERSION, "")


def test_arguments_and_status_are_passed_on(
    as_sh: list[str], launcher: Path, caller: dict[str, str], venv: Path
) -> None:
    words = ["", "--", "a b", "-x", "*", "\\n", "$HOME", "x=1", "é\n", "-- --"]
    script = "import json, sys; print(json.dumps(sys.argv[1:])); sys.exit(7)"
    done = call([*as_sh, str(launcher), "run", str(venv), "--", "python", "-c", script, *words], caller)
    assert (done.status, json.loads(done.out), done.err) == (7, words, "")


@pytest.mark.parametrize(
    "variables",
    [
        {"ENV": "{evil}", "BASH_ENV": "{evil}", "ZDOTDIR": "{folder}", "POSIXLY_CORRECT": "1"},
        {"IFS": "/", "CDPATH": "/usr:/", "PS4": "$(echo foreign >&2)", "TMOUT": "1"},
        {"IFS": "e.-", "PATH": "", "HOME": "/nowhere", "PWD": "/nowhere"},
        {"GLOBIGNORE": "*", "BASH_ARGV0": "/nowhere/x", "BASH_SOURCE": "/nowhere/y", "BASH_VERSION": "9"},
        {
            "self": "/x",
            "bin": "/x",
            "python": "/x",
            "link": "/x",
            "main": "/x",
            "__cleanenv_ps4": "$(echo foreign >&2)",
        },
        {"LC_ALL": "C", "PYTHONHOME": "/nowhere", "PYTHONPATH": "{folder}", "PYTHONWARNINGS": "error"},
        {f"BASH_FUNC_{name}%%": FOREIGN for name in FUNCTIONS},
    ],
    ids=["startup", "cdpath", "splitting", "bash", "names", "python", "functions"],
)
def test_what_the_shell_takes_from_the_environment(
    as_sh: list[str], launcher: Path, caller: dict[str, str], tmp_path: Path, variables: dict[str, str]
) -> None:
    evil = tmp_path / "evil"
    evil.write_text("echo foreign >&2\n")
    (tmp_path / ".zshenv").write_text("echo foreign >&2\n")
    given = ["env"]  # in between, since PATH is also that of this call
    for name, value in variables.items():
        given.append(f"{name}={value.replace('{evil}', str(evil)).replace('{folder}', str(tmp_path))}")
    (tmp_path / "link").symlink_to(launcher)
    for word in (launcher, tmp_path / "link"):
        assert call([*as_sh, *given, str(word), "--version"], caller) == (0, VERSION, "")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_for_each_word(as_bash: list[str], launcher: Path, caller: dict[str, str], name: str) -> None:
    given = caller | {f"BASH_FUNC_{name}%%": FOREIGN}
    assert call([*as_bash, str(launcher), "--version"], given) == (0, VERSION, "")


@pytest.mark.parametrize("options", OPTIONS)
def test_an_option_of_bash(
    as_bash: list[str], launcher: Path, caller: dict[str, str], options: str, venv: Path
) -> None:
    done = call([*as_bash, str(launcher), "run", str(venv), "--", "false"], caller | {"SHELLOPTS": options})
    assert done == (1, "", "")
    assert call([*as_bash, str(launcher), "--version"], caller | {"SHELLOPTS": options}) == (0, VERSION, "")


@pytest.mark.parametrize("options", SHELL_OPTIONS)
def test_a_shell_option_of_bash(as_bash: list[str], launcher: Path, caller: dict[str, str], options: str) -> None:
    assert call([*as_bash, str(launcher), "--version"], caller | {"BASHOPTS": options}) == (0, VERSION, "")


def test_a_shell_that_runs_nothing_is_no_success(as_bash: list[str], launcher: Path, caller: dict[str, str]) -> None:
    done = call([*as_bash, str(launcher), "--version"], caller | {"SHELLOPTS": "noexec"})
    assert (done.status, done.out) == (2, "")
    assert (
        "Error: bash, your sh, runs no command of any script, since SHELLOPTS holds noexec: unset SHELLOPTS."
        in done.err
    )


def test_a_traced_shell_runs_nothing_of_ps4(as_bash: list[str], launcher: Path, caller: dict[str, str]) -> None:
    """As somebody else: of root bash takes no PS4 from the environment."""
    given = caller | {"SHELLOPTS": "xtrace", "PS4": "$(echo foreign >&2)", "BASH_XTRACEFD": "1", "HOME": "/"}
    make_reachable(launcher.parents[1])
    nobody = ["setpriv", "--reuid", str(NOBODY), "--clear-groups"]
    assert call([*as_bash, *nobody, str(launcher), "--version"], given) == (0, VERSION, "")


def make_reachable(folder: Path) -> None:
    """Let everybody read what pytest made below the temporary directory."""
    for parent in [folder, *folder.parents]:
        if parent == Path(tempfile.gettempdir()):
            break
        parent.chmod(parent.stat().st_mode | 0o055)


def test_the_callers_variables_arrive(as_sh: list[str], launcher: Path, caller: dict[str, str], venv: Path) -> None:
    """Those that the launcher needs for itself are under names of its own; those that it changes are put back."""
    given = {"self": "1", "bin": "2", "python": "3", "link": "4", "PS4": "5", "GLOBIGNORE": "6", "CDPATH": "/7"}
    keep = [word for name in given for word in ("--keep", name)]
    script = "import json, os; print(json.dumps(dict(os.environ)))"
    done = call([*as_sh, str(launcher), "run", *keep, str(venv), "--", "python", "-c", script], caller | given)
    ps4 = call([*as_sh, "sh", "-c", "exec printenv PS4"], caller | given).out.rstrip("\n")  # some replace it themselves
    assert json.loads(done.out).items() >= (given | {"PS4": ps4}).items()
    assert "__cleanenv" not in done.out


def test_with_four_descriptors(as_sh: list[str], launcher: Path, caller: dict[str, str]) -> None:
    """Most shells cannot open a script then, and say so: never the status of an answer that is 'no'."""
    done = call([*as_sh, "bash", "-c", 'ulimit -n 4; "$0" --version', str(launcher)], caller)
    assert done.status != 1
    assert done.status != 0 or done.out == VERSION
    assert "Traceback" not in done.err


def refusal(done: Done) -> str:
    """Return the sentence of a refusal, which is the only line of it; the status says that cleanenv is incomplete."""
    assert (done.status, done.out) == (INCOMPLETE, "")
    assert done.err.startswith("Error: ")
    assert done.err.count("\n") == 1
    return done.err


def gone(bin_: Path) -> None:
    (bin_ / "python").symlink_to("/nowhere/python")


def loop(bin_: Path) -> None:
    (bin_ / "python").symlink_to("python")


def directory(bin_: Path) -> None:
    (bin_ / "python").mkdir()


def not_executable(bin_: Path) -> None:
    (bin_ / "python").write_text("")


def nothing(_: Path) -> None:
    """Leave it empty."""


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (gone, "does not exist or is not yours to reach"),
        (loop, "does not exist or is not yours to reach"),
        (directory, "is not an executable"),
        (not_executable, "is not an executable"),
        (nothing, "there is no Python beside"),
    ],
)
def test_its_python_is_gone(
    as_sh: list[str],
    launcher: Path,
    caller: dict[str, str],
    tmp_path: Path,
    prepare: Callable[[Path], None],
    words: str,
) -> None:
    bin_ = tmp_path / "gone/bin"
    bin_.mkdir(parents=True)
    shutil.copy(launcher, bin_ / "cleanenv")
    prepare(bin_)
    sentence = refusal(call([*as_sh, str(bin_ / "cleanenv"), "freeze", "e", "--check", "r.txt"], caller))
    assert words in sentence
    assert sentence.endswith(": install cleanenv again, in an environment of its own.\n")


def test_its_package_is_gone_or_closed(
    as_sh: list[str], launcher: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    env = make_venv(tmp_path / "empty")
    shutil.copy(launcher, env / "bin/cleanenv")
    done = call([*as_sh, str(env / "bin/cleanenv"), "--version"], caller)
    assert "python' can read: install cleanenv again" in refusal(done)
    package = next(env.glob("lib/python*/site-packages")) / "cleanenv"
    shutil.copytree(next(launcher.parents[1].glob("lib/python*/site-packages/cleanenv")), package)
    (package / "__main__.py").chmod(0)
    make_reachable(env)
    nobody = ["setpriv", "--reuid", str(NOBODY), "--clear-groups"]
    done = call([*as_sh, *nobody, str(env / "bin/cleanenv"), "--version"], caller)
    assert "__main__.py' cannot be read: " in refusal(done)


@pytest.mark.parametrize("name", ["python3", "python"])
def test_a_base_python_that_is_gone_is_replaced_by_the_same_version(
    launcher: Path, caller: dict[str, str], tmp_path: Path, name: str
) -> None:
    """And --user and --prefix, which have none beside; the directory of the library says which is meant."""
    command = python_only_in(tmp_path / "local", launcher)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    write_program(tmp_path / f"path/{version}", f'#!/bin/sh\necho used >&2\nexec {sys.executable} "$@"\n')
    given = caller | {"PATH": f"{tmp_path}/path"}
    hidden = [*namespace.over_directory("/usr/local/bin")] if shutil.which(version, path="/usr/local/bin") else []
    (command.parent / name).symlink_to("/nowhere/python")
    done = call([*hidden, str(command), "--version"], given)
    assert (done.status, done.out) == (0, VERSION)
    command.parent.joinpath(name).unlink()
    # Another Python beside, as uv puts its own into ~/.local/bin, is not the one that it was installed with.
    write_program(command.parent / name, "#!/bin/sh\necho wrong >&2\nexit 1\n")
    done = call([*hidden, str(command), "--version"], given)
    assert (done.status, done.out) == (0, VERSION)


def test_a_target_directory(as_sh: list[str], launcher: Path, caller: dict[str, str], tmp_path: Path) -> None:
    """As pip install --target leaves it: the packages, and bin beside them."""
    site_packages = next(launcher.parents[1].glob("lib/python*/site-packages"))
    target = tmp_path / "target"
    shutil.copytree(site_packages, target, symlinks=True)
    (target / "bin").mkdir(exist_ok=True)
    shutil.copy(launcher, target / "bin/cleanenv")
    assert call([*as_sh, str(target / "bin/cleanenv"), "--version"], caller) == (0, VERSION, "")


def test_links_without_a_readlink_in_the_usual_place(
    as_sh: list[str], launcher: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    """NixOS and Guix System have sh in /bin, env in /usr/bin, and all else on the caller's PATH."""
    (tmp_path / "link").symlink_to(launcher)
    write_program(
        tmp_path / "path/readlink", f"#!{sys.executable} -I\nimport os, sys; print(os.readlink(sys.argv[1]))\n"
    )
    bare = namespace.with_program_as("/dev/null", shutil.which("readlink") or "/usr/bin/readlink")
    words = [*as_sh, *bare, str(tmp_path / "link"), "--version"]
    assert call(words, caller | {"PATH": f"/usr/bin:/bin:{tmp_path}/path"}).status in (0, INCOMPLETE)
    done = call(words, caller | {"PATH": f"{tmp_path}/path:/usr/bin:/bin"})
    assert done == (0, VERSION, "")


def test_a_link_that_nothing_can_read(launcher: Path, caller: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(launcher)
    bare = namespace.with_program_as("/dev/null", shutil.which("readlink") or "/usr/bin/readlink")
    done = call([*words_with("dash"), *bare, str(tmp_path / "link"), "--version"], caller)
    assert "cannot follow the link '" in refusal(done)
