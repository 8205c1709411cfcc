"""What the configuration files say, and in which order."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cleanenv.clean.plan import Overrides
from cleanenv.errors import UsageError
from cleanenv.session import config, config_table, consent
from cleanenv.session.config import Config
from tests.support.surroundings import skip_or_fail


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the folder of a project, empty yet."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def write_user(home: Path, text: str) -> Path:
    """Write the user's file."""
    path = home / ".config/cleanenv/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def write_project(project: Path, text: str) -> Path:
    """Write the project's file."""
    path = project / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    return path


def load(home: Path, folder: Path) -> Config:
    """Read both for a caller in ``folder``."""
    return config.load({"HOME": str(home)}, str(folder))


def allow(home: Path, path: Path) -> None:
    """Say what `cleanenv allow` says of the file at ``path``."""
    table = config_table.project(str(path), path.read_bytes(), str(home)).items
    consent.give(str(path), table, {"HOME": str(home)})


def refusal(home: Path, folder: Path) -> str:
    """Return the sentence with which the configuration is refused."""
    with pytest.raises(UsageError) as refused:
        load(home, folder)
    return str(refused.value)


def test_no_file_says_nothing(home: Path, project: Path) -> None:
    """Nor does HOME that is unset."""
    for environ in ({"HOME": str(home)}, {}):
        said = config.load(environ, str(project))
        assert (said.env, said.shell) == (None, None)
        assert (said.overrides.keep, said.overrides.assign, said.overrides.path, said.overrides.source) == (
            (),
            {},
            (),
            (),
        )


def test_a_project(home: Path, project: Path) -> None:
    """Its three keys; a name stays a name."""
    path = write_project(
        project,
        "[project]\nname = 'x'\n[tool.cleanenv]\nenv = 'it'\nkeep = ['MINE', 'AWS_*']\nset = { A = '1', LANG = 'C' }\n",
    )
    allow(home, path)
    said = load(home, project)
    assert said.env == "it"
    assert said.overrides.keep == ("MINE", "AWS_*")
    assert said.overrides.assign == {"A": "1", "LANG": "C"}


@pytest.mark.parametrize(("env", "meant"), [("./it", "./it"), ("sub/it", "sub/it"), ("it", "it")])
def test_a_projects_environment_is_seen_from_its_file(home: Path, project: Path, env: str, meant: str) -> None:
    """Also from a folder below it."""
    write_project(project, f"[tool.cleanenv]\nenv = '{env}'\n")
    (project / "it").mkdir()
    (project / "a/b").mkdir(parents=True)
    assert load(home, project / "a/b").env == f"{project}/{meant}"


def test_the_nearest_project_counts(home: Path, project: Path) -> None:
    """One that says nothing of cleanenv hides the one above, as with other tools."""
    write_project(project, "[tool.cleanenv]\nenv = 'above'\n")
    (project / "a").mkdir()
    assert load(home, project / "a").env == "above"
    write_project(project / "a", "[tool.cleanenv]\nenv = 'below'\n")
    assert load(home, project / "a").env == "below"
    write_project(project / "a", "[project]\n")
    assert load(home, project / "a").env is None


def test_the_user(home: Path, project: Path) -> None:
    """Every key; paths from the file's folder, '~' from HOME."""
    folder = write_user(
        home,
        "env = '~/envs/it'\nshell = 'fish'\npath = ['/opt/a', 'rel', '~/bin']\nsource = '/opt/ros/setup.bash'\n"
        "keep = ['LD_PRELOAD']\n"
        "[set]\nPYTHONSTARTUP = '/x'\n",
    ).parent
    said = load(home, project)
    assert (said.env, said.shell) == (f"{home}/envs/it", "fish")
    assert said.overrides.path == ("/opt/a", f"{folder}/rel", f"{home}/bin")
    assert said.overrides.source == ("/opt/ros/setup.bash",)
    assert said.overrides.keep == ("LD_PRELOAD",)
    assert said.overrides.assign == {"PYTHONSTARTUP": "/x"}


def test_the_users_folder(home: Path, tmp_path: Path, project: Path) -> None:
    """XDG_CONFIG_HOME where it is absolute, by the base directory specification."""
    other = tmp_path / "xdg/cleanenv/config.toml"
    other.parent.mkdir(parents=True)
    other.write_text("shell = 'zsh'\n", encoding="utf-8")
    write_user(home, "shell = 'fish'\n")
    environ = {"HOME": str(home)}
    assert config.load(environ | {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}, str(project)).shell == "zsh"
    assert config.load(environ | {"XDG_CONFIG_HOME": "xdg"}, str(project)).shell == "fish"
    assert config.load(environ | {"XDG_CONFIG_HOME": ""}, str(project)).shell == "fish"


