"""The header fields of METADATA and PKG-INFO files."""

# On the way of `freeze`, run in hooks: no email.parser (25 ms).
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Name stands in the second line of nearly every METADATA; the rest of a file is read when it does not. Up to
# 512 bytes Python allocates by itself, and quicker.
HEAD = 448
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # not to wait for the writer of a named pipe
_MANY = 1 << 20
_MOST = 64 << 20
_VERSION = b"Metadata-Version:"
_NAME = b"Name: "


def read(path: str, size: int = HEAD) -> bytes:
    """Return the first ``size`` bytes of the file at ``path``; raise OSError where it cannot be read."""
    descriptor = os.open(path, _READ)
    try:
        return os.read(descriptor, size)
    finally:
        os.close(descriptor)


def read_whole(path: str) -> bytes:
    """Return the file at ``path``, up to 64 MiB of it; raise OSError where it cannot be read."""
    descriptor = os.open(path, _READ)
    try:
        blocks = []
        size = 0
        while size < _MOST and (block := os.read(descriptor, _MANY)):
            blocks.append(block)
            size += len(block)
        return b"".join(blocks)
    finally:
        os.close(descriptor)


def quick_name(head: bytes) -> str | None:
    """Return the name where it stands as nearly every tool writes it, in the second line; else None."""
    lines = head.split(b"\n", 3)
    if len(lines) < 4 or not lines[1].startswith(_NAME) or not lines[0].startswith(_VERSION):  # noqa: PLR2004
        return None
    if not lines[2][:1].isalpha():  # a continuation line, or the end of the head
        return None
    return lines[1][len(_NAME) :].rstrip(b"\r").decode("utf-8", "surrogateescape")


def field(head: bytes, name: str) -> str | None:
    """Return the value of the first field called ``name`` in any case, None where there is none."""
    name = name.lower()
    for key, value in fields(head):
        if key == name:
            return value
    return None


def is_complete(head: bytes) -> bool:
    """Whether all header fields lie within ``head``, the start of a file."""
    return len(head) < HEAD or b"\n\n" in head or b"\r\n\r\n" in head


def fields(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the header fields, names in lower case, as email.parser reads them; the body ends them.

    What is not UTF-8 comes as surrogates (PEP 383).
    """
    key = value = ""
    text = data.decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    for line in text.removeprefix("\ufeff").split("\n"):
        if line[:1] in (" ", "\t"):
            value += f"\n{line}" if line.strip() else ""
            continue
        if key:
            yield key, value
        name, colon, value = line.partition(":")
        if not colon or not name or not name.isascii() or " " in name or "\t" in name:
            return
        key = name.lower()
        value = value.lstrip(" \t")
    if key:
        yield key, value
