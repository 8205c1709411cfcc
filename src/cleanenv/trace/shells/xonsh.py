"""xonsh: its startup replayed with an eye on every change of its environment, each with the Python stack."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

from cleanenv.trace import sandbox as running
from cleanenv.trace.engine import skipped_commands, source_file
from cleanenv.trace.engine.ledger import Ledger
from cleanenv.trace.model import EVAL, Place, Replay
from cleanenv.trace.start import USUAL, Given

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias, TypedDict

    from cleanenv.shell.definition import Shell
    from cleanenv.trace.model import Skipped

    Frame: TypeAlias = tuple[str, int | None, str, str]

    class Event(TypedDict, total=False):
        """A line of the tracer's."""

        kind: str
        name: str
        new: str | None
        text: str
        chain: list[Frame]
        environ: dict[str, str]
        files: list[str]
        folders: list[str]
        loaded: list[str]


NOTES = ("of a file that another shell is asked to source only the file is known, not the line",)
MARGIN = 0.5  # seconds before the limit at which xonsh is asked where it is
SCRIPTS = ("XONSH_MODE", "ARGS")  # which xonsh changes while it sources a file
OWN = ("XONSH", "XONTRIB", "CLEANENV_", "__", "BASH_COMPLETIONS", "THREAD_SUBPROCS", "ARG", "PROMPT")


def replay(
    row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float, given: Given = USUAL
) -> Replay:
    """Replay the startup of an interactive xonsh, which is a login shell always."""
    del login
    with running.folder() as folder:
        out = os.path.join(folder, "out")
        fed = {
            "CLEANENV_TRACE_OUT": out,
            skipped_commands.VARIABLE: skipped_commands.table(row.name),
            # A time of the system's monotonic clock, which is the same in every process (clock_gettime(2)).
            "CLEANENV_TRACE_LIMIT": str(time.monotonic() + max(timeout - MARGIN, timeout / 2)),
            # History, and what xonsh compiles, in place of the user's.
            "XONSH_DATA_DIR": os.path.join(folder, "data"),
            "XONSH_CACHE_DIR": os.path.join(folder, "cache"),
        }
        config = environ.get("XONSH_CONFIG_DIR") or os.path.join(_config(environ), "xonsh")
        if not os.path.isdir(config):  # xonsh would make it
            fed["XONSH_CONFIG_DIR"] = os.path.join(folder, "xonsh")
        if given.rc:
            fed |= {"XONSHRC": given.rc, "XONSHRC_DIR": ""}
        tracer = running.shells_file("xonsh/trace.xsh")
        words = [program, "--no-script-cache", "--rc", tracer, "-i"]
        is_ended = running.run(words, {**environ, **fed}, environ.get("HOME", "/"), timeout)
        reader = Reader(os.path.join(folder, "xonsh"), config)
        for line in running.events(out).splitlines():
            if line.endswith(b"}"):  # else it was cut off
                reader.take(json.loads(line))
    return reader.replay(is_timed_out=not is_ended)


def _config(environ: Mapping[str, str]) -> str:
    return environ.get("XDG_CONFIG_HOME") or os.path.join(environ.get("HOME", "/"), ".config")


class Reader:
    """The events in their order; ``ours`` is the directory that stood in for the user's ``config``, if any did."""

    def __init__(self, ours: str, config: str) -> None:
        self._ours = ours
        self._config = config
        self._ledger = Ledger({})
        self._skipped: list[Skipped] = []
        self._last: tuple[Place, ...] = ()
        self._end: Event | None = None
        self._files: list[str] = []  # those that xonsh reads, and the directories of such
        self._directories: list[str] = []

    def take(self, event: Event) -> None:
        """Take in one event."""
        kind = event["kind"]
        chain = _chain(event.get("chain", []))
        if kind == "start":
            self._ledger = Ledger(event["environ"])
        elif kind == "change":
            self._change(event, chain)
        elif kind == "skipped":
            self._skipped.append(skipped_commands.skipped(event["name"], event["text"], chain))
        elif kind == "last":
            self._last = chain
        elif kind == "files":
            self._files = [self._real(file) for file in event.get("files", [])]
            self._directories = [self._real(file) for file in event.get("folders", [])]
        else:
            self._end = event

    def _real(self, file: str) -> str:
        return file.replace(self._ours, self._config)

    def _change(self, event: Event, chain: tuple[Place, ...]) -> None:
        """Take down a change, unless it is of xonsh's own doing."""
        name, new = event["name"], event["new"]
        if not chain or name.startswith("__") or name in SCRIPTS:
            self._ledger.adopt(name, new)
            return
        # Of a file that another shell reads the line is not known: what is written is the call.
        with_line = [place for place in chain if place.line is not None]
        self._ledger.record(name, new, chain, source_file.text_at(with_line))

    def replay(self, *, is_timed_out: bool) -> Replay:
        """Return all that was seen."""
        end = self._end
        if end is not None:
            ignored = [name for name in {*self._ledger.values, *end["environ"]} if name.startswith(OWN)]
            self._ledger.settle(end["environ"], ignored, lambda _: ((), ""))
        return Replay(
            changes=self._ledger.marked(),
            skipped=skipped_commands.each_once(self._skipped),
            missing=source_file.missing([*self._files, *self._directories], self._directories),
            finished=end is not None,
            timed_out=is_timed_out,
            last=self._last,
            notes=(*NOTES, *self._failures()),
        )

    def _failures(self) -> list[str]:
        """Return a sentence for each file that an error ended."""
        if self._end is None:
            return []
        loaded = self._end["loaded"]
        ended = [file for file in self._files if os.path.isfile(file) and file not in loaded]
        return [f"an error ended '{file}': what stands after it was not run" for file in ended]


def _chain(frames: Iterable[Frame]) -> tuple[Place, ...]:
    return tuple(Place(file, line, function, EVAL if note else "") for file, line, function, note in frames)
