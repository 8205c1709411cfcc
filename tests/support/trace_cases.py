"""A home directory written for one case, the startup in it traced, and what came of it in one line each."""

from __future__ import annotations

import json
import os
import select
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypedDict

import pytest

from cleanenv.clean import policy
from cleanenv.shell import registry
from cleanenv.trace import tracing
from cleanenv.trace.report import json_document
from tests.support.command import Done, call, listing, write_program
from tests.support.installed_shells import find_shell
from tests.support.surroundings import NOBODY, skip_or_fail

TOOL = (sys.executable, "-I", "-m", "cleanenv")
USERS = ("myself", "nobody") if os.getuid() == 0 else ("myself",)
LIMIT = 30.0  # seconds; a limit, not a pause
PATH = ":".join(filter(os.path.isdir, policy.SYSTEM_PATH))  # that of the login with which a replay starts
# A program of a Python environment whose interpreter only root can start.
WITH_PACKAGES = """#!/usr/bin/python3 -I
import sys
sys.path[:0] = {packages}
from xonsh.main import main
main()
"""


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


class Entry(TypedDict):
    text: str
    set_by: str


class Variable(TypedDict):
    name: str
    now: str | None
    replayed: str | None
    started: str | None
    set_by: str | None
    entries: list[Entry]
    lost: list[str]
    origin: Origin | None
    changes: list[Change]
    at_login: list[Change]


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


class Before(TypedDict):
    name: str
    program: str
    finished: bool


class Document(TypedDict):
    version: int
    shell: Shell
    replay: Replayed
    before: Before | None
    terminal_test: Place | None
    variables: list[Variable]
    skipped: list[Skipped]
    missing: list[Missing]


@dataclass(frozen=True)
class Case:
    """Files of a home, and what each variable's changes must be: ``value at place › place``, outermost first.

    A place is ``file:line``, with `` in f()`` in a function and `` [note]`` where
    there is one; files below the home stand without it, and a ``*`` for what
    nobody can foresee. ``unset`` is a value that is taken away. ``{home}`` is
    the home's path, in the files too. ``options`` are ``--login`` and its like.
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
    directory = Path(tempfile.mkdtemp(prefix="cleanenv-tests-trace-"))
    try:
        directory.chmod(0o755)
        home = directory / "home"
        home.mkdir()
        write(home, files)
        give(user, home)
        yield home
    finally:
        shutil.rmtree(directory)


def write(home: Path, files: Mapping[str, str]) -> None:
    """Write files below ``home``."""
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.fsencode(text.replace("{home}", str(home))))


def give(user: str, home: Path) -> None:
    """Let all below ``home`` be ``user``'s."""
    if user == "nobody":
        for directory, names, files in os.walk(home):
            for name in (".", *names, *files):
                os.chown(os.path.join(directory, name), NOBODY, NOBODY, follow_symlinks=False)


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


def replay(
    shell: str,
    home: Path,
    *names: str,
    login: bool = False,
    timeout: float = LIMIT,
    prefix: Sequence[str] = (),
    program: str = "",
) -> Document:
    """Trace ``names`` in this process, which is faster; behind the words of ``prefix`` in one of its own.

    No file of the home's may change by it.
    """
    program = program or find_shell(shell).program
    before = _files(home)
    if prefix:
        # Of busybox the name says which of its shells, the program only that it is busybox.
        chosen = shell if os.path.basename(program) == "busybox" else program
        options = ["--login" if login else "--no-login", "--timeout", str(timeout), "--shell", chosen]
        read = document(call([*prefix, *TOOL, "trace", *names, "--json", *options], environ_of(home), home))
    else:
        row = registry.by_name(shell)
        traced = tracing.run(row, program, names, environ_of(home), login=login, timeout=timeout)
        read = json.loads(json_document.document(traced))
    assert _files(home) == before
    return read


def _files(home: Path) -> dict[str, tuple[int, int, int]]:
    """Return what there is but for directories, whose time tells of temporary files."""
    return {path: facts for path, facts in listing(home).items() if not stat.S_ISDIR(facts[0])}


def written(changes: Sequence[Change], home: Path) -> list[str]:
    """Return one line a change, as cases write them."""
    lines: list[str] = []
    for change in changes:
        value = "unset" if change["new"] is None else change["new"]
        lines.append(f"{value} at {chain(change['chain'], home)}")
    return lines


