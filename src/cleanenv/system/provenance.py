"""Which process above brought a variable along: the first that had it when it started."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.system import processes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanenv.system.processes import Process

WITHOUT = "without"
OTHER_VALUE = "another value"
UNREADABLE = "unreadable"
FROM_THE_TOP = "from the top"


class Origin(NamedTuple):
    """How a variable came here.

    ``pid`` and ``program`` tell of the nearest process above that started
    WITHOUT it or with an OTHER_VALUE, or whose environment is UNREADABLE;
    FROM_THE_TOP, of the topmost that is known. ``heir`` is the process below
    it, the first that had the value when it started, empty for cleanenv itself.
    """

    name: str
    how: str
    program: str
    pid: int
    heir: str = ""

    @property
    def sentence(self) -> str:
        """Return what a person is told."""
        who = f"{self.program} (pid {self.pid})"
        if self.how == WITHOUT:
            return f"{who} started without it: its own startup or a command in it set it"
        if self.how == OTHER_VALUE:
            return f"{who} started with another value: its own startup or a command in it changed it"
        if self.how == UNREADABLE:
            had = f"{self.heir} had it already; " if self.heir else ""
            return f"{had}what {who} started with is unreadable"
        return f"{who} had it already, and no process above it is known"


def origins(
    names: Iterable[str], environ: Mapping[str, str], ancestors: Iterable[Process] | None = None
) -> dict[str, Origin]:
    """Return the origin of each of ``names`` that is set in ``environ``, cleanenv's own; none without ancestors.

    An environment in the process table is that of a process's start, and says
    nothing of what was exported in it later.
    """
    open_names = [name for name in names if name in environ]
    found: dict[str, Origin] = {}
    last: Process | None = None
    for process in processes.ancestors() if ancestors is None else ancestors:
        if not open_names:
            return found
        started = environment(process.pid)
        for name in open_names:
            how = _judge(environ[name], name, started)
            if how:
                heir = _title(last) if last is not None else ""
                found[name] = Origin(name, how, _program(process), process.pid, heir)
        open_names = [name for name in open_names if name not in found]
        last = process
    if last is not None:
        found |= {name: Origin(name, FROM_THE_TOP, _program(last), last.pid) for name in open_names}
    return found


def environment(pid: int) -> dict[str, str] | None:
    """Return the environment that a process was started with, None where it cannot be read.

    A process that gives itself a title writes it over its environment: what is
    empty, or no environment, is unreadable and not 'unset'.
    """
    if os.path.exists(f"{processes.PROC}/self/stat"):
        try:
            with open(f"{processes.PROC}/{pid}/environ", "rb") as file:
                words = [os.fsdecode(word) for word in file.read().split(b"\0") if word]
        except OSError:
            return None
        read = dict(word.split("=", 1) for word in words if "=" in word)
    else:
        read = _from_psutil(pid)
    return read or None


def _from_psutil(pid: int) -> dict[str, str]:
    import psutil

    try:
        return psutil.Process(pid).environ()
    except (psutil.Error, OSError):
        return {}


def _judge(value: str, name: str, started: Mapping[str, str] | None) -> str:
    """Return how a process stands to a variable, empty where it had it at its start."""
    if started is None:
        return UNREADABLE
    if name not in started:
        return WITHOUT
    return "" if started[name] == value else OTHER_VALUE


def _program(process: Process) -> str:
    path = process.program.removesuffix(" (deleted)")
    named = "" if path.startswith("/memfd:") else os.path.basename(path)  # a program without a file
    return named or process.name or "a process"


def _title(process: Process) -> str:
    return f"{_program(process)} (pid {process.pid})"
