"""ksh93: its startup files, sourced under a DEBUG trap by shells/ksh93/trace.ksh."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from cleanenv.trace import sandbox as running
from cleanenv.trace.engine import framed_events, skipped_commands, source_file
from cleanenv.trace.engine.location import resolve
from cleanenv.trace.engine.timeline import Step, Timeline, place, text_of
from cleanenv.trace.model import EVAL, Change, Place, Replay, Skipped
from cleanenv.trace.shells import posix_launch
from cleanenv.trace.shells.ksh93_frames import Command, Level, command_of, has_own_variables
from cleanenv.trace.start import USUAL, Given
from cleanenv.trace.syntax import assignments, exports

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cleanenv.shell.definition import Shell

# Not as ENV, where lines are counted through all files; the /./ skips /etc/ksh.kshrc.
NO_ENV = {"ENV": "/./dev/null"}
SCRIPT = '. "$0"'
TRACER = "ksh93/trace.ksh"
SYNTAX = "{file} has a syntax error: at a startup ksh93 runs what stands before it, the replay does not"
ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(?:\[[^]]*\])?\+?=")
REDIRECTION = re.compile(r"\d*[<>]")  # told by itself, with a line that is none
MOST_ASSIGNMENTS = 50  # of one command, looked through for its declaration


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

    def take(self, event: framed_events.Event, later: Iterable[framed_events.Event]) -> None:
        """Take in one event; ``later`` are those that come after it."""
        kind = event.fields[0]
        if kind == "step":
            self._step(command_of(event), event.environ, later)
        elif kind == "file":
            self.files.append(event.last)
        elif kind == "skipped":
            self._skip(event)
        elif kind == "syntax":
            self.notes.append(SYNTAX.format(file=event.last))
        elif kind == "exit":
            self.notes.append(posix_launch.EXIT)
        elif kind == "end":
            self.timeline.take(event.environ or self.timeline.values)
            self.is_complete = True

    def _skip(self, event: framed_events.Event) -> None:
        """Take down a command that was not run: in a subshell, no step goes before it, and its place is its own."""
        key, command, subshell, file, line, level, function = event.fields[1:]
        step = self.timeline.step or Step(())
        if subshell != "0":
            above = self.levels[: int(level) - self.base] if level else self.levels
            outer = [open_level.place for open_level in above[:-1]]
            file = file or (above[-1].place.file if above else "")
            step = Step((*outer, place(resolve(file, ""), int(line), function)), command)
        self.skipped.append(skipped_commands.skipped(key, text_of(step), step.chain))

    def _step(self, command: Command, exported: Mapping[str, str] | None, later: Iterable[framed_events.Event]) -> None:
        """Take in a command that is about to run; ``exported`` is None where that is as it was."""
        if not self.begun:
            self.begun = True
            self.timeline = Timeline(exported or {})
        environ = self.timeline.values if exported is None else exported
        if command.file == self.tracer:
            self.base = int(command.level)
        if command.file == self.tracer or REDIRECTION.match(command.text):
            self.timeline.take(environ)
            return
        chain = self._chain(command)
        assignment = ASSIGNMENT.match(command.text)
        if assignment is None:
            self.timeline.take(environ)
            self.timeline.enter(_step(chain, command.text))
            return
        # The trap runs when the assignments are done: this command's own effect is in what is exported already.
        name, earlier = assignment[1], self.timeline.step
        step = _step(chain, _declaration_with(name, command, later) or command.text)
        if earlier is not None and command.line == "1" and assignments.is_before_command(name, text_of(earlier)):
            step = earlier  # the line of an assignment in front of a command is always 1
        self.timeline.take(self._before(name, environ))
        self.values |= dict(exports.read(command.text))
        self.timeline.enter(step)
        self.timeline.take(environ)

    def _before(self, name: str, environ: Mapping[str, str]) -> dict[str, str]:
        """Return the environment without what the assignment of ``name`` did to it."""
        before = dict(environ)
        before.pop(name, None)
        words = self.timeline.step.command.split() if self.timeline.step is not None else []
        is_named = name in words[1:]
        if is_named and words[0] == "unset":
            return before
        if name in self.timeline.values:
            before[name] = self.timeline.values[name]
        elif is_named and name in self.values:
            before[name] = self.values[name]  # exported by that, and looked at for the first time now
        return before

    def _chain(self, command: Command) -> tuple[Place, ...]:
        """Return the places down to this one; lines in an eval are counted anew from 1, and are the eval's own."""
        file, line = resolve(command.file, command.folder), int(command.line)
        depth = int(command.level) - self.base
        del self.levels[depth:]
        level = Level(place(file, line, command.function))
        above = self.levels[depth - 1] if len(self.levels) == depth > 0 else None
        if above is not None and above.runs_in_eval(file, line, command.text):
            level = Level(above.eval_place or above.place, above.eval_place, above.eval_lines)
        if command.text.startswith("eval "):
            eval_place = replace(level.place, note=level.place.note or EVAL)
            text = " ".join(list(exports.words(command.text))[1:])
            level = Level(level.place, eval_place, tuple(text.split("\n")))
        if depth > 0:
            del self.levels[depth - 1 :]
            self.levels.append(level)
        return tuple(open_level.place for open_level in self.levels)


