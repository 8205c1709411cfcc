"""How the tracers of the Bourne family are started: by the file that an interactive shell reads first."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.trace import sandbox as running
from cleanenv.trace.syntax import exports

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NO_HISTORY = "/dev/null/none"  # cannot be opened, so no history is kept, whatever HISTFILE the startup names
EXIT = "the startup ends the shell with 'exit'"


def assignments(command: str) -> Iterator[tuple[str, str]]:
    """Yield the names and values that the command begins with, as the shell shows it, expanded."""
    for word in exports.words(command):
        name, equals, value = word.partition("=")
        if not equals or exports.NAME.fullmatch(name.removesuffix("+")) is None:
            return
        yield name.removesuffix("+"), value


def start(
    words: Sequence[str], given: Mapping[str, str], environ: Mapping[str, str], *, login: bool, timeout: float
) -> tuple[bytes, bool]:
    """Return what the tracer that ``words`` start wrote, and whether the shell ended within ``timeout`` seconds.

    The tracer gives the variables ``given`` back, and ENV.

    Raises ShellUnusableError if the program cannot be started.
    """
    with running.folder() as folder:
        path = os.path.join(folder, "events")
        start_environ = {
            **environ,
            **given,
            "CLEANENV_TRACE_EVENTS": path,
            "CLEANENV_TRACE_LOGIN": "1" if login else "",
            "HISTFILE": NO_HISTORY,
        }
        if "ENV" in environ:
            start_environ["CLEANENV_TRACE_ENV"] = environ["ENV"]
        ended = running.run(words, start_environ, environ.get("HOME", "/"), timeout)
        return running.events(path), ended
