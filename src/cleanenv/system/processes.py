"""The processes above this one, as far as the system lets them be read."""

# On the way of `shell`: /proc is read here if there is one, since psutil alone costs 13 ms; no typing (7 ms).
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    import psutil

LIMIT = 64  # far above any real tree; a table that is read while it changes could lead in a circle
PROC = "/proc"


class Process:
    """One process: ``program`` is the file it runs, empty if unreadable; ``argv`` may be a title of its own.

    ``environments`` holds the environment that it was started with, or None, as soon as that was read.
    """

    __slots__ = ("argv", "environments", "name", "pid", "program")

    def __init__(self, pid: int, name: str, program: str, argv: tuple[str, ...]) -> None:
        self.pid = pid
        self.name = name
        self.program = program
        self.argv = argv
        self.environments: list[dict[str, str] | None] = []

    def __repr__(self) -> str:
        return f"Process({self.pid}, {self.name!r}, {self.program!r}, {self.argv!r})"


class Ancestry:
    """The processes above ``pid`` (by default above this one), the parent first.

    Each is read when an iteration first reaches it, and only once. What may
    not be read is left empty; the walk ends where a process is gone.
    """

    __slots__ = ("_rest", "_seen")

    def __init__(self, pid: int | None = None) -> None:
        self._seen: list[Process] = []
        self._rest = walk(pid)

    def __iter__(self) -> Iterator[Process]:
        index = 0
        while True:
            if index == len(self._seen):
                process = next(self._rest, None)
                if process is None:
                    return
                self._seen.append(process)
            yield self._seen[index]
            index += 1


def ancestors(pid: int | None = None) -> list[Process]:
    """Return the processes above ``pid`` as ``Ancestry`` has them."""
    return list(walk(pid))


def walk(pid: int | None = None) -> Iterator[Process]:
    """Yield the same one by one, read as they are asked for, LIMIT at most."""
    start = os.getpid() if pid is None else pid
    above = _from_proc(start) if os.path.exists(f"{PROC}/self/stat") else _from_psutil(start)
    for process, _ in zip(above, range(LIMIT), strict=False):
        yield process


def _from_proc(pid: int) -> Iterator[Process]:
    """Read proc(5), up to a process whose parent is 0: the first one, or one of another container."""
    try:
        _, parent = _stat(pid)
        while parent > 0:
            pid = parent
            name, parent = _stat(pid)
            yield Process(pid, name, _program(pid), _argv(pid))
    except (OSError, IndexError, ValueError):
        return


def _stat(pid: int) -> tuple[str, int]:
    """Return the name and the parent of a process; a name may hold blanks and brackets, so the last bracket ends it."""
    with open(f"{PROC}/{pid}/stat", encoding="utf-8", errors="surrogateescape") as file:
        before, _, after = file.read().rpartition(")")
    return before.partition("(")[2], int(after.split()[1])


def _program(pid: int) -> str:
    try:
        program = os.readlink(f"{PROC}/{pid}/exe")
    except OSError:
        return ""
    return program.removesuffix(" (deleted)")  # proc(5): as after an upgrade of a shell that still runs


def _argv(pid: int) -> tuple[str, ...]:
    try:
        with open(f"{PROC}/{pid}/cmdline", "rb") as file:
            return tuple(os.fsdecode(word) for word in file.read().rstrip(b"\0").split(b"\0") if word)
    except OSError:
        return ()


def _from_psutil(pid: int) -> Iterator[Process]:
    import psutil

    try:
        process = psutil.Process(pid).parent()
        while process is not None:
            yield _read(process)
            process = process.parent()
    except (psutil.Error, OSError):
        return


def _read(process: psutil.Process) -> Process:
    import psutil

    read = Process(process.pid, "", "", ())
    try:
        read.name = process.name()
        read.argv = tuple(process.cmdline())
        read.program = process.exe()
    except (psutil.Error, OSError):
        pass
    return read
