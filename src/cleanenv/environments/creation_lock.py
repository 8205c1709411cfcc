"""The mark in an environment that is being created: a lock that one process has, removed when all is done.

venv cannot create an environment beside its path and rename it, since scripts name that path. So the directory has
a file that says it is unfinished, from before venv's first file to after its last. A lock of flock(2) on it tells
whether somebody is still at work: the system ends it with the process, also if that was killed, so it cannot be
stale. The processes that create the environment inherit it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
from contextlib import suppress

from cleanenv.environments.discovery import UNFINISHED
from cleanenv.errors import EnvironmentUnusableError
from cleanenv.system import console

# What an attempt that was killed may have left: nothing else is ever removed.
_OF_VENV = frozenset({UNFINISHED, "bin", "include", "lib", "lib64", "pyvenv.cfg", "share", ".gitignore"})
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)  # some network file systems
_LONGEST_NUMBER = 32


class Lock:
    """The directory ``path``, in which this process alone creates an environment.

    ``first_created`` is the uppermost directory that had to be created for it,
    None if it existed; ``descriptor`` has the lock, for the processes that
    create it.
    """

    __slots__ = ("descriptor", "first_created", "path")

    def __init__(self, path: str, descriptor: int, first_created: str | None) -> None:
        self.path = path
        self.descriptor = descriptor
        self.first_created = first_created

    def empty(self) -> None:
        """Remove what an attempt left, and keep the lock."""
        for name in os.listdir(self.path):
            if name != UNFINISHED:
                _remove(os.path.join(self.path, name))

    def finish(self) -> None:
        """Declare the environment done."""
        os.unlink(os.path.join(self.path, UNFINISHED))
        os.close(self.descriptor)

    def undo(self) -> None:
        """Remove what was created, and only that, so that nothing half created stays."""
        mark = os.path.join(self.path, UNFINISHED)
        if not os.path.lexists(mark):  # it is finished
            return
        with suppress(OSError):
            self.empty()
            os.unlink(mark)
        _remove_empty(self.path, self.first_created)
        os.close(self.descriptor)


def take(path: str, *, is_quiet: bool = False) -> Lock | None:
    """Create the directory ``path`` and lock it, after waiting for whoever has the lock.

    Returns None if something else is there by then, such as the environment
    that the other one finished: then look again. What a process that was
    killed has left is removed. Raises OSError if the directory cannot be
    created or written to, and EnvironmentUnusableError if what is in it must
    not be removed.
    """
    first_created = _first_missing(path)
    mark = os.path.join(path, UNFINISHED)
    try:
        os.makedirs(path, exist_ok=True)
        if not os.path.lexists(mark) and os.listdir(path):
            return None
        flags = os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(mark, flags, 0o644)
    except FileNotFoundError:  # another one gave up at this moment, and removed it
        return None
    except OSError:
        _remove_empty(path, first_created)
        raise
    lock = Lock(path, descriptor, first_created)
    is_ours = False
    try:
        _wait(descriptor, path, is_quiet=is_quiet)
        if not _is_at(mark, descriptor):
            os.close(descriptor)
            return None
        if not os.fstat(descriptor).st_size and len(os.listdir(path)) > 1:
            lock.finish()  # it was finished just before the mark was made
            return None
        _require_own(path, descriptor)
        is_ours = True
        os.pwrite(descriptor, str(os.getpid()).ljust(_LONGEST_NUMBER).encode(), 0)
        lock.empty()
    except BaseException:
        if is_ours:
            lock.undo()
        else:
            os.close(descriptor)
        raise
    return lock


def _wait(descriptor: int, path: str, *, is_quiet: bool) -> None:
    """Lock ``descriptor``; if another process has the lock, say so, and wait for it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if not is_quiet:
            owner = _owner(descriptor)
            who = "another process" if owner is None else f"process {owner}"
            console.say(f"waiting for {who}, which is creating '{path}'")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        owner = _owner(descriptor)
        if owner is not None and _is_running(owner):
            raise EnvironmentUnusableError(
                f"'{path}' is being created by process {owner}", "try again when that has ended"
            ) from error


def _owner(descriptor: int) -> int | None:
    """Return the number of the process that the mark names, None before it was written."""
    text = os.pread(descriptor, _LONGEST_NUMBER, 0).strip()
    return int(text) if text.isdigit() else None


def _is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _is_at(mark: str, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.lstat(mark), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _require_own(path: str, descriptor: int) -> None:
    """Raise EnvironmentUnusableError unless all in ``path`` is what an attempt of this user's may have left."""
    found = os.fstat(descriptor)
    others = sorted({*os.listdir(path)} - _OF_VENV)
    if others or found.st_uid != os.geteuid() or not stat.S_ISREG(found.st_mode):
        what = f"has '{others[0]}' in it" if others else "is another user's"
        raise EnvironmentUnusableError(
            f"the unfinished environment '{path}' {what}", "remove it, or choose another path"
        )


def _first_missing(path: str) -> str | None:
    """Return the uppermost directory of ``path`` that does not exist yet, None if all do."""
    missing = None
    while not os.path.lexists(path):
        missing = path
        path = os.path.dirname(path)
    return missing


def _remove_empty(path: str, first_created: str | None) -> None:
    """Remove the directories from ``path`` up to ``first_created`` that nobody else uses meanwhile."""
    while first_created is not None and len(path) >= len(first_created):
        try:
            os.rmdir(path)
        except FileNotFoundError:
            pass
        except OSError:  # not empty
            return
        path = os.path.dirname(path)


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    elif os.path.lexists(path):
        os.unlink(path)
