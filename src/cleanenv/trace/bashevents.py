"""What the tracer of bash wrote, read into changes: which of them last, and where they stand."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.trace.change import Change, Place, Skipped
from cleanenv.trace.location import Evals, Frames, is_written, locate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REASONS = {
    "replaced": "it would put another program in the place of the shell",
    "terminal": "it would take over the terminal",
    "daemon": "it would leave a program running",
    "tracing": "it would end the trace",
    "history": "it would write the history file",
}
NONE = "__cleanenv_none"  # where no name is
END = "\3\2"  # of what is told of one variable
AT_PROMPT = "set at the prompt, by PROMPT_COMMAND"
EXPORTED_LATER = "not exported yet"
EXIT = "the startup ends the shell with 'exit'"
# Commands that declare in a function what is gone with it; -g makes it global.
LOCAL = re.compile(r"(?:(?:builtin|command)\s+)?(?:local|declare|typeset)\b(?!.*\s-\w*g)")
NAME = re.compile(r"(?<![\w$\"'{])([A-Za-z_]\w*)(?==|\+=|\s|$)")
ASSIGNED = re.compile(r"(?:([A-Za-z_]\w*)\+?=(?:\"[^\"]*\"|'[^']*'|\\.|[^\s\"'\\])*\s+)+")


@dataclass(slots=True)
class Told:
    """All that the events say."""

    changes: list[Change] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    last: tuple[Place, ...] = ()
    is_complete: bool = False
    unsupported: str = ""


@dataclass(slots=True)
class Shadow:
    """A variable of a function's own, or one before a command: what it hides, and the depth at which it ends."""

    depth: int
    hidden: str
    before_command: bool = False


class Stack(NamedTuple):
    """What is open, inner first: files, the lines that they are left at for the inner one, functions and their begin."""

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
        self.found: list[tuple[str, str, str, Frames]] = []
        self.states: dict[str, str] = {}
        self.shadows: dict[str, list[Shadow]] = {}
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
            self._compare({name: state(attributes, value)}, int(depth))
        elif kind == "all":
            depth, text = self._take(2)
            self._compare(states(text), int(depth))
        elif kind == "step":
            name, attributes, value = self._take(3)
            frames = self.frames()
            if name != NONE:
                self._compare({name: state(attributes, value)}, frames.depth)
            self.step = frames
            self.steps += 1
            self._declare(self.step)
        elif kind == "stack":
            self._stack()
        elif kind == "left":
            self._leave(int(next(self.fields)))
        elif kind == "eval":
            frames = self.frames()
            if is_written(frames):  # else it ran in another eval, and its line has drifted
                self.evals.setdefault(frames.files[0], set()).add(frames.lines[0])
        elif kind == "skipped":
            reason = next(self.fields)
            frames = self.frames()
            self.told.skipped.append(Skipped(frames.command, self.chain(frames)[0], REASONS[reason]))
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

    def _compare(self, states: Mapping[str, str], depth: int) -> None:
        """Hold what variables are against what they were; before the first step is what was there already."""
        for name, new in states.items():
            old = self.states.get(name, "")
            self.states[name] = new
            if old != new and self.step is not None:
                self._change(name, old, new, depth, self.step)

    def _change(self, name: str, old: str, new: str, depth: int, frames: Frames) -> None:
        shadows = self.shadows.setdefault(name, [])
        if not shadows and _stands_before(name, frames.command, is_call=depth > frames.depth):
            shadows.append(Shadow(max(depth, frames.depth), old, before_command=True))
            return
        if shadows:
            hidden = shadows[0].hidden
            while shadows and (depth < shadows[-1].depth or (shadows[-1].before_command and new == shadows[-1].hidden)):
                shadows.pop()
            if shadows:
                return
            old = hidden
        if old != new:
            self.found.append((name, old, new, frames))

    def _declare(self, frames: Frames) -> None:
        if not frames.is_in_function or LOCAL.match(frames.command) is None:
            return
        for name in NAME.findall(frames.command):
            shadows = self.shadows.setdefault(name, [])
            if not shadows or shadows[-1].depth < frames.depth:
                shadows.append(Shadow(frames.depth, self.states.get(name, "?")))

    def _leave(self, depth: int) -> None:
        for shadows in self.shadows.values():
            while shadows and depth < shadows[-1].depth:
                shadows.pop()

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
        for name, before, after, frames in self.found:
            notes = (AT_PROMPT,) if frames.at_prompt else ()
            old, new = _exported(before), _exported(after)
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


def states(text: str) -> dict[str, str]:
    """Return the state of each name; a name, '-' and attributes, '=' and a value are one, only the name where unset."""
    found: dict[str, str] = {}
    for one in text.split(END)[:-1]:
        given, _, value = one.partition("=")
        name, is_set, attributes = given.partition("-")
        found[name] = state(is_set + attributes, value)
    return found


def state(attributes: str, value: str) -> str:
    """Return ``x=`` or ``-=`` and the value; nothing for what has none, or is an array, which reaches no program."""
    if not attributes or "a" in attributes or "A" in attributes:
        return ""
    return f"x={value}" if "x" in attributes else f"-={value}"


def lines_of_functions(declared: str) -> dict[str, int]:
    """Return where each function begins, from lines of its name, line and file (``declare -F`` under extdebug)."""
    found: dict[str, int] = {}
    for line in declared.split("\n"):
        name, _, rest = line.partition(" ")
        number = rest.partition(" ")[0]
        if number.isdecimal():
            found[name] = int(number)
    return found


def _exported(state: str) -> str | None:
    """Return the value that programs see: 'x=' goes before one that is exported, '-=' before one that is not."""
    return state[2:] if state.startswith("x=") else None


def _stands_before(name: str, command: str, *, is_call: bool) -> bool:
    """Tell whether ``command`` sets ``name`` for itself alone, as ``NAME=value command`` does."""
    found = ASSIGNED.match(command)
    if found is None or found.end() == len(command) or re.search(rf"(?<!\S){name}\+?=", found[0]) is None:
        return False
    return is_call or re.match(r"(?:eval|command|builtin)\b", command[found.end() :]) is not None
