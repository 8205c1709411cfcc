"""Which of the processes above brought a variable along: the first that had it when it started."""

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
        """Return the same for people."""
        who = f"{self.program} (pid {self.pid})"
        if self.how == WITHOUT:
            return f"{who} started without it: its own startup or a command in it set it"
        if self.how == OTHER_VALUE:
            return f"{who} started with another value: its own startup or a command in it changed it"
        if self.how == UNREADABLE:
            sentence = f"what {who} started with is unreadable"
            return f"{self.heir} had it already; {sentence}" if self.heir else sentence
        return f"{who} had it already, and no process above it is known"


def origins(
    names: Iterable[str], environ: Mapping[str, str], ancestors: Iterable[Process] | None = None
) -> dict[str, Origin]:
    """Return the origin of each of ``names`` that is set in ``environ``, cleanenv's own; none without ancestors.

    An environment in the process table is that of a process's start, and says
    nothing of what was exported in it later.
    """
    if ancestors is None:
        ancestors = processes.ancestors()
    undecided = [name for name in names if name in environ]
    by_name: dict[str, Origin] = {}
    heir = ""
    top: Process | None = None
    for process in ancestors:
        if not undecided:
            return by_name
        started = started_with(process)
        for name in undecided:
            how = _judge(environ[name], name, started)
            if how:
                by_name[name] = Origin(name, how, _program(process), process.pid, heir)
        undecided = [name for name in undecided if name not in by_name]
        heir = _title(process)
        top = process
    if top is not None:
        for name in undecided:
            by_name[name] = Origin(name, FROM_THE_TOP, _program(top), top.pid)
    return by_name


def started_with(process: Process) -> dict[str, str] | None:
    """Return the same as ``environment`` of a process, read once."""
    if not process.environments:
        process.environments.append(environment(process.pid))
    return process.environments[0]


def environment(pid: int) -> dict[str, str] | None:
    """Return the environment that a process was started with, None where it cannot be read.

    A process that gives itself a title writes it over its environment: what is
    empty, or no environment, is unreadable and not 'unset'.
    """
    if not os.path.exists(f"{processes.PROC}/self/stat"):
        return _from_psutil(pid) or None
    try:
        with open(f"{processes.PROC}/{pid}/environ", "rb") as file:
            words = file.read().split(b"\0")
    except OSError:
        return None
    environ: dict[str, str] = {}
    for word in words:
        name, equals, value = os.fsdecode(word).partition("=")
        if equals:
            environ[name] = value
    return environ or None


def _from_psutil(pid: int) -> dict[str, str]:
    import psutil

    try:
        return psutil.Process(pid).environ()
    except (psutil.Error, OSError):
        return {}


def _judge(value: str, name: str, started: Mapping[str, str] | None) -> str:
    """Return how a process stands to a variable, empty if it had it at its start."""
    if started is None:
        return UNREADABLE
    if name not in started:
        return WITHOUT
    return "" if started[name] == value else OTHER_VALUE


def _program(process: Process) -> str:
    """Return the name of the file that a process runs; proc(5) marks one that was replaced since."""
    path = process.program.removesuffix(" (deleted)")
    if path and not path.startswith("/memfd:"):  # a program without a file, memfd_create(2)
        return os.path.basename(path)
    return process.name or "a process"


def _title(process: Process) -> str:
    return f"{_program(process)} (pid {process.pid})"