def test_the_configuration_of_a_snap_is_not_the_users(tmp_path: Path) -> None:
    """A clean shell does not get that XDG_CONFIG_HOME: outside the same file is read as inside."""
    home = tmp_path / "home"
    for place in (".config", "snap/code/1", "conda/etc", "kept"):
        (home / place / "cleanenv").mkdir(parents=True)
        (home / place / "cleanenv/config.toml").write_text(f"env = '{place}'\n", encoding="ascii")
    (home / "conda/conda-meta").mkdir()
    for place, expected in (("snap/code/1", ".config"), ("conda/etc", ".config"), ("kept", "kept")):
        environ = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / place)}
        assert config.load(environ, str(tmp_path)).env == expected


def test_the_project_goes_before_the_user(home: Path, project: Path) -> None:
    """Where both say one thing; lists add up."""
    write_user(home, "env = 'users'\nkeep = ['A']\nset = { X = 'user', Y = 'user' }\nshell = 'fish'\n")
    allow(home, write_project(project, "[tool.cleanenv]\nenv = 'projects'\nkeep = ['B']\nset = { X = 'project' }\n"))
    said = load(home, project)
    assert (said.env, said.shell) == ("projects", "fish")
    assert said.overrides.keep == ("A", "B")
    assert said.overrides.assign == {"X": "project", "Y": "user"}


def test_the_command_line_goes_before_both() -> None:
    """Its folders come first on PATH, its setup files run last."""
    below = Config("a", "fish", Overrides(["A"], {"X": "1", "Y": "1"}, ["/a"], ["a.sh"]))
    above = Config("b", None, Overrides(["B"], {"X": "2"}, ["/b"], ["b.sh"]))
    merged = config.merge(below, above)
    assert (merged.env, merged.shell) == ("b", "fish")
    overrides = merged.overrides
    assert (overrides.keep, overrides.assign) == (("A", "B"), {"X": "2", "Y": "1"})
    assert (overrides.path, overrides.source) == (("/b", "/a"), ("a.sh", "b.sh"))


def test_what_the_users_file_may_say(home: Path, project: Path) -> None:
    """Anything: it asks nobody."""
    write_user(home, "shell = 'x'\npath = 'x'\nsource = 'x'\nkeep = ['LD_PRELOAD', '*']\nset = { PATH = 'x' }\n")
    assert load(home, project).overrides.assign == {"PATH": "x"}


@pytest.mark.parametrize(
    ("text", "line", "fact"),
    [
        ("kepe = ['A']\n", 1, "unknown key 'kepe': cleanenv knows env, keep, set, shell, path, source, rc, ignore"),
        ("# cleanenv's\nenv = 3\n", 2, "'env' must be a string"),
        ("\nkeep = 'A'\n", 2, "'keep' must be a list of strings"),
        ("keep = ['A', 1]\n", 1, "'keep' must be a list of strings"),
        ("set = ['A']\n", 1, "'set' must be a table of strings"),
        ("[set]\nA = 1\n", 1, "'set' must be a table of strings"),
        ("shell = ['fish']\n", 1, "'shell' must be a string"),
        ("path = [['a']]\n", 1, "'path' must be a list of strings"),
        ("source = 1\n", 1, "'source' must be a list of strings"),
        ('env = "a\\u0000b"\n', 1, "'env' holds a NUL character: remove it, since no variable can hold one"),
        ('[set]\nA = "a\\u0000b"\n', 1, "'set' holds a NUL character: remove it, since no variable can hold one"),
        ('env = "it"\n[set]\n"A-B" = "x"\n', 3, "'A-B' is not a name for a variable: use letters, digits and '_'"),
        ('[set]\n"" = "x"\n', 2, "'' is not a name for a variable: use letters, digits and '_'"),
    ],
)
def test_mistakes_are_shown_with_file_and_line(home: Path, project: Path, text: str, line: int, fact: str) -> None:
    """The same sentence for both files."""
    path = write_user(home, text)
    assert refusal(home, project) == f"{path}:{line}: {fact}"
    path.unlink()
    inner = text.replace("[set]", "[tool.cleanenv.set]")
    path = write_project(project, f"[tool.cleanenv]\n{inner}")
    assert refusal(home, project) == f"{path}:{line + 1}: {fact}"


