"""zsh: its startup files, sourced under a DEBUG trap by shells/zsh/trace.zsh."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.trace import sandbox as running
from cleanenv.trace.engine import skipped_commands, source_file
from cleanenv.trace.engine.ledger import is_own
from cleanenv.trace.engine.location import resolve
from cleanenv.trace.engine.timeline import LATER, Step, Timeline, place, text_of
from cleanenv.trace.model import Place, Replay, Skipped
from cleanenv.trace.shells import zsh_system_env
from cleanenv.trace.syntax import assignments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cleanenv.shell.definition import Shell

# Where the system's startup files are stands in the program: Debian's, and most others'.
SYSTEM = re.compile(rb"(/etc(?:/zsh)?/)zshenv(?=\0)")
SCRIPT = 'builtin source "$1" "$2"'
EXIT = "the startup ends the shell with 'exit'"
IN_EVAL = "(eval)"
AT_PROMPT = "set at the prompt, by precmd"


class Frames(NamedTuple):
    """A step as it is told: the folder, the command, and where that is, by lists that go outwards (zshparam(1))."""

    folder: str
    command: str
    line: str
    source: str
    calls: list[str]
    contexts: list[str]


@dataclass(slots=True)
class Told:
    """All that the events say."""

    timeline: Timeline
    frames: Frames | None = None  # the last step, where it is not entered yet
    places: dict[tuple[str, str, str, bool], Place] = field(default_factory=dict)
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
        given = {
            **environ,
            "CLEANENV_TRACE_EVENTS": path,
            skipped_commands.VARIABLE: skipped_commands.table(row.name),
        }
        options = ["-f", "-i", *(["-l"] if login else [])]
        words = [program, *options, "-c", SCRIPT, "zsh", tracer, folder_of_system]
        ended = running.run(words, given, home, timeout)
        told = read(running.events(path), environ, tracer)
    early = zsh_system_env.changes(row, program, environ, told.start or environ, timeout)
    last = told.timeline.step.chain if told.timeline.step else ()
    return Replay(
        changes=(*early, *told.timeline.finish()),
        skipped=tuple(told.skipped),
        missing=source_file.missing((f"{folder_of_system}zshenv", *told.files)),
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
    fields = iter(os.fsdecode(events).split("\0"))
    try:
        while kind := next(fields):
            if kind == "step":
                _enter(told, _frames(fields), tracer)
            else:
                _locate(told, tracer)
                _take(told, kind, fields, tracer)
    except (StopIteration, ValueError):
        pass
    _locate(told, tracer)
    return told


def _take(told: Told, kind: str, fields: Iterator[str], tracer: str) -> None:
    if kind == "state":
        _compare(told, fields)
    elif kind == "one":
        _compare_one(told, fields)
    elif kind == "skipped":
        key = next(fields)
        # In a subshell no step goes before it.
        step = _step(_frames(fields), told.places, tracer)
        told.skipped.append(skipped_commands.skipped(key, text_of(step), step.chain))
    elif kind == "exit":
        told.notes.append(EXIT)
    elif kind == "file":
        told.files.append(next(fields))
    elif kind == "prompt":
        told.timeline.step = None
        told.timeline.notes = (AT_PROMPT,)
    else:
        told.is_complete = kind == "end"


def _compare(told: Told, fields: Iterator[str]) -> None:
    """Take in the exported parameters; one that is local (zshmodules(1), parameters) hides another for a while."""
    why, names = next(fields), next(fields).split()
    types, values = _ended(names, fields), _ended(names, fields)
    known = told.timeline.values
    environ: dict[str, str] = {}
    for name, kind, value in zip(names, types, values, strict=True):
        if "-local" in kind:
            if name in known:
                environ[name] = known[name]
        elif "-export" in kind:
            environ[name] = value
    if told.start is None:
        told.start = environ
        told.timeline = Timeline(environ)
        known = told.timeline.values
    unforeseen = why == "end" and any(name not in known and not is_own(name) for name in environ)
    told.timeline.take(environ, (LATER,) if unforeseen else ())


def _compare_one(told: Told, fields: Iterator[str]) -> None:
    """Take in one parameter, the one that the last command named."""
    name, kind, value = next(fields), next(fields), next(fields)
    if "-local" not in kind:
        told.timeline.take_one(name, value if "-export" in kind else None)


def _ended(names: Sequence[str], fields: Iterator[str]) -> list[str]:
    """Return one word a name: each has an end of its own, and so have all of them."""
    found = [next(fields) for _ in names]
    next(fields)
    return found


def _frames(fields: Iterator[str]) -> Frames:
    folder, command, count, line = next(fields), next(fields), int(next(fields)), next(fields)
    source = next(fields)
    calls, contexts = list(islice(fields, count)), list(islice(fields, count))
    if len(contexts) < count:
        raise StopIteration
    return Frames(folder, command, line, source, calls, contexts)


def _enter(told: Told, frames: Frames, tracer: str) -> None:
    """Note that a command is about to run; its place is worked out where it matters, which for most it does not."""
    if frames.source.rpartition(":")[0] == tracer:
        return
    told.frames = frames
    if told.timeline.calls or assignments.before_command(frames.command):
        _locate(told, tracer)


def _locate(told: Told, tracer: str) -> None:
    """Enter the last step, where that is not done."""
    if told.frames is not None:
        step = _step(told.frames, told.places, tracer)
        if step.chain:
            told.timeline.enter(step)
        told.frames = None


def _step(frames: Frames, places: dict[tuple[str, str, str, bool], Place], tracer: str) -> Step:
    chain: list[Place] = []
    in_eval = False
    calls = [_here(frames), *frames.calls]
    for call, context in zip(calls, frames.contexts, strict=False):
        file, _, number = call.rpartition(":")
        if context == IN_EVAL:
            in_eval = True
        elif file != tracer:
            known = (call, frames.folder, context, in_eval)
            if known not in places:
                function = "" if context == file else context
                places[known] = place(resolve(file, frames.folder), int(number), function, in_eval=in_eval)
            chain.append(places[known])
            in_eval = False
    return Step(tuple(reversed(chain)), frames.command)


def _here(frames: Frames) -> str:
    """Return the file and line of the command itself: lines in a function are counted from where that begins."""
    file, _, begin = frames.source.rpartition(":")
    return f"{file}:{int(begin) + int(frames.line)}" if frames.contexts[0] != file else f"{file}:{frames.line}"
