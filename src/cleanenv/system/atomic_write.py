"""Writing a file whole or not at all; what is no file, but leads to an open stream, is written to."""

from __future__ import annotations

import _signal  # as in main: what `signal` wraps in enums costs 4 ms
import contextlib
import errno
import os
import stat

from cleanenv.errors import CleanenvError, UsageError
from cleanenv.system.console import readable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# They wait until the file is whole, so that no temporary file stays.
_PUT_OFF = (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT)
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_NO_DESCRIPTORS = (errno.EMFILE, errno.ENFILE)
_MOST_LINKS = 40  # as the kernel
_HAS_NAMELESS = hasattr(os, "O_TMPFILE")  # Linux
UNCHANGED = "file left unchanged"
ANOTHER = "choose another path"


class _NotSupportedError(Exception):
    """The file system has no nameless files, or they cannot be given a name."""


def write(path: str, data: bytes, mode: int = 0o666, *, is_own: bool = False) -> None:
    """Write ``data`` to the file at ``path``, which then holds all of it, or is left unchanged.

    A link is followed and stays; the mode of an existing file stays, and its
    owner if the user may keep it; a new one gets ``mode`` without what the
    umask forbids. If ``path`` leads to an open descriptor (/dev/stdout,
    /dev/fd/3), a pipe or a terminal, that is written to, from where it is;
    a file of cleanenv's own, ``is_own``, is none of these: a pipe in its place,
    which could wait for a reader for ever, is refused.

    Raises UsageError, saying why, or SystemLimitError if the disk is full.
    """
    number = _descriptor(path)
    if number is not None:
        _write_to_descriptor(number, path, data)
        return
    target = os.path.realpath(path)
    found = _status(target, path)
    if found is not None and not stat.S_ISREG(found.st_mode):
        if is_own:
            raise UsageError(f"cannot write '{readable(path)}', which is not a file", ANOTHER)
        _write_to_stream(target, path, data)
        return
    if found is not None and not os.access(target, os.W_OK):
        raise UsageError(f"cannot write '{readable(path)}' (permission denied)", f"{UNCHANGED}; {ANOTHER}")
    try:
        with _signals_put_off():
            try:
                _replace(target, data, mode, found, is_nameless=_HAS_NAMELESS)
            except _NotSupportedError:
                _replace(target, data, mode, found, is_nameless=False)
    except OSError as error:
        raise _refusal(path, error, f"{UNCHANGED}; ") from error
    _sync_directory(os.path.dirname(target))


def _descriptor(path: str) -> int | None:
    """Return the number of this process's descriptor that ``path`` leads to, None if it leads elsewhere.

    To resolve such a path leads to the file behind the descriptor, or to a name like 'pipe:[1]' (proc(5)). Raises
    UsageError for a descriptor of another process.
    """
    own = str(os.getpid())
    for _ in range(_MOST_LINKS):
        directory, name = os.path.split(path)
        directory = os.path.realpath(directory or ".")
        parts = directory.split("/")
        if name.isascii() and name.isdigit():
            if directory in ("/dev/fd", f"/proc/{own}/fd", f"/proc/{own}/task/{own}/fd"):
                return int(name)
            if parts[1] == "proc" and parts[-1] == "fd":
                raise UsageError(
                    f"cannot write '{readable(path)}', a stream of another process", "redirect standard output to it"
                )
        try:
            path = os.path.join(directory, os.readlink(os.path.join(directory, name)))
        except OSError:  # no link
            return None
    return None


def _status(target: str, path: str) -> os.stat_result | None:
    """Return the status of what exists at ``target``, None if nothing does; raise UsageError if it cannot be written.

    That is a directory, a disk or a socket.
    """
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
        raise UsageError(f"cannot write '{shown}' ({reason})", ANOTHER) from error
    if stat.S_ISDIR(found.st_mode):
        raise UsageError(f"cannot write '{shown}', which is a directory", "name a file in it")
    if stat.S_ISBLK(found.st_mode) or stat.S_ISSOCK(found.st_mode):
        raise UsageError(f"cannot write '{shown}', which is a disk or a socket", "name a file")
    return found


