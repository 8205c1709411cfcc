"""The JSON form of a result; schema.json beside this file describes it.

A finding has doctor's keys and some more. Later versions only add keys, or increase ``version``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleanenv.check.result import ImportFinding, Place, Result
    from cleanenv.doctor.diagnosis import Diagnosis

VERSION = 1


def render(result: Result, diagnosis: Diagnosis) -> str:
    """Return the document, ending in a newline; ``diagnosis`` has the findings as doctor's, in the same order."""
    from cleanenv.doctor.report import json_document

    document: dict[str, object] = json.loads(json_document.render(diagnosis))
    environment = document["environment"]
    assert isinstance(environment, dict)  # noqa: S101  a project is checked against one
    environment.pop("active")  # the shell's own, which is not what is judged
    document.pop("ignored", None)
    plain = document["findings"]
    assert isinstance(plain, list)  # noqa: S101  doctor's document says so
    findings = []
    for finding, found in zip(plain, result.findings, strict=True):
        findings.append({**finding, **_more(found)})
    document["version"] = VERSION
    document["findings"] = findings
    document["project"] = {"name": result.project, "path": result.path, "files": result.files}
    document["manifests"] = list(result.manifests)
    document["computed_manifests"] = list(result.computed)
    return json.dumps(document, indent=2) + "\n"


def _more(found: ImportFinding) -> dict[str, object]:
    return {
        "module": found.module or None,
        "distribution": found.distribution or None,
        "version": found.version or None,
        "manifest": found.manifest or None,
        "leak": found.leak.path if found.leak is not None else None,
        "uses": [_use(place) for place in found.places],
    }


def _use(place: Place) -> dict[str, object]:
    return {
        "file": place.file,
        "line": place.line,
        "cell": place.cell or None,
        "guard": place.guard or None,
        "lazy": place.is_lazy,
    }
