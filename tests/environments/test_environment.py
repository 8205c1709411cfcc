"""What an environment is, read from its own files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanenv.environments.environment import Environment, parse_pyvenv_cfg, read_environment, require_usable
from cleanenv.errors import EnvironmentUnusableError

# As these tools wrote them.
VENV = """home = /usr/bin
include-system-site-packages = false
version = 3.11.2
executable = /usr/bin/python3.11
command = /usr/bin/python3 -m venv /home/me/my_env
"""
VENV_37 = "home = /usr/bin\ninclude-system-site-packages = true\nversion = 3.7.16\n"
VIRTUALENV = """home = /usr/bin
implementation = CPython
version_info = 3.11.2.final.0
virtualenv = 20.24.5
include-system-site-packages = false
base-prefix = /usr
base-executable = /usr/bin/python3.11
prompt = its prompt
"""
UV = """home = /usr/bin
implementation = CPython
uv = 0.5.1
version_info = 3.12.7
include-system-site-packages = false
prompt = work
"""


def write(folder: Path, config: str | None = None, *files: str) -> str:
    """Write the files of an environment; return its path."""
    folder.mkdir(parents=True)
    if config is not None:
        (folder / "pyvenv.cfg").write_bytes(config.encode(errors="surrogateescape"))
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch(mode=0o755)
    return str(folder)


def read(path: str) -> Environment:
    """Return the environment at ``path``, which is one."""
    environment = read_environment(path)
    assert environment is not None
    return environment


@pytest.mark.parametrize(
    ("config", "kind", "version", "prompt", "sees_system"),
    [
        (VENV, "venv", "3.11.2", "my_env", False),
        (VENV_37, "venv", "3.7.16", "my_env", True),
        (VIRTUALENV, "virtualenv", "3.11.2", "its prompt", False),
        (UV, "uv", "3.12.7", "work", False),
        ("", "venv", "", "my_env", False),
        ("VERSION = 3.11.2\r\nInclude-System-Site-Packages=TRUE\r\n", "venv", "3.11.2", "my_env", True),
    ],
)
def test_pyvenv_cfg(tmp_path: Path, config: str, kind: str, version: str, prompt: str, sees_system: bool) -> None:
    """Keys in any case, blanks or none around '=', line ends of any system."""
    environment = read(write(tmp_path / "my_env", config))
    assert environment.kind == kind
    assert environment.version == version
    assert environment.prompt == prompt
    assert environment.system_site_packages is sees_system
    assert environment.activation() == {"VIRTUAL_ENV": str(tmp_path / "my_env"), "VIRTUAL_ENV_PROMPT": prompt}


@pytest.mark.parametrize(
    ("written", "prompt"),
    [
        ("plain", "plain"),
        ("'quoted'", "quoted"),
        ('"it\'s"', "it's"),
        (r"'a\nb'", "a\nb"),
        (r"'back\\slash'", "back\\slash"),
        ("'half", "'half"),
        ("'a' + 'b'", "'a' + 'b'"),
        ("''", "my_env"),
        ("a = b", "a = b"),
        ("'$(touch x)'", "$(touch x)"),
    ],
)
def test_prompt(tmp_path: Path, written: str, prompt: str) -> None:
    """The module venv writes its repr, others write it plain."""
    assert read(write(tmp_path / "my_env", f"prompt = {written}\n")).prompt == prompt


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20))
@settings(deadline=None)
def test_any_prompt_that_venv_writes_is_read_back(prompt: str) -> None:
    """It is written as repr, on one line."""
    assert parse_pyvenv_cfg(f"home = /x\nprompt = {prompt!r}\nversion = 3.11.2\n")["prompt"] == prompt


def test_a_config_that_is_not_utf8(tmp_path: Path) -> None:
    """The path of an old home directory may be in it."""
    environment = read(write(tmp_path / "my_env", "home = /home/J\udcf6rg/bin\nversion = 3.11.2\nno equals sign\n"))
    assert environment.config == {"home": "/home/J\udcf6rg/bin", "version": "3.11.2"}


def test_conda_is_known_by_its_folder(tmp_path: Path) -> None:
    """It has no pyvenv.cfg."""
    environment = read(write(tmp_path / "science", None, "conda-meta/history", "bin/python"))
    assert environment.kind == "conda"
    assert environment.activation() == {"CONDA_DEFAULT_ENV": "science", "CONDA_PREFIX": str(tmp_path / "science")}


def test_an_old_virtualenv_is_known_by_its_scripts(tmp_path: Path) -> None:
    """Before 20 it wrote no pyvenv.cfg."""
    environment = read(write(tmp_path / "old", None, "bin/python", "bin/activate", "bin/activate_this.py"))
    assert environment.kind == "virtualenv"
    assert environment.version == ""


@pytest.mark.parametrize("files", [(), ("bin/python",), ("bin/activate",), ("lib/python3.11/os.py", "bin/python")])
def test_another_folder_is_none(tmp_path: Path, files: tuple[str, ...]) -> None:
    """A Python in a bin directory is no environment: /usr would be one."""
    assert read_environment(write(tmp_path / "other", None, *files)) is None


def test_a_file_and_nothing_are_none(tmp_path: Path) -> None:
    """Neither raises."""
    (tmp_path / "file").touch()
    assert read_environment(str(tmp_path / "file")) is None
    assert read_environment(str(tmp_path / "nothing")) is None


def test_the_path_is_absolute_and_links_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As activation keeps it: the user knows the environment by the link."""
    write(tmp_path / "real", VENV)
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    assert read("link/").path == str(tmp_path / "link")
    assert read("link").bin == f"{tmp_path}/link/bin"
    assert read("link").name == "link"


