"""One replay of a startup written for it, told in lines that a test can spell out."""

from __future__ import annotations

import dataclasses
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import cleanenv
from cleanenv.shell import registry
from cleanenv.trace import tracing
from cleanenv.trace.model import EVAL, SUBSTITUTION, TEMPORARY, Change, Missing, Place, Replay, Skipped
from tests.support.command import listing, write_program
from tests.support.installed_shells import find_shell
from tests.support.surroundings import skip_or_fail

NOBODY = 65534
LIMIT = 30.0  # seconds; a limit, not a pause
# What a process of its own does: another user's, or one below an /etc of the test's own.
ELSEWHERE = """
import dataclasses, importlib.util, json, sys
sys.path.insert(0, sys.argv[1])
from cleanenv.shell import registry
spec = importlib.util.spec_from_file_location("cleanenv.shells", sys.argv[3] + "/__init__.py")
sys.modules["cleanenv.shells"] = importlib.util.module_from_spec(spec)
given = json.loads(sys.argv[2])
row = registry.by_name(given["name"])
tracer = importlib.import_module("cleanenv.trace.shells." + row.tracer)
told = tracer.replay(row, given["program"], given["environ"], login=given["login"], timeout=given["timeout"])
print(json.dumps(dataclasses.asdict(told)))
"""


# A program of a Python environment whose interpreter only root can start.
WITH_PACKAGES = """#!/usr/bin/python3 -I
import sys
sys.path[:0] = {packages}
from xonsh.main import main
main()
"""


class Case(NamedTuple):
    """A home, and what its replay has to tell of some variables: ``NAME=value @ file:line > file:line``."""

    what: str
    files: Mapping[str, str]
    told: Sequence[str]
    login: bool = False


def name_of(case: object) -> str | None:
    """Return what pytest calls a case."""
    return case.what if isinstance(case, Case) else None


def write(home: Path, files: Mapping[str, str]) -> None:
    """Write files below ``home``; ``HOME`` in them stands for its path."""
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.fsencode(text.replace("HOME/", f"{home}/")))


def environ_of(home: Path) -> dict[str, str]:
    """Return what a login gives, of another user just as well."""
    return {"HOME": str(home), "LANG": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "dumb", "USER": "me"}


def replay(
    name: str,
    home: Path,
    *,
    login: bool = False,
    timeout: float = LIMIT,
    prefix: Sequence[str] = (),
    program: str = "",
) -> Replay:
    """Replay the startup of a shell in ``home``, behind the words of ``prefix``; nothing there may change."""
    row, program = registry.by_name(name), program or find_shell(name).program
    before = listing(home)
    if prefix:
        told = _elsewhere(name, program, home, prefix, login=login, timeout=timeout)
    else:
        told = tracing.replay(row, program, environ_of(home), login=login, timeout=timeout)
    assert listing(home) == before
    assert isinstance(told, Replay)
    return told


def _elsewhere(name: str, program: str, home: Path, prefix: Sequence[str], *, login: bool, timeout: float) -> Replay:
    given = {"name": name, "program": program, "environ": environ_of(home), "login": login, "timeout": timeout}
    places = str(Path(cleanenv.__file__).parent.parent), json.dumps(given), str(resources.files("cleanenv.shells"))
    words = [_python(prefix), "-I", "-c", ELSEWHERE, *places]
    done = subprocess.run([*prefix, *words], env={"PATH": os.environ["PATH"]}, capture_output=True, check=False)
    assert done.returncode == 0, os.fsdecode(done.stderr)
    return _built(json.loads(done.stdout))


def _python(prefix: Sequence[str]) -> str:
    """Return an interpreter that the words of ``prefix`` can start; the tracers need nothing but Python's own."""
    for python in (sys.executable, "/usr/bin/python3"):
        probe = [*prefix, python, "-c", "import sys; sys.exit(sys.version_info < (3, 10))"]
        if subprocess.run(probe, env={"PATH": os.defpath}, capture_output=True, check=False).returncode == 0:
            return python
    skip_or_fail("an ordinary user can start no Python of 3.10 or newer")
    raise AssertionError


