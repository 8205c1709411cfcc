"""How fish writes words and variables for people, read back: `fish_trace`, `set --show`, fish_variables."""

from __future__ import annotations

import os
import re

_SIMPLE = {"n": "\n", "t": "\t", "e": "\x1b", "a": "\a", "b": "\b", "f": "\f", "r": "\r", "v": "\v"}
_ESCAPE = re.compile(
    r"\\(?:X([0-9a-fA-F]{2})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|c(.)|(.))", re.DOTALL
)
_QUOTED = re.compile(r"'((?:\\.|[^'\\])*)'|((?:\\.|[^'\\])+)", re.DOTALL)
_WORD = re.compile(r"(?:'(?:\\.|[^'\\])*'|\\.|[^\s'\\])+", re.DOTALL)
_HEADER = re.compile(r"\$(\S+): set in (\w+) scope, (exported|unexported),(.*) with (\d+) element")
_ELEMENT = re.compile(r"\$\S+\[\d+\]: \|(.*)\|$")
_UNIVERSAL = re.compile(r"SETUVAR ((?:--\w+ )*)(\w+):(.*)")


def words(text: str) -> list[str]:
    """Return the words of a command as fish_trace prints it."""
    return [unquote(word) for word in _WORD.findall(text)]


def unquote(word: str) -> str:
    """Return what ``string escape`` was given."""
    parts = []
    for quoted, bare in _QUOTED.findall(word):
        parts.append(re.sub(r"\\(['\\])", r"\1", quoted) if quoted else unescape(bare))
    return "".join(parts)


def unescape(text: str) -> str:
    """Return what ``string escape --no-quoted`` was given; bytes that are no UTF-8 as PEP 383 has them."""
    out = bytearray()
    end = 0
    for found in _ESCAPE.finditer(text):
        out += os.fsencode(text[end : found.start()]) + _meant(found)
        end = found.end()
    return os.fsdecode(bytes(out + os.fsencode(text[end:])))


def _meant(found: re.Match[str]) -> bytes:
    byte, narrow, short, wide, control, sign = found.groups()
    if byte or narrow:
        return bytes([int(byte or narrow, 16)])
    if short or wide:
        return chr(int(short or wide, 16)).encode(errors="surrogatepass")
    if control:
        return bytes([ord(control.upper()) & 31])
    return os.fsencode(_SIMPLE.get(sign, sign))


def lasting(shown: list[str]) -> str | None:
    """Return the exported value that outlives functions and blocks, from ``set --show``; None where there is none."""
    scopes: dict[str, tuple[bool, str, list[str]]] = {}
    elements: list[str] = []
    for text in shown:
        if header := _HEADER.match(text):
            elements = []
            scopes[header[2]] = (header[3] == "exported", ":" if "path variable" in header[4] else " ", elements)
        elif element := _ELEMENT.match(text):
            elements.append(unescape(element[1]))
    is_exported, separator, elements = scopes.get("global") or scopes.get("universal") or (False, " ", [])
    return separator.join(elements) if is_exported else None


def universal(lines: tuple[str, ...]) -> dict[str, int]:
    """Return the names that the lines of a fish_variables set, with the numbers of those lines."""
    found = ((_UNIVERSAL.match(text), number) for number, text in enumerate(lines, 1))
    return {match[2]: number for match, number in found if match}
