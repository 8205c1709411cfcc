"""The names that a file may import, found in its bytes without parsing it.

``ast`` takes two hundred times as long, and only files that mention a doubtful
name need it. The result may have names too many, from texts and comments; it
misses none that stand in an import statement.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(rb"import")
_LINE_BREAK = re.compile(rb"[\r\n]")
_BACKSLASH_ENDS = (b"\\\n", b"\\\r")
# Blanks as the tokenizer takes them between two words; a backslash joins a line with the next.
_GAP = rb"(?:[ \t\f]|\\\r?\n|\\\r)"
# Bytes from 0x80 on are letters of names that are not ASCII (PEP 3131), whatever the encoding.
_LETTER = rb"[\w\x80-\xff]"
_DOTTED = rb"%b+(?:%b*\.%b*%b+)*" % (_LETTER, _GAP, _GAP, _LETTER)
# A statement begins a logical line, or comes after ';' or ':'.
_START = rb"(?:\A|[;:])%b*" % _GAP
_FROM = re.compile(rb"%bfrom%b*(%b)%b*import(?![\w\x80-\xff])" % (_START, _GAP, _DOTTED, _GAP))
_ALIASED = rb"%b(?:%b+as%b+%b+)?" % (_DOTTED, _GAP, _GAP, _LETTER)
_IMPORT = re.compile(
    rb"%bimport%b+(%b(?:%b*,%b*%b)*)%b*(?=[#;\r\n]|\Z)" % (_START, _GAP, _ALIASED, _GAP, _GAP, _ALIASED, _GAP)
)
_CALL = re.compile(
    rb"""(?:import_module|__import__|importorskip)\s*\(\s*(?:name\s*=\s*|modname\s*=\s*)?[uU]?["']([^"'\\\s]+)["']"""
)
_NOT_IN_NAMES = re.compile(rb"[ \t\f\\\r\n]+")
_AS = re.compile(rb"%b+as%b+" % (_GAP, _GAP))
# A block for type checkers at the left margin: all lines after it that are indented, or blank.
_TYPING_BLOCK = re.compile(
    rb"^if[ \t]+(?:\w+\.)?TYPE_CHECKING[ \t]*:[^\n]*\n(?:[ \t]+[^\n]*\n|[ \t\r]*\n)*", re.MULTILINE
)
_LONG_TEXTS = (b'"""', b"'''")


def without_typing_blocks(data: bytes) -> bytes:
    """Return ``data`` without what only type checkers run, if that is plain to see; many files import no more from it.

    A block with a text of several lines in it stays: its end may be another one.
    """
    if b"TYPE_CHECKING" not in data:
        return data
    return _TYPING_BLOCK.sub(_replacement, data)


def _replacement(match: re.Match[bytes]) -> bytes:
    block = match[0]
    return block if any(quotes in block for quotes in _LONG_TEXTS) else b"\n"


def modules(data: bytes) -> set[str]:
    """Return the dotted names that ``data``, a Python source, may import; not the relative ones."""
    found: set[bytes] = set()
    data = data.removeprefix(codecs.BOM_UTF8)
    end = 0  # of the logical line that was looked at last
    for match in _WORD.finditer(data):
        position = match.start()
        if position >= end:
            start, end = _logical_line(data, position, end)
            line = data[start:end]
            found.update(_from_statements(line))
        call = _CALL.match(data, _start_of_word(data, position))
        if call is not None:
            found.add(call[1])
    names = set()
    for name in found:
        text = _decoded(name)
        if not text.startswith("."):
            names.add(text)
    return names


def _from_statements(line: bytes) -> Iterator[bytes]:
    for match in _FROM.finditer(line):
        yield _NOT_IN_NAMES.sub(b"", match[1])
    for match in _IMPORT.finditer(line):
        for part in match[1].split(b","):
            name = _AS.split(part.strip(), 1)[0]
            yield _NOT_IN_NAMES.sub(b"", name)


def _logical_line(data: bytes, position: int, before: int) -> tuple[int, int]:
    """Return start and end of the line around ``position``, with those that backslashes join to it.

    ``before`` is the end of the logical line before it: to look further back would take quadratic time.
    """
    start = _line_start(data, position, before)
    while data[start - 2 : start] in _BACKSLASH_ENDS or data[start - 3 : start] == b"\\\r\n":
        start = _line_start(data, start - (3 if data[start - 3 : start] == b"\\\r\n" else 2), before)
    end = _line_end(data, position)
    while end < len(data) and data[end - 1 : end] == b"\\":
        after = end + (2 if data[end : end + 2] == b"\r\n" else 1)
        end = _line_end(data, after)
    return start, end


def _line_start(data: bytes, position: int, before: int) -> int:
    newline = data.rfind(b"\n", before, position)
    carriage_return = data.rfind(b"\r", max(newline + 1, before), position)
    return max(newline, carriage_return, before - 1) + 1


def _line_end(data: bytes, position: int) -> int:
    found = _LINE_BREAK.search(data, position)
    return found.start() if found is not None else len(data)


def _start_of_word(data: bytes, position: int) -> int:
    """Return where the word begins of which the ``import`` at ``position`` is a part; ``__import__`` has two more."""
    return position - 2 if data[position - 2 : position] == b"__" else position


def _decoded(name: bytes) -> str:
    try:
        text = name.decode()
    except UnicodeDecodeError:
        return name.decode("latin-1")
    if text.isascii():
        return text
    import unicodedata

    return unicodedata.normalize("NFKC", text)  # as the parser does with identifiers
