"""ELF files of headers alone, of either class and byte order, as elf(5) describes them."""

from __future__ import annotations

import struct
from pathlib import Path

X86_64 = 62  # e_machine
RISC_V = 243
PT_LOAD, PT_DYNAMIC, PT_NOTE = 1, 2, 4
DT_NULL, DT_NEEDED, DT_STRTAB, DT_SONAME, DT_RPATH, DT_RUNPATH = 0, 1, 5, 14, 15, 29
# Addresses are not places in the file; the texts are in a second segment, which in memory alone follows the first.
FIRST_ADDRESS, FIRST_SIZE = 0x10000, 512
TEXT_ADDRESS, TEXT_OFFSET = FIRST_ADDRESS + FIRST_SIZE, 1024


def write(
    path: Path,
    *tags: tuple[int, str],
    bits: int = 64,
    order: str = "<",
    machine: int = X86_64,
    after_null: tuple[tuple[int, str], ...] = (),
    before_texts: int = 16,
    size_of_dynamic: int | None = None,
    is_static: bool = False,
) -> Path:
    """Write a file whose dynamic section has ``tags``, each with its text; ``after_null`` are those after its end.

    ``before_texts`` bytes of their segment are before the string table;
    ``size_of_dynamic`` is the size that the header gives of the dynamic section.
    """
    texts = b"\0"
    entries: list[tuple[int, int]] = []
    for group in (tags, after_null):
        for tag, text in group:
            entries.append((tag, len(texts)))
            texts += text.encode() + b"\0"
        entries.append((DT_NULL, 0))
    word = "q" if bits == 64 else "i"
    entries.insert(len(tags) // 2, (DT_STRTAB, TEXT_ADDRESS + before_texts))
    dynamic = b"".join(struct.pack(f"{order}{word}{word.upper()}", *entry) for entry in entries)
    segments = [
        (PT_NOTE, 0, FIRST_ADDRESS, 8),
        (PT_LOAD, 0, FIRST_ADDRESS, FIRST_SIZE),
        (PT_LOAD, TEXT_OFFSET, TEXT_ADDRESS, before_texts + len(texts)),
    ]
    header_size, entry_size = (64, 56) if bits == 64 else (52, 32)
    dynamic_offset = header_size + 4 * entry_size
    if not is_static:
        size = len(dynamic) if size_of_dynamic is None else size_of_dynamic
        segments.append((PT_DYNAMIC, dynamic_offset, FIRST_ADDRESS + dynamic_offset, size))
    table = b"".join(_program_header(order, bits, *segment) for segment in segments)
    data = _header(order, bits, machine, header_size, entry_size, len(segments)) + table + dynamic
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.ljust(TEXT_OFFSET + before_texts, b"\0") + texts)
    return path


def needing(path: Path, *names: str, rpath: str = "", runpath: str = "", machine: int = X86_64) -> Path:
    """Write a file that needs the libraries ``names``."""
    tags = [(DT_NEEDED, name) for name in names]
    tags += [(DT_RPATH, rpath)] if rpath else []
    tags += [(DT_RUNPATH, runpath)] if runpath else []
    return write(path, *tags, machine=machine)


def _header(order: str, bits: int, machine: int, header_size: int, entry_size: int, count: int) -> bytes:
    identity = b"\x7fELF" + bytes([2 if bits == 64 else 1, 1 if order == "<" else 2, 1]) + bytes(9)
    address = "Q" if bits == 64 else "I"
    fields = (3, machine, 1, 0, header_size, 0, 0, header_size, entry_size, count, 0, 0, 0)
    return identity + struct.pack(f"{order}HHI{address * 3}IHHHHHH", *fields)


def _program_header(order: str, bits: int, kind: int, offset: int, address: int, size: int) -> bytes:
    if bits == 64:
        return struct.pack(f"{order}IIQQQQQQ", kind, 4, offset, address, address, size, size, 8)
    return struct.pack(f"{order}IIIIIIII", kind, offset, address, address, size, size, 4, 4)
