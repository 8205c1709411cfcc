"""Running a startup for the trace: a session of its own, no input, a time limit, and nothing left behind."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cleanenv.errors import ShellUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>
PAGE = 4096  # bytes: less may fit into what is left of a block
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

    Started in ``home``, or in / if that cannot be entered, in a session of its own without
    a terminal, with nothing as standard input and its output thrown away; all
    of the session's processes are ended afterwards, on Linux also those that
    left it. Raises ShellUnusableError if the program cannot be started.
    """
    with _orphans_ended():
        try:
            process = subprocess.Popen(
                list(words),
                env=dict(environ),
                cwd=start_directory(home),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise cannot_start(words[0], error) from error
        try:
            return _ends_within(timeout, process)
        finally:
            end(process.pid)
            process.wait()


def start_directory(home: str) -> str:
    """Return ``home`` if it can be entered, else /, as login(1) does."""
    return home if os.path.isdir(home) and os.access(home, os.X_OK) else "/"


def is_closed(home: str) -> bool:
    """Tell whether ``home`` is an existing directory that may not be entered, or lies in one: another user's."""
    try:
        os.stat(os.path.join(home, "."))
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def cannot_start(program: str, error: OSError) -> ShellUnusableError:
    """Return the refusal to trace a shell that does not start."""
    return ShellUnusableError(f"cannot start '{program}' ({error.strerror})", "choose another shell with --shell")


def _ends_within(timeout: float, process: subprocess.Popen[bytes]) -> bool:
    """Wait for a process to end; by pidfd_open(2) where there is one, since Popen.wait looks only every 50 ms."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except (AttributeError, OSError):
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout)
            return True
        return False
    try:
        return bool(select.select([descriptor], [], [], timeout)[0])
    finally:
        os.close(descriptor)


def end(session: int) -> None:
    """Kill every process of a session, also those that made a process group of their own."""
    with suppress(ProcessLookupError, PermissionError):  # of sudo alone it is not ours to end
        os.killpg(session, signal.SIGKILL)
    for pid in _processes():
        with suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) == session:
                os.kill(pid, signal.SIGKILL)


@contextmanager
def _orphans_ended() -> Iterator[None]:
    """End, at the end, what was started meanwhile and lost its parent: on Linux this process adopts it (prctl(2))."""
    before = _children()
    is_adopting = _adopt_orphans(wanted=True)
    try:
        yield
    finally:
        while is_adopting and (orphans := _children() - before):
            for pid in orphans:
                try:
                    os.kill(pid, signal.SIGKILL)
                except PermissionError:  # another user's, as sudo is
                    before.add(pid)
                    continue
                except ProcessLookupError:
                    continue
                with suppress(ChildProcessError):
                    os.waitpid(pid, 0)
        if is_adopting:
            _adopt_orphans(wanted=False)


def _adopt_orphans(*, wanted: bool) -> bool:
    """Say whether this process is to become the parent of descendants that lose theirs; tell whether it can."""
    if not os.path.exists("/proc/self/stat"):
        return False
    import ctypes

    try:
        return int(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(wanted), 0, 0, 0)) == 0
    except (OSError, AttributeError):
        return False


def _children() -> set[int]:
    """Return the children of this process, as proc(5) tells them; a name may hold brackets, so the last ends it."""
    children: set[int] = set()
    for pid in _processes():
        with suppress(OSError, ValueError, IndexError), open(f"/proc/{pid}/stat", "rb") as file:
            if int(file.read().rpartition(b")")[2].split()[1]) == os.getpid():
                children.add(pid)
    return children


def _processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []


def events(path: str) -> bytes:
    """Return what the tracer wrote to ``path``, nothing where it never began.

    Raises OSError (ENOSPC, EDQUOT) if there is no space left beside it: then events are lost, which would look as if
    the startup had ended early.
    """
    with open(f"{path}.space", "wb") as probe:
        probe.write(bytes(PAGE))
    try:
        with open(path, "rb") as file:
            return file.read(LARGEST)
    except OSError:
        return b""


def shells_file(name: str) -> str:
    """Return the path of a file of the package cleanenv.shells."""
    import cleanenv.shells

    return os.path.join(os.path.abspath(next(iter(cleanenv.shells.__path__))), name)
