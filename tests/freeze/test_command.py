"""The command: what it prints, where, and its exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.freeze_rooms import Room, freeze, unprivileged

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def room(room: Room) -> Room:
    """Make an environment with something to say about."""
    room.add("App", requires=["lib"])
    room.add("lib")
    room.add("pip", "25.0")
    (room.site_packages / "~ib-1.0.dist-info").mkdir()
    return room


def test_results_on_stdout_and_warnings_on_stderr(room: Room) -> None:
    outcome = freeze(room.path)
    assert outcome.status == 0
    assert outcome.out == "App==1.0\nlib==1.0\n"
    assert outcome.err.startswith("Warning: '")
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--all"], "App==1.0\nlib==1.0\npip==25.0\n"),
        (["--exact"], "App==1.0\nlib==1.0\n"),
        (["--exclude", "LIB", "--exclude", "nothing"], "App==1.0\n"),
        (["--top-level"], "App==1.0\n"),
        (["--annotate"], "App==1.0\nlib==1.0  # via App\n"),
        (["--top-level", "--all"], "App==1.0\npip==25.0\n"),
        (["--format", "requirements"], "App==1.0\nlib==1.0\n"),
        (["-o", "-"], "App==1.0\nlib==1.0\n"),
    ],
)
def test_options(words: list[str], expected: str, room: Room) -> None:
    assert freeze(room.path, *words).out == expected


def test_json_holds_the_warnings_too(room: Room) -> None:
    value = json.loads(freeze(room.path, "--format", "json").out)
    assert [found["name"] for found in value["distributions"]] == ["App", "lib"]
    assert [warning["code"] for warning in value["warnings"]] == ["leftover"]


def test_a_file_is_written_and_nothing_printed(room: Room, tmp_path: Path) -> None:
    outcome = freeze(room.path, "-o", "r.txt", cwd=tmp_path)
    assert (outcome.status, outcome.out) == (0, "")
    assert (tmp_path / "r.txt").read_text() == "App==1.0\nlib==1.0\n"


def test_a_check_answers_by_status(room: Room, tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("app==1.0\nlib==1.0\n")
    outcome = freeze(room.path, "--check", "r.txt", cwd=tmp_path)
    assert (outcome.status, outcome.out) == (0, "")
    (tmp_path / "r.txt").write_text("app==2.0\nlib==1.0\n")
    outcome = freeze(room.path, "--check", "r.txt", cwd=tmp_path)
    assert outcome.status == 1
    assert outcome.out.startswith("other version: App 1.0 is installed, 'app==2.0' (r.txt:1)")
    outcome = freeze(room.path, "--check", "r.txt", "--json", cwd=tmp_path)
    assert outcome.status == 1
    assert json.loads(outcome.out)["drift"] is True


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["nowhere"], 3, "no virtual environment at 'nowhere': name one that is there"),
        (["./file"], 3, "'./file' is no folder"),
        (["./folder"], 3, "no virtual environment"),
        (["./hollow"], 3, "no lib/pythonX.Y folder"),
        (["{env}", "-o", "missing/r.txt"], 2, "no directory"),
        (["{env}", "-o", "folder"], 2, "which is a directory"),
        (["{env}", "-o", "/dev/full"], 2, "a device"),
        (["{env}", "--check", "missing.txt"], 2, "cannot read 'missing.txt'"),
        (["{env}", "--check", "binary"], 2, "'binary' is no text"),
        (["{env}", "--check", "loop.txt"], 2, "loop.txt:2"),
        (["{env}", "--check", "bad.txt"], 2, "bad.txt:3"),
        (["{env}", "--json"], 2, "--json belongs to --check"),
        (["{env}", "--check", "x", "-o", "y"], 2, "--check goes with neither"),
        (["{env}", "--check", "x", "--annotate"], 2, "--check goes with neither"),
        (["{env}", "--annotate", "--format", "json"], 2, "required_by"),
        (["{env}", "--format", "yaml"], 2, "yaml"),
        (["{env}", "--nonsense"], 2, "--nonsense"),
    ],
)
def test_refusals_are_one_sentence(words: list[str], status: int, says: str, room: Room, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "hollow").mkdir()
    (tmp_path / "hollow" / "pyvenv.cfg").write_text("home = /usr/bin\n")
    (tmp_path / "binary").write_bytes(b"\x7fELF\0\xff")
    (tmp_path / "loop.txt").write_text("lib\n-r loop.txt\n")
    (tmp_path / "bad.txt").write_text("app\n\n=> lib\n")
    outcome = freeze(*[word.format(env=room.path) for word in words], cwd=tmp_path)
    assert outcome.status == status
    assert outcome.out == ""
    assert says in outcome.err
    assert "Traceback" not in outcome.err
    assert [line for line in outcome.err.splitlines() if line.startswith("Error: ")]


def test_an_environment_that_may_not_be_read(room: Room) -> None:
    room.site_packages.chmod(0)
    try:
        outcome = freeze(room.path, within=unprivileged())
    finally:
        room.site_packages.chmod(0o755)
    assert (outcome.status, outcome.out) == (3, "")
    assert outcome.err.endswith("that can be read: make it anew\n")


def test_a_moved_environment_with_a_dead_python(room: Room, tmp_path: Path) -> None:
    moved = room.path.rename(tmp_path / "else where")
    assert freeze("./else where", cwd=tmp_path).out == "App==1.0\nlib==1.0\n"
    assert freeze(moved).out == "App==1.0\nlib==1.0\n"
