"""--check pylock.toml: lock files (PEP 751)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cleanenv.errors import UsageError
from cleanenv.freeze import check, pylock_file
from cleanenv.freeze.requirements_text import Choice
from tests.support import projects
from tests.support.fake_environment import FakeEnvironment

pytest.importorskip("packaging.pylock", reason="packaging 26.0 is the first to read lock files")

COMMIT = "0123456789" * 4
HEAD = 'lock-version = "1.0"\ncreated-by = "a test"\n'
TEXT = f"""{HEAD}requires-python = ">=3.9"
extras = ["web", "docs"]
dependency-groups = ["dev", "more"]
default-groups = ["dev"]

[[packages]]
name = "six"
version = "1.17.0"
wheels = [{{ name = "six-1.17.0-py2.py3-none-any.whl", url = "https://e.org/six-1.17.0-py2.py3-none-any.whl", hashes = {{ sha256 = "00" }} }}]

[[packages]]
name = "old"
version = "1.0"
marker = "python_version < '3'"
sdist = {{ name = "old-1.0.tar.gz", url = "https://e.org/old-1.0.tar.gz", hashes = {{ sha256 = "00" }} }}

[[packages]]
name = "flask"
version = "3.0"
marker = "'web' in extras"
sdist = {{ name = "flask-3.0.tar.gz", url = "https://e.org/flask-3.0.tar.gz", hashes = {{ sha256 = "00" }} }}

[[packages]]
name = "pytest"
version = "8.0"
marker = "'dev' in dependency_groups or 'more' in dependency_groups"
sdist = {{ name = "pytest-8.0.tar.gz", url = "https://e.org/pytest-8.0.tar.gz", hashes = {{ sha256 = "00" }} }}

[[packages]]
name = "mypy"
version = "1.0"
marker = "'more' in dependency_groups"
sdist = {{ name = "mypy-1.0.tar.gz", url = "https://e.org/mypy-1.0.tar.gz", hashes = {{ sha256 = "00" }} }}

[[packages]]
name = "member"
directory = {{ path = "packages/member", editable = true }}

[[packages]]
name = "plain"
directory = {{ path = "plain" }}

[[packages]]
name = "from-git"
vcs = {{ type = "git", url = "https://e.org/a.git", requested-revision = "dev", commit-id = "{COMMIT}", subdirectory = "b" }}

