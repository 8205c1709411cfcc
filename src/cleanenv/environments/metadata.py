"""The header fields of METADATA and PKG-INFO files."""

# On the way of `freeze`, run in hooks: no email.parser (25 ms).
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Name is in the second line of nearly every METADATA; if it is not, the rest of the file is read too. Up to
# 512 bytes Python has its own allocator, which is faster.
HEAD = 448
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # not to wait for the writer of a named pipe
_BLOCK = 1 << 20
_LARGEST = 64 << 20
_VERSION = b"Metadata-Version:"
_NAME = b"Name: "


def read(path: str, size: int = HEAD) -> bytes:
    """Return the first ``size`` bytes of the file at ``path``; raise OSError if it cannot be read."""
    descriptor = os.open(path, _READ)
    try:
        return os.read(descriptor, size)
    finally:
        os.close(descriptor)


def read_whole(path: str) -> bytes:
    """Return the file at ``path``, up to 64 MiB of it; raise OSError if it cannot be read."""
    blocks = []
    size = 0
    descriptor = os.open(path, _READ)
    try:
        while size < _LARGEST:
            block = os.read(descriptor, _BLOCK)
            if not block:
                break
            blocks.append(block)
            size += len(block)
    finally:
        os.close(descriptor)
    return b"".join(blocks)


def quick_name(head: bytes) -> str | None:
    """Return the name if it is in the second line, where nearly every tool writes it; else None."""
    lines = head.split(b"\n", 3)
    if len(lines) < 4:  # noqa: PLR2004 - the third must be whole, to see that it does not continue the name
        return None
    if not lines[1].startswith(_NAME) or not lines[0].startswith(_VERSION):
        return None
    if not lines[2][:1].isalpha():  # a continuation line, or the end of the head
        return None
    return lines[1][len(_NAME) :].rstrip(b"\r").decode("utf-8", "surrogateescape")


def field(head: bytes, name: str) -> str | None:
    """Return the value of the first field called ``name`` in any case, None if there is none."""
    name = name.lower()
    for key, value in fields(head):
        if key == name:
            return value
    return None


def is_complete(head: bytes) -> bool:
    """Whether ``head``, the start of a file, has all of its header fields."""
    return len(head) < HEAD or b"\n\n" in head or b"\r\n\r\n" in head


def fields(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the header fields, names in lower case, as email.parser reads them; the body ends them.

    What is not UTF-8 comes as surrogates (PEP 383).
    """
    key = ""
    value = ""
    text = data.decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    for line in text.removeprefix("\ufeff").split("\n"):
        if line[:1] in (" ", "\t"):  # continues the field before it
            if line.strip():
                value += f"\n{line}"
            continue
        if key:
            yield key, value
        name, colon, value = line.partition(":")
        if not colon or not name or not name.isascii() or " " in name or "\t" in name:
            return  # the body
        key = name.lower()
        value = value.lstrip(" \t")
    if key:
        yield key, value
