"""Why venv could not create an environment, by what it printed, and what to do about it."""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING

from cleanenv.environments import python_probe
from cleanenv.errors import EnvironmentUnusableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.environments.python_probe import Python
    from cleanenv.system.child_process import Outcome

_LAST_LINES = 3
_ANOTHER_PYTHON = "name another Python with --python"
_ANOTHER_PATH = "choose another path"
# As Python prints an OSError: the path that it is about may be missing, and a second one may follow.
_SYSTEM_ERROR = re.compile(r"\[Errno (\d+)\] [^:\n]+(?:: '([^'\n]*)')?")
_APT = re.compile(r"\bapt(?:-get)? install (\S+)")
_NO_MODULE = re.compile(r"No module named '?(\w+)")
_NO_TEMPORARY_DIRECTORY = "No usable temporary directory"  # tempfile's words
DEBIAN = "/etc/debian_version"
# What is wrong with the path, and not with the Python: (errno; in words; what to do).
_OF_THE_PATH = {
    errno.ENOSPC: ("no space left on the disk", f"make room, or {_ANOTHER_PATH}"),
    errno.EDQUOT: ("your disk quota is used up", f"make room, or {_ANOTHER_PATH}"),
    errno.EROFS: ("read-only file system", _ANOTHER_PATH),
    errno.EACCES: ("permission denied", f"{_ANOTHER_PATH}, or change the permissions of its directory"),
    errno.EPERM: ("operation not permitted", f"{_ANOTHER_PATH}, or change the permissions of its directory"),
    errno.ENOTDIR: ("not a directory", _ANOTHER_PATH),
    errno.ENAMETOOLONG: ("file name too long", "choose a shorter path"),
    errno.ELOOP: ("too many levels of symbolic links", _ANOTHER_PATH),
    errno.EIO: ("input/output error", _ANOTHER_PATH),
    errno.ESTALE: ("stale file handle", _ANOTHER_PATH),
}
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


class Failure:
    """A refusal, and ``may_be_libraries`` if LD_LIBRARY_PATH might have prevented it."""

    __slots__ = ("may_be_libraries", "refusal")

    def __init__(self, refusal: EnvironmentUnusableError, *, may_be_libraries: bool = False) -> None:
        self.refusal = refusal
        self.may_be_libraries = may_be_libraries


def of_directory(path: str, error: OSError) -> Failure | None:
    """Return why the directory ``path`` could not be created or written to; None if that is the machine's fault."""
    reason = _OF_THE_PATH.get(error.errno or 0)
    if reason is None:
        return None
    return Failure(EnvironmentUnusableError(f"could not create '{path}' ({reason[0]})", reason[1]))


def explain(python: Python, path: str, outcome: Outcome, environ: Mapping[str, str]) -> Failure:
    """Return why ``python -m venv``, run in ``environ``, did not create ``path``; called before it is cleared."""
    reason, remedy = _of_the_system(path, outcome, environ)
    if reason:
        return Failure(EnvironmentUnusableError(f"could not create '{path}' ({reason})", remedy))
    missing = _NO_MODULE.search(outcome.output)
    apt = _APT.search(outcome.output)
    if apt is not None or (missing is not None and missing[1] == "ensurepip"):
        fact = f"'{python.program}' could not create '{path}', since it has no ensurepip"
        return Failure(EnvironmentUnusableError(fact, _install(python, "ensurepip", apt[1] if apt else "")))
    if missing is not None and missing[1] == "venv":
        fact = f"'{python.program}' could not create '{path}', since it has no venv module"
        return Failure(EnvironmentUnusableError(fact, _install(python, "venv", "")))
    library = python_probe.missing_library(outcome.output)
    if library:
        fact = f"'{python.program}' could not create '{path}', since {library} is not found"
        remedy = "load the module that it belongs to, or set LD_LIBRARY_PATH to the directory of that library"
        return Failure(EnvironmentUnusableError(fact, remedy), may_be_libraries=True)
    fact = f"'{python.program} -m venv' could not create '{path}' ({_lines(outcome)})"
    return Failure(EnvironmentUnusableError(fact, _ANOTHER_PYTHON), may_be_libraries=True)


def _of_the_system(path: str, outcome: Outcome, environ: Mapping[str, str]) -> tuple[str, str]:
    """Return what the system refused and what to do, both empty if it was something else."""
    if _NO_TEMPORARY_DIRECTORY in outcome.output:
        return "no temporary directory can be written", "set TMPDIR to a directory that exists and has space"
    for match in reversed(list(_SYSTEM_ERROR.finditer(outcome.output))):
        number = int(match[1])
        if number not in _OF_THE_PATH:
            continue
        reason, remedy = _OF_THE_PATH[number]
        temporary = environ.get("TMPDIR") or "/tmp"  # noqa: S108  where pip unpacks itself
        if number in _NO_SPACE and _is_about(temporary, match[2], path):
            return f"no space left in '{temporary}'", "make room there, or set TMPDIR to a directory with space"
        return reason, remedy
    return "", ""


def _is_about(temporary: str, named: str | None, path: str) -> bool:
    """Tell whether an error is about the ``temporary`` directory: it names it, or only that one is full."""
    if named:
        return not _is_below(named, path) and _is_below(named, temporary)
    return _is_full(temporary) and not _is_full(path)


def _is_below(path: str, directory: str) -> bool:
    return os.path.realpath(path).startswith(os.path.realpath(directory).rstrip("/") + "/")


def _is_full(path: str) -> bool:
    while not os.path.exists(path):
        path = os.path.dirname(path)
    space = os.statvfs(path)
    # What is left may be too little for the next file: pip has 10 megabytes. No f_files: the number is not limited.
    return space.f_bavail * space.f_frsize < 1 << 24 or (space.f_files > 0 and space.f_favail < 1 << 6)


def _install(python: Python, module: str, package: str) -> str:
    """Return how to get ``module`` for ``python``; ``package`` is the one that venv itself named."""
    major, minor = python.numbers[:2]
    is_packaged = os.path.realpath(python.program).startswith("/usr/bin/python") and os.path.exists(DEBIAN)
    # python3-venv belongs to the distribution's default Python, and to no other that apt installed.
    if is_packaged and package in ("", "python3-venv"):
        package = f"python{major}.{minor}-venv"
    if package:
        return f"install it with 'apt install {package}', or {_ANOTHER_PYTHON}"
    return f"install its {module} module, or {_ANOTHER_PYTHON}"


def _lines(outcome: Outcome) -> str:
    """Return the lines that say most: the last of a traceback, else the last few."""
    lines = outcome.lines
    if not lines or any(line.startswith(("Traceback ", "Fatal Python error")) for line in lines):
        return python_probe.reason(outcome)
    return " / ".join(lines[-_LAST_LINES:])
