"""The files that a shell read, as they are written now: the one place where the tracers read them."""

from __future__ import annotations

import os
import stat
from functools import lru_cache
from typing import TYPE_CHECKING

from cleanenv.trace.model import Missing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from cleanenv.trace.model import Place

LARGEST = 4 << 20  # bytes of a file that are read; lines of generated code behind that are not looked for
LONGEST_STATEMENT = 40  # lines; in a file where every line ends in a backslash each would be joined with all the rest
# Names of this process's own descriptors (proc(5)): what stands there now is not what the shell read.
OWN_DESCRIPTORS = ("/dev/", "/proc/")


class SourceFile:
    """The lines of one file, counted from 1; none where it cannot be read or is not a regular file."""

    __slots__ = ("lines", "path")

    def __init__(self, path: str, lines: tuple[str, ...]) -> None:
        self.path = path
        self.lines = lines

    def line(self, number: int | None) -> str:
        """Return a line without the blanks around it, empty where there is none."""
        if number is None or not 0 < number <= len(self.lines):
            return ""
        return self.lines[number - 1].strip()

    def statement(self, number: int | None) -> str:
        """Return a line and, where it ends in a backslash, those that it goes on in; empty where there is none."""
        if number is None or not 0 < number <= len(self.lines):
            return ""
        last = min(len(self.lines), number + LONGEST_STATEMENT)
        end = number
        while end < last and self.lines[end - 1].endswith("\\"):
            end += 1
        return "\n".join(self.lines[number - 1 : end])


@lru_cache(maxsize=256)
def read(path: str) -> SourceFile:
    """Return the file at ``path``, read once until ``forget``; bytes that are not UTF-8 as PEP 383 has them."""
    text = _text(path)
    return SourceFile(path, tuple(text.split("\n")) if text is not None else ())


def text_at(chain: Sequence[Place]) -> str:
    """Return the line of the innermost place as it is written, empty where there is none."""
    return read(chain[-1].file).line(chain[-1].line) if chain else ""


def forget() -> None:
    """Read every file again: the next replay may find another one under its name."""
    read.cache_clear()


def missing(paths: Iterable[str], directories: Collection[str] = ()) -> tuple[Missing, ...]:
    """Return those of the startup files that give nothing to a shell that looks for them, with the reason.

    Of ``paths`` those in ``directories`` are of directories, all of whose files are read.
    """
    given: list[Missing] = []
    for path in paths:
        reason = reason_missing(path, is_directory=path in directories)
        if reason:
            given.append(Missing(path, reason))
    return tuple(given)


def reason_missing(path: str, *, is_directory: bool = False) -> str:
    """Return why a shell gets nothing from a startup file, or a directory of such; empty if it gets something."""
    if os.path.isdir(path) and not is_directory:
        return "it is a directory"
    if not os.path.exists(path):
        return "it is a dangling link" if os.path.islink(path) else "it does not exist"
    return "" if os.access(path, os.R_OK) else "it cannot be read"


def _text(path: str) -> str | None:
    if path.startswith(OWN_DESCRIPTORS) or not os.path.isfile(path):
        return None
    try:
        # A FIFO may have taken the file's name meanwhile: without O_NONBLOCK, open(2) would wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        try:
            return os.fsdecode(file.read(LARGEST))
        except OSError:
            return None
