"""``cleanenv ls``: every environment that can be named from here, by the name that a command takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import call


def make(path: Path, version: str = "3.11.7") -> Path:
    """Make what is recognised as an environment; its Python is this machine's."""
    (path / "bin").mkdir(parents=True)
    (path / "lib/python3.11/site-packages").mkdir(parents=True)
    (path / "bin/python").symlink_to("/usr/bin/python3")
    (path / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
    return path


def listed(tool: list[str], caller: dict[str, str], directory: Path, **more: str) -> list[dict[str, object]]:
    """Return the entries that ``ls --json`` prints in ``directory``."""
    done = call([*tool, "ls", "--json"], caller | more, folder=directory)
    assert (done.status, done.err) == (0, "")
    document = json.loads(done.out)
    assert document["version"] == 1
    entries: list[dict[str, object]] = document["environments"]
    return entries


def test_each_source_once(tool: list[str], caller: dict[str, str], home: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    make(project / "here")
    make(project / ".venv")
    make(home / ".virtualenvs/kept")
    make(tmp_path / "work/on")
    (home / ".virtualenvs/linked").symlink_to(project / "here")
    (home / ".virtualenvs/no-environment").mkdir()
    entries = listed(tool, caller, project, WORKON_HOME=str(tmp_path / "work"))
    assert [entry["name"] for entry in entries] == [".venv", "here", "on", "kept"]
    below = project / "a/b"
    below.mkdir(parents=True)
    entries = listed(tool, caller, below)
    assert [entry["path"] for entry in entries] == [
        str(project / ".venv"),
        *(str(home / f".virtualenvs/{name}") for name in ("kept", "linked")),
    ]


def test_each_name_leads_to_its_environment(
    tool: list[str], caller: dict[str, str], home: Path, tmp_path: Path
) -> None:
    """Names that two have, or that a directory here has, are given as paths."""
    make(home / ".virtualenvs/twice")
    make(home / ".venvs/twice")
    make(home / ".virtualenvs/a b")
    make(home / ".virtualenvs/only")
    make(tmp_path / "project/.venv")
    for entry in listed(tool, caller, tmp_path / "project"):
        done = call([*tool, "run", str(entry["name"]), "printenv", "VIRTUAL_ENV"], caller, folder=tmp_path / "project")
        assert done == (0, f"{entry['path']}\n", "")


@pytest.mark.parametrize("where", ["here", "elsewhere", "link"])
def test_the_active_one_is_marked(
    tool: list[str], caller: dict[str, str], tmp_path: Path, home: Path, where: str
) -> None:
    make(tmp_path / "project/other")
    active = make(tmp_path / "project/my_env" if where == "here" else tmp_path / "elsewhere/my_env")
    if where == "link":
        (home / ".venvs").mkdir()
        (home / ".venvs/linked").symlink_to(active)
    done = call([*tool, "ls"], caller | {"VIRTUAL_ENV": str(active)}, folder=tmp_path / "project")
    marked = [line for line in done.out.splitlines() if line.startswith("*")]
    assert len(marked) == 1
    name = {"here": "my_env", "elsewhere": str(active), "link": "linked"}[where]
    assert marked[0].split()[1] == name


def test_the_table(tool: list[str], caller: dict[str, str], home: Path, tmp_path: Path) -> None:
    make(home / ".virtualenvs/good")
    broken = make(home / ".virtualenvs/broken")
    (broken / "bin/python").unlink()
    conda = home / "miniconda3/envs/data"
    (conda / "conda-meta").mkdir(parents=True)
    done = call([*tool, "ls"], caller, folder=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert done.out == (
        "  name    python           kind   path\n"
        "  broken  3.11.7 (broken)  venv   ~/.virtualenvs/broken\n"
        "  good    3.11.7           venv   ~/.virtualenvs/good\n"
        "  data    ? (broken)       conda  ~/miniconda3/envs/data\n"
    )


def test_none(tool: list[str], caller: dict[str, str], tmp_path: Path) -> None:
    done = call([*tool, "ls"], caller, folder=tmp_path)
    assert (done.status, done.out) == (0, "")
    assert "create one with 'cleanenv shell --create'" in done.err


def test_a_control_character_is_made_visible(tool: list[str], caller: dict[str, str], tmp_path: Path) -> None:
    make(tmp_path / "a\x1b[31mb")
    done = call([*tool, "ls"], caller, folder=tmp_path)
    assert "\x1b" not in done.out
    assert "a\\x1b[31mb" in done.out
