"""Stops a test at once that would write into the machine's /etc or the real home, or hand that home to a child."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Which arguments of an audited call are paths that it changes: of a link, what it leads to is not.
CHANGES = {
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rename": (0, 1),
    "os.rmdir": (0,),
    "os.link": (1,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "os.utime": (0,),
}
SPAWNS = {"subprocess.Popen": 3, "os.exec": 2, "os.posix_spawn": 2}


class TripwireError(BaseException):
    """A test touched what it must not; no ``except Exception`` hides it."""


def arm(home: str, exempt: tuple[str, ...]) -> None:
    """Watch /etc and ``home``, apart from the ``exempt`` folders, for the rest of this process (PEP 578)."""
    forbidden = ("/etc/", os.path.join(home, ""))
    allowed = tuple(os.path.join(folder, "") for folder in exempt)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        for path in _written(event, arguments):
            absolute = os.path.abspath(os.fsdecode(path))
            if absolute.startswith(forbidden) and not absolute.startswith(allowed):
                raise TripwireError(f"a test writes to {absolute!r}")
        if event in SPAWNS:
            environ = arguments[SPAWNS[event]]
            given = environ if isinstance(environ, Mapping) else os.environ
            if given.get("HOME") == home:
                raise TripwireError(f"a test starts {arguments[0]!r} in the real home")

    sys.addaudithook(watch)


def _written(event: str, arguments: tuple[object, ...]) -> list[str | bytes | os.PathLike[str]]:
    """Return the paths that an audited event is about to change."""
    if event == "open":
        path, _, flags = arguments
        paths: tuple[object, ...] = (path,) if isinstance(flags, int) and flags & WRITING else ()
    else:
        paths = tuple(arguments[number] for number in CHANGES.get(event, ()))
    return [path for path in paths if isinstance(path, str | bytes | os.PathLike)]
