"""zsh: its startup files, sourced under a DEBUG trap by shells/zsh/trace.zsh."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleanenv.errors import ShellUnusableError
from cleanenv.trace import replay as running
from cleanenv.trace import zshenv
from cleanenv.trace.change import Missing, Place, Replay, Skipped
from cleanenv.trace.location import resolve
from cleanenv.trace.steps import LATER, OWN, Step, Timeline, place, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cleanenv.row import Shell

# Where the system's startup files are stands in the program: Debian's, and most others'.
SYSTEM = re.compile(rb"(/etc(?:/zsh)?/)zshenv(?=\0)")
SCRIPT = 'builtin source "$1" "$2"'
REASONS = {
    "replaced": "it would put another program in the place of the shell",
    "terminal": "it would take over the terminal",
    "tracing": "it would end the trace",
}
EXIT = "the startup ends the shell with 'exit'"
IN_EVAL = "(eval)"
AT_PROMPT = "set at the prompt, by precmd"


@dataclass(slots=True)
class Told:
    """All that the events say."""

    timeline: Timeline
    skipped: list[Skipped] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    start: dict[str, str] | None = None
    is_complete: bool = False


def replay(row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float) -> Replay:
    """Replay the startup of ``program``, interactive, as a login shell where ``login`` says so.

    Raises ShellUnusableError where it cannot be started.
    """
    home = environ.get("HOME", "/")
    tracer = running.shells_file("zsh/trace.zsh")
    folder_of_system = system_folder(program)
    with running.folder() as folder:
        path = os.path.join(folder, "events")
        given = {**environ, "CLEANENV_TRACE_EVENTS": path}
        options = ["-f", "-i", *(["-l"] if login else [])]
        try:
            ended = running.run(
                [program, *options, "-c", SCRIPT, "zsh", tracer, folder_of_system], given, home, timeout
            )
        except OSError as error:
            raise ShellUnusableError(f"cannot start '{program}': {error.strerror}") from error
        told = read(running.events(path), environ, tracer)
    early = zshenv.changes(row, program, environ, told.start or environ, timeout)
    last = told.timeline.step.chain if told.timeline.step else ()
    return Replay(
        changes=(*early, *told.timeline.finish()),
        skipped=tuple(told.skipped),
        missing=tuple(
            Missing(file, reason)
            for file in (f"{folder_of_system}zshenv", *told.files)
            if (reason := running.unreadable(file))
        ),
        finished=told.is_complete,
        timed_out=not ended and not told.is_complete,
        last=() if told.is_complete else last,
        notes=tuple(told.notes),
    )


def system_folder(program: str) -> str:
    """Return the folder of the startup files that ``program`` reads for all users, with a slash at its end."""
    try:
        with open(program, "rb") as file:
            found = SYSTEM.search(file.read())
    except OSError:
        found = None
    return os.fsdecode(found[1]) if found else "/etc/"


def read(events: bytes, environ: Mapping[str, str], tracer: str) -> Told:
    """Take in all events; what was cut off in the middle is left out."""
    told = Told(Timeline(environ))
    fields = iter([os.fsdecode(word) for word in events.split(b"\0")])
    try:
        while kind := next(fields):
            _take(told, kind, fields, tracer)
    except (StopIteration, ValueError):
        pass
    return told


def _take(told: Told, kind: str, fields: Iterator[str], tracer: str) -> None:
    if kind == "step":
        step = _step(fields, tracer)
        if step.chain:
            told.timeline.enter(step)
    elif kind == "state":
        _compare(told, fields)
    elif kind == "skipped":
        reason = next(fields)
        step = told.timeline.step or Step(())
        if reason in REASONS:
            told.skipped.append(Skipped(text_of(step), step.chain, REASONS[reason]))
        else:
            told.notes.append(EXIT)
    elif kind == "file":
        told.files.append(next(fields))
    elif kind == "prompt":
        told.timeline.step = None
        told.timeline.notes = (AT_PROMPT,)
    else:
        told.is_complete = kind == "end"


def _compare(told: Told, fields: Iterator[str]) -> None:
    """Hold the exported parameters against those before; a local one hides the other, which is still there."""
    why, exported = next(fields), next(fields).split()
    environ: dict[str, str] = {}
    for name, kind in zip(exported[::2], exported[1::2], strict=True):
        value = next(fields)
        if "-local" not in kind:
            environ[name] = value
        elif name in told.timeline.environ:
            environ[name] = told.timeline.environ[name]
    next(fields)  # each value has an end of its own, and so has all of them
    if told.start is None:
        told.start = environ
        told.timeline = Timeline(environ)
    known = told.timeline.environ
    unforeseen = why == "end" and any(name not in known and not OWN.fullmatch(name) for name in environ)
    told.timeline.take(environ, (LATER,) if unforeseen else ())


def _step(fields: Iterator[str], tracer: str) -> Step:
    """Take a step: the folder, the command, and where that is, by lists that go outwards (zshparam(1))."""
    folder, command, count, line = next(fields), next(fields), int(next(fields)), next(fields)
    sources, calls, contexts = ([next(fields) for _ in range(count)] for _ in range(3))
    chain: list[Place] = []
    in_eval = False
    for call, context in zip([_here(sources[0], line, contexts[0]), *calls], contexts, strict=False):
        file, _, number = call.rpartition(":")
        if context == IN_EVAL:
            in_eval = True
        elif file != tracer:
            function = "" if context == file else context
            chain.append(place(resolve(file, folder), int(number), function, in_eval=in_eval))
            in_eval = False
    return Step(tuple(reversed(chain)), command)


def _here(source: str, line: str, context: str) -> str:
    """Return the file and line of the command itself: lines in a function are counted from where that begins."""
    file, _, begin = source.rpartition(":")
    return f"{file}:{int(begin) + int(line)}" if context != file else f"{file}:{line}"
