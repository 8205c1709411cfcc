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
    key = _key(command)
    first: int | None = None
    for number, text in logical(path):
        if key not in (_key(text), _key(_COMMENT.sub("", text))):
            continue
        if number >= after:
            return number
        if first is None:
            first = number
    return first


def begins(text: str, meaning: str) -> bool:
    """Tell whether a command may be what an alias with this ``meaning`` became: alike up to its arguments."""
    fixed = _key(re.split(r"[!\\]", meaning.strip("'\""), maxsplit=1)[0])
    return bool(fixed) and _key(text).startswith(fixed)


def calling(path: str, names: set[str], after: int) -> int | None:
    """Return the first line from ``after`` on that begins with one of ``names``."""
    for number, text in logical(path):
        if number >= after and first_word(text) in names:
            return number
    return None


def within(path: str, start: int, pattern: str) -> int | None:
    """Return the last line within the loop that begins at ``start`` that matches ``pattern``; None if none does."""
    depth = 0
    last: int | None = None
    for number, text in logical(path):
        if number < start:
            continue
        word = first_word(text).rstrip(";")
        if word in LOOPS:
            depth += 1
        elif word == "end":
            depth -= 1
        if depth == 0:
            break
        if number > start and re.search(pattern, text) is not None:
            last = number
    return last


def first_word(text: str) -> str:
    """Return what a command begins with."""
    words = text.replace("(", " (").split(maxsplit=1)
    return words[0] if words else ""


def logical(path: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with the number of their first: joined where they end in a backslash, here-documents left out."""
    end_of_document: str | None = None
    for number, text in _joined(path):
        if end_of_document is not None:
            if text.strip() == end_of_document:
                end_of_document = None
            continue
        document = _HERE.search(text)
        if document is not None:
            end_of_document = document[1]
        yield number, text


def _joined(path: str) -> Iterator[tuple[int, str]]:
    start = 0
    before = ""
    for number, text in enumerate(source_file.read(path).lines, 1):
        if not start:
            start = number
        if text.endswith("\\"):
            before += text[:-1] + " "
            continue
        yield start, before + text
        start = 0
        before = ""
    if before:
        yield start, before


def _key(text: str) -> str:
    """Return a text without blanks, and without the backslashes that csh puts in when it repeats a command."""
    return _BLANKS.sub("", text)
