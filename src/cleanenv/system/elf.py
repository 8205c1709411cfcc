"""Which shared libraries an ELF file needs, and where it has them searched for (elf(5), ld.so(8))."""

# On the way of `run` if LD_LIBRARY_PATH is set: no typing (7 ms).
from __future__ import annotations

import os
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

MAGIC = b"\x7fELF"
_CLASS_AT, _CLASS_64 = 4, 2  # e_ident[EI_CLASS]
_DATA_AT, _LITTLE_ENDIAN = 5, 1  # e_ident[EI_DATA]
_MACHINE_AT = 18  # e_machine, the same in both classes
_HEAD = 20  # bytes to the end of e_machine
_PT_LOAD, _PT_DYNAMIC, _PT_INTERP = 1, 2, 3  # types of segments
_DT_NULL, _DT_NEEDED, _DT_STRTAB, _DT_RPATH, _DT_RUNPATH = 0, 1, 5, 15, 29  # tags of the dynamic section
_MOST = 1 << 20  # bytes of the dynamic section that are read
_LONGEST = 1 << 14  # bytes of a name or search path; the string table itself may have many megabytes


class Needs:
    """What an ELF file asks of the loader: ``machine`` is its class, byte order and architecture.

    ``needed`` are names or paths of libraries; ``rpath`` the directories that
    are searched before LD_LIBRARY_PATH, ``runpath`` those searched after it;
    ``loader`` the path of the loader that a program asks for, empty for a library.
    """

    __slots__ = ("loader", "machine", "needed", "rpath", "runpath")
    __hash__ = None  # type: ignore[assignment]  # as of any class with __eq__ alone

    def __init__(
        self,
        machine: bytes,
        needed: Sequence[str],
        rpath: Sequence[str],
        runpath: Sequence[str],
        loader: str = "",
    ) -> None:
        self.machine = machine
        self.needed = tuple(needed)
        self.rpath = tuple(rpath)
        self.runpath = tuple(runpath)
        self.loader = loader

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Needs):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __repr__(self) -> str:
        return f"Needs({self.machine!r}, {self.needed!r}, {self.rpath!r}, {self.runpath!r}, {self.loader!r})"


class _Layout:
    """Where the fields of one class are, as formats of struct and offsets in bytes.

    ``offset`` is the format of an address or a place in the file, ``phoff_at``
    the offset of e_phoff, ``phentsize_at`` that of e_phentsize, which e_phnum
    follows; ``fields`` are the places of p_type, p_offset, p_vaddr and
    p_filesz in a ``program_header``; ``dynamic`` is the format of d_tag and d_val.
    """

    __slots__ = ("dynamic", "fields", "header_size", "offset", "phentsize_at", "phoff_at", "program_header")

    def __init__(
        self,
        *,
        header_size: int,
        offset: str,
        phoff_at: int,
        phentsize_at: int,
        program_header: str,
        fields: tuple[int, int, int, int],
        dynamic: str,
    ) -> None:
        self.header_size = header_size
        self.offset = offset
        self.phoff_at = phoff_at
        self.phentsize_at = phentsize_at
        self.program_header = program_header
        self.fields = fields
        self.dynamic = dynamic


_LAYOUT_32 = _Layout(
    header_size=52,
    offset="I",
    phoff_at=28,
    phentsize_at=42,
    program_header="IIIII",
    fields=(0, 1, 2, 4),
    dynamic="iI",
)
_LAYOUT_64 = _Layout(
    header_size=64,
    offset="Q",
    phoff_at=32,
    phentsize_at=54,
    program_header="IIQQQQ",
    fields=(0, 2, 3, 5),
    dynamic="qQ",
)


class _Segment:
    """A program header: ``offset`` is its place in the file, ``size`` its bytes there."""

    __slots__ = ("address", "kind", "offset", "size")

    def __init__(self, kind: int, offset: int, address: int, size: int) -> None:
        self.kind = kind
        self.offset = offset
        self.address = address
        self.size = size


