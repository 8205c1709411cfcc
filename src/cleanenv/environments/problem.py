"""What is wrong with an environment, as data; and text that is safe on a terminal."""

# On the way of `freeze`, run in hooks: no dataclasses (12 ms).
from __future__ import annotations

# Characters that str.isprintable refuses and that are none the less harmless in a path or a name.
_HARMLESS = " \u00a0\u3000"  # no-break and ideographic space; \N{…} would import unicodedata when this is compiled


class Remark:
    """One thing that a reader of the listing should know; it never stops the listing.

    ``code`` is stable and for programs: ``leftover``, ``duplicate``, ``broken``,
    ``system-site-packages``, ``left-out``, ``masked``, ``python``, ``cycle``,
    ``editable``, ``conda``. ``message`` is one sentence in a person's
    terms, ``path`` the file or folder that it is about.
    """

    __slots__ = ("code", "message", "path")

    def __init__(self, code: str, message: str, path: str) -> None:
        self.code = code
        self.message = message
        self.path = path

    def __repr__(self) -> str:
        return f"Remark({self.code!r}, {self.message!r})"


def printable(text: str) -> str:
    r"""Return ``text`` on one line with every control character written as ``\x1b`` or ``\u202e``.

    Bytes that are no UTF-8 (surrogates, PEP 383) are written ``\udc80`` alike.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character in _HARMLESS else _escaped(ord(character))
        for character in text
    )


def _escaped(point: int) -> str:
    if point < 0x100:  # noqa: PLR2004 - the range of \x
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"  # noqa: PLR2004 - the range of \u