[[packages]]
name = "from-archive"
archive = {{ url = "https://e.org/a.zip", hashes = {{ sha256 = "aa" }} }}
"""  # noqa: E501


def kinds(fake: FakeEnvironment, directory: Path, name: str = "pylock.toml", **options: object) -> list[object]:
    chosen = check.Options(**options)  # type: ignore[arg-type]
    report = check.check(fake.environment, name, str(directory), Choice(), {}, options=chosen)
    return [(difference.kind, difference.name, difference.where) for difference in report.differences]


@pytest.fixture
def locked(fake: FakeEnvironment, tmp_path: Path) -> FakeEnvironment:
    """Make the environment of the lock file beside it, with its default group."""
    (tmp_path / "pylock.toml").write_text(TEXT)
    member = (tmp_path / "packages" / "member").as_uri()
    fake.add("six", "1.17.0")
    fake.add("pytest", "8.0", ["not-locked"])
    fake.add("member", direct_url__json=json.dumps({"url": member, "dir_info": {"editable": True}}))
    fake.add("plain", direct_url__json=json.dumps({"url": (tmp_path / "plain").as_uri(), "dir_info": {}}))
    info = {"vcs": "git", "commit_id": COMMIT, "requested_revision": "dev"}
    fake.add("from-git", direct_url__json=json.dumps({
        "url": "https://you:secret@e.org/a.git", "vcs_info": info, "subdirectory": "b"
    }))  # fmt: skip
    info = {"hash": "sha256=aa"}
    fake.add("from_archive", direct_url__json=json.dumps({"url": "https://e.org/a.zip", "archive_info": info}))
    return fake


def test_what_it_was_made_from_is_no_drift(locked: FakeEnvironment, tmp_path: Path) -> None:
    """An installer follows the file alone: what its packages need is in it, or is not wanted."""
    assert kinds(locked, tmp_path) == []
    locked.add("not-locked")
    assert kinds(locked, tmp_path) == [("extra", "not-locked", None)]


@pytest.mark.parametrize(
    ("extras", "groups", "expected"),
    [
        (("web",), (), [("missing", "flask", "pylock.toml:20")]),
        (("WEB", "docs"), ("dev",), [("missing", "flask", "pylock.toml:20")]),
        ((), ("more",), [("missing", "mypy", "pylock.toml:32")]),
        ((), ("More", "dev"), [("missing", "mypy", "pylock.toml:32")]),
    ],
)
def test_extras_and_groups(
    extras: tuple[str, ...],
    groups: tuple[str, ...],
    expected: list[object],
    locked: FakeEnvironment,
    tmp_path: Path,
) -> None:
    assert kinds(locked, tmp_path, extras=extras, groups=groups) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("six-1.17.0", "six-1.16.0", "other version"),
        ('path = "packages/member"', 'path = "packages/other"', "other version"),
        ('path = "plain"', 'path = "plain", editable = true', "other version"),
        ('path = "plain"', 'path = "."', "other version"),
        (COMMIT, "9" * 40, "other version"),
        ('subdirectory = "b"', 'subdirectory = "c"', "other version"),
        ('sha256 = "aa"', 'sha256 = "bb"', "other version"),
        ("https://e.org/a.zip", "https://e.org/b.zip", "other version"),
        ('name = "plain"\ndirectory', 'name = "absent"\ndirectory', "missing"),
    ],
)
def test_each_change_is_reported(old: str, new: str, expected: str, locked: FakeEnvironment, tmp_path: Path) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new)
    if "six" in old:
        text = text.replace('version = "1.17.0"', 'version = "1.16.0"')
    (tmp_path / "pylock.dev.toml").write_text(text)
    found = kinds(locked, tmp_path, "pylock.dev.toml")
    assert [row[0] for row in found if row[0] != "extra"] == [expected]  # type: ignore[index]


def test_another_python_or_environment(locked: FakeEnvironment, tmp_path: Path) -> None:
    (tmp_path / "pylock.toml").write_text(TEXT.replace(">=3.9", ">=3.12"))
    assert kinds(locked, tmp_path) == [("other version", "python", "pylock.toml")]
    (tmp_path / "pylock.toml").write_text("environments = [\"python_version < '3'\", \"os_name == 'x'\"]\n" + TEXT)
    assert kinds(locked, tmp_path) == [("other version", None, "pylock.toml")]
    (tmp_path / "pylock.toml").write_text("environments = [\"os_name == 'x'\", \"python_version > '3'\"]\n" + TEXT)
    assert kinds(locked, tmp_path) == []


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        ("x = 1\n", {}, "is not a lock file"),
        ("x =\n", {}, "not valid TOML"),
        (HEAD.replace("1.0", "9.0") + "packages = []\n", {}, "is not a lock file"),
        (HEAD + "[[packages]]\nname = 'a'\n", {}, "is not a lock file"),
        (
            HEAD + "[[packages]]\nname = 'a'\nmarker = \"'x' in\"\ndirectory = { path = '.' }\n",
            {},
            "is not a lock file",
        ),
        (HEAD + "packages = []\n", {"extras": ("x",)}, "has no extra 'x': remove the option"),
        (TEXT, {"extras": ("x",)}, "has no extra 'x': name one of docs, web"),
        (TEXT, {"groups": ("x",)}, "has no dependency group 'x': name one of dev, more"),
    ],
)
def test_what_cannot_be_read(
    text: str, options: dict[str, tuple[str, ...]], says: str, fake: FakeEnvironment, tmp_path: Path
) -> None:
    (tmp_path / "pylock.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        kinds(fake, tmp_path, extras=options.get("extras", ()), groups=options.get("groups", ()))
    assert says in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(("pylock.toml", True), ("pylock.dev.toml", True), ("pylock.a-b.toml", True)),
        *(("pylock.a.b.toml", False), ("pylock..toml", False), ("my.pylock.toml", False), ("pylock", False)),
        *(("Pylock.toml", False), ("pylock.toml.txt", False), ("pyproject.toml", False), ("requirements.txt", False)),
    ],
)
def test_names(name: str, expected: bool) -> None:
    assert pylock_file.is_name(name) == expected


@pytest.mark.usefixtures("locked")
def test_a_release_of_packaging_that_reads_no_lock_files(tmp_path: Path) -> None:
    """It is refused in one sentence: in a process of its own, whose packaging has no such module."""
    program = (
        "import sys; sys.modules['packaging.pylock'] = None\n"
        "from cleanenv.cli.freeze import command\n"
        "from cleanenv.freeze import pylock_file\n"
        "from cleanenv.errors import UsageError\n"
        "try: pylock_file.read(sys.argv[1], 'pylock.toml', (), (), {})\n"
        "except UsageError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, tmp_path / "pylock.toml"], capture_output=True, check=True, timeout=60
    )
    assert done.stdout.decode() == (
        "'pylock.toml' is a lock file, and the installed release of 'packaging' does not read those: "
        "install packaging 26.0 or newer beside cleanenv\n"
    )


def test_a_lock_file_that_uv_writes(fake: FakeEnvironment, tmp_path: Path) -> None:
    projects.wheel(tmp_path / "wheels", "foo", requires=["bar"])
    projects.wheel(tmp_path / "wheels", "bar")
    (tmp_path / "r.in").write_text("foo\n")
    uv = Path(sys.executable).with_name("uv")
    command = [uv, "pip", "compile", "-q", "--no-index", "--find-links=wheels", "--no-config", "--python-version=3.11"]
    subprocess.run(
        [*map(str, command), "-o", "pylock.toml", "r.in"], cwd=tmp_path, check=True, timeout=60, capture_output=True
    )
    fake.add("foo", requires=["bar"])
    assert kinds(fake, tmp_path)[0][:2] == ("missing", "bar")  # type: ignore[index]
    fake.add("bar")
    assert kinds(fake, tmp_path) == []
