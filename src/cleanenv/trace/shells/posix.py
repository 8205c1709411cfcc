"""dash, busybox ash, mksh, yash: their startup files, sourced under a PS4 that tells, by shells/posix/trace.sh."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cleanenv.trace import sandbox as running
from cleanenv.trace.engine import framed_events, skipped_commands
from cleanenv.trace.engine.location import DESCRIPTORS, PROMPT, resolve
from cleanenv.trace.engine.timeline import LATER, Step, Timeline, place, text_of
from cleanenv.trace.model import EVAL, Missing, Place, Replay, Skipped
from cleanenv.trace.shells import posix_launch
from cleanenv.trace.syntax import command_lines, exports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.shell.definition import Shell

TRACER = "posix/trace.sh"
STAND_IN = "posix/stand_in.sh"
BETWEEN = "\3"
# What aliases have made of the commands that the tracer watches.
RENAMED = {
    "__cleanenv_dot": ".",
    "__cleanenv_exec": "exec",
    "__cleanenv_exit": "exit",
    "__cleanenv_command": "command",
}
STANDS_IN = ("__cleanenv_alias", "__cleanenv_look_up")  # before the command itself
AT_PROMPT = "set at the prompt, by PROMPT_COMMAND"
NO_ENV = "{shell} reads no startup file but that named by ENV, which is not set"
NO_LINES = "{shell} does not tell lines: they are found by their text"
FUNCTIONS = "{shell} does not tell functions: they are found by their text, and a file sourced past '.' is not followed"
BLIND = "the startup turns 'set -x' off or takes PS4, so the places that follow are the last ones known"


@dataclass(slots=True)
class Level:
    """An open file, as it was called and where it is: the places down its functions, and the eval that it last ran."""

    name: str
    file: str
    calls: list[Place] = field(default_factory=list)
    eval_place: Place | None = None
    eval_text: str = ""
    line: int = 1


@dataclass(slots=True)
class Reader:
    """The events in their order."""

    timeline: Timeline
    levels: list[Level] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    seen: dict[str, None] = field(default_factory=dict)  # all files so far
    begun: bool = False
    drop: bool = False
    is_blind: bool = False
    is_at_prompt: bool = False
    is_complete: bool = False

    def take(self, event: framed_events.Event) -> None:
        """Take in one event."""
        kind = event.fields[0]
        if kind == "step":
            self._step(event)
        elif kind == "file":
            self.files.append(event.last)
        elif kind == "skipped":
            self._skip(event)
        elif kind == "exit":
            self.notes[posix_launch.EXIT] = None
        elif kind == "prompt":
            self.is_at_prompt = True
            self.timeline.notes = (AT_PROMPT,)
        elif kind == "blind":
            self.is_blind = True
            self.notes[BLIND] = None
        elif kind == "end":
            self._compare(event)
            self.is_complete = True

    def _skip(self, event: framed_events.Event) -> None:
        """Take down a command that was not run: in a subshell, no step goes before it, and its place is its own."""
        key, line, files, command, *subshell = event.fields[1:]
        step = self.timeline.step or Step(())
        stack = files.split(BETWEEN)[1:]
        if subshell and self.levels and [level.name for level in self.levels] == stack:
            found = self._find(self.levels[-1], int(line), command)
            function = command_lines.function_at(found.file, found.line) if found.line is not None else ""
            outer = tuple(one for level in self.levels[:-1] for one in level.calls)
            step = Step((*outer, replace(found, function=function)), command)
        self.skipped.append(skipped_commands.skipped(key, text_of(step), step.chain))

    def _compare(self, event: framed_events.Event, command: str = "") -> None:
        """Put down what has changed to the last step, but for what ``command`` assigns: that is done already."""
        if event.environ is None:
            return
        if not self.begun:
            self.begun = True
            self.timeline = Timeline(event.environ)
        environ = dict(event.environ)
        said = exports.read(self.timeline.step.command) if self.timeline.step else {}
        for name, value in posix_launch.assignments(command):
            if environ.get(name) == value:
                environ.pop(name)
                for known in (said, self.timeline.environ):
                    if name in known:
                        environ[name] = known[name]
        self.timeline.take(environ, (LATER,) if self.is_blind else ())
        self.is_blind = False

    def _step(self, event: framed_events.Event) -> None:
        _, line, folder, files = event.fields
        command = _command(event.text)
        dropped = self.drop and command.startswith("return")  # the tracer's own
        self.drop = command.startswith(("__cleanenv_status", "__cleanenv_quiet"))
        stack = files.split(BETWEEN)[1:]
        if dropped or command.startswith("__cleanenv_") or not stack:
            self._compare(event)
        if dropped or command.startswith("__cleanenv_"):
            return
        if not stack:
            if self.is_at_prompt:
                self.timeline.enter(Step((PROMPT,), command))
            return
        while self.levels and [level.name for level in self.levels] != stack[: len(self.levels)]:
            self.levels.pop()
        if len(stack) > len(self.levels):  # this is the tracer's own `.`
            self._compare(event)
            path = resolve(stack[-1], folder)
            self.levels.append(Level(stack[-1], path))
            self.seen[path] = None
            outer = tuple(one for level in self.levels for one in level.calls)
            self.timeline.enter(Step((*outer, place(path, None)), command))
            return
        command = command or command_lines.source_line(self.levels[-1].file, int(line or 0)).strip()
        self._compare(event, command)
        level = self.levels[-1]
        if command.startswith("eval "):
            level.eval_place = None
        place_now = self._place(level, int(line or 0), command)
        self.timeline.enter(
            Step(tuple(one for level in self.levels for one in level.calls), command, bool(place_now.function))
        )
        self._compare(event)

    def _place(self, level: Level, number: int, command: str) -> Place:
        """Find where in the file, or in a function of another one, the command stands, and note it down."""
        found = self._find(level, number, command)
        function = (
            command_lines.function_at(found.file, found.line) if found.line is not None and not found.note else ""
        )
        if function:
            found = Place(found.file, found.line, function, found.note)
            names = [one.function for one in level.calls]
            del level.calls[names.index(function) if function in names else len(names) :]
        elif found.note != EVAL or not level.calls:
            level.calls.clear()
        else:
            level.calls.pop()
        level.calls.append(found)
        if found.file == level.file and found.line is not None:
            level.line = found.line
        if command.startswith("eval "):
            found = level.calls[-1] = level.eval_place = replace(found, note=found.note or EVAL)
            level.eval_text = " ".join(list(exports.words(command))[1:]) or command
        return found

    def _find(self, level: Level, number: int, command: str) -> Place:
        """Try the file, its eval, functions of other files; the last place is where a file that is not followed is."""
        if level.file.startswith(DESCRIPTORS) or not command_lines.lines_of(level.file):
            return place(level.file, number or None)
        if not (command or number):
            return Place(level.file)
        return (
            self._in_file(level, number, command)
            or self._in_function(number, command)
            or _at(level, _line(level.file, number, command, level.line, loosely=True))
            or (level.calls[-1] if level.calls else Place(level.file, number or None))
        )

    @staticmethod
    def _in_file(level: Level, number: int, command: str) -> Place | None:
        line = _line(level.file, number, command, level.line, loosely=bool(number))
        # Where lines are told, the first of an eval is the eval's own.
        if (
            level.eval_place is not None
            and command_lines.says(level.eval_text, command)
            and (line is None or not number or line == level.eval_place.line)
        ):
            return level.eval_place
        return _at(level, line)

    def _in_function(self, number: int, command: str) -> Place | None:
        for other in reversed(self.seen):
            line = _line(other, number, command, 1, loosely=False)
            if line is not None and command_lines.function_at(other, line):
                return Place(other, line)
        return None


def _at(level: Level, line: int | None) -> Place | None:
    return None if line is None else Place(level.file, line)


def replay(row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float) -> Replay:
    """Replay the startup of ``program``, interactive, as a login shell where ``login`` says so.

    Raises ShellUnusableError where it cannot be started.
    """
    tracer = running.shells_file(TRACER)
    words = [program, *(word.replace("{init}", tracer) for word in (*row.applet_of(program), *row.interactive))]
    given = {name: value.replace("{init}", tracer) for name, value in row.interactive_environ.items()}
    given["CLEANENV_INIT"] = tracer
    given[skipped_commands.VARIABLE] = skipped_commands.table(row.name)
    given["CLEANENV_TRACE_STAND_IN"] = running.shells_file(STAND_IN)
    events, ended = posix_launch.start(words, given, environ, login=login, timeout=timeout)
    reader = Reader(Timeline(environ))
    command_lines.lines_of.cache_clear()
    told = list(framed_events.read(events))
    if told and told[-1].fields[:2] == ("step", "0") and not told[-1].text:
        told.pop()  # ended before it could say which command
    for event in told:
        reader.take(event)
    changes = tuple(reader.timeline.finish())
    last = reader.timeline.step.chain if reader.timeline.step else ()
    return Replay(
        changes=changes,
        skipped=tuple(reader.skipped),
        missing=tuple(Missing(file, reason) for file in reader.files if file and (reason := running.unreadable(file))),
        finished=reader.is_complete,
        timed_out=not ended and not reader.is_complete,
        last=() if reader.is_complete else last,
        notes=(
            *reader.notes,
            FUNCTIONS.format(shell=row.name),
            *((NO_ENV.format(shell=row.name),) if "" in reader.files else ()),
        ),
    )


def _line(file: str, number: int, command: str, after: int, *, loosely: bool) -> int | None:
    if number:
        return command_lines.line_at(file, number, command)
    return command_lines.find(file, command, after, loosely=loosely)


def _command(text: str) -> str:
    """Return the text behind a PS4, digits of which stand before it, with aliases taken back."""
    command = text.lstrip("0123456789").strip()
    first, blank, rest = command.partition(" ")
    # Where the text went to /dev/null, what stands here is what comes next: yash's own, or dash's about PS4.
    if command.endswith("__cleanenv_tell") or "(expecting" in command:
        return ""
    if first in STANDS_IN:
        return rest
    return RENAMED.get(first, first) + blank + rest
