"""The account of a replay: what was seen, held against the environment at its end."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from cleanenv.trace.model import TEMPORARY, Change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from cleanenv.trace.model import Place

    Nearest: TypeAlias = Callable[[str], tuple[tuple[Place, ...], str]]

SHELLS_OWN = ("PWD", "OLDPWD", "SHLVL", "_")  # what every shell sets by itself
UNSEEN = "the value at the end is another than the last one seen: this is the nearest place known"
NO_PLACE = "no place was seen: the shell itself, or a file that it reads by another way"


def dumped(data: bytes) -> dict[str, str] | None:
    """Return the environment that ``env -0`` printed, None where it never did."""
    if not data.endswith(b"\0"):
        return None
    entries = (os.fsdecode(entry).partition("=") for entry in data.split(b"\0") if b"=" in entry)
    return {name: value for name, _, value in entries}


class Account:
    """The changes seen so far, and the exported values after them."""

    def __init__(self, start: Mapping[str, str]) -> None:
        self.values = dict(start)
        self.changes: list[Change] = []

    def see(
        self, name: str, new: str | None, chain: tuple[Place, ...], text: str = "", notes: tuple[str, ...] = ()
    ) -> None:
        """Take down that ``name`` became ``new``, unless it was that before."""
        old = self.values.get(name)
        if name in SHELLS_OWN or old == new:
            return
        self.changes.append(Change(name, old, new, chain, text, notes=notes))
        if new is None:
            del self.values[name]
        else:
            self.values[name] = new

    def settle(self, end: Mapping[str, str], ignored: Iterable[str], nearest: Nearest, note: str = UNSEEN) -> None:
        """Add what is otherwise at the end although no place was seen, with what ``nearest`` knows of its name."""
        for name in sorted({*self.values, *end} - {*ignored}):
            if self.values.get(name) != end.get(name):
                chain, text = nearest(name)
                self.see(name, end.get(name), chain, text, notes=((note,) if note else ()) if chain else (NO_PLACE,))

    def marked(self) -> tuple[Change, ...]:
        """Return the changes, with the files marked that are gone by now."""
        return tuple(replace(change, chain=tuple(map(_marked, change.chain))) for change in self.changes)


def _marked(place: Place) -> Place:
    is_gone = not place.note and os.path.isabs(place.file) and not os.path.lexists(place.file)
    return replace(place, note=TEMPORARY) if is_gone else place
