"""ksh93: its startup files, sourced under a DEBUG trap by shells/ksh93/trace.ksh."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cleanenv.trace import sandbox as running
from cleanenv.trace.engine import framed_events, skipped_commands
from cleanenv.trace.engine.location import resolve
from cleanenv.trace.engine.timeline import LOCAL, Step, Timeline, is_prefix, place, text_of
from cleanenv.trace.model import EVAL, Change, Missing, Place, Replay, Skipped
from cleanenv.trace.shells import posix_launch
from cleanenv.trace.syntax import exports

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.shell.definition import Shell

# Not as ENV, where lines are counted through all files; the /./ skips /etc/ksh.kshrc.
NO_ENV = {"ENV": "/./dev/null"}
SCRIPT = '. "$0"'
TRACER = "ksh93/trace.ksh"
ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(?:\[[^]]*\])?\+?=")
REDIRECTION = re.compile(r"\d*[<>]")  # told by itself, with a line that is none
FIRST_WORD = re.compile(r"[\w./-]+")


@dataclass(frozen=True, slots=True)
class Level:
    """An open file or function: where it is, and the lines of the eval that it runs, if it does."""

    place: Place
    eval_place: Place | None = None
    eval_lines: tuple[str, ...] = ()


@dataclass(slots=True)
class Reader:
    """The events in their order."""

    tracer: str
    timeline: Timeline
    levels: list[Level] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)  # assigned, exported or not
    begun: bool = False
    base: int = 0  # the level of the tracer itself
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
            self.notes.append(posix_launch.EXIT)
        elif kind == "end":
            self.timeline.take(event.environ or self.timeline.environ)
            self.is_complete = True

    def _skip(self, event: framed_events.Event) -> None:
        """Take down a command that was not run: in a subshell, no step goes before it, and its place is its own."""
        key, command, subshell, file, line, level, function = event.fields[1:]
        step = self.timeline.step or Step(())
        if subshell != "0":
            above = self.levels[: int(level) - self.base] if level else self.levels
            outer = tuple(one.place for one in above[:-1])
            known = file or (above[-1].place.file if above else "")
            step = Step((*outer, place(resolve(known, ""), int(line), function)), command)
        self.skipped.append(skipped_commands.skipped(key, text_of(step), step.chain))

    def _step(self, event: framed_events.Event) -> None:
        file, line, level, function, folder, command = event.fields[1:]
        environ = event.environ
        if not self.begun:
            self.begun = True
            self.timeline = Timeline(environ or {})
        if environ is None:
            environ = self.timeline.environ
        if file == self.tracer:
            self.base = int(level)
        if file == self.tracer or REDIRECTION.match(command):
            self.timeline.take(environ)
            return
        chain = self._chain(resolve(file, folder), int(line), int(level) - self.base, function, command)
        step = Step(chain, command, in_function=bool(function))
        assigned = ASSIGNMENT.match(command)
        if assigned is None:
            self.timeline.take(environ)
            self.timeline.enter(step)
            return
        # This command's own assignment is done by now.
        name, earlier = assigned[1], self.timeline.step
        if earlier is not None and line == "1" and is_prefix(name, text_of(earlier)):
            step = earlier  # the line of an assignment before a command is told wrongly
        elif function and LOCAL.match(text_of(step)):
            step = replace(step, command=text_of(step))
        self.timeline.take(self._before(name, environ))
        self.values |= dict(exports.read(command))
        self.timeline.enter(step)
        self.timeline.take(environ)

    def _before(self, name: str, environ: Mapping[str, str]) -> dict[str, str]:
        """Return the environment without what the assignment of ``name`` did to it."""
        earlier = self.timeline.step
        before = {key: value for key, value in environ.items() if key != name}
        if earlier is not None and earlier.command.startswith("unset ") and name in earlier.command.split():
            pass
        elif name in self.timeline.environ:
            before[name] = self.timeline.environ[name]
        elif earlier is not None and name in self.values and name in earlier.command.split()[1:]:
            before[name] = self.values[name]  # exported by that, and looked at for the first time now
        return before

    def _chain(self, file: str, line: int, depth: int, function: str, command: str) -> tuple[Place, ...]:
        """Return the places down to this one; lines in an eval are counted anew from 1, and are the eval's own."""
        del self.levels[depth:]
        above = self.levels[depth - 1] if len(self.levels) == depth > 0 else None
        found = place(file, line, function)
        level = Level(found)
        in_eval = above.eval_place if above is not None and _is_in_eval(above.eval_lines, line, command) else None
        if above is not None and in_eval is not None and in_eval.file == file:
            level = Level(in_eval, in_eval, above.eval_lines)
        if command.startswith("eval "):
            outer = replace(level.place, note=level.place.note or EVAL)
            text = " ".join(list(exports.words(command))[1:])
            level = Level(level.place, outer, tuple(text.split("\n")))
        if depth > 0:
            del self.levels[depth - 1 :]
            self.levels.append(level)
        return tuple(one.place for one in self.levels)


def replay(
    row: Shell,
    program: str,
    environ: Mapping[str, str],
    *,
    login: bool,
    timeout: float,
) -> Replay:
    """Replay the startup of ``program``, interactive, as a login shell where ``login`` says so.

    Raises ShellUnusableError where it cannot be started.
    """
    tracer = running.shells_file(TRACER)
    words = [program, "-i", "-c", SCRIPT, tracer]
    given = {**NO_ENV, skipped_commands.VARIABLE: skipped_commands.table(row.name)}
    events, ended = posix_launch.start(words, given, environ, login=login, timeout=timeout)
    reader = Reader(tracer, Timeline(environ))
    for event in framed_events.read(events):
        reader.take(event)
    last = reader.timeline.step.chain if reader.timeline.step else ()
    return Replay(
        changes=tuple(_without_passing(reader.timeline.finish())),
        skipped=tuple(reader.skipped),
        missing=tuple(Missing(file, reason) for file in reader.files if (reason := running.unreadable(file))),
        finished=reader.is_complete,
        timed_out=not ended and not reader.is_complete,
        last=() if reader.is_complete else last,
        notes=tuple(reader.notes),
    )


def _without_passing(changes: Sequence[Change]) -> list[Change]:
    """Leave out what was set for one command, which ksh tells as an assignment by itself, and taken back after it."""
    left: list[Change] = []
    for change in changes:
        before = next((one for one in reversed(left) if one.name == change.name), None)
        if before is not None and before.old == change.new and is_prefix(change.name, before.text):
            left.remove(before)
        else:
            left.append(change)
    return left


def _is_in_eval(lines: Sequence[str], line: int, command: str) -> bool:
    word = FIRST_WORD.search(command)
    return line <= len(lines) and (word is None or word[0] in lines[line - 1])
