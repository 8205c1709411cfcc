"""The ledger of a replay: the values of the exported variables, and every change of them that lasts.

Every tracer keeps one but that of bash: there variables are watched before they are exported too, by states that hold
more than a value, and a place is worked out at the end, when all evals are known (shells/bash_variables.py). What
hides a variable for a while is the same everywhere: engine/scopes.py.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from cleanenv.trace.model import TEMPORARY, Change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from cleanenv.trace.model import Place

    Nearest: TypeAlias = Callable[[str], tuple[tuple[Place, ...], str]]

# What every shell, or every command, sets by itself, and the tracers' own.
OWN = re.compile(r"(?:_|A__z|ZSH_DEBUG_CMD|PWD|OLDPWD|SHLVL|(?:__cleanenv|CLEANENV_TRACE)_.*)")
UNSEEN = "the value at the end is another than the last one seen: this is the nearest place known"
NO_PLACE = "no place was seen: the shell itself, or a file that it reads by another way"


@cache  # a startup has some hundred names, and each is asked after with every command
def is_own(name: str) -> bool:
    """Tell whether shells and tracers set ``name`` by themselves."""
    return OWN.fullmatch(name) is not None


def dumped(data: bytes) -> dict[str, str] | None:
    """Return the environment that ``env -0`` printed, None where it never did."""
    if not data.endswith(b"\0"):
        return None
    environ: dict[str, str] = {}
    for entry in data.split(b"\0"):
        name, equals, value = os.fsdecode(entry).partition("=")
        if equals:
            environ[name] = value
    return environ


class Ledger:
    """The changes seen so far, and the exported values after them; None as a value is 'not set'."""

    def __init__(self, start: Mapping[str, str]) -> None:
        self.values = {name: value for name, value in start.items() if not is_own(name)}
        self.changes: list[Change] = []

    def record(
        self, name: str, new: str | None, chain: tuple[Place, ...], text: str = "", notes: tuple[str, ...] = ()
    ) -> None:
        """Take down that ``name`` became ``new`` for good, unless it was that before or is no startup file's doing."""
        old = self.values.get(name)
        if old == new or is_own(name):
            return
        self.changes.append(Change(name, old, new, chain, text, notes=notes))
        self.adopt(name, new)

    def adopt(self, name: str, value: str | None) -> None:
        """Take ``value`` for what ``name`` is, without a change."""
        if value is None:
            self.values.pop(name, None)
        else:
            self.values[name] = value

    def settle(self, end: Mapping[str, str], ignored: Iterable[str], nearest: Nearest, note: str = UNSEEN) -> None:
        """Add what is otherwise at the end although no place was seen, with what ``nearest`` knows of its name."""
        for name in sorted({*self.values, *end} - {*ignored}):
            if self.values.get(name) == end.get(name):
                continue
            chain, text = nearest(name)
            notes = (note,) if note else ()
            self.record(name, end.get(name), chain, text, notes if chain else (NO_PLACE,))

    def marked(self) -> tuple[Change, ...]:
        """Return the changes, with the files marked that are gone by now."""
        return tuple(replace(change, chain=tuple(map(_marked, change.chain))) for change in self.changes)


def _marked(place: Place) -> Place:
    is_gone = not place.note and os.path.isabs(place.file) and not os.path.lexists(place.file)
    return replace(place, note=TEMPORARY) if is_gone else place
