"""The user's consent to what a project's file says, as direnv and mise ask for it: for this path, with this content.

What is remembered of the content is that of cleanenv's own table, and not of the whole file: nothing else in it
reaches cleanenv, and a pyproject.toml changes with every release. Who is asked each time no longer reads the question.

It is a file for each project in cleanenv's state directory. Only the user's own and root's count.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.errors import CleanenvError, UsageError
from cleanenv.system.invocation import state_directory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DIRECTORY = "allowed"
VERSION = b"1"
LARGEST = 1 << 16  # bytes: a path, and a few more
_DIGEST_SIZE = 32  # bytes
_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_ANOTHER_STATE = "set XDG_STATE_HOME to a directory of yours"


class Record(NamedTuple):
    """The file that was allowed, and the digest of its table at that time."""

    path: str
    digest: str


def place_of(path: str) -> str:
    """Return the path by which consent to the file at ``path`` is remembered.

    The links in its directory are resolved, and a link that is the file
    itself is not: relative paths mean what is beside the link, which consent to
    the file behind it does not cover.
    """
    directory, name = os.path.split(path)
    return os.path.join(os.path.realpath(directory), name)


def digest(table: Mapping[str, object]) -> str:
    """Return what tells ``table`` from any other: the same for another order, spelling or comment."""
    import json

    return _hash(json.dumps(table, sort_keys=True).encode())


def recorded(path: str, environ: Mapping[str, str]) -> str | None:
    """Return the digest of the table that the user allowed to the file at ``path``, None if there was none."""
    state = state_directory(environ, may_make=False)
    if state is None:
        return None
    place = place_of(path)
    record = _read(os.path.join(state, DIRECTORY), _name(place))
    return record.digest if record is not None and record.path == place else None


def give(path: str, table: Mapping[str, object], environ: Mapping[str, str]) -> None:
    """Remember that the user allows ``table`` to the file at ``path``; raise CleanenvError if that cannot be done."""
    from cleanenv.system import atomic_write

    directory = os.path.join(_own_state(environ), DIRECTORY)
    with suppress(FileExistsError):
        os.mkdir(directory, 0o700)
    if not _is_own_directory(directory):
        raise UsageError(f"'{directory}' can be written by others", f"remove it, or {_ANOTHER_STATE}")
    place = place_of(path)
    record = b"\0".join((VERSION, digest(table).encode(), os.fsencode(place)))
    atomic_write.write(os.path.join(directory, _name(place)), record, mode=0o600, is_own=True)


def revoke(path: str, environ: Mapping[str, str]) -> bool:
    """Forget the consent to the file at ``path``, which need not exist any more; return whether there was one."""
    state = state_directory(environ, may_make=False)
    if state is None:
        return False
    try:
        os.unlink(os.path.join(state, DIRECTORY, _name(place_of(path))))
    except FileNotFoundError:
        return False
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise UsageError(f"cannot revoke the consent in '{state}' ({reason})", "change its permissions") from error
    return True


def records(environ: Mapping[str, str]) -> Iterator[Record]:
    """Yield what the user has allowed, in no order."""
    state = state_directory(environ, may_make=False)
    if state is None:
        return
    directory = os.path.join(state, DIRECTORY)
    try:
        names = os.listdir(directory)
    except OSError:
        return
    for name in names:
        record = _read(directory, name)
        if record is not None and _name(record.path) == name:
            yield record


def _read(directory: str, name: str) -> Record | None:
    """Return the record ``name``, None if there is none that only the user or root can have written."""
    if not _is_own_directory(directory):
        return None
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(os.path.join(directory, name), flags)
    except OSError:
        return None
    try:
        found = os.fstat(descriptor)
        content = os.read(descriptor, LARGEST) if stat.S_ISREG(found.st_mode) and _is_own(found) else b""
    except OSError:
        return None
    finally:
        os.close(descriptor)
    version, _, rest = content.partition(b"\0")
    known, _, path = rest.partition(b"\0")
    if version != VERSION or not known.isalnum():
        return None
    return Record(os.fsdecode(path), known.decode("ascii", "replace"))


def _is_own_directory(path: str) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and _is_own(found)


def _is_own(found: os.stat_result) -> bool:
    return found.st_uid in (0, os.geteuid()) and not found.st_mode & _BY_OTHERS


def _own_state(environ: Mapping[str, str]) -> str:
    """Return the state directory, made if it is missing; raise CleanenvError if there is none, or it is another's.

    HOME is often another user's (su -m, sudo -E): what root wrote there, that user could not change any more.
    """
    planned = state_directory(environ, may_make=False)
    existing = planned or ""
    while existing and not os.path.isdir(existing):
        existing = os.path.dirname(existing)
    if existing and os.stat(existing).st_uid not in (0, os.geteuid()):
        raise UsageError(f"'{existing}' belongs to another user, so no consent is remembered there", _ANOTHER_STATE)
    state = state_directory(environ, may_make=True)
    if state is None:
        where = f"'{planned}' cannot be written" if planned else "there is no HOME"
        raise CleanenvError(f"consent cannot be remembered, since {where}", _ANOTHER_STATE)
    return state


def _name(place: str) -> str:
    return _hash(os.fsencode(place))


def _hash(data: bytes) -> str:
    # Not by hashlib, which loads OpenSSL, and with it what the caller's OPENSSL_CONF names.
    from _blake2 import blake2b

    return blake2b(data, digest_size=_DIGEST_SIZE).hexdigest()