@pytest.mark.parametrize(
    ("files", "name"), [(("bin/python", "bin/python3"), "python"), (("bin/python3",), "python3"), ((), "python")]
)
def test_its_python(tmp_path: Path, files: tuple[str, ...], name: str) -> None:
    """Conda's and distributions' may only have python3."""
    assert read(write(tmp_path / "my_env", VENV, *files)).python == f"{tmp_path}/my_env/bin/{name}"


def test_a_usable_environment_is_returned(tmp_path: Path) -> None:
    """An interpreter that may be executed is enough."""
    environment = read(write(tmp_path / "my_env", VENV, "bin/python"))
    assert require_usable(environment) is environment


def refusal(path: str) -> str:
    """Return why the environment at ``path`` is refused."""
    with pytest.raises(EnvironmentUnusableError) as refused:
        require_usable(read(path))
    return str(refused.value)


def test_no_python(tmp_path: Path) -> None:
    """A half made or half deleted environment."""
    path = write(tmp_path / "my_env", VENV)
    assert refusal(path) == f"the environment '{path}' has no Python at '{path}/bin/python': recreate it"


def test_a_dead_link_for_a_python(tmp_path: Path) -> None:
    """The Python it was made with was uninstalled."""
    path = write(tmp_path / "my_env", VENV, "bin/x")
    (tmp_path / "my_env/bin/python").symlink_to("/gone/python3.9")
    assert refusal(path) == (
        f"the environment '{path}' has lost its Python, '{path}/bin/python' points to '/gone/python3.9',"
        " which does not exist: recreate it"
    )


def test_a_python_that_may_not_be_executed(tmp_path: Path) -> None:
    """A copy through a file system without modes."""
    path = write(tmp_path / "my_env", VENV, "bin/python")
    (tmp_path / "my_env/bin/python").chmod(0o644)
    assert "has a Python that is not executable" in refusal(path)


def test_a_folder_for_a_python(tmp_path: Path) -> None:
    """A directory is 'executable' too."""
    path = write(tmp_path / "my_env", VENV, "bin/python/x")
    assert "has a directory instead of a Python" in refusal(path)


def test_a_loop_of_links_for_a_python(tmp_path: Path) -> None:
    """Neither there nor missing."""
    path = write(tmp_path / "my_env", VENV, "bin/x")
    (tmp_path / "my_env/bin/python").symlink_to("python")
    assert "has a Python that cannot be reached" in refusal(path)


def test_a_path_that_path_cannot_name(tmp_path: Path) -> None:
    """PATH has no way to escape a colon."""
    path = write(tmp_path / "a:b", VENV, "bin/python")
    assert refusal(path) == (
        f"the environment '{path}' cannot be on PATH, which ':' separates: move it to a path without one"
    )
