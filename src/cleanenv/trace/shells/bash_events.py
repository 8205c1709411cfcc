"""What the tracer of bash wrote, read into changes: which of them last, and where they stand."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.trace.engine import skipped_commands
from cleanenv.trace.engine.location import Evals, Frames, line_of_eval, locate
from cleanenv.trace.engine.nul_fields import CutOffError, Fields
from cleanenv.trace.model import Change, Place, Skipped
from cleanenv.trace.shells.bash_variables import Variables, exported, state, states
from cleanenv.trace.syntax import exports

if TYPE_CHECKING:
    from collections.abc import Iterator

NONE = "__cleanenv_none"  # where no name is
AT_PROMPT = "set at the prompt, by PROMPT_COMMAND"
EXPORTED_LATER = "not exported yet"
EXIT = "the startup ends the shell with 'exit'"


class Stack(NamedTuple):
    """What is open, the inner first: files, where the one within was called, functions, the lines they begin on."""

    files: tuple[str, ...]
    lines: tuple[int, ...]
    functions: tuple[str, ...]
    begun: tuple[int, ...]


class Reader:
    """The events in their order, and all that they say."""

    def __init__(self, tracer: str) -> None:
        self._skipped: list[tuple[str, Frames]] = []
        self.notes: list[str] = []
        self.exit: tuple[Place, ...] = ()  # where the startup ends the shell
        self.is_complete = False
        self.unsupported = ""  # the version of a bash that is too old
        self._tracer = tracer
        self._evals: Evals = {}
        self._aliases: dict[str, str] = {}  # by the end
        self._variables = Variables()
        self._steps = 0
        self._reported = 0
        self._step: Frames | None = None  # the last command that could change anything
        self._begun: dict[str, int] = {}  # the lines on which functions begin
        self._stacks: dict[int, Stack] = {}
        self._at_prompt = False

    def read(self, events: bytes) -> None:
        """Take in all events; one that was cut off in the middle is left out."""
        fields = Fields(events)
        # What a startup writes between the events, as by closing and opening descriptors, ends the reading there.
        with suppress(CutOffError, ValueError, KeyError):
            while True:
                self._event(fields.next(), fields)

    def _event(self, kind: str, fields: Fields) -> None:
        if kind == "one":
            depth, name, attributes, value = fields.take(4)
            self._variables.compare({name: state(attributes, value)}, int(depth), self._step)
        elif kind == "all":
            depth, text = fields.take(2)
            self._variables.compare(states(text), int(depth), self._step)
        elif kind == "step":
            self._take_step(fields)
        elif kind == "stack":
            self._take_stack(fields)
        elif kind == "left":
            self._variables.leave(int(fields.next()))
        else:
            self._take_other(kind, fields)

    def _take_other(self, kind: str, fields: Fields) -> None:
        """Take an event that says nothing of variables."""
        if kind == "eval":
            frames = self._frames(fields)
            line = line_of_eval(frames)
            if line is not None:  # else it ran in another eval, and its line has drifted
                self._evals.setdefault(frames.files[0], {})[frames.lines[0]] = line, frames.number
        elif kind == "skipped":
            key = fields.next()
            self._skipped.append((key, self._frames(fields)))
        elif kind == "exit":
            self.exit = self._chain(self._frames(fields))[0]
            self.notes.append(EXIT)
        elif kind == "prompt":
            self._at_prompt = True
        elif kind == "aliases":
            self._aliases = aliases(fields.next())
        elif kind == "unsupported":
            self.unsupported = fields.next()
        elif kind == "end":
            self.is_complete = True

    def _take_step(self, fields: Fields) -> None:
        """Take a command that is about to run, with the variable that the last one named, if it named one."""
        name, attributes, value = fields.take(3)
        frames = self._frames(fields)
        if name != NONE:
            self._variables.compare({name: state(attributes, value)}, frames.depth, self._step)
        self._step = frames
        self._steps += 1
        self._variables.declare(frames)

    def _take_stack(self, fields: Fields) -> None:
        """Take what is open at a depth: where each was called, the files and functions, where the inner begins."""
        depth, count = map(int, fields.take(2))
        lines, files, functions = fields.take(count), fields.take(count), fields.take(count)
        self._begun |= lines_of_functions(fields.next())
        begun = tuple(self._begun.get(name, 0) for name in functions)
        self._stacks[depth] = Stack(files, tuple(map(int, lines)), functions, begun)

    def _frames(self, fields: Fields) -> Frames:
        """Take a command and its place."""
        directory, command, depth, line = fields.take(4)
        stack = self._stacks[int(depth)]
        lines = (int(line), *stack.lines)
        self._reported += 1
        place = (stack.files, lines, stack.functions, stack.begun, directory)
        return Frames(command, *place, self._at_prompt, self._reported)

    def _chain(self, frames: Frames) -> tuple[tuple[Place, ...], str]:
        """Return the places from the outermost to the innermost, and the text of that."""
        return locate(frames, self._evals, self._aliases, self._tracer)

    def last(self, place: bytes) -> tuple[Place, ...]:
        """Return where the shell was last: in ``place``, as its tracer wrote it, unless a step came after that."""
        frames = self._step
        fields = Fields(place)
        # Of a place that was being written over the fields may be of two, and its depth none that was told.
        with suppress(CutOffError, ValueError, KeyError):
            if int(fields.next()) == self._steps:
                frames = self._frames(fields)
        return self._chain(frames)[0] if frames is not None else ()

    @property
    def skipped(self) -> Iterator[Skipped]:
        """Yield the commands that were skipped, placed with what is known at the end."""
        for key, frames in self._skipped:
            yield skipped_commands.skipped(key, frames.command, self._chain(frames)[0])

    def changes(self) -> Iterator[Change]:
        """Yield the changes that last, those of a variable that was exported later before its export."""
        waiting: dict[str, Change] = {}
        for name, before, after, frames in self._variables.changes:
            notes = (AT_PROMPT,) if frames.at_prompt else ()
            old, new = exported(before), exported(after)
            chain, text = self._chain(frames)
            if old is None and new is None:
                value = after[2:] if after else None
                waiting[name] = Change(name, None, value, chain, text, exported=False, notes=(*notes, EXPORTED_LATER))
                continue
            earlier = waiting.pop(name, None)
            if earlier is not None and earlier.new == new and earlier.chain != chain:
                yield earlier
            yield Change(name, old, new, chain, text, notes=notes)


def aliases(told: str) -> dict[str, str]:
    """Return what each alias stands for, from what ``alias -p`` printed."""
    by_name: dict[str, str] = {}
    for word in exports.words(told):
        name, equals, text = word.partition("=")
        if equals:
            by_name[name] = text
    return by_name


def lines_of_functions(declared: str) -> dict[str, int]:
    """Return where each function begins, from lines of its name, line and file (``declare -F`` under extdebug)."""
    lines: dict[str, int] = {}
    for declaration in declared.split("\n"):
        name, _, rest = declaration.partition(" ")
        number = rest.partition(" ")[0]
        if number.isdecimal():
            lines[name] = int(number)
    return lines
