"""xonsh: its startup replayed with an eye on every change of its environment, each with the Python stack."""

from __future__ import annotations

import json
import os
import time
from importlib import resources
from typing import TYPE_CHECKING

from cleanenv.trace import sandbox as running
from cleanenv.trace.engine import skipped_commands, source_file
from cleanenv.trace.engine.ledger import Ledger
from cleanenv.trace.model import EVAL, Place, Replay

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias, TypedDict

    from cleanenv.shell.definition import Shell
    from cleanenv.trace.model import Skipped

    Told: TypeAlias = tuple[str, int | None, str, str]

    class Event(TypedDict, total=False):
        """A line of the tracer's."""

        kind: str
        name: str
        new: str | None
        text: str
        chain: list[Told]
        environ: dict[str, str]
        files: list[str]
        folders: list[str]
        loaded: list[str]


NOTES = ("of a file that another shell is asked to source only the file is known, not the line",)
MARGIN = 0.5  # seconds before the limit at which xonsh is asked where it is
SCRIPTS = ("XONSH_MODE", "ARGS")  # which xonsh changes while it sources a file
OWN = ("XONSH", "XONTRIB", "CLEANENV_", "__", "BASH_COMPLETIONS", "THREAD_SUBPROCS", "ARG", "PROMPT")


def replay(row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float) -> Replay:
    """Replay the startup of an interactive xonsh, which is a login shell always."""
    del login
    with running.folder() as folder:
        out = os.path.join(folder, "out")
        fed = {
            "CLEANENV_TRACE_OUT": out,
            skipped_commands.VARIABLE: skipped_commands.table(row.name),
            "CLEANENV_TRACE_LIMIT": str(time.monotonic() + max(timeout - MARGIN, timeout / 2)),
            # History, and what xonsh compiles, in place of the user's.
            "XONSH_DATA_DIR": os.path.join(folder, "data"),
            "XONSH_CACHE_DIR": os.path.join(folder, "cache"),
        }
        config = environ.get("XONSH_CONFIG_DIR") or os.path.join(_config(environ), "xonsh")
        if not os.path.isdir(config):  # xonsh would make it
            fed["XONSH_CONFIG_DIR"] = os.path.join(folder, "xonsh")
        tracer = str(resources.files("cleanenv.shells") / "xonsh" / "trace.xsh")
        words = [program, "--no-script-cache", "--rc", tracer, "-i"]
        is_ended = running.run(words, {**environ, **fed}, environ.get("HOME", "/"), timeout)
        told = [json.loads(line) for line in running.events(out).splitlines() if line.endswith(b"}")]
        for event in told:
            for kind in ("files", "folders"):
                event[kind] = [file.replace(os.path.join(folder, "xonsh"), config) for file in event.get(kind, [])]
    return _replayed(told, is_timed_out=not is_ended)


def _config(environ: Mapping[str, str]) -> str:
    return environ.get("XDG_CONFIG_HOME") or os.path.join(environ.get("HOME", "/"), ".config")


def _replayed(told: list[Event], *, is_timed_out: bool) -> Replay:
    ledger = Ledger({})
    skipped: list[Skipped] = []
    last: tuple[Place, ...] = ()
    end: Event | None = None
    files: Event = {}
    for event in told:
        chain = _chain(event.get("chain", []))
        if event["kind"] == "start":
            ledger = Ledger(event["environ"])
        elif event["kind"] == "change":
            _see(ledger, event, chain)
        elif event["kind"] == "skipped":
            skipped.append(skipped_commands.skipped(event["name"], event["text"], chain))
        elif event["kind"] == "last":
            last = chain
        elif event["kind"] == "files":
            files = event
        else:
            end = event
    folders = files.get("folders", [])
    if end is not None:
        ignored = [name for name in {*ledger.values, *end["environ"]} if name.startswith(OWN)]
        ledger.settle(end["environ"], ignored, lambda _: ((), ""))
    return Replay(
        changes=ledger.marked(),
        skipped=tuple(skipped),
        missing=source_file.missing([*files.get("files", []), *folders], folders),
        finished=end is not None,
        timed_out=is_timed_out,
        last=last,
        notes=(*NOTES, *_failed(files, end)),
    )


def _see(ledger: Ledger, event: Event, chain: tuple[Place, ...]) -> None:
    """Take down a change, unless it is of xonsh's own doing."""
    name, new = event["name"], event["new"]
    if chain and not name.startswith("__") and name not in SCRIPTS:
        known = [place for place in chain if place.line is not None][-1:]  # of another shell's file it is the call
        ledger.record(name, new, chain, "".join(source_file.read(place.file).line(place.line) for place in known))
    elif new is None:
        ledger.values.pop(name, None)
    else:
        ledger.values[name] = new


def _chain(told: Iterable[Told]) -> tuple[Place, ...]:
    return tuple(Place(file, line, function, EVAL if note else "") for file, line, function, note in told)


def _failed(files: Event, end: Event | None) -> tuple[str, ...]:
    """Return a sentence for each file that an error ended."""
    if end is None:
        return ()
    given = (file for file in files.get("files", []) if os.path.isfile(file) and file not in end["loaded"])
    return tuple(f"an error ended '{file}': what stands behind it was not run" for file in given)