def replay(
    row: Shell,
    program: str,
    environ: Mapping[str, str],
    *,
    login: bool,
    timeout: float,
    given: Given = USUAL,
) -> Replay:
    """Replay the startup of ``program``, interactive, as a login shell where ``login`` says so.

    Raises ShellUnusableError where it cannot be started.
    """
    del given  # ksh93 has no option that names a startup file
    tracer = running.shells_file(TRACER)
    words = [program, "-i", "-c", SCRIPT, tracer]
    fed = {**NO_ENV, skipped_commands.VARIABLE: skipped_commands.table(row.name)}
    events, ended = posix_launch.start(words, fed, environ, login=login, timeout=timeout)
    reader = Reader(tracer, Timeline(environ))
    in_order = list(framed_events.read(events))
    for number, event in enumerate(in_order, 1):
        reader.take(event, islice(in_order, number, number + MOST_ASSIGNMENTS))
    last = reader.timeline.step.chain if reader.timeline.step else ()
    return Replay(
        changes=tuple(_without_passing(reader.timeline.finish())),
        skipped=skipped_commands.each_once(reader.skipped),
        missing=source_file.missing(reader.files),
        finished=reader.is_complete,
        timed_out=not ended and not reader.is_complete,
        last=() if reader.is_complete else last,
        notes=tuple(reader.notes),
    )


def _step(chain: tuple[Place, ...], text: str) -> Step:
    """Return the step of a command, with the function whose variables it declares, where it declares some."""
    names = assignments.local_names(text)
    if not names:
        return Step(chain, text)
    for depth in range(len(chain), 0, -1):
        if chain[depth - 1].function and has_own_variables(chain[depth - 1]):
            return Step(chain, text, tuple(names), depth)
    return Step(chain, text)


def _declaration_with(name: str, command: Command, later: Iterable[framed_events.Event]) -> str:
    """Return the declaration that an assignment of ``name`` is a part of, empty for none.

    Of ``typeset -x X=1`` ksh93 tells first ``X=1`` and then ``typeset -x X``.
    """
    for event in later:
        if event.fields[0] != "step":
            break
        following = command_of(event)
        if (following.file, following.level) != (command.file, command.level):
            break
        if ASSIGNMENT.match(following.text) is None:
            return following.text if name in assignments.local_names(following.text) else ""
    return ""


def _without_passing(changes: Sequence[Change]) -> list[Change]:
    """Leave out what was set for one command, which ksh93 tells as an assignment by itself, and taken back after it."""
    lasting: list[Change] = []
    for change in changes:
        before = next((earlier for earlier in reversed(lasting) if earlier.name == change.name), None)
        is_taken_back = before is not None and before.old == change.new
        if before is not None and is_taken_back and assignments.is_before_command(change.name, before.text):
            lasting.remove(before)
        else:
            lasting.append(change)
    return lasting
