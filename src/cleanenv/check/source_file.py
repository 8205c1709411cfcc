"""The Python sources of a project: modules, scripts without a suffix, notebooks."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULE, SCRIPT, NOTEBOOK = "module", "script", "notebook"
SUFFIXES = (".py", ".pyw")
NOTEBOOK_SUFFIX = ".ipynb"
# More is generated text or data, such as a notebook's pictures: reading it takes seconds, parsing it gigabytes.
LARGEST = 32 << 20
_HEAD = 256  # bytes of a first line; the kernel reads as many (execve(2))
_EXECUTABLE = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH


class Source:
    """A file: its absolute ``path``, the name ``shown`` to people (relative to the project), and its ``kind``.

    ``directory`` is the one it lies in, which a script searches first;
    ``is_script`` whether its content, once read, looks like one.
    """

    __slots__ = ("directory", "is_script", "kind", "path", "shown")

    def __init__(self, path: str, shown: str, kind: str) -> None:
        self.path = path
        self.shown = shown
        self.kind = kind
        self.directory = os.path.dirname(path)
        self.is_script = False


class Cell(NamedTuple):
    """A part that is parsed by itself: a whole file, ``number`` 0, or the code cell ``number`` of a notebook."""

    number: int
    code: bytes


class UnreadableSourceError(Exception):
    """A file that is not looked into; the text says why."""


def kind(name: str, path: str) -> str | None:
    """Return what the file called ``name`` at ``path`` is, None if it is no Python source."""
    if name.endswith(SUFFIXES):
        return MODULE
    if name.endswith(NOTEBOOK_SUFFIX):
        return NOTEBOOK
    # ROS packages and tools install such nodes: executable, with 'python' in their first line.
    if "." not in name and _is_python_script(path):
        return SCRIPT
    return None


def read(source: Source) -> bytes:
    """Return the content of a source; raise UnreadableSourceError if it cannot be read or is larger than LARGEST."""
    try:
        with open(source.path, "rb", opener=_open_at_once) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableSourceError("it is a pipe or a device")
            if status.st_size > LARGEST:
                raise UnreadableSourceError(f"it has {status.st_size >> 20} MiB, more than {LARGEST >> 20}")
            return file.read(LARGEST)
    except OSError as error:
        raise UnreadableSourceError((error.strerror or "unreadable").lower()) from error


def is_script(data: bytes) -> bool:
    """Tell whether a file with the content ``data`` is meant to be run by its path; many modules have a __main__."""
    return data.startswith(b"#!")


def cells(source: Source, data: bytes) -> Iterator[Cell]:
    """Yield the parts of a source's content; raise UnreadableSourceError for a notebook that is none."""
    if source.kind != NOTEBOOK:
        yield Cell(0, data)
        return
    from cleanenv.check import notebook

    yield from notebook.cells(data)


def _open_at_once(path: str, flags: int) -> int:
    """Open ``path`` without waiting for the writer of a named pipe."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)


def _is_python_script(path: str) -> bool:
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode) or not mode & _EXECUTABLE:
            return False
        with open(path, "rb", opener=_open_at_once) as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    first_line = head.partition(b"\n")[0]
    return first_line.startswith(b"#!") and b"python" in first_line
