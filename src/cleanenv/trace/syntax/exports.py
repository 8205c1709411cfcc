"""What ``export -p`` prints, in whatever way a shell quotes it, read back into variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
DECLARES = ("export", "typeset", "declare", "readonly")
PIECE = re.compile(
    r"(?P<blank>[ \t\n]+)"
    r"|\$'(?P<ansi>(?:[^'\\]|\\.)*)'"
    r"|'(?P<single>[^']*)'"
    r'|"(?P<double>(?:[^"\\]|\\.)*)"'
    r"|\\(?P<escaped>.)"
    r"|(?P<bare>[^ \t\n'\"\\$]+|\$)",
    re.DOTALL,
)
ESCAPE = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})"
    r"|x[{\[](?P<bracketed>[0-9a-fA-F]{1,2})[}\]]|x(?P<hexadecimal>[0-9a-fA-F]{1,2})"  # ksh93: before a digit as x[01]
    r"|u(?P<code>[0-9a-fA-F]{1,4})"
    r"|c(?P<control>.)|C-(?P<zsh_control>.)|M-(?P<zsh_meta>.)"
    r"|(?P<letter>.))",
    re.DOTALL,
)
LETTERS = {"a": 7, "b": 8, "e": 27, "E": 27, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


def read(dump: str) -> dict[str, str]:
    """Return the exported variables that have a value."""
    values: dict[str, str] = {}
    for word in words(dump):
        name, equals, value = word.partition("=")
        if equals and NAME.fullmatch(name) is not None:
            values[name] = value.partition("\0")[0]  # more than that is in no environment (environ(7))
    return values


def words(text: str) -> Iterator[str]:
    """Yield the words of a text as a shell would, quotes taken away."""
    word: str | None = None
    for piece in PIECE.finditer(text):
        if piece["blank"] is not None:
            if word is not None:
                yield word
            word = None
        else:
            word = (word or "") + _value(piece)
    if word is not None:
        yield word


def _value(piece: re.Match[str]) -> str:
    if piece["ansi"] is not None:
        return unescape(piece["ansi"])
    if piece["double"] is not None:
        return re.sub(r"\\([\\\"$`])", r"\1", piece["double"])
    return next(part for part in (piece["single"], piece["escaped"], piece["bare"]) if part is not None)


def unescape(text: str) -> str:
    """Return what stands for ``text`` in ``$'…'``, bytes that are no UTF-8 as PEP 383 has them."""
    out = bytearray()
    end = 0
    for escape in ESCAPE.finditer(text):
        out += text[end : escape.start()].encode("utf-8", "surrogateescape")
        out += _escaped(escape)
        end = escape.end()
    out += text[end:].encode("utf-8", "surrogateescape")
    return out.decode("utf-8", "surrogateescape")


def _escaped(escape: re.Match[str]) -> bytes:
    """Return what an escape stands for, by bash(1), zshmisc(1) and ksh93(1), QUOTING, between them."""
    letter = escape["letter"]
    if letter is not None and letter not in LETTERS:
        return letter.encode("utf-8", "surrogateescape")
    if escape["code"]:
        return chr(int(escape["code"], 16)).encode("utf-8", "surrogatepass")
    return bytes([_code_of_byte(escape)])


def _code_of_byte(escape: re.Match[str]) -> int:
    if escape["octal"]:
        return int(escape["octal"], 8) & 0xFF
    hexadecimal = escape["hexadecimal"] or escape["bracketed"]
    if hexadecimal:
        return int(hexadecimal, 16)
    control = escape["control"] or escape["zsh_control"]
    if control:
        return ord(control) & 0x1F
    if escape["zsh_meta"]:
        return ord(escape["zsh_meta"]) & 0x7F | 0x80
    return LETTERS[escape["letter"]]