def test_broken_toml(home: Path, project: Path) -> None:
    """In the user's file always, in the project's where it speaks of cleanenv."""
    path = write_project(project, "[project\nname = 'x'\n")
    assert load(home, project).env is None
    path.write_text("[project]\nname = \n[tool.cleanenv]\n", encoding="utf-8")
    assert refusal(home, project).startswith(f"{path}:2: not valid TOML (")
    path.unlink()
    path = write_user(home, "env = 'a\n")
    assert refusal(home, project).startswith(f"{path}:1: not valid TOML (")


def test_a_file_that_cannot_be_read(home: Path, project: Path) -> None:
    """The user's own is missed, somebody's project is not."""
    (project / "pyproject.toml").symlink_to("pyproject.toml")
    assert load(home, project).env is None
    (home / ".config/cleanenv/config.toml").mkdir(parents=True)
    assert (
        refusal(home, project) == f"cannot read '{home}/.config/cleanenv/config.toml' (is a directory):"
        " make it a readable file, or set XDG_CONFIG_HOME to another directory"
    )


def test_a_home_that_is_no_folder(tmp_path: Path, project: Path) -> None:
    """Nothing is configured then."""
    (tmp_path / "file").touch()
    assert config.load({"HOME": str(tmp_path / "file")}, str(project)).env is None
    assert config.load({"HOME": "/nowhere"}, str(project)).env is None


def test_both_files_name_findings_to_ignore(home: Path, project: Path) -> None:
    """A project's too: it only silences. Each has its place, for the sentence that refuses an unknown one."""
    assert load(home, project).ignore == {}
    user = write_user(home, "env = 'x'\nignore = ['path-missing']\n")
    file = write_project(project, "[tool.cleanenv]\nignore = [\n  'ros',\n  'conda',\n]\n")
    assert load(home, project).ignore == {"path-missing": f"{user}:2", "ros": f"{file}:3", "conda": f"{file}:4"}


@pytest.mark.parametrize("value", ["'ros'", "1", "[1]", "{ ros = 'x' }"])
def test_what_to_ignore_is_a_list(value: str, home: Path, project: Path) -> None:
    file = write_project(project, f"[tool.cleanenv]\nignore = {value}\n")
    assert refusal(home, project) == f"{file}:2: 'ignore' must be a list of strings"


def test_a_pipe_or_a_device_does_not_hang(home: Path, project: Path) -> None:
    """The user's own is refused, a project's has nothing to say, and what is empty on purpose is."""
    path = home / ".config/cleanenv/config.toml"
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert "(is not a file)" in refusal(home, project)
    for device, ending in (("/dev/null", ""), ("/dev/zero", "(has more than 4 megabytes)")):
        path.unlink()
        path.symlink_to(device)
        if ending:
            assert ending in refusal(home, project)
        else:
            assert load(home, project).env is None
    path.unlink()
    for what in ("/dev/zero", "/dev/full"):
        (project / "pyproject.toml").symlink_to(what)
        assert load(home, project).env is None
        (project / "pyproject.toml").unlink()
    os.mkfifo(project / "pyproject.toml")
    assert load(home, project).env is None


BYTES = """
import os, sys
from cleanenv.errors import UsageError
from cleanenv.session import config
try:
    read = config.load({"HOME": sys.argv[1]}, "/")
    sys.stdout.buffer.write(os.fsencode(read.overrides.assign["X"]) + b"|" + os.fsencode(read.overrides.path[0]))
except UsageError as error:
    print(ascii(str(error)))
"""


@pytest.mark.parametrize(
    ("charmap", "locale"), [("ISO-8859-1", "de_DE"), ("ISO-8859-15", "fr_FR"), ("UTF-8", "de_DE"), ("EUC-JP", "ja_JP")]
)
@pytest.mark.parametrize("value", ["é", "€ ş", "漢字"])
def test_values_are_the_bytes_of_the_file(home: Path, tmp_path: Path, charmap: str, locale: str, value: str) -> None:
    """Whatever the encoding of the locale; one that cannot express them is named."""
    if shutil.which("localedef") is None:
        skip_or_fail("localedef is not installed")
    place = tmp_path / "locales"
    place.mkdir()
    subprocess.run(
        ["localedef", "-c", "-i", locale, "-f", charmap, place / f"xx_XX.{charmap}"], capture_output=True, check=False
    )
    write_user(home, f"path = '/{value}'\nset = {{ X = '{value}' }}\n")
    environ = {"LOCPATH": str(place), "LC_ALL": f"xx_XX.{charmap}"}
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-I", "-c", BYTES, home], env=environ, capture_output=True, check=True
    )
    expected = f"{value}|/{value}".encode()
    if done.stdout != expected:
        assert charmap == "EUC-JP"
        assert b"cannot be expressed in" in done.stdout
        assert done.stdout.endswith(b"use a locale with UTF-8'\n")