def machine(path: str) -> bytes | None:
    """Return class, byte order and architecture of the ELF file at ``path``, None if it is not one."""
    try:
        with open(path, "rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return None
    if len(head) < _HEAD or not head.startswith(MAGIC):
        return None
    return _machine(head)


def needs(path: str) -> Needs | None:
    """Read the dynamic section of the ELF file at ``path``; None if it has none that can be read."""
    try:
        with open(path, "rb") as file:
            return _read(file, os.path.dirname(os.path.realpath(path)))
    except (OSError, struct.error, ValueError, OverflowError):  # also what a damaged file gives
        return None


def _machine(head: bytes) -> bytes:
    return head[_CLASS_AT : _DATA_AT + 1] + head[_MACHINE_AT:_HEAD]


def _read(file: BinaryIO, directory: str) -> Needs | None:
    header = file.read(_LAYOUT_64.header_size)
    if len(header) < _LAYOUT_32.header_size or not header.startswith(MAGIC):
        return None
    layout = _LAYOUT_64 if header[_CLASS_AT] == _CLASS_64 else _LAYOUT_32
    order = "<" if header[_DATA_AT] == _LITTLE_ENDIAN else ">"
    segments = _segments(file, header, layout, order)
    dynamic = _dynamic_section(file, segments, layout, order)
    strings = _string_table(segments, dynamic)
    if strings is None:
        return None

    def texts(tag: int) -> list[str]:
        return [_text(file, strings + value) for entry_tag, value in dynamic if entry_tag == tag]

    runpath = texts(_DT_RUNPATH)
    # "... in the DT_RPATH dynamic section attribute of the binary if present and DT_RUNPATH attribute does not exist"
    rpath = [] if runpath else texts(_DT_RPATH)
    return Needs(
        _machine(header),
        texts(_DT_NEEDED),
        _directories(rpath, directory),
        _directories(runpath, directory),
        _loader(file, segments),
    )


def _segments(file: BinaryIO, header: bytes, layout: _Layout, order: str) -> list[_Segment]:
    """Read the program headers."""
    (start,) = struct.unpack_from(order + layout.offset, header, layout.phoff_at)
    size, count = struct.unpack_from(f"{order}HH", header, layout.phentsize_at)
    file.seek(start)
    table = file.read(size * count)
    segments = []
    for number in range(count):
        values = struct.unpack_from(order + layout.program_header, table, number * size)
        segments.append(_Segment(*(values[index] for index in layout.fields)))
    return segments


def _dynamic_section(
    file: BinaryIO, segments: Sequence[_Segment], layout: _Layout, order: str
) -> Sequence[tuple[int, int]]:
    """Read the tags and values of the dynamic section; none if the file is linked statically."""
    for segment in segments:
        if segment.kind == _PT_DYNAMIC:
            entry = struct.Struct(order + layout.dynamic)
            file.seek(segment.offset)
            data = file.read(min(segment.size, _MOST))
            whole = len(data) - len(data) % entry.size
            entries = []
            for tag, value in entry.iter_unpack(data[:whole]):
                if tag == _DT_NULL:  # the linker leaves room after it, in which other tools may write
                    break
                entries.append((tag, value))
            return entries
    return []


def _string_table(segments: Sequence[_Segment], dynamic: Sequence[tuple[int, int]]) -> int | None:
    """Return the place in the file of what DT_STRTAB has the address of; None if there is none."""
    for tag, address in dynamic:
        if tag != _DT_STRTAB:
            continue
        for segment in segments:
            if segment.kind == _PT_LOAD and segment.address <= address < segment.address + segment.size:
                return segment.offset + address - segment.address
    return None


def _loader(file: BinaryIO, segments: Sequence[_Segment]) -> str:
    for segment in segments:
        if segment.kind == _PT_INTERP:
            return _text(file, segment.offset)
    return ""


def _text(file: BinaryIO, offset: int) -> str:
    """Return the text at ``offset`` in the file, which a NUL ends."""
    file.seek(offset)
    return os.fsdecode(file.read(_LONGEST).partition(b"\0")[0])


def _directories(values: Sequence[str], origin: str) -> tuple[str, ...]:
    """Return the directories in the search paths ``values``; ``origin`` is the directory that the file is in."""
    directories = []
    for text in ":".join(values).split(":"):
        if text:
            expanded = text.replace("${ORIGIN}", origin).replace("$ORIGIN", origin)
            directories.append(os.path.normpath(expanded))
    return tuple(directories)
