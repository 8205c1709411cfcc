"""The processes above this one, as far as the system lets them be read."""

from __future__ import annotations

import os
from typing import NamedTuple

import psutil

LIMIT = 64


class Process(NamedTuple):
    """One process: ``program`` is the file it runs, empty where unreadable; ``argv`` may be a title of its own."""

    pid: int
    name: str
    program: str
    argv: tuple[str, ...]


def ancestors(pid: int | None = None) -> list[Process]:
    """Return the processes above ``pid`` (by default above this one), the parent first.

    What may not be read is left empty; the walk ends where a process is gone.
    """
    found: list[Process] = []
    try:
        process = psutil.Process(pid if pid is not None else os.getpid()).parent()
        while process is not None and len(found) < LIMIT:
            found.append(_read(process))
            process = process.parent()
    except (psutil.Error, OSError):
        pass
    return found


def _read(process: psutil.Process) -> Process:
    name, program = "", ""
    argv: tuple[str, ...] = ()
    try:
        name = process.name()
        argv = tuple(process.cmdline())
        program = process.exe()
    except (psutil.Error, OSError):
        pass
    return Process(process.pid, name, program, argv)
