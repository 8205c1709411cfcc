"""What the tracer of bash wrote, read into changes: which of them last, and where they stand."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.trace.engine import skipped_commands
from cleanenv.trace.engine.location import Evals, Frames, is_written, locate
from cleanenv.trace.model import Change, Place, Skipped
from cleanenv.trace.shells.bash_variables import Variables, exported, state, states

if TYPE_CHECKING:
    from collections.abc import Iterator

NONE = "__cleanenv_none"  # where no name is
AT_PROMPT = "set at the prompt, by PROMPT_COMMAND"
EXPORTED_LATER = "not exported yet"
EXIT = "the startup ends the shell with 'exit'"


@dataclass(slots=True)
class Told:
    """All that the events say."""

    changes: list[Change] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    last: tuple[Place, ...] = ()
    is_complete: bool = False
    unsupported: str = ""


class Stack(NamedTuple):
    """What is open, the inner first: files, where the one within was called, functions, the lines they begin on."""

    files: tuple[str, ...]
    lines: tuple[int, ...]
    functions: tuple[str, ...]
    begun: tuple[int, ...]


class Reader:
    """The events in their order."""

    def __init__(self, events: bytes, tracer: str) -> None:
        self.fields = iter(os.fsdecode(events).split("\0"))
        self.tracer = tracer
        self.told = Told()
        self.evals: Evals = {}
        self.variables = Variables()
        self.steps = 0
        self.begun: dict[str, int] = {}
        self.stacks: dict[int, Stack] = {}
        self.step: Frames | None = None  # the last command that could change anything
        self.at_prompt = False

    def read(self) -> None:
        """Take in all events; what was cut off in the middle is left out."""
        try:
            while kind := next(self.fields):
                self._event(kind)
        except (StopIteration, ValueError, KeyError):
            pass

    def _event(self, kind: str) -> None:
        if kind == "one":
            depth, name, attributes, value = self._take(4)
            self.variables.compare({name: state(attributes, value)}, int(depth), self.step)
        elif kind == "all":
            depth, text = self._take(2)
            self.variables.compare(states(text), int(depth), self.step)
        elif kind == "step":
            name, attributes, value = self._take(3)
            frames = self.frames()
            if name != NONE:
                self.variables.compare({name: state(attributes, value)}, frames.depth, self.step)
            self.step = frames
            self.steps += 1
            self.variables.declare(frames)
        elif kind == "stack":
            self._stack()
        elif kind == "left":
            self.variables.leave(int(next(self.fields)))
        else:
            self._remark(kind)

    def _remark(self, kind: str) -> None:
        """Take an event that says nothing of variables."""
        if kind == "eval":
            frames = self.frames()
            if is_written(frames):  # else it ran in another eval, and its line has drifted
                self.evals.setdefault(frames.files[0], set()).add(frames.lines[0])
        elif kind == "skipped":
            key = next(self.fields)
            frames = self.frames()
            self.told.skipped.append(skipped_commands.skipped(key, frames.command, self.chain(frames)[0]))
        elif kind == "exit":
            self.told.last = self.chain(self.frames())[0]
            self.told.notes.append(EXIT)
        elif kind == "prompt":
            self.at_prompt = True
        elif kind == "unsupported":
            self.told.unsupported = next(self.fields)
        else:
            self.told.is_complete = kind == "end"

    def _stack(self) -> None:
        """Take down what is open at a depth: where each was called, the files and functions, where the inner begins."""
        depth, count = map(int, self._take(2))
        lines, files, functions = self._take(count), self._take(count), self._take(count)
        self.begun |= lines_of_functions(next(self.fields))
        begun = tuple(self.begun.get(name, 0) for name in functions)
        self.stacks[depth] = Stack(files, tuple(map(int, lines)), functions, begun)

    def frames(self) -> Frames:
        """Take a command and its place from the fields."""
        folder, command, depth, line = self._take(4)
        stack = self.stacks[int(depth)]
        lines = (int(line), *stack.lines)
        return Frames(command, stack.files, lines, stack.functions, stack.begun, folder, self.at_prompt)

    def _take(self, count: int) -> tuple[str, ...]:
        """Take the next fields; ValueError where the end comes before, as in what was cut off in the middle."""
        taken = tuple(islice(self.fields, count))
        if len(taken) < count:
            raise ValueError(count)
        return taken

    def last(self, place: bytes, step: Frames) -> Frames:
        """Return the command that ran last: that in ``place``, unless a step was told after it."""
        self.fields = iter(os.fsdecode(place).split("\0"))
        with suppress(StopIteration, ValueError, KeyError):
            if int(next(self.fields)) == self.steps:
                return self.frames()
        return step

    def chain(self, frames: Frames) -> tuple[tuple[Place, ...], str]:
        """Return the places from the outermost to the innermost, and the text of that."""
        return locate(frames, self.evals, self.tracer)

    def changes(self) -> Iterator[Change]:
        """Yield the changes that last, those of a variable that was exported later before its export."""
        waiting: dict[str, Change] = {}
        for name, before, after, frames in self.variables.changes:
            notes = (AT_PROMPT,) if frames.at_prompt else ()
            old, new = exported(before), exported(after)
            chain, text = self.chain(frames)
            if old is None and new is None:
                value = after[2:] if after else None
                said = (*notes, EXPORTED_LATER)
                waiting[name] = Change(name, None, value, chain, text, exported=False, notes=said)
                continue
            earlier = waiting.pop(name, None)
            if earlier is not None and earlier.new == new and earlier.chain != chain:
                yield earlier
            yield Change(name, old, new, chain, text, notes=notes)


def read(events: bytes, place: bytes, tracer: str) -> Told:
    """Return what ``events`` tell, and from ``place`` where the shell was last."""
    reader = Reader(events, tracer)
    reader.read()
    told = reader.told
    told.changes = list(reader.changes())
    if not told.is_complete and not told.last and reader.step is not None:
        told.last = reader.chain(reader.last(place, reader.step))[0]
    return told


def lines_of_functions(declared: str) -> dict[str, int]:
    """Return where each function begins, from lines of its name, line and file (``declare -F`` under extdebug)."""
    found: dict[str, int] = {}
    for line in declared.split("\n"):
        name, _, rest = line.partition(" ")
        number = rest.partition(" ")[0]
        if number.isdecimal():
            found[name] = int(number)
    return found
