"""The system's zshenv, which zsh reads before any tracer: under -x, PS4 says where it is and what is exported."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.trace import sandbox as running
from cleanenv.trace.engine import framed_events
from cleanenv.trace.engine.ledger import is_own
from cleanenv.trace.engine.timeline import Step, Timeline, place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.shell.definition import Shell
    from cleanenv.trace.model import Change

PS4 = "\1cleanenv\2step\2%x\2%I\2$(export -p)\2cleanenv\1"
# The replay throws away what a shell prints.
WRAPPER = ("/bin/sh", "-c", 'events=$1; shift; exec "$@" 2>"$events"', "sh")


def changes(
    row: Shell, program: str, environ: Mapping[str, str], after: Mapping[str, str], timeout: float
) -> tuple[Change, ...]:
    """Return what was done before the tracer, by which ``environ`` became ``after``."""
    if _without_own(row, environ) == _without_own(row, after):
        return ()
    with running.folder() as folder:
        path = os.path.join(folder, "events")
        words = (*WRAPPER, path, program, "-f", "-i", "-x", "-o", "promptsubst", "-c", ":")
        running.run(words, {**environ, "PS4": PS4}, environ.get("HOME", "/"), timeout)
        events = running.events(path)
    start = dict(environ)
    for name in row.exports:  # what zsh sets by itself is no line's doing
        if name in after:
            start[name] = after[name]
    timeline = Timeline(start)
    for event in framed_events.read(events):
        _, file, line = event.fields
        timeline.take({**(event.environ or {}), "PS4": ""})
        timeline.enter(Step((place(file, int(line)),), event.text))
    return tuple(change for change in timeline.finish() if change.name != "PS4")


def _without_own(row: Shell, environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without what zsh and its tracer set by themselves."""
    theirs = dict(environ)
    for name in environ:
        if is_own(name) or name in row.exports:
            del theirs[name]
    return theirs
