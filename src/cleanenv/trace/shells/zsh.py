"""zsh: its startup files, sourced under a DEBUG trap by shells/zsh/trace.zsh."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cleanenv.trace import sandbox as running
from cleanenv.trace.engine import skipped_commands, source_file
from cleanenv.trace.engine.timeline import Timeline
from cleanenv.trace.model import Replay
from cleanenv.trace.shells import zsh_system_env
from cleanenv.trace.shells.zsh_events import Reader
from cleanenv.trace.start import USUAL, Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.shell.definition import Shell

# Where the system's startup files are stands in the program: Debian's, and most others'.
SYSTEM = re.compile(rb"(/etc(?:/zsh)?/)zshenv(?=\0)")
SCRIPT = 'builtin source "$1" "$2"'


def replay(
    row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float, given: Given = USUAL
) -> Replay:
    """Replay the startup of ``program``, interactive, as a login shell where ``login`` says so.

    Raises ShellUnusableError where it cannot be started.
    """
    del given  # zsh has no option that names a file
    home = environ.get("HOME", "/")
    tracer = running.shells_file("zsh/trace.zsh")
    system = system_directory(program)
    with running.folder() as folder:
        path = os.path.join(folder, "events")
        fed = {
            **environ,
            "CLEANENV_TRACE_EVENTS": path,
            skipped_commands.VARIABLE: skipped_commands.table(row.name),
        }
        options = ["-f", "-i"]
        if login:
            options.append("-l")
        words = [program, *options, "-c", SCRIPT, "zsh", tracer, system]
        ended = running.run(words, fed, home, timeout)
        reader = Reader(tracer, Timeline(environ))
        reader.read(running.events(path))
    before_tracer = zsh_system_env.changes(row, program, environ, reader.start or environ, timeout)
    last = reader.timeline.step.chain if reader.timeline.step else ()
    return Replay(
        changes=(*before_tracer, *reader.timeline.finish()),
        skipped=skipped_commands.each_once(reader.skipped),
        missing=source_file.missing((f"{system}zshenv", *reader.files)),
        finished=reader.is_complete,
        timed_out=not ended and not reader.is_complete,
        last=() if reader.is_complete else last,
        notes=tuple(reader.notes),
    )


def system_directory(program: str) -> str:
    """Return the directory of the startup files that ``program`` reads for all users, with a slash at its end."""
    try:
        with open(program, "rb") as file:
            match = SYSTEM.search(file.read())
    except OSError:
        match = None
    return os.fsdecode(match[1]) if match is not None else "/etc/"