def _built(told: dict[str, object]) -> Replay:
    """Return what ``dataclasses.asdict`` took apart."""
    kinds = {"changes": Change, "skipped": Skipped, "missing": Missing}
    fields: dict[str, object] = {}
    for name, value in told.items():
        if name in kinds and isinstance(value, list):
            fields[name] = tuple(kinds[name](**_placed(item)) for item in value)
        else:
            fields[name] = _placed({"chain": value})["chain"] if name == "last" else value
    return Replay(**fields)  # type: ignore[arg-type]  # what asdict gave


def _placed(item: dict[str, object]) -> dict[str, object]:
    chain = item.get("chain")
    return item | {"chain": tuple(Place(**place) for place in chain)} if isinstance(chain, list) else item


def told(replayed: Replay, home: Path, *names: str) -> list[str]:
    """Return the changes of the variables as a case spells them out."""
    return [
        f"{change.name}{'' if change.new is None else '=' + change.new.replace(str(home), '~')} @ "
        + spelled(change.chain, home)
        for change in replayed.changes
        if change.name in names
    ]


def spelled(chain: Sequence[Place], home: Path) -> str:
    """Return a chain as a case spells it out."""
    return " > ".join(_spelled(place, home) for place in chain)


def _spelled(place: Place, home: Path) -> str:
    file = f"({place.note})" if place.note in (TEMPORARY, SUBSTITUTION) else place.file.replace(str(home), "~")
    function = f" in {place.function}" if place.function else ""
    return f"{file}:{place.line}{function}{' (eval)' if place.note == EVAL else ''}"


def variables(case: Case) -> list[str]:
    """Return the names that a case speaks of."""
    return list(dict.fromkeys(line.partition(" @")[0].partition("=")[0] for line in case.told))


def check(name: str, case: Case, home: Path, prefix: Sequence[str] = (), program: str = "") -> None:
    """Write the home of a case, replay it, and compare."""
    write(home, case.files)
    if "setpriv" in prefix:
        subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(home)], check=True, env={"PATH": os.defpath})
    replayed = replay(name, home, login=case.login, prefix=prefix, program=program)
    assert told(replayed, home, *variables(case)) == list(case.told)
    assert not replayed.timed_out


class User(NamedTuple):
    """A home, the words that start a command as its user, and a shell that this user can start."""

    home: Path
    prefix: list[str]
    program: str


@contextmanager
def ordinary_user(name: str) -> Iterator[User]:
    """Yield a home of nobody's, for a while."""
    if os.getuid() != 0 or shutil.which("setpriv") is None:
        skip_or_fail("becoming another user takes root and setpriv")
    # What setpriv starts itself may lie where only root can read.
    prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "env"]
    folder = Path(tempfile.mkdtemp(prefix="cleanenv-tests-"))
    try:
        folder.chmod(0o755)
        (folder / "home").mkdir()
        yield User(folder / "home", prefix, _startable(find_shell(name).program, prefix, folder))
    finally:
        shutil.rmtree(folder)


def _startable(program: str, prefix: Sequence[str], folder: Path) -> str:
    """Return ``program``, or where its interpreter is not for everybody, the same packages under the system's."""
    if _starts([*prefix, program, "-c", "true"]):
        return program
    packages = [str(path) for path in Path(program).resolve().parent.parent.glob("lib/python3.*/site-packages")]
    other = write_program(folder / Path(program).name, WITH_PACKAGES.format(packages=packages))
    if not packages or not _starts([*prefix, str(other), "-c", "true"]):
        skip_or_fail(f"an ordinary user cannot start {program}, nor its packages with /usr/bin/python3")
    return str(other)


def _starts(words: Sequence[str]) -> bool:
    environ = {"PATH": os.defpath, "HOME": "/nonexistent", "XONSH_CONFIG_DIR": "/", "XONSH_DATA_DIR": "/"}
    return subprocess.run(words, env=environ, cwd="/", capture_output=True, check=False).returncode == 0


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


def as_dict(replayed: Replay) -> dict[str, object]:
    """Return a replay as plain data, to be shown where a test fails."""
    return dataclasses.asdict(replayed)
