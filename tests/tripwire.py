"""Stops a test at once that would write into the machine's /etc or the real home, or hand that home to a child."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.utime")
SPAWNS = {"subprocess.Popen": 3, "os.exec": 2, "os.posix_spawn": 2}


class TripwireError(BaseException):
    """A test touched what it must not; no ``except Exception`` hides it."""


def arm(home: str, exempt: tuple[str, ...]) -> None:
    """Watch /etc and ``home``, apart from the ``exempt`` folders, for the rest of this process (PEP 578)."""

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & WRITING:
                check(path)
        elif event in CHANGES:
            for path in arguments[:2]:
                check(path)
        elif event in SPAWNS:
            environ = arguments[SPAWNS[event]]
            given = environ if isinstance(environ, Mapping) else os.environ
            if given.get("HOME") == home:
                raise TripwireError(f"a test starts {arguments[0]!r} in the real home")

    def check(path: object) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return
        absolute = os.path.abspath(os.fsdecode(path))
        if absolute.startswith(tuple(os.path.join(folder, "") for folder in exempt)):
            return
        if absolute.startswith(("/etc/", os.path.join(home, ""))):
            raise TripwireError(f"a test writes to {absolute!r}")

    sys.addaudithook(watch)
