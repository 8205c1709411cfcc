"""References in git's reftable format (gitformat-reftable), the default of git 3.0."""

from __future__ import annotations

from cleanenv.environments import metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC = b"REFT"
_HEADERS = {1: 24, 2: 28}  # bytes by version
_HASH_ID = slice(24, 28)  # of version 2
_SHA_256 = b"s256"
_REFERENCES = ord("r")
# The kinds of a record's value.
_DELETED = 0
_OBJECT = 1
_OBJECT_AND_PEELED = 2
_SYMBOLIC = 3


class Record:
    """A reference: ``value`` is an object's hash, or ``ref:`` and another name, None if it was deleted.

    ``peeled`` is what a tag with an object of its own leads to.
    """

    __slots__ = ("name", "peeled", "value")

    def __init__(self, name: str, value: str | None, peeled: str | None = None) -> None:
        self.name = name
        self.value = value
        self.peeled = peeled


def find(directory: str, name: str) -> Record | None:
    """Return the newest record of ``name`` in the tables of ``directory``, None if there is none or it was deleted."""
    try:
        listed = metadata.read_whole(f"{directory}/tables.list").decode("ascii", "replace").split()
    except OSError:
        return None
    for table in reversed(listed):  # the newest is the last
        if "/" in table:
            return None
        try:
            for record in _records(metadata.read_whole(f"{directory}/{table}")):
                if record.name == name:
                    return record if record.value is not None else None
                if record.name > name:  # they are in order
                    break
        except (OSError, IndexError, ValueError):  # cut short, or not a table
            return None
    return None


def _records(data: bytes) -> Iterator[Record]:
    """Yield the references of a table in their order; raise IndexError or ValueError if it is damaged."""
    if data[:4] != _MAGIC or data[4] not in _HEADERS:
        raise ValueError("it is not a reftable")
    header = _HEADERS[data[4]]
    size = 32 if data[4] == 2 and data[_HASH_ID] == _SHA_256 else 20  # noqa: PLR2004 - version 2 names the hash
    block_size = int.from_bytes(data[5:8], "big")
    start = 0
    offset = header  # the first block begins with the header of the table
    while offset < len(data) and data[offset] == _REFERENCES:
        length = int.from_bytes(data[offset + 1 : offset + 4], "big")
        end = start + length
        if length == 0 or end > len(data):
            raise ValueError("a block is longer than the table")
        restarts = int.from_bytes(data[end - 2 : end], "big")
        yield from _block(data[offset + 4 : end - 2 - 3 * restarts], size)
        # Blocks are filled up with zeros to their full size, unless the next one follows at once.
        is_padded = block_size > length and end < len(data) and data[end] == 0
        start = offset = start + block_size if is_padded else end


def _block(data: bytes, size: int) -> Iterator[Record]:
    """Yield the references in the records ``data`` of a block, whose hashes have ``size`` bytes."""
    offset = 0
    name = b""
    while offset < len(data):
        shared, offset = _number(data, offset)
        length, offset = _number(data, offset)
        kind = length & 7
        length >>= 3
        name = name[:shared] + data[offset : offset + length]
        offset += length
        _, offset = _number(data, offset)  # which update made it
        value = peeled = None
        if kind in (_OBJECT, _OBJECT_AND_PEELED):
            value = data[offset : offset + size].hex()
            offset += size
            if kind == _OBJECT_AND_PEELED:
                peeled = data[offset : offset + size].hex()
                offset += size
        elif kind == _SYMBOLIC:
            length, offset = _number(data, offset)
            value = "ref:" + data[offset : offset + length].decode("utf-8", "surrogateescape")
            offset += length
        elif kind != _DELETED:
            raise ValueError("a record is of an unknown kind")
        yield Record(name.decode("utf-8", "surrogateescape"), value, peeled)


def _number(data: bytes, offset: int) -> tuple[int, int]:
    """Return the number at ``offset``, seven bits a byte as in pack files, and the offset after it."""
    byte = data[offset]
    number = byte & 0x7F
    while byte & 0x80:
        offset += 1
        byte = data[offset]
        number = ((number + 1) << 7) | (byte & 0x7F)
    return number, offset + 1
