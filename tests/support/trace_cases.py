"""A home directory written for one case, the startup in it traced by the tool, and what came of it in one line each."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import pytest

from tests.support.command import Done, call
from tests.support.surroundings import skip_or_fail

TOOL = (sys.executable, "-I", "-m", "cleanenv")
NOBODY = 65534
USERS = ("myself", "nobody") if os.getuid() == 0 else ("myself",)


class Place(TypedDict):
    file: str
    line: int | None
    function: str
    note: str


class Change(TypedDict):
    old: str | None
    new: str | None
    added: list[str]
    removed: list[str]
    exported: bool
    chain: list[Place]
    text: str
    notes: list[str]


class Origin(TypedDict):
    how: str
    program: str
    pid: int
    sentence: str


class Variable(TypedDict):
    name: str
    now: str | None
    replayed: str | None
    origin: Origin | None
    changes: list[Change]


class Shell(TypedDict):
    name: str
    program: str
    login: bool


class Replayed(TypedDict):
    replayed: bool
    finished: bool
    timed_out: bool
    timeout: float
    last: list[Place]
    notes: list[str]


class Skipped(TypedDict):
    text: str
    chain: list[Place]
    reason: str


class Missing(TypedDict):
    file: str
    reason: str


class Document(TypedDict):
    version: int
    shell: Shell
    replay: Replayed
    variables: list[Variable]
    skipped: list[Skipped]
    missing: list[Missing]


@dataclass(frozen=True)
class Case:
    """Files of a home, and what each variable's changes must be: ``value at place › place``, outermost first.

    A place is ``file:line``, with `` in f()`` in a function and `` [note]`` where
    there is one; files below the home stand without it. ``unset`` is a value
    that is taken away.
    """

    name: str
    files: Mapping[str, str]
    expected: Mapping[str, Sequence[str]]
    options: Sequence[str] = field(default=())

    def __str__(self) -> str:
        return self.name


@contextmanager
def home_of(user: str, files: Mapping[str, str]) -> Iterator[Path]:
    """Yield a home directory of ``user``'s own, which he may reach, with ``files`` in it."""
    folder = Path(tempfile.mkdtemp(prefix="cleanenv-tests-trace-"))
    try:
        folder.chmod(0o755)
        home = folder / "home"
        home.mkdir()
        for name, text in files.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(os.fsencode(text))
        give(user, home)
        yield home
    finally:
        shutil.rmtree(folder)


def give(user: str, home: Path) -> None:
    """Let all below ``home`` be ``user``'s."""
    if user == "nobody":
        for folder, names, files in os.walk(home):
            for name in (".", *names, *files):
                os.chown(os.path.join(folder, name), NOBODY, NOBODY, follow_symlinks=False)


def environ_of(home: Path) -> dict[str, str]:
    """Return the environment of a caller with nothing unusual in it."""
    return {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "xterm", "LANG": "C.UTF-8"}


def words_of(user: str) -> list[str]:
    """Return the words in front of a command that make it run as ``user``."""
    if user == "myself":
        return []
    words = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if call([*words, *TOOL, "--version"], {"PATH": "/usr/bin:/bin", "HOME": "/"}).status:
        skip_or_fail("the Python of the tests, or the checkout, is not for other users to read")
    return words


def trace(user: str, home: Path, *words: str, more: Mapping[str, str] | None = None) -> Done:
    """Call ``cleanenv trace`` as ``user`` in his home."""
    return call([*words_of(user), *TOOL, "trace", *words], {**environ_of(home), **(more or {})}, home)


def document(done: Done) -> Document:
    """Return what ``--json`` printed; nothing may stand on stderr."""
    assert (done.status, done.err) == (0, "")
    read: Document = json.loads(done.out)
    return read


def written(changes: Sequence[Change], home: Path) -> list[str]:
    """Return one line a change, as cases write them."""
    return [
        f"{'unset' if change['new'] is None else change['new']} at {chain(change['chain'], home)}" for change in changes
    ]


def chain(places: Sequence[Place], home: Path) -> str:
    """Return places as cases write them."""
    return " › ".join(place(one, home) for one in places)


def place(one: Place, home: Path) -> str:
    """Return a place as cases write it."""
    file = one["file"].removeprefix(f"{home}/")
    line = "" if one["line"] is None else f":{one['line']}"
    function = f" in {one['function']}()" if one["function"] else ""
    return f"{file}{line}{function}" + (f" [{one['note']}]" if one["note"] else "")


def check(case: Case, user: str, shell: str) -> Document:
    """Trace a case as ``user``, hold it against what is expected, and return the document."""
    with home_of(user, case.files) as home:
        found = document(trace(user, home, *case.expected, "--shell", shell, "--json", *case.options))
        seen = {variable["name"]: written(variable["changes"], home) for variable in found["variables"]}
        expected = {
            name: [line.replace("{home}", str(home)) for line in lines] for name, lines in case.expected.items()
        }
        assert seen == expected, f"seen: {seen}, not: {expected}"  # no module of tests: pytest explains nothing here
        return found


def parametrize(*cases: Case) -> pytest.MarkDecorator:
    """Return the mark that makes a test of each case."""
    return pytest.mark.parametrize("case", cases, ids=str)
