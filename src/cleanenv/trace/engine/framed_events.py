"""Events that a shell writes between marks, since it cannot write a NUL: where it is, and what is exported there."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleanenv.trace.syntax import exports

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENT = re.compile(rb"\x01cleanenv\x02(.*?)\x02cleanenv\x01([^\n\x01]*)", re.DOTALL)

PLAIN = ("file", "syntax", "skipped", "exit", "prompt", "blind")  # kinds of events that do not end in what is exported


@dataclass(frozen=True, slots=True)
class Event:
    """The fields of an event, the last of them what is exported (None: as before), and what the shell prints behind."""

    fields: tuple[str, ...]
    environ: dict[str, str] | None
    text: str

    @property
    def last(self) -> str:
        """Return the last field."""
        return self.fields[-1]


def read(events: bytes) -> Iterator[Event]:
    """Yield the events in their order."""
    dump = ""
    environ: dict[str, str] = {}
    for event in EVENT.finditer(events):
        fields = os.fsdecode(event[1]).split("\2")
        exported = fields.pop() if fields[0] not in PLAIN else ""
        # Most commands export nothing, and reading it all back takes longer than all the rest.
        if exported and exported != dump:
            dump = exported
            environ = exports.read(exported)
        yield Event(tuple(fields), environ if exported else None, os.fsdecode(event[2]).strip())
