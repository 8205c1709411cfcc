"""The command: what it prints, to which stream, and its exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.fake_environment import FakeEnvironment
from tests.support.freezing import freeze
from tests.support.surroundings import unprivileged

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def fake(fake: FakeEnvironment) -> FakeEnvironment:
    """Make an environment with something to say about."""
    fake.add("App", requires=["lib"])
    fake.add("lib")
    fake.add("pip", "25.0")
    (fake.site_packages / "~ib-1.0.dist-info").mkdir()
    return fake


def test_results_on_stdout_and_warnings_on_stderr(fake: FakeEnvironment) -> None:
    outcome = freeze(fake.path)
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
def test_options(words: list[str], expected: str, fake: FakeEnvironment) -> None:
    assert freeze(fake.path, *words).out == expected


def test_json_holds_the_warnings_too(fake: FakeEnvironment) -> None:
    value = json.loads(freeze(fake.path, "--format", "json").out)
    assert [row["name"] for row in value["distributions"]] == ["App", "lib"]
    assert [warning["code"] for warning in value["warnings"]] == ["leftover"]


def test_a_file_is_written_and_nothing_printed(fake: FakeEnvironment, tmp_path: Path) -> None:
    outcome = freeze(fake.path, "-o", "r.txt", cwd=tmp_path)
    assert (outcome.status, outcome.out) == (0, "")
    assert (tmp_path / "r.txt").read_text() == "App==1.0\nlib==1.0\n"


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("a\N{NO-BREAK SPACE}b\N{IDEOGRAPHIC SPACE}c", "a\N{NO-BREAK SPACE}b\N{IDEOGRAPHIC SPACE}c"),
        ("a\x1b[31m\u202e\x9b", r"a\x1b[31m\u202e\x9b"),
    ],
)
def test_what_a_terminal_would_obey_is_made_visible_once(name: str, printed: str, fake: FakeEnvironment) -> None:
    url = f"file:///{name}"
    fake.add("dev", direct_url__json=json.dumps({"url": url, "dir_info": {"editable": True}}))
    assert f"-e /{printed}\n" in freeze(fake.path).out
    document = json.loads(freeze(fake.path, "--format", "json").out)
    (dev,) = [row for row in document["distributions"] if row["name"] == "dev"]
    assert (dev["requirement"], dev["editable"]) == (f"-e /{printed}", f"/{name}")
    (fake.path / "r.txt").write_text(f"'{name}'\n")
    assert f"'{printed}' (" in freeze(fake.path, "--check", fake.path / "r.txt").err.replace("'", "'").replace(
        "''", "'"
    )


def test_a_check_answers_by_status(fake: FakeEnvironment, tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("app==1.0\nlib==1.0\n")
    outcome = freeze(fake.path, "--check", "r.txt", cwd=tmp_path)
    assert (outcome.status, outcome.out) == (0, "")
    (tmp_path / "r.txt").write_text("app==2.0\nlib==1.0\n")
    outcome = freeze(fake.path, "--check", "r.txt", cwd=tmp_path)
    assert outcome.status == 1
    assert outcome.out.startswith("other version: App 1.0 is installed, but 'app==2.0' (r.txt:1)")
    outcome = freeze(fake.path, "--check", "r.txt", "--json", cwd=tmp_path)
    assert outcome.status == 1
    assert json.loads(outcome.out)["drift"] is True


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["nowhere"], 3, "no virtual environment at 'nowhere': name an existing one"),
        (["./file"], 3, "'./file' is not a directory"),
        (["./folder"], 3, "not a virtual environment"),
        (["./hollow"], 3, "no lib/pythonX.Y directory"),
        (["{env}", "-o", "missing/r.txt"], 2, "no directory"),
        (["{env}", "-o", "folder"], 2, "which is a directory"),
        (["{env}", "-o", "/dev/full"], 2, "a device"),
        (["{env}", "--check", "missing.txt"], 2, "cannot read 'missing.txt'"),
        (["{env}", "--check", "binary"], 2, "'binary' is not text"),
        (["{env}", "--check", "loop.txt"], 2, "loop.txt:2"),
        (["{env}", "--check", "bad.txt"], 2, "bad.txt:3"),
        (["{env}", "--json"], 2, "--json is an option of --check"),
        (["{env}", "--check", "x", "-o", "y"], 2, "--check cannot be combined with"),
        (["{env}", "--check", "x", "--annotate"], 2, "--check cannot be combined with"),
        (["{env}", "--annotate", "--format", "json"], 2, "required_by"),
        (["{env}", "--format", "yaml"], 2, "yaml"),
        (["{env}", "--nonsense"], 2, "--nonsense"),
    ],
)
def test_refusals_are_one_sentence(
    words: list[str], status: int, says: str, fake: FakeEnvironment, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "hollow").mkdir()
    (tmp_path / "hollow" / "pyvenv.cfg").write_text("home = /usr/bin\n")
    (tmp_path / "binary").write_bytes(b"\x7fELF\0\xff")
    (tmp_path / "loop.txt").write_text("lib\n-r loop.txt\n")
    (tmp_path / "bad.txt").write_text("app\n\n=> lib\n")
    outcome = freeze(*[word.format(env=fake.path) for word in words], cwd=tmp_path)
    assert outcome.status == status
    assert outcome.out == ""
    assert says in outcome.err
    assert "Traceback" not in outcome.err
    assert [line for line in outcome.err.splitlines() if line.startswith("Error: ")]


def test_an_environment_that_may_not_be_read(fake: FakeEnvironment) -> None:
    fake.site_packages.chmod(0)
    try:
        outcome = freeze(fake.path, within=unprivileged())
    finally:
        fake.site_packages.chmod(0o755)
    assert (outcome.status, outcome.out) == (3, "")
    assert outcome.err.endswith("that can be read: recreate it\n")


def test_a_moved_environment_with_a_dead_python(fake: FakeEnvironment, tmp_path: Path) -> None:
    moved = fake.path.rename(tmp_path / "else where")
    assert freeze("./else where", cwd=tmp_path).out == "App==1.0\nlib==1.0\n"
    assert freeze(moved).out == "App==1.0\nlib==1.0\n"
