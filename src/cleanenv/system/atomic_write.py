"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat

from cleanenv.errors import UsageError
from cleanenv.system.console import readable


def write(path: str, data: bytes) -> None:
    """Write ``data`` to the file at ``path``, which then holds all of it, or is left unchanged.

    A link is followed and stays; the mode of an existing file stays, and its
    owner if the user may keep it. Raises UsageError, saying why.
    """
    target = os.path.realpath(path)
    mode = _mode(target, path)
    temporary = os.path.join(os.path.dirname(target), f".{os.path.basename(target)[:200]}.{os.getpid()}.tmp")
    created = False
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        created = True
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if mode is not None:
                _keep(file.fileno(), mode)
            os.fsync(file.fileno())
        os.rename(temporary, target)
    except OSError as error:
        if created:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        reason = (error.strerror or "error").lower()
        raise UsageError(
            f"cannot write '{readable(path)}' ({reason})", "file left unchanged; choose another path"
        ) from error
    _sync_directory(os.path.dirname(target))


def _mode(target: str, path: str) -> os.stat_result | None:
    """Return the status of an existing file, None if there is none; raise UsageError for anything but a file."""
    shown = readable(path)
    try:
        found = os.stat(target)
    except FileNotFoundError:
        if path.endswith("/"):
            raise UsageError(f"no directory '{shown}', and no file can have that name", "name a file") from None
        directory = os.path.dirname(target)
        if not os.path.isdir(directory):
            raise UsageError(f"no directory '{readable(directory)}' to write '{shown}' in", "create it first") from None
        return None
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise UsageError(f"cannot write '{shown}' ({reason})", "choose another path") from error
    if stat.S_ISDIR(found.st_mode):
        raise UsageError(f"cannot write '{shown}', which is a directory", "name a file in it")
    if not stat.S_ISREG(found.st_mode):
        raise UsageError(
            f"cannot write '{shown}', which is a device or a pipe", "redirect standard output with '>' instead"
        )
    return found


def _keep(descriptor: int, found: os.stat_result) -> None:
    with contextlib.suppress(OSError):
        os.fchown(descriptor, found.st_uid, found.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(found.st_mode))


def _sync_directory(directory: str) -> None:
    with contextlib.suppress(OSError):  # some file systems cannot
        descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
