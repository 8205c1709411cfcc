"""The logical lines of a requirements file, as pip's manual has them in "Requirements File Format".

From bytes to text, and from the lines of the text to those that say something:
comments removed, continued lines joined, variables replaced.
"""

from __future__ import annotations

import codecs
import locale
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# UTF-32 first: in little-endian order its mark begins with UTF-16's.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
_CODING = re.compile(rb"coding[:=]\s*([-\w.]+)")
# Only these names, so that a '$' in a URL or a password stays what it is (pypa/pip#3514).
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")


class NotTextError(ValueError):
    """The file cannot be decoded: ``fact``, which continues its name, and ``remedy``."""

    def __init__(self, fact: str, remedy: str) -> None:
        super().__init__(fact)
        self.fact = fact
        self.remedy = remedy


def decode(data: bytes) -> str:
    """Decode a requirements file; raise NotTextError if it is not text.

    A byte-order mark decides, then a line such as ``# -*- coding: latin-1 -*-``
    (PEP 263), then UTF-8, then the encoding of the locale.
    """
    text = _decoded(data)
    if "\0" in text:
        raise NotTextError("is not text (it has a NUL character)", "name a requirements file, or save it as UTF-8")
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded_as(data[len(mark) :], encoding, f"begins with the mark of {encoding} but is not in it")
    declared = _declared_encoding(data)
    if declared is not None:
        return _decoded_as(data, declared, f"is not in the encoding that it declares, '{declared}'")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    encoding = locale.getpreferredencoding(False)  # noqa: FBT003  takes it by position alone
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        if b"\0" in data:
            return "\0"
        remedy = "declare it in the first line, as in '# -*- coding: latin-1 -*-', or save the file as UTF-8"
        raise NotTextError("is not in UTF-8 and does not declare its encoding", remedy) from None


def _decoded_as(data: bytes, encoding: str, fact: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        fact = f"declares the encoding '{encoding}', which Python does not know"
        raise NotTextError(fact, "correct that line") from None
    except ValueError as error:
        reason, _, _ = str(error).partition("\n")
        raise NotTextError(f"{fact} ({reason})", "declare the right one, or save the file as UTF-8") from None


def _declared_encoding(data: bytes) -> str | None:
    """Return the encoding that one of the first two lines declares in a comment."""
    for line in data.split(b"\n", 2)[:2]:
        if line.startswith(b"#"):
            match = _CODING.search(line)
            if match is not None:
                return match[1].decode("ascii")
    return None


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield number and text of each line that is more than a comment.

    A line that ends in ``\`` goes on in the next one; the result has the number
    of the first. A comment line ends such a row and is never continued itself.
    """
    first = 0
    parts: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not parts:
            first = number
        is_comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not is_comment:
            parts.append(line.strip("\\"))
            continue
        # The blank keeps a comment a comment when it is joined to what comes before it.
        parts.append(f" {line}" if is_comment else line)
        joined = _without_comment("".join(parts))
        parts = []
        if joined:
            yield first, joined
    joined = _without_comment("".join(parts))
    if joined:
        yield first, joined


def _without_comment(line: str) -> str:
    """Return ``line`` without its comment and the blanks around it; a ``#`` inside a word starts none.

    pip's own regular expression takes quadratic time for a row of blanks.
    """
    start = line.find("#")
    while start > 0 and not line[start - 1].isspace():
        start = line.find("#", start + 1)
    if start >= 0:
        line = line[:start]
    return line.strip()


def expand(line: str, environ: Mapping[str, str]) -> str:
    """Return ``line`` with each ``${NAME}`` replaced whose variable is set and not empty."""

    def value(match: re.Match[str]) -> str:
        return environ.get(match[1]) or match[0]

    return _VARIABLE.sub(value, line)


def collapse(text: str, line: str, environ: Mapping[str, str]) -> str:
    """Return ``text``, a message about the expanded ``line``, with ``${NAME}`` for the values that were put in.

    They may be secrets.
    """
    for match in _VARIABLE.finditer(line):
        value = environ.get(match[1])
        if value:
            text = text.replace(value, match[0])
    return text
