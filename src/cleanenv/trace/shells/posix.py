"""dash, busybox ash, mksh, yash: their startup files, sourced under a PS4 that tells, by shells/posix/trace.sh."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cleanenv.trace import sandbox as running
from cleanenv.trace.engine import framed_events, skipped_commands, source_file
from cleanenv.trace.engine.location import PROMPT
from cleanenv.trace.engine.timeline import LATER, Step, Timeline, innermost_function, place, text_of
from cleanenv.trace.model import Replay, Skipped
from cleanenv.trace.shells import posix_launch
from cleanenv.trace.shells.posix_places import OpenFiles
from cleanenv.trace.start import USUAL, Given
from cleanenv.trace.syntax import assignments, exports

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
OWN_REDIRECTION = re.compile(r">>/\S*/cleanenv-trace-\S*/events")  # mksh tells that of a function as a command
STANDS_IN = ("__cleanenv_alias", "__cleanenv_look_up")  # before the command itself
AT_PROMPT = "set at the prompt, by PROMPT_COMMAND"
NO_ENV = "{shell} reads no startup file but that of the variable ENV, which is not set"
OTHER_FILE = "{shell} was started with the file '{file}', which the replay does not read"
NO_LINES = "{shell} does not tell lines: they are found by their text"
FUNCTIONS = "{shell} does not tell functions: they are found by their text, and a file sourced past '.' is not followed"
BLIND = "the startup turns 'set -x' off or takes PS4, so the places that follow are the last ones known"


@dataclass(slots=True)
class Reader:
    """The events in their order."""

    timeline: Timeline
    open_files: OpenFiles = field(default_factory=OpenFiles)
    files: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    begun: bool = False
    is_leaving_file: bool = False  # the tracer's own `return` out of its `.` comes next
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
        """Take down a command that was not run, by its own place: in a subshell no step goes before it."""
        key, line, files, command, *subshell = event.fields[1:]
        step = self.timeline.step or Step(())
        is_in_step = not subshell and _is_step_of(command, int(line), step)
        if not is_in_step and self.open_files.is_at(files.split(BETWEEN)[1:]):
            step = Step(self.open_files.chain_apart(int(line), command), command)
        elif is_in_step:
            self.open_files.pass_by(step.chain)
        self.skipped.append(skipped_commands.skipped(key, text_of(step) or command, step.chain))

    def _compare(self, event: framed_events.Event, command: str = "") -> None:
        """Put down what has changed to the last step, but for what ``command`` assigns: that is done already."""
        if event.environ is None:
            return
        if not self.begun:
            self.begun = True
            self.timeline = Timeline(event.environ)
        environ = dict(event.environ)
        values = self.timeline.values
        exported_last = exports.read(self.timeline.step.command) if self.timeline.step else {}
        for name, value in posix_launch.assignments(command):
            if environ.get(name) != value:
                continue
            if name in values:
                environ[name] = values[name]
            elif name in exported_last:
                environ[name] = exported_last[name]
            else:
                del environ[name]
        self.timeline.take(environ, (LATER,) if self.is_blind else ())
        self.is_blind = False

    def _step(self, event: framed_events.Event) -> None:
        """Take in a command that is about to run, unless it is the tracer's own."""
        _, line, directory, files = event.fields
        command = _without_aliases(event.text)
        stack = files.split(BETWEEN)[1:]
        is_tracers = command.startswith("__cleanenv_") or OWN_REDIRECTION.fullmatch(command) is not None
        is_tracers |= self.is_leaving_file and command.startswith("return")
        self.is_leaving_file = command.startswith(("__cleanenv_status", "__cleanenv_quiet"))
        if is_tracers:
            self._compare(event)
        elif not stack:
            self._compare(event)
            if self.is_at_prompt:
                self.timeline.enter(Step((PROMPT,), command))
        elif self.open_files.follow(stack, directory):
            self._compare(event)
            opened = place(self.open_files.innermost.path, None)
            self.timeline.enter(Step((*self.open_files.chain(), opened), command))
        else:
            self._command(event, int(line or 0), command)

    def _command(self, event: framed_events.Event, number: int, command: str) -> None:
        """Take in a command of a startup file's; without a text, as where stderr went elsewhere, it is the line's."""
        if not command:
            command = source_file.read(self.open_files.innermost.path).statement(number).strip()
        self._compare(event, command)
        chain = self.open_files.advance(number, command)
        self.timeline.enter(_with_declared(Step(chain, command)))
        self._compare(event)


def _is_step_of(command: str, line: int, step: Step) -> bool:
    """Tell whether ``step`` is ``command``, which ran on ``line``, 0 if the shell does not tell lines."""
    if line:
        return bool(step.chain) and step.chain[-1].line == line
    return step.command.split() == command.split()


def _with_declared(step: Step) -> Step:
    """Return a step with the names that it makes its function's own, where it stands in one."""
    depth = innermost_function(step.chain)
    names = assignments.local_names(step.command) if depth else []
    if not names:
        return step
    # dash shows a command without its quotes, so a value may look like names: what is written is surer.
    names = assignments.local_names(text_of(step)) or names
    return replace(step, declared=tuple(names), function_depth=depth)


def replay(
    row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float, given: Given = USUAL
) -> Replay:
    """Replay the startup of ``program``, interactive, as a login shell where ``login`` says so.

    Raises ShellUnusableError where it cannot be started.
    """
    tracer = running.shells_file(TRACER)
    words = [program, *(word.replace("{init}", tracer) for word in (*row.applet_of(program), *row.interactive))]
    fed = {name: value.replace("{init}", tracer) for name, value in row.interactive_environ.items()}
    fed["CLEANENV_INIT"] = tracer
    fed[skipped_commands.VARIABLE] = skipped_commands.table(row.name)
    fed["CLEANENV_TRACE_STAND_IN"] = running.shells_file(STAND_IN)
    events, ended = posix_launch.start(words, fed, environ, login=login, timeout=timeout)
    reader = Reader(Timeline(environ))
    in_order = list(framed_events.read(events))
    if in_order and in_order[-1].fields[:2] == ("step", "0") and not in_order[-1].text:
        in_order.pop()  # ended before it could say which command
    for event in in_order:
        reader.take(event)
    changes = tuple(reader.timeline.finish())
    last = reader.timeline.step.chain if reader.timeline.step else ()
    notes = [*reader.notes, FUNCTIONS.format(shell=row.name)]
    unread = [file for file in (given.rc, given.profile) if file]
    notes += [OTHER_FILE.format(shell=row.name, file=file) for file in unread]
    if "" in reader.files and not login:
        notes.append(NO_ENV.format(shell=row.name))
    return Replay(
        changes=changes,
        skipped=skipped_commands.each_once(reader.skipped),
        missing=source_file.missing(file for file in reader.files if file),
        finished=reader.is_complete,
        timed_out=not ended and not reader.is_complete,
        last=() if reader.is_complete else last,
        notes=tuple(notes),
    )


def _without_aliases(text: str) -> str:
    """Return the text behind a PS4, digits of which stand before it, with aliases taken back."""
    command = text.lstrip("0123456789").strip()
    first, blank, rest = command.partition(" ")
    # Where the text went to /dev/null, what stands here is what comes next: yash's own, or dash's about PS4.
    if command.endswith("__cleanenv_tell") or "(expecting" in command:
        return ""
    if first in STANDS_IN:
        return rest
    return RENAMED.get(first, first) + blank + rest
