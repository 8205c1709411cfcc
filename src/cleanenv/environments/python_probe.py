"""Which Python a program is: it is asked itself, since the files of a shim or a wrapper do not show it."""

from __future__ import annotations

import ast
import errno
import re
from typing import TYPE_CHECKING

from cleanenv.system import child_process, execute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.system.child_process import Outcome

TIME_LIMIT = 20.0  # seconds: on a network drive a Python may be slow to start, and so may a shim
MARK = "cleanenv asked: "
# For every Python from 2.0 on; nothing is imported but sys, which no file can hide.
CODE = (
    "import sys; v = sys.version_info; show = v[0] < 3 and repr or ascii; "
    f"sys.stdout.write('\\n{MARK}' + show((tuple(v), sys.executable, getattr(sys, 'abiflags', ''))) + '\\n')"
)
# Isolated as by -I, which Python 2 does not have.
ARGUMENTS = ("-E", "-s", "-S", "-c", CODE)
# The loaders of glibc, musl and macOS on a library that is missing.
_MISSING_LIBRARY = re.compile(
    r"error while loading shared libraries: ([^:\s]+): cannot open"
    r"|Error loading shared library ([^:\s]+):"
    r"|Library not loaded: (\S+)"
)
_OLD_SYSTEM = re.compile(r"version `(\w+_[\d.]+)' not found")
_PRERELEASES = {"alpha": "a", "beta": "b", "candidate": "rc"}


class Python:
    """A Python that answered: ``program`` is its own path, ``version`` ``3.11.7`` or ``3.14.0rc1``."""

    __slots__ = ("is_free_threaded", "numbers", "program", "version")

    def __init__(self, program: str, numbers: tuple[int, ...], version: str, *, is_free_threaded: bool = False) -> None:
        self.program = program
        self.numbers = numbers
        self.version = version
        self.is_free_threaded = is_free_threaded


class NoPythonError(Exception):
    """A program that did not answer as a Python: ``fact`` says why, ``remedy`` what to do if that is known.

    ``is_loader`` is set if the dynamic loader could not start it, so that
    LD_LIBRARY_PATH may help.
    """

    def __init__(self, fact: str, remedy: str = "", *, is_loader: bool = False) -> None:
        super().__init__(fact, remedy)
        self.fact = fact
        self.remedy = remedy
        self.is_loader = is_loader


def ask(program: str, environ: Mapping[str, str], directory: str) -> Python:
    """Start ``program`` in ``environ`` and ``directory`` and return which Python it is; raise NoPythonError.

    Its own path is sys.executable: behind a shim the Python that it chose, in
    an environment the environment's.
    """
    try:
        outcome = child_process.run([program, *ARGUMENTS], environ, directory, TIME_LIMIT)
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM):
            raise  # the machine's fault
        if error.errno != errno.ENOEXEC:
            refusal = execute.explain(program, error)
            raise NoPythonError(refusal.fact, refusal.remedy) from error
        if _is_binary(program):
            raise NoPythonError(f"'{program}' is not a program for this machine") from error
        # A script without '#!', started as a shell does.
        words = [execute.FALLBACK_SHELL, program, *ARGUMENTS]
        outcome = child_process.run(words, environ, directory, TIME_LIMIT)
    return _read(program, outcome)


def missing_library(output: str) -> str:
    """Return the library that a loader did not find by its ``output``, empty if it says nothing of the kind."""
    match = _MISSING_LIBRARY.search(output)
    if match is None:
        return ""
    return match[1] or match[2] or match[3]


def reason(outcome: Outcome) -> str:
    """Return the line of the output that says best why a program failed."""
    lines = outcome.lines
    if not lines and outcome.status is not None and outcome.status < 0:
        return f"killed by signal {-outcome.status}"
    if not lines:
        return f"status {outcome.status}"
    for line in lines:
        if line.startswith("Fatal Python error"):
            return line
    is_traceback = any(line.startswith("Traceback ") for line in lines)
    return lines[-1] if is_traceback else lines[0]


def _is_binary(program: str) -> bool:
    try:
        with open(program, "rb") as file:
            return b"\0" in file.read(64)
    except OSError:
        return False


def _read(program: str, outcome: Outcome) -> Python:
    """Return the Python that the answer describes; raise NoPythonError if there is none."""
    _, mark, rest = outcome.output.rpartition(MARK)
    if mark:
        version, executable, flags = ast.literal_eval(rest.partition("\n")[0])
        return Python(executable or program, version[:3], _version(version), is_free_threaded="t" in flags)
    if outcome.status is None:
        raise NoPythonError(f"'{program}' did not answer within {TIME_LIMIT:.0f} seconds as a Python does")
    library = missing_library(outcome.output)
    if library:
        raise NoPythonError(
            f"'{program}' cannot start, since {library} is not found",
            "load the module that it belongs to, or set LD_LIBRARY_PATH to the directory of that library",
            is_loader=True,
        )
    newer = _OLD_SYSTEM.search(outcome.output)
    if newer:
        raise NoPythonError(f"'{program}' cannot start, since it was built for a newer system ({newer[1]})")
    if "No module named 'encodings'" in outcome.output or "No module named encodings" in outcome.output:
        raise NoPythonError(f"'{program}' cannot start, since its standard library is not found")
    raise NoPythonError(f"'{program}' is not a Python ({reason(outcome)})")


def _version(info: tuple[int, int, int, str, int]) -> str:
    major, minor, micro, level, serial = info
    version = f"{major}.{minor}.{micro}"
    return f"{version}{_PRERELEASES[level]}{serial}" if level in _PRERELEASES else version
