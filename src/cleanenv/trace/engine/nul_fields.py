"""Events of a tracer that can write a NUL between the fields of each."""

from __future__ import annotations

import os
from itertools import islice


class CutOffError(Exception):
    """The events end in the middle of one: the shell was killed while it wrote."""


class Fields:
    """The fields of all events in their order; bytes that are not UTF-8 as PEP 383 has them."""

    def __init__(self, events: bytes) -> None:
        # The last field ends in a NUL too: what stands behind it was not written to its end.
        self._fields = iter(os.fsdecode(events).split("\0")[:-1])

    def take(self, count: int) -> tuple[str, ...]:
        """Take the next ``count`` fields. Raises CutOffError if there are fewer."""
        fields = tuple(islice(self._fields, count))
        if len(fields) < count:
            raise CutOffError
        return fields

    def until(self, mark: str) -> str:
        """Take the fields before the next one that is ``mark``, and that: one text, which may hold NULs itself.

        Raises CutOffError if there is no such field.
        """
        parts: list[str] = []
        while (part := self.next()) != mark:
            parts.append(part)
        return "\0".join(parts)

    def next(self) -> str:
        """Take the next field. Raises CutOffError if there is none."""
        return self.take(1)[0]
