"""Comparing one file with what is recorded of it."""

from __future__ import annotations

import hashlib
import os
import stat

from cleanenv.environments import record
from cleanenv.integrity import fault
from cleanenv.integrity.fault import Expected, Fault

# Python imports or runs what is in these files, so a row without a hash would let anything pass.
CODE = (".py", ".pyc", ".so", ".pyd", ".dylib", ".pth")
# Those of variable length (SHAKE) have no digest to compare.
ALGORITHMS = frozenset(name for name in hashlib.algorithms_guaranteed if not name.startswith("shake"))
_BLOCK = 1 << 20
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # not to wait for the writer of a named pipe


def check(expected: Expected, *, quick: bool) -> Fault | None:
    """Return what is wrong with a file, None if nothing is; ``quick`` compares presence and size alone."""
    try:
        descriptor = -1 if quick else os.open(expected.path, _READ)
    except OSError as error:
        return _absent(expected, error)
    except ValueError:  # a NUL in the path
        return Fault(fault.MISSING, expected.owner, expected.path)
    try:
        return _compare(expected, descriptor)
    except OSError as error:
        return _absent(expected, error)
    except ValueError:
        return Fault(fault.MISSING, expected.owner, expected.path)
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _compare(expected: Expected, descriptor: int) -> Fault | None:
    """Compare the open file, or that at the path if ``descriptor`` is negative."""
    status = os.stat(expected.path) if descriptor < 0 else os.fstat(descriptor)
    detail = ""
    if not stat.S_ISREG(status.st_mode):
        detail = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
    elif expected.size is not None and status.st_size != expected.size:
        detail = f"{expected.size} bytes recorded, {status.st_size} found"
    elif expected.algorithm not in ALGORITHMS:
        return _unhashed(expected)
    elif descriptor >= 0 and _hash(descriptor, status.st_size, expected.algorithm) != expected.value:
        detail = "same size, other content" if expected.size is not None else "other content"
    if not detail:
        return None
    return Fault(fault.CHANGED, expected.owner, expected.path, detail, status.st_nlink)


def _hash(descriptor: int, size: int, algorithm: str) -> str:
    digest = hashlib.new(algorithm, usedforsecurity=False)
    # One read is enough for nearly all; the one after it, which returns nothing, costs a system call.
    remaining = size
    while remaining > 0:
        block = os.read(descriptor, min(remaining, _BLOCK))
        if not block:
            break
        digest.update(block)
        remaining -= len(block)
    return record.encode(digest.digest())


def _unhashed(expected: Expected) -> Fault | None:
    """Return the fault of a file without a hash that Python would import; None for any other."""
    if not expected.has_hash or not expected.path.endswith(CODE):
        return None
    if os.path.islink(expected.path):  # flit install --symlink
        return None
    detail = "recorded without a hash"
    if expected.algorithm:
        detail = f"recorded with the hash '{expected.algorithm}', which is unknown"
    return Fault(fault.UNHASHED, expected.owner, expected.path, detail)


def _absent(expected: Expected, error: OSError) -> Fault:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        detail = ""
        if os.path.islink(expected.path):
            detail = f"a link to '{os.readlink(expected.path)}', which does not exist"
        return Fault(fault.MISSING, expected.owner, expected.path, detail)
    return Fault(fault.UNREADABLE, expected.owner, expected.path, (error.strerror or "error").lower())
