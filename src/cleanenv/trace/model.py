"""What a replayed startup did to the environment, and where."""

from __future__ import annotations

from dataclasses import dataclass, field

TEMPORARY = "temporary file"
EVAL = "in an eval"
SUBSTITUTION = "process substitution"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; ``line`` is None where the shell does not tell it.

    ``function`` is the function that the line stands in, empty outside of any.
    ``note`` is empty, TEMPORARY (gone by now), EVAL or SUBSTITUTION.
    """

    file: str
    line: int | None = None
    function: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One lasting change of an exported variable; None as a value is 'not set', which is not the same as empty.

    ``chain`` leads from the startup file that the shell read by itself to the
    line that made the change; ``text`` is that line as it is written, or the
    command as the shell saw it. ``notes`` say what a reader has to know besides.
    """

    name: str
    old: str | None
    new: str | None
    chain: tuple[Place, ...]
    text: str = ""
    exported: bool = True
    notes: tuple[str, ...] = ()

    @property
    def added(self) -> tuple[str, ...]:
        """Return the entries, between ``:``, that only the new value has."""
        return _entries_without(self.new, self.old)

    @property
    def removed(self) -> tuple[str, ...]:
        """Return the entries, between ``:``, that only the old value has."""
        return _entries_without(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A command that was not run in the replay, such as ``exec tmux``, with where it stands and why.

    ``is_common`` is what very many startup files have, and which changes no variable: nothing to bother people with.
    """

    text: str
    chain: tuple[Place, ...]
    reason: str
    is_common: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A startup file that the shell looks for and that gave nothing: not there, unreadable, a folder, a dead link."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay saw, changes in the order in which they happened.

    ``finished`` is False where the startup did not come to its end: then
    ``last`` is the chain of where it was, and ``timed_out`` tells whether the
    time limit ended it. ``notes`` are sentences about what this way of tracing
    cannot see; ``is_replayed`` is False where the files were read and not run.
    """

    changes: tuple[Change, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    missing: tuple[Missing, ...] = ()
    finished: bool = True
    timed_out: bool = False
    last: tuple[Place, ...] = ()
    notes: tuple[str, ...] = field(default=())
    is_replayed: bool = True


def _entries_without(value: str | None, other: str | None) -> tuple[str, ...]:
    others = (other or "").split(":")
    return tuple(entry for entry in (value or "").split(":") if entry and entry not in others)
