"""A trace as JSON, in the form that schema.json describes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.trace.model import Change, Place
    from cleanenv.trace.tracing import Login, Trace, Variable

VERSION = 1


def document(trace: Trace) -> str:
    """Return the whole answer; a byte that is no UTF-8 is a lone surrogate, as PEP 383 has it."""
    replay = trace.replay
    return json.dumps(
        {
            "version": VERSION,
            "shell": {"name": trace.shell, "program": trace.program, "login": trace.login},
            "replay": {
                "replayed": replay.is_replayed,
                "finished": replay.finished,
                "timed_out": replay.timed_out,
                "timeout": trace.timeout,
                "last": _chain(replay.last),
                "notes": list(replay.notes),
            },
            "before": _before(trace.before),
            "terminal_test": None if trace.terminal_test is None else _chain([trace.terminal_test])[0],
            "variables": [_variable(variable) for variable in trace.variables],
            "skipped": [
                {"text": skipped.text, "chain": _chain(skipped.chain), "reason": skipped.reason}
                for skipped in replay.skipped
            ],
            "missing": [{"file": missing.file, "reason": missing.reason} for missing in replay.missing],
        },
        indent=2,
    )


def _variable(variable: Variable) -> dict[str, object]:
    origin = variable.origin
    return {
        "name": variable.name,
        "now": variable.now,
        "replayed": variable.replayed,
        "started": variable.values.started,
        "set_by": variable.attribution.source or None,
        "entries": [{"text": entry.text, "set_by": entry.source} for entry in variable.attribution.entries],
        "lost": list(variable.attribution.lost),
        "origin": None
        if origin is None
        else {"how": origin.how, "program": origin.program, "pid": origin.pid, "sentence": origin.sentence},
        "changes": [_change(change) for change in variable.changes],
        "at_login": [_change(change) for change in variable.at_login],
    }


def _before(before: Login | None) -> dict[str, object] | None:
    if before is None:
        return None
    return {"name": before.shell, "program": before.program, "finished": before.replay.finished}


def _change(change: Change) -> dict[str, object]:
    return {
        "old": change.old,
        "new": change.new,
        "added": list(change.added),
        "removed": list(change.removed),
        "exported": change.exported,
        "chain": _chain(change.chain),
        "text": change.text,
        "notes": list(change.notes),
    }


def _chain(chain: Sequence[Place]) -> list[dict[str, object]]:
    return [{"file": place.file, "line": place.line, "function": place.function, "note": place.note} for place in chain]
