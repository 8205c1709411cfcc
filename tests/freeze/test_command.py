"""The command: what it prints, to which stream, and its exit status."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path

import pytest

from tests.support import projects
from tests.support.command import call, write_program
from tests.support.fake_environment import FakeEnvironment
from tests.support.freezing import freeze
from tests.support.surroundings import CHECKOUT, unprivileged


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


def test_what_is_not_pinned_counts_if_strict(fake: FakeEnvironment, tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("app\n")
    for words in ([], ["--top-level"], ["--top-level", "--strict"]):
        outcome = freeze(fake.path, "--check", "r.txt", *words, cwd=tmp_path)
        assert (outcome.status, outcome.out) == (0, ""), words
    outcome = freeze(fake.path, "--check", "r.txt", "--strict", cwd=tmp_path)
    assert outcome.status == 1
    assert (
        outcome.out == "unpinned: lib==1.0 is installed, since App needs it, but not in r.txt: add the line to pin it\n"
    )
    outcome = freeze(fake.path, "--check", "r.txt", "--json", cwd=tmp_path)
    assert outcome.status == 0
    report = json.loads(outcome.out)
    assert report["drift"] is False
    assert [row["kind"] for row in report["differences"]] == ["unpinned"]
    outcome = freeze(fake.path, "--check", "r.txt", "--no-deps", cwd=tmp_path)
    assert outcome.status == 1
    assert outcome.out.startswith("extra: lib==1.0 ")


def test_a_project_and_a_lock_file(fake: FakeEnvironment, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'x'\noptional-dependencies = {more = ['absent']}\n"
        "[dependency-groups]\nall = ['app', 'also-absent']\n"
    )
    words = ("--check", "pyproject.toml", "--extra", "more", "--group", "all")
    outcome = freeze(fake.path, *words, cwd=tmp_path)
    assert outcome.status == 1
    assert outcome.out == (
        "missing: 'absent' (pyproject.toml:3) is not installed: install it, or remove the line\n"
        "missing: 'also-absent' (pyproject.toml:5) is not installed: install it, or remove the line\n"
    )
    packages = "".join(
        f"[[packages]]\nname = '{name}'\nversion = '1.0'\nwheels = [{{ name = '{name}-1.0-py3-none-any.whl', "
        f"url = 'https://e.org/{name}-1.0-py3-none-any.whl', hashes = {{ sha256 = '00' }} }}]\n"
        for name in ("app", "lib")
    )
    (tmp_path / "pylock.toml").write_text(f"lock-version = '1.0'\ncreated-by = 'x'\n{packages}")
    outcome = freeze(fake.path, "--check", "pylock.toml", cwd=tmp_path)
    has_lock_files = importlib.util.find_spec("packaging.pylock") is not None
    assert (outcome.status, outcome.out) == ((0 if has_lock_files else 2), "")


def test_a_listing_becomes_a_lock_file_by_the_documented_lines(pip: Path, tmp_path: Path) -> None:
    """The lines of docs/freeze.md, run with the packages of a directory in place of an index."""
    if importlib.util.find_spec("packaging.pylock") is None:
        pytest.skip("the oldest release of packaging that is supported reads no lock files")
    text = (CHECKOUT / "docs" / "freeze.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("cleanenv freeze .venv | ")]
    assert len(lines) == 2
    for name, requires in (("foo", ["bar"]), ("bar", [])):
        projects.wheel(tmp_path / "wheels", name, requires=requires)
    programs = tmp_path / "bin"
    write_program(programs / "cleanenv", f'#!/bin/sh\nexec {sys.executable} -I -m cleanenv "$@"\n')
    write_program(programs / "python", f'#!/bin/sh\nexec {pip} "$@"\n')
    (programs / "uv").symlink_to(Path(sys.executable).with_name("uv"))
    (tmp_path / "uv.toml").write_text(f"no-index = true\nfind-links = ['{tmp_path}/wheels']\n")
    environ = {
        "PATH": f"{programs}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "UV_CONFIG_FILE": str(tmp_path / "uv.toml"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(tmp_path / "wheels"),
        "PIP_CONFIG_FILE": os.devnull,
    }
    for command in (["venv", "--python", sys.executable, ".venv"], ["pip", "install", "foo"]):
        made = call([str(programs / "uv"), "-q", *command], environ, tmp_path)
        assert made.status == 0, made.err
    for line in lines:
        made = call(["sh", "-c", line], environ, tmp_path)
        assert made.status == 0, made.err
        assert call(["sh", "-c", "cleanenv freeze .venv --check pylock.toml"], environ, tmp_path) == (0, "", "")
        lock = tmp_path / "pylock.toml"
        assert "bar" in lock.read_text()
        lock.write_text(lock.read_text().replace("foo", "baz"))
        assert call(["sh", "-c", "cleanenv freeze .venv --check pylock.toml"], environ, tmp_path).status == 1
        lock.unlink()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["nowhere"], 3, "no virtual environment at 'nowhere': name an existing one"),
        (["./file"], 3, "'./file' is not a directory"),
        (["./folder"], 3, "not a virtual environment"),
        (["./hollow"], 3, "no lib/pythonX.Y directory"),
        (["{env}", "-o", "missing/r.txt"], 2, "no directory"),
        (["{env}", "-o", "folder"], 2, "which is a directory"),
        (["{env}", "-o", "/dev/full"], 71, "no space left on device"),
        (["{env}", "--check", "missing.txt"], 2, "cannot read 'missing.txt'"),
        (["{env}", "--check", "binary"], 2, "'binary' is not text"),
        (["{env}", "--check", "loop.txt"], 2, "loop.txt:2"),
        (["{env}", "--check", "bad.txt"], 2, "bad.txt:3"),
        (["{env}", "--strict"], 2, "are options of --check"),
        (["{env}", "--no-deps"], 2, "are options of --check"),
        (["{env}", "--group", "x"], 2, "are options of --check"),
        (["{env}", "--check", "bad.txt", "--extra", "x"], 2, "are options for a pyproject.toml or a pylock.toml"),
        (["{env}", "--check", "pyproject.toml"], 2, "cannot read 'pyproject.toml'"),
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
