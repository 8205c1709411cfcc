"""What verification finds, as data."""

from __future__ import annotations

from typing import NamedTuple

# The kinds of faults; they are part of the JSON and stay what they are.
CHANGED = "changed"
MISSING = "missing"
UNREADABLE = "unreadable"
UNHASHED = "unhashed"
SCRIPT = "other-python"
BYTECODE = "bytecode"
RECORD = "record"


class Owner(NamedTuple):
    """What a file belongs to: a distribution, or a package of conda's; ``key`` is the name as PEP 503 compares it."""

    key: str
    name: str
    version: str
    is_conda: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.version}".rstrip()


class Expected(NamedTuple):
    """A file that should exist.

    ``path`` is absolute; ``algorithm``, ``value`` and ``size`` as in a RECORD's
    row; ``has_hash`` whether whoever recorded it should have recorded a hash.
    """

    owner: Owner
    path: str
    algorithm: str
    value: str
    size: int | None
    has_hash: bool = True


class Fault(NamedTuple):
    """A file that is not as recorded; ``detail`` says how, empty if the kind says it all.

    ``links`` is the number of names that the file has on its disk, 0 if it is unknown.
    """

    kind: str
    owner: Owner
    path: str
    detail: str = ""
    links: int = 0


class Unowned(NamedTuple):
    """A file or a directory that no distribution has recorded; ``effect`` is what Python does with it by itself."""

    path: str
    effect: str = ""
