"""Which of the processes above brought a variable along: the first that had it when it started."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.system import carriers, processes

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
    ``source`` is where a carrier (sshd, cron, a tmux server) has it from; empty
    for any other program, which may have set it.
    """

    name: str
    how: str
    program: str
    pid: int
    heir: str = ""
    source: str = ""

    @property
    def sentence(self) -> str:
        """Return the same for people."""
        who = f"{self.program} (pid {self.pid})"
        if self.how == UNREADABLE:
            sentence = f"what {who} started with is unreadable"
            if self.heir:
                sentence = f"{self.heir} had it already; {sentence}"
            return f"{sentence}; it passes on what it has from {self.source}" if self.source else sentence
        if self.how == FROM_THE_TOP:
            if self.source:
                return f"{who} started with it, from {self.source}"
            return f"{who} had it already, and no process above it is known"
        started = "without it" if self.how == WITHOUT else "with another value"
        if self.source:
            return f"{who} started {started} and passed on what it has from {self.source}"
        did = "set" if self.how == WITHOUT else "changed"
        return f"{who} started {started}: its own startup or a command in it {did} it"


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
    below: Process | None = None
    for process in ancestors:
        if not undecided:
            return by_name
        started = started_with(process)
        for name in undecided:
            how = _judge(environ[name], name, started)
            if how:
                by_name[name] = _origin(name, how, process, below)
        undecided = [name for name in undecided if name not in by_name]
        below = process
    if below is not None:
        for name in undecided:
            by_name[name] = _top(name, below)
    return by_name


def _origin(name: str, how: str, process: Process, below: Process | None) -> Origin:
    """Return what is known of a variable with which ``below`` started, and ``process``, its parent, did not."""
    carrier = carriers.of(process)
    # The first process of a machine or container adopts orphans, whatever program it is.
    is_adopter = process.pid == 1 or (carrier is not None and carrier.adopts)
    if is_adopter and below is not None:
        server = carriers.of(below)
        if server is not None and server.heritage:
            return _top(name, below)  # who started it is gone, and this is not its parent by birth
    heir = f"{carriers.program(below)} (pid {below.pid})" if below is not None else ""
    source = ""
    if carrier is not None and not carrier.sets(name):
        source = carrier.source
    return Origin(name, how, carriers.program(process), process.pid, heir, source)


def _top(name: str, process: Process) -> Origin:
    """Return what is known of a variable that ``process`` had already, above which nothing is known."""
    carrier = carriers.of(process)
    source = ""
    if carrier is not None:
        source = carrier.heritage
    elif carriers.is_in_container():  # started by docker run, or by docker exec, whose processes have no parent there
        source = carriers.CONTAINER
    return Origin(name, FROM_THE_TOP, carriers.program(process), process.pid, source=source)


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
