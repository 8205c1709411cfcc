"""What set a value that is set now: the startup that was replayed, what was before it, or what came later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.trace.model import Change

STARTUP = "startup"  # a line of a startup file, as the replay shows
LOGIN = "login"  # a line of a file that a login reads, before this shell started
BEFORE = "before"  # the shell was started with it
LATER = "later"  # neither: typed, a file sourced by hand, an activation
UNKNOWN = "unknown"  # the replay does not set it, and what the shell started with is not known

NUMBERS = re.compile(r"\d+")
# Digits of a value that the startup makes anew each time: a time since 1970, as `fnm env` puts one in a path.
FEWEST_OF_A_TIME = 9


class Entry(NamedTuple):
    """A part of a search path as it is now, or a whole value that is none, and what set it."""

    text: str
    source: str


class Attribution(NamedTuple):
    """What set each entry of a value; ``lost`` are those that the startup set and that are gone.

    ``source`` is that of the value as a whole: LATER if anything was set or
    taken away later, else UNKNOWN, BEFORE or LOGIN if any entry is that, else
    STARTUP. Empty if nothing is set, now or by the startup.
    """

    source: str
    entries: tuple[Entry, ...] = ()
    lost: tuple[str, ...] = ()

    def of(self, source: str) -> list[str]:
        """Return the entries that ``source`` set."""
        return [entry.text for entry in self.entries if entry.source == source]


NOTHING = Attribution("")


class Values(NamedTuple):
    """The values of one variable, None for 'not set'.

    ``started`` is that with which the running shell started, ``is_start_known``
    whether that could be read; ``pid`` is that shell's. ``is_complete`` is False
    if the replay did not come to its end.
    """

    now: str | None
    replayed: str | None
    started: str | None = None
    is_start_known: bool = False
    is_complete: bool = True
    pid: int = 0


def attribute(values: Values, at_login: Sequence[Change] = ()) -> Attribution:
    """Return what set the value now; ``at_login`` are the changes that a login's files make to the variable."""
    now = parts(values.now, values)
    replayed = parts(values.replayed, values)
    started = parts(values.started, values)
    of_login: list[str] = []
    for change in at_login:
        of_login += parts(change.new, values)
    entries = [Entry(text, _source(text, values, replayed, started, of_login)) for text in now]
    lost = _lost(values, now, replayed)
    return Attribution(_whole(entries, lost, values), tuple(entries), lost)


def parts(value: str | None, values: Values) -> list[str]:
    """Return the entries of a value, if any of its ``values`` is a search path, else the value itself."""
    if value is None:
        return []
    if any(is_list(other) for other in values[:3] if isinstance(other, str)):
        return list(dict.fromkeys(normalized(entry) for entry in value.split(":") if entry))
    return [normalized(value)]


def is_list(value: str) -> bool:
    """Tell whether a value is a search path, so that its entries count."""
    return ":" in value and "://" not in value


def normalized(entry: str) -> str:
    """Return an entry without the slashes at its end, as paths are compared."""
    return entry.rstrip("/") or entry


def _source(text: str, values: Values, replayed: Sequence[str], started: Sequence[str], of_login: Sequence[str]) -> str:
    if text in replayed or any(_differ_by_time(text, other, values.pid) for other in replayed):
        return STARTUP
    if text in of_login:
        return LOGIN
    if text in started:
        return BEFORE
    # Of a startup that was cut short it is not known what its other lines set.
    return LATER if values.is_start_known and values.is_complete else UNKNOWN


def _lost(values: Values, now: Sequence[str], replayed: Sequence[str]) -> tuple[str, ...]:
    """Return what the startup set and what is gone; nothing if the shell in which it was is not known."""
    if not values.is_start_known:
        return ()
    return tuple(
        text for text in replayed if text not in now and not any(_differ_by_time(text, o, values.pid) for o in now)
    )


def _whole(entries: Sequence[Entry], lost: Sequence[str], values: Values) -> str:
    """Return what set the value as a whole."""
    sources = {entry.source for entry in entries}
    if values.now is None:
        return LATER if lost else ""
    if not entries:  # an empty value
        sources = {STARTUP if values.replayed == values.now else UNKNOWN}
    for source in (LATER, UNKNOWN, BEFORE, LOGIN):
        if source in sources:
            return source
    return STARTUP


def _differ_by_time(text: str, other: str, pid: int) -> bool:
    """Tell whether two values are one that each start makes anew: they differ in the shell's number or a time alone."""
    if NUMBERS.sub("#", text) != NUMBERS.sub("#", other):
        return False
    differing = []
    for number, another in zip(NUMBERS.findall(text), NUMBERS.findall(other), strict=True):
        if number != another:
            differing.append(number)
    return any(len(number) >= FEWEST_OF_A_TIME or number == str(pid) for number in differing)
