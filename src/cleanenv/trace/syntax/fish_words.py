"""How fish writes words and variables for people, read back: `fish_trace`, `set --show`, fish_variables."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIMPLE = {"n": "\n", "t": "\t", "e": "\x1b", "a": "\a", "b": "\b", "f": "\f", "r": "\r", "v": "\v"}
_ESCAPE = re.compile(
    r"\\(?:[Xx](?P<byte>[0-9a-fA-F]{2})"
    r"|(?:u(?P<short>[0-9a-fA-F]{1,4})|U(?P<long>[0-9a-fA-F]{1,8}))"
    r"|c(?P<control>.)"
    r"|(?P<sign>.))",
    re.DOTALL,
)
_QUOTED = re.compile(r"'((?:\\.|[^'\\])*)'|((?:\\.|[^'\\])+)", re.DOTALL)
_WORD = re.compile(r"(?:'(?:\\.|[^'\\])*'|\\.|[^\s'\\])+", re.DOTALL)
_HEADER = re.compile(r"\$(\S+): set in (\w+) scope, (exported|unexported),(.*) with (\d+) element")
_ELEMENT = re.compile(r"\$\S+\[\d+\]: \|(.*)\|$")
_UNIVERSAL = re.compile(r"SETUVAR ((?:--\w+ )*)(\w+):(.*)")


class Scope(NamedTuple):
    """What `set --show` says of a variable in one scope; ``separator`` is what programs see between its elements."""

    is_exported: bool
    separator: str
    elements: list[str]


def words(text: str) -> list[str]:
    """Return the words of a command as fish_trace prints it."""
    return [unquote(word) for word in _WORD.findall(text)]


def unquote(word: str) -> str:
    """Return what ``string escape`` was given."""
    parts: list[str] = []
    for quoted, bare in _QUOTED.findall(word):
        if quoted:
            parts.append(re.sub(r"\\(['\\])", r"\1", quoted))
        else:
            parts.append(unescape(bare))
    return "".join(parts)


def unescape(text: str) -> str:
    """Return what ``string escape --no-quoted`` was given; bytes that are not UTF-8 as PEP 383 has them."""
    out = bytearray()
    end = 0
    for escape in _ESCAPE.finditer(text):
        out += os.fsencode(text[end : escape.start()])
        out += _meaning(escape)
        end = escape.end()
    out += os.fsencode(text[end:])
    return os.fsdecode(bytes(out))


def _meaning(escape: re.Match[str]) -> bytes:
    if escape["byte"]:
        return bytes([int(escape["byte"], 16)])
    code = escape["short"] or escape["long"]
    if code:
        return chr(int(code, 16)).encode(errors="surrogatepass")
    if escape["control"]:
        return bytes([ord(escape["control"].upper()) & 31])  # a letter's control character, ASCII's lower five bits
    return os.fsencode(_SIMPLE.get(escape["sign"], escape["sign"]))


def lasting(shown: Iterable[str]) -> str | None:
    """Return the exported value that outlives functions and blocks, from ``set --show``; None if there is none.

    A global variable goes before a universal one; those of functions and blocks are left out.
    """
    scopes: dict[str, Scope] = {}
    elements: list[str] = []
    for text in shown:
        header = _HEADER.match(text)
        element = _ELEMENT.match(text)
        if header is not None:
            elements = []
            separator = ":" if "path variable" in header[4] else " "
            scopes[header[2]] = Scope(header[3] == "exported", separator, elements)
        elif element is not None:
            elements.append(unescape(element[1]))
    scope = scopes.get("global") or scopes.get("universal")
    if scope is None or not scope.is_exported:
        return None
    return scope.separator.join(scope.elements)


def universal(lines: Iterable[str]) -> dict[str, int]:
    """Return the names that the lines of a fish_variables set, with the numbers of those lines."""
    numbers: dict[str, int] = {}
    for number, text in enumerate(lines, 1):
        setting = _UNIVERSAL.match(text)
        if setting is not None:
            numbers[setting[2]] = number
    return numbers
