"""What the tracer of zsh wrote: steps, with the exported parameters where they are not as before."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.trace.engine import skipped_commands
from cleanenv.trace.engine.ledger import is_own
from cleanenv.trace.engine.location import resolve
from cleanenv.trace.engine.nul_fields import CutOffError, Fields
from cleanenv.trace.engine.timeline import LATER, Step, Timeline, place, text_of
from cleanenv.trace.shells.zsh_functions import MadeInEvals, anonymous_in_evals, is_definition
from cleanenv.trace.syntax import assignments

if TYPE_CHECKING:
    from cleanenv.trace.model import Place, Skipped

EXIT = "the startup ends the shell with 'exit'"
DEFERRED = "the startup leaves work for when the prompt waits (zle -F, sched): what that sets is missing here"
AT_PROMPT = "set at the prompt, by precmd"
MARK = "\3\2"  # the field after a text that may hold NULs
IN_EVAL = "(eval)"  # what zsh calls the context of one (zshmodules(1), funcstack)


class Frames(NamedTuple):
    """A step as it is told: the directory, the command, and where that is, by lists that go outwards (zshparam(1))."""

    directory: str
    command: str
    line: str
    source: str
    calls: tuple[str, ...]
    contexts: tuple[str, ...]

    @property
    def here(self) -> str:
        """Return the file and line of the command: lines in a function are counted from where that begins."""
        file, _, begin = self.source.rpartition(":")
        if self.contexts[0] == file:
            return f"{file}:{self.line}"
        return f"{file}:{int(begin) + int(self.line)}"


@dataclass(slots=True)
class Reader:
    """The events in their order, and all that they say."""

    tracer: str
    timeline: Timeline
    start: dict[str, str] | None = None  # what was exported before the first file
    skipped: list[Skipped] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_complete: bool = False
    _pending: Frames | None = None  # the last step, if it is not entered yet
    _made: MadeInEvals = field(default_factory=MadeInEvals)
    _places: dict[tuple[str, str, str, bool], Place] = field(default_factory=dict)

    def read(self, events: bytes) -> None:
        """Take in all events; one that was cut off in the middle is left out."""
        fields = Fields(events)
        # What a startup writes between the events ends the reading there.
        with suppress(CutOffError, ValueError):
            while True:
                self._event(fields.next(), fields)
        self._locate()

    def _event(self, kind: str, fields: Fields) -> None:
        if kind == "step":
            self._enter(_frames(fields))
            return
        self._locate()
        if kind == "state":
            self._compare(fields)
        elif kind == "one":
            self._compare_one(fields)
        elif kind == "skipped":
            key = fields.next()
            step = self._step(_frames(fields))  # in a subshell no step goes before it
            self.skipped.append(skipped_commands.skipped(key, text_of(step), step.chain))
        elif kind == "exit":
            self.notes.append(EXIT)
        elif kind == "deferred":
            self.notes.append(DEFERRED)
        elif kind == "file":
            self.files.append(fields.next())
        elif kind == "prompt":
            self.timeline.step = None
            self.timeline.notes = (AT_PROMPT,)
        elif kind == "end":
            self.is_complete = True

    def _compare(self, fields: Fields) -> None:
        """Take in the exported parameters; one that is local (zshmodules(1), parameters) hides another for a while."""
        why, names = fields.take(2)
        types, values = _words(names, fields), _words(names, fields)
        known = self.timeline.values
        environ: dict[str, str] = {}
        for name, kind, value in zip(names.split(), types, values, strict=True):
            if "-local" in kind:
                if name in known:
                    environ[name] = known[name]
            elif "-export" in kind:
                environ[name] = value
        if self.start is None:
            self.start = environ
            self.timeline = Timeline(environ)
            return
        # A name that is seen at the end for the first time was exported by something that does not show it.
        is_unforeseen = why == "end" and any(name not in known and not is_own(name) for name in environ)
        self.timeline.take(environ, (LATER,) if is_unforeseen else ())

    def _compare_one(self, fields: Fields) -> None:
        """Take in one parameter, the one that the last command named."""
        name, kind = fields.take(2)
        value = _as_programs_see(fields.until(MARK))
        if "-local" not in kind:
            self.timeline.take_one(name, value if "-export" in kind else None)

    def _enter(self, frames: Frames) -> None:
        """Note that a command is about to run; its place is worked out if it matters, which for most it does not."""
        if frames.source.rpartition(":")[0] == self.tracer:
            return
        self._pending = frames
        if is_definition(frames.command):
            chain = self._step(frames).chain
            if chain:
                self._made.define(frames.command, chain[-1])
        if self.timeline.calls or assignments.before_command(frames.command):
            self._locate()

    def _locate(self) -> None:
        """Enter the last step, if that is not done."""
        if self._pending is None:
            return
        step = self._step(self._pending)
        self._pending = None
        if step.chain:
            self.timeline.enter(step)

    def _step(self, frames: Frames) -> Step:
        """Return a step with its places; zsh tells itself which variables are a function's own."""
        places: list[Place] = []
        in_eval = False
        for call, context in zip((frames.here, *frames.calls), frames.contexts, strict=False):
            file = call.rpartition(":")[0]
            if context == IN_EVAL:
                in_eval = True  # its lines are counted by themselves; the call outside has the file's
            elif file and file != self.tracer:  # a function that zsh/parameter made has no file
                places.append(self._place(call, frames.directory, context, in_eval=in_eval))
                in_eval = False
        return Step(tuple(anonymous_in_evals(places[::-1])), frames.command)

    def _place(self, call: str, directory: str, context: str, *, in_eval: bool) -> Place:
        key = (call, directory, context, in_eval)
        known = self._places.get(key)
        if known is None:
            file, _, line = call.rpartition(":")
            function = "" if context == file else context
            known = place(resolve(file, directory), int(line), function, in_eval=in_eval)
            self._places[key] = known
        return self._made.place(known) if known.function else known


def _words(names: str, fields: Fields) -> tuple[str, ...]:
    """Return one word for each of ``names``: each has an end of its own, and so have all of them."""
    words = tuple(_as_programs_see(fields.until(MARK)) for _ in names.split())
    fields.next()
    return words


def _as_programs_see(value: str) -> str:
    """Return a value up to its first NUL, as with zsh's IFS: more than that is in no environment (environ(7))."""
    return value.partition("\0")[0]


def _frames(fields: Fields) -> Frames:
    directory = fields.next()
    command = fields.until(MARK)
    count, line, source = fields.take(3)
    calls, contexts = fields.take(int(count)), fields.take(int(count))
    return Frames(directory, command, line, source, calls, contexts)
