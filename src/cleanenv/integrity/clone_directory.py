"""The directory of a clone: created by one process alone, and marked as unfinished until all in it is proved."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cleanenv.errors import EnvironmentUnusableError, UsageError
from cleanenv.system import child_process

if TYPE_CHECKING:
    from collections.abc import Iterator

# The name that --create uses too. A lock of flock(2) on it tells that somebody is at work.
UNFINISHED = ".cleanenv-unfinished"


@contextmanager
def create(path: str) -> Iterator[None]:
    """Create the directory ``path``, and remove it again if what is done in it fails or is interrupted.

    A process that is killed leaves it with the mark in it. Raises UsageError if
    something is there, EnvironmentUnusableError if it cannot be created.
    """
    _require_free(path)
    descriptor = -1
    try:
        with child_process.stopped_by_signals():
            descriptor = _make(path)
            yield
            os.unlink(f"{path}/{UNFINISHED}")
    except KeyboardInterrupt as stop:
        _remove(path, descriptor)
        if stop.args:  # a signal that would have ended this process
            signal.raise_signal(stop.args[0])
        raise
    except BaseException:
        _remove(path, descriptor)
        raise
    os.close(descriptor)


def _require_free(path: str) -> None:
    if ":" in path:
        raise EnvironmentUnusableError(f"'{path}' cannot be on PATH, which ':' separates", "give it a name without one")
    if os.path.lexists(f"{path}/{UNFINISHED}"):
        raise UsageError(
            f"'{path}' is not finished, its creation is under way or was interrupted",
            "remove it, or choose another path",
        )
    if os.path.lexists(path):
        raise UsageError(f"'{path}' exists", "choose another path")


def _make(path: str) -> int:
    """Create ``path`` with the mark in it at one stroke; return the descriptor that has the lock."""
    parent, name = os.path.split(path)
    temporary = ""
    try:
        temporary = tempfile.mkdtemp(prefix=f".{name[:100]}.cleanenv-unfinished-", dir=parent)
        descriptor = os.open(f"{temporary}/{UNFINISHED}", os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        with suppress(OSError):  # some network file systems have no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.write(descriptor, str(os.getpid()).encode())
        os.chmod(temporary, 0o777 & ~_umask())
        os.rename(temporary, path)  # fails if something with content is there by now
    except BaseException as error:
        if temporary:
            shutil.rmtree(temporary, ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        reason = (error.strerror or "error").lower()
        remedy = "choose another path, or create its parent directory"
        raise EnvironmentUnusableError(f"cannot create '{path}' ({reason})", remedy) from error
    return descriptor


def _umask() -> int:
    """Return the mask of this process, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _remove(path: str, descriptor: int) -> None:
    """Remove what was created, if anything was."""
    if descriptor >= 0:
        shutil.rmtree(path, ignore_errors=True)
        os.close(descriptor)
