"""The JSON form of a diagnosis; schema.json beside this file is its description.

A later version only adds keys, or counts up ``version``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Finding

VERSION = 1


def render(diagnosis: Diagnosis) -> str:
    """Return the document, ending in a newline; bytes that are no UTF-8 stand as lone surrogates (PEP 383)."""
    environment = diagnosis.environment
    value = {
        "version": VERSION,
        "environment": environment
        and {"path": environment.path, "kind": environment.kind, "python": diagnosis.python or None},
        "findings": [_finding(finding, diagnosis) for finding in diagnosis.findings],
        "wanted": list(diagnosis.wanted),
    }
    return json.dumps(value, indent=2) + "\n"


def _finding(finding: Finding, diagnosis: Diagnosis) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "fact": finding.fact,
        "variable": finding.variable or None,
        "value": finding.value if finding.variable else None,
        "evidence": list(finding.evidence),
        "hides": [
            {"package": each.package, "location": each.location, "leaked": each.leaked, "own": each.own}
            for each in finding.hides
        ],
        "origin": diagnosis.origins.get(finding.variable),
        "trace": _trace(finding, diagnosis),
        "remedy": finding.remedy,
        "line": finding.line or None,
    }


def _trace(finding: Finding, diagnosis: Diagnosis) -> list[dict[str, object]] | None:
    if diagnosis.changes is None or finding.variable not in diagnosis.changes:
        return None
    from cleanenv.doctor import trace_link

    return [
        {
            "old": change.old,
            "new": change.new,
            "text": change.text,
            "chain": [
                {"file": place.file, "line": place.line, "function": place.function, "note": place.note}
                for place in change.chain
            ],
        }
        for change in trace_link.relevant(finding, diagnosis.changes)
    ]