def chain(places: Sequence[Place], home: Path) -> str:
    """Return places as cases write them."""
    return " › ".join(_place(place, home) for place in places)


def _place(place: Place, home: Path) -> str:
    text = place["file"].removeprefix(f"{home}/")
    if place["line"] is not None:
        text += f":{place['line']}"
    if place["function"]:
        text += f" in {place['function']}()"
    if place["note"]:
        text += f" [{place['note']}]"
    return text


def changes_of(found: Document, name: str) -> list[Change]:
    """Return the changes of a variable that was traced."""
    (variable,) = (variable for variable in found["variables"] if variable["name"] == name)
    return variable["changes"]


def seen(found: Document, home: Path, *names: str) -> dict[str, list[str]]:
    """Return the changes of the variables as cases write them."""
    return {name: written(changes_of(found, name), home) for name in names}


def skipped(found: Document, home: Path) -> list[tuple[str, str]]:
    """Return the commands that were skipped, each with its chain."""
    return [(command["text"], chain(command["chain"], home)) for command in found["skipped"]]


def check(case: Case, user: str, shell: str) -> Document:
    """Trace a case as ``user``, hold it against what is expected, and return the document."""
    with home_of(user, case.files) as home:
        names = list(case.expected)
        login = "--login" in case.options
        if user == "myself":
            found = replay(shell, home, *names, login=login)
        else:
            prefix = words_of(user)
            program = _startable(find_shell(shell).program, prefix, home.parent)
            found = replay(shell, home, *names, login=login, prefix=prefix, program=program)
        compare(seen(found, home, *names), case.expected, home)
        assert not found["replay"]["timed_out"]
        return found


def compare(lines: Mapping[str, Sequence[str]], expected: Mapping[str, Sequence[str]], home: Path) -> None:
    """Hold the changes of variables against those of a case."""
    patterns = {name: [line.replace("{home}", str(home)) for line in lines] for name, lines in expected.items()}
    are_equal = list(lines) == list(patterns) and all(
        len(lines[name]) == len(patterns[name]) and all(map(_matches, lines[name], patterns[name])) for name in lines
    )
    assert are_equal, f"seen: {lines}, not: {patterns}"  # no module of tests: pytest explains nothing here


def _matches(line: str, pattern: str) -> bool:
    if "*" not in pattern:
        return line == pattern
    return fnmatchcase(line, pattern.replace("[", "[[]"))


def parametrize(*cases: Case) -> pytest.MarkDecorator:
    """Return the mark that makes a test of each case."""
    return pytest.mark.parametrize("case", cases, ids=str)


def _startable(program: str, prefix: Sequence[str], directory: Path) -> str:
    """Return ``program``, or if it is a script whose interpreter is not for everybody, the same for the system's."""
    prefix = [*prefix, "env"]  # what setpriv starts itself may lie where only root can read
    if not Path(program).read_bytes().startswith(b"#!") or _starts([*prefix, program, "-c", "true"]):
        return program
    packages = [str(path) for path in Path(program).resolve().parent.parent.glob("lib/python3.*/site-packages")]
    other = write_program(directory / Path(program).name, WITH_PACKAGES.format(packages=packages))
    if not packages or not _starts([*prefix, str(other), "-c", "true"]):
        skip_or_fail(f"an ordinary user cannot start {program}, nor its packages with /usr/bin/python3")
    return str(other)


def _starts(words: Sequence[str]) -> bool:
    environ = {"PATH": os.defpath, "HOME": "/nonexistent", "XONSH_CONFIG_DIR": "/", "XONSH_DATA_DIR": "/"}
    return call(words, environ, Path("/")).status == 0


def is_gone(word: str) -> bool:
    """Wait until no process has ``word`` on its command line: one that was killed takes a moment to end."""
    deadline = time.monotonic() + LIMIT
    while _is_running(word):
        if time.monotonic() > deadline:
            return False
        select.select([], [], [], 0.01)
    return True


def _is_running(word: str) -> bool:
    """Tell whether a process has ``word`` on its command line."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if os.fsencode(word) in Path("/proc", name, "cmdline").read_bytes().split(b"\0"):
                    return True
            except OSError:
                continue
    return False
