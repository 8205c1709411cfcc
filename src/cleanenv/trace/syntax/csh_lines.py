"""The lines of a csh file: the one that holds a command as the shell repeats it, and those within a loop."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleanenv.trace.engine import source_file

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPS = ("foreach", "while")
_BLANKS = re.compile(r"[\s\\]+")
_HERE = re.compile(r"<<\s*\\?['\"]?(\w+)")
_COMMENT = re.compile(r"(?:^|\s)#.*$")


def find(path: str, command: str, after: int) -> int | None:
    """Return the first line from ``after`` on, else the first at all, that reads as ``command`` but for blanks."""
    wanted = _key(command)
    found = [number for number, text in logical(path) if wanted in (_key(text), _key(_COMMENT.sub("", text)))]
    return next((number for number in found if number >= after), found[0] if found else None)


def begins(text: str, meaning: str) -> bool:
    """Tell whether a command may be what an alias with this ``meaning`` became: alike up to its arguments."""
    fixed = _key(re.split(r"[!\\]", meaning.strip("'\""), maxsplit=1)[0])
    return bool(fixed) and _key(text).startswith(fixed)


def calling(path: str, names: set[str], after: int) -> int | None:
    """Return the first line from ``after`` on that begins with one of ``names``."""
    return next((number for number, text in logical(path) if number >= after and first_word(text) in names), None)


def within(path: str, start: int, pattern: str) -> int | None:
    """Return the last line within the loop that begins at ``start`` that matches ``pattern``; None where none does."""
    depth = 0
    found = None
    for number, text in logical(path):
        if number < start:
            continue
        depth += (first_word(text) in LOOPS) - (first_word(text).rstrip(";") == "end")
        if depth == 0:
            break
        if number > start and re.search(pattern, text):
            found = number
    return found


def first_word(text: str) -> str:
    """Return what a command begins with."""
    words = text.replace("(", " (").split(maxsplit=1)
    return words[0] if words else ""


def logical(path: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with the number of their first: joined where they end in a backslash, here-documents left out."""
    end = None
    for number, text in _joined(path):
        if end is not None:
            end = None if text.strip() == end else end
            continue
        if here := _HERE.search(text):
            end = here[1]
        yield number, text


def _joined(path: str) -> Iterator[tuple[int, str]]:
    start, held = 0, ""
    for number, text in enumerate(source_file.read(path).lines, 1):
        start = start or number
        if text.endswith("\\"):
            held += text[:-1] + " "
            continue
        yield start, held + text
        start, held = 0, ""
    if held:
        yield start, held


def _key(text: str) -> str:
    return _BLANKS.sub("", text)