def _write_to_descriptor(number: int, path: str, data: bytes) -> None:
    """Write to a descriptor that was handed over at the start; those of the interpreter itself are not inheritable."""
    try:
        is_open = os.get_inheritable(number)
    except (OSError, OverflowError):
        is_open = False
    if not is_open:
        raise UsageError(f"cannot write '{readable(path)}' (bad file descriptor)", ANOTHER)
    try:
        _write_all(number, data)
    except OSError as error:
        raise _refusal(path, error) from error


def _write_to_stream(target: str, path: str, data: bytes) -> None:
    """Write to a named pipe, as soon as somebody reads it, or to a character device."""
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CLOEXEC | os.O_NOCTTY)
        try:
            _write_all(descriptor, data)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _refusal(path, error) from error


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[_write_some(descriptor, rest) :]


def _write_some(descriptor: int, data: memoryview) -> int:
    try:
        return os.write(descriptor, data)
    except BlockingIOError:  # another process has made the pipe non-blocking
        import select

        select.select([], [descriptor], [])
        return 0


def _replace(target: str, data: bytes, mode: int, found: os.stat_result | None, *, is_nameless: bool) -> None:
    """Put a new file with ``data`` into the place of ``target``; nothing else stays if that fails.

    A nameless one (O_TMPFILE, open(2)) does not stay even if this process is killed; raises _NotSupportedError
    if the file system does not have that.
    """
    directory = os.path.dirname(target)
    temporary = os.path.join(directory, _name())
    is_named = False
    try:
        descriptor = _open_nameless(directory, mode) if is_nameless else _open_named(temporary, mode)
        is_named = not is_nameless
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if found is not None:
                _keep(file.fileno(), found)
            os.fsync(file.fileno())
            if is_nameless:
                _link(descriptor, temporary)
                is_named = True
        os.rename(temporary, target)
        is_named = False
    finally:
        if is_named:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _open_nameless(directory: str, mode: int) -> int:
    try:
        return os.open(directory, os.O_WRONLY | os.O_TMPFILE | os.O_CLOEXEC, mode)
    except OSError as error:  # file systems without it give several errors
        raise _NotSupportedError from error


def _open_named(path: str, mode: int) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)


def _link(descriptor: int, path: str) -> None:
    """Give the nameless file a name."""
    try:
        # With src_dir_fd, which counts for nothing here, Python calls linkat(2), and that follows the link in /proc.
        os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)
    except OSError as error:  # no /proc
        raise _NotSupportedError from error


def _name() -> str:
    """Return a name that nothing has: a process number would be the same at each start of a container."""
    return f".cleanenv-{os.urandom(8).hex()}.tmp"


@contextlib.contextmanager
def _signals_put_off() -> Iterator[None]:
    before = _signal.pthread_sigmask(_signal.SIG_BLOCK, _PUT_OFF)
    try:
        yield
    finally:
        _signal.pthread_sigmask(_signal.SIG_SETMASK, before)


def _keep(descriptor: int, found: os.stat_result) -> None:
    with contextlib.suppress(OSError):
        os.fchown(descriptor, found.st_uid, found.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(found.st_mode))


def _refusal(path: str, error: OSError, before: str = "") -> CleanenvError:
    """Return the refusal for ``error``, which came up while ``path`` was written."""
    reason = (error.strerror or "error").lower()
    fact = f"cannot write '{readable(path)}' ({reason})"
    if error.errno in (*_NO_SPACE, *_NO_DESCRIPTORS):
        from cleanenv.system.failure import SystemLimitError

        remedy = f"make room, or {ANOTHER}" if error.errno in _NO_SPACE else "raise the limit with 'ulimit -n'"
        return SystemLimitError(fact, f"{before}{remedy}")
    return UsageError(fact, f"{before}{ANOTHER}")


def _sync_directory(directory: str) -> None:
    with contextlib.suppress(OSError):  # some file systems cannot
        descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
