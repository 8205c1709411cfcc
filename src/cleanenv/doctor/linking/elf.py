"""Which shared libraries an ELF file asks for, and where it looks for them first (elf(5), ld.so(8))."""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import BinaryIO

MAGIC = b"\x7fELF"
_CLASS_64 = 2
_LOAD, _DYNAMIC = 1, 2  # types of segments
_NEEDED, _STRTAB, _RPATH, _RUNPATH = 1, 5, 15, 29  # tags of the dynamic section
_MOST = 1 << 20  # bytes of a table that are read


class Needs(NamedTuple):
    """What an ELF file asks of the loader: ``machine`` is its class, byte order and architecture.

    ``needed`` are names of libraries; ``first`` the folders of DT_RPATH, searched
    before LD_LIBRARY_PATH, ``later`` those of DT_RUNPATH, behind it.
    """

    machine: bytes
    needed: tuple[str, ...]
    first: tuple[str, ...]
    later: tuple[str, ...]


def machine(path: str) -> bytes | None:
    """Return class, byte order and architecture of the ELF file at ``path``, None where it is none."""
    try:
        with open(path, "rb") as file:
            head = file.read(20)
    except OSError:
        return None
    return _machine(head) if head.startswith(MAGIC) and len(head) == 20 else None  # noqa: PLR2004


def needs(path: str) -> Needs | None:
    """Read the dynamic section of the ELF file at ``path``; None where there is none that can be read."""
    try:
        with open(path, "rb") as file:
            return _read(file, os.path.dirname(os.path.realpath(path)))
    except (OSError, struct.error, ValueError, OverflowError):
        return None


def _machine(head: bytes) -> bytes:
    return head[4:6] + head[18:20]


def _read(file: BinaryIO, folder: str) -> Needs | None:
    head = file.read(64)
    if not head.startswith(MAGIC):
        return None
    is_64 = head[4] == _CLASS_64
    order = "<" if head[5] == 1 else ">"
    start = struct.unpack_from(f"{order}{'Q' if is_64 else 'I'}", head, 32 if is_64 else 28)[0]
    size, count = struct.unpack_from(f"{order}HH", head, 54 if is_64 else 42)
    file.seek(start)
    table = file.read(size * count)
    segments = [_segment(table, number * size, order, is_64=is_64) for number in range(count)]
    dynamic = next((each for each in segments if each[0] == _DYNAMIC), None)
    if dynamic is None:
        return None
    file.seek(dynamic[1])
    pairs = list(struct.iter_unpack(f"{order}{'qQ' if is_64 else 'iI'}", _whole(file, dynamic[3], 16 if is_64 else 8)))
    address = next((value for tag, value in pairs if tag == _STRTAB), 0)
    texts = _texts(file, address, segments)

    def values(wanted: int) -> list[str]:
        return [_text(texts, value) for tag, value in pairs if tag == wanted]

    later = _folders(values(_RUNPATH), folder)
    first = () if later else _folders(values(_RPATH), folder)
    return Needs(_machine(head), tuple(values(_NEEDED)), first, later)


def _segment(table: bytes, offset: int, order: str, *, is_64: bool) -> tuple[int, int, int, int]:
    """Return type, place in the file, address and size of a program header."""
    if is_64:
        kind, _, place, address, _, size = struct.unpack_from(f"{order}IIQQQQ", table, offset)
    else:
        kind, place, address, _, size = struct.unpack_from(f"{order}IIIII", table, offset)
    return kind, place, address, size


def _whole(file: BinaryIO, size: int, unit: int) -> bytes:
    data = file.read(min(size, _MOST))
    return data[: len(data) - len(data) % unit]


def _texts(file: BinaryIO, address: int, segments: list[tuple[int, int, int, int]]) -> bytes:
    """Return what follows ``address``, where the names stand, as far as its segment goes."""
    for kind, place, start, size in segments:
        if kind == _LOAD and start <= address < start + size:
            file.seek(place + address - start)
            return file.read(min(start + size - address, _MOST))
    return b""


def _text(texts: bytes, offset: int) -> str:
    return os.fsdecode(texts[offset : texts.find(b"\0", offset)])


def _folders(values: list[str], folder: str) -> tuple[str, ...]:
    return tuple(
        os.path.normpath(value.replace("${ORIGIN}", folder).replace("$ORIGIN", folder))
        for value in ":".join(values).split(":")
        if value
    )
