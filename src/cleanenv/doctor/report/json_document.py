"""The JSON form of a diagnosis; schema.json beside this file describes it.

Later versions only add keys, or increase ``version``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Finding, Hidden
    from cleanenv.trace.model import Change, Place

VERSION = 1


def render(diagnosis: Diagnosis) -> str:
    """Return the document, ending in a newline; bytes that are not UTF-8 stand as lone surrogates (PEP 383)."""
    document = {
        "version": VERSION,
        "environment": _environment(diagnosis),
        "findings": [_finding(finding, diagnosis) for finding in diagnosis.findings],
        "wanted": list(diagnosis.wanted),
    }
    return json.dumps(document, indent=2) + "\n"


def _environment(diagnosis: Diagnosis) -> dict[str, object] | None:
    environment = diagnosis.environment
    if environment is None:
        return None
    return {"path": environment.path, "kind": environment.kind, "python": diagnosis.python or None}


def _finding(finding: Finding, diagnosis: Diagnosis) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "fact": finding.fact,
        "variable": finding.variable or None,
        "value": finding.value if finding.variable else None,
        "evidence": list(finding.evidence),
        "hides": [_hidden(hidden) for hidden in finding.hides],
        "origin": diagnosis.origins.get(finding.variable),
        **_trace(finding, diagnosis),
        "remedy": finding.remedy,
        "line": finding.line or None,
    }


def _hidden(hidden: Hidden) -> dict[str, object]:
    return {
        "package": hidden.package,
        "location": hidden.location,
        "leaked": hidden.leaked,
        "own": hidden.own,
        "distribution": hidden.distribution or None,
        "own_distribution": hidden.own_distribution or None,
    }


def _trace(finding: Finding, diagnosis: Diagnosis) -> dict[str, object]:
    """Return the keys on what set it, null without a trace."""
    if diagnosis.trace is None:
        return dict.fromkeys(("trace", "at_login", "set_by", "delete"))
    from cleanenv.doctor import trace_link

    places = trace_link.places(finding, diagnosis.trace)
    if places is None:
        return dict.fromkeys(("trace", "at_login", "set_by", "delete"))
    line = trace_link.line_to_delete(places, diagnosis.home)
    return {
        "trace": [_change(change) for change in places.changes],
        "at_login": [_change(change) for change in places.at_login],
        "set_by": places.source,
        "delete": None if line is None else _place(line),
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "old": change.old,
        "new": change.new,
        "text": change.text,
        "chain": [_place(place) for place in change.chain],
    }


def _place(place: Place) -> dict[str, object]:
    return {"file": place.file, "line": place.line, "function": place.function, "note": place.note}
