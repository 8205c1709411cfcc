"""Running a startup for the trace: a session of its own, no input, a time limit, and nothing left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>
LARGEST = 64 << 20  # bytes of events that are read; a loop may write more until the limit ends it


@contextmanager
def folder() -> Iterator[str]:
    """Yield the path of a private temporary folder for events and for what a shell must be fed by files."""
    path = tempfile.mkdtemp(prefix="cleanenv-trace-")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def run(words: Sequence[str], environ: Mapping[str, str], home: str, timeout: float) -> bool:
    """Run ``words`` in exactly ``environ`` and tell whether they ended by themselves within ``timeout`` seconds.

    Started in ``home``, where that is a folder, in a session of its own without
    a terminal, with nothing as standard input and its output thrown away; all
    of the session's processes are ended afterwards, on Linux also those that
    left it. Raises OSError where the program cannot be started.
    """
    before = {os.getpid(), *_children()}
    is_reaper = _adopt_orphans(wanted=True)
    process = subprocess.Popen(
        list(words),
        env=dict(environ),
        cwd=home if os.path.isdir(home) else "/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        return False
    finally:
        end(process.pid)
        process.wait()
        if is_reaper:
            _end_orphans(before)
            _adopt_orphans(wanted=False)
    return True


def end(session: int) -> None:
    """Kill every process of a session, also those that made a process group of their own."""
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)
    for pid in _processes():
        with suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) == session:
                os.kill(pid, signal.SIGKILL)


def _adopt_orphans(*, wanted: bool) -> bool:
    """Make this process the parent of descendants that lose theirs (prctl(2)); tell whether that is possible."""
    if not os.path.exists("/proc/self/stat"):
        return False
    import ctypes

    try:
        return int(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(wanted), 0, 0, 0)) == 0
    except (OSError, AttributeError):
        return False


def _end_orphans(before: AbstractSet[int]) -> None:
    """Kill the children that were not there before, and those that these leave behind, and so on."""
    while orphans := _children() - before:
        for pid in orphans:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _children() -> set[int]:
    """Return the children of this process, as proc(5) tells them; a name may hold brackets, so the last ends it."""
    found = set()
    for pid in _processes():
        with suppress(OSError, ValueError, IndexError), open(f"/proc/{pid}/stat", "rb") as file:
            if int(file.read().rpartition(b")")[2].split()[1]) == os.getpid():
                found.add(pid)
    return found


def _processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []


def events(path: str) -> bytes:
    """Return what the tracer wrote to ``path``, nothing where it never began."""
    try:
        with open(path, "rb") as file:
            return file.read(LARGEST)
    except OSError:
        return b""


def unreadable(path: str) -> str:
    """Return why a startup file gives nothing to a shell that looks for it, empty where it can be read."""
    if os.path.isdir(path):
        return "a folder"
    if not os.path.lexists(path):
        return "not there"
    if not os.path.exists(path):
        return "a link that leads nowhere"
    return "" if os.access(path, os.R_OK) else "not readable"


def shells_file(name: str) -> str:
    """Return the path of a file of the package cleanenv.shells."""
    import cleanenv.shells

    return os.path.join(os.path.abspath(next(iter(cleanenv.shells.__path__))), name)
