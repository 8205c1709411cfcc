"""Findings that say the same of many entries of one variable, as one: isolated colcon workspaces have two a package."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.doctor.finding import Finding, Hidden

FEWEST = 3  # entries; two findings are read faster than one about two
# (code; what its entries do), in the plural; a code that is missing here is never grouped.
FACTS = {
    "pythonpath-shadows": "hide packages of the environment's own",
    "pythonpath-shadows-standard": "hide modules of the standard library",
    "pythonpath-customize": "run code whenever Python starts",
    "pythonpath-adds": "add packages that are importable only because of them",
    "pythonpath-needless": "change no import",
    "pythonpath-current": "stand for the current directory",
    "pythonpath-relative": "are relative to the current directory",
    "pythonpath-missing": "do not exist",
    "pythonpath-file": "are files from which nothing can be imported",
    "pythonpath-unreadable": "cannot be read",
    "pythonpath-other-python": "are for another Python than the environment's",
    "ld-path": "are searched by every program before the system's libraries",
    "ld-path-shadows": "give the environment's programs their libraries",
    "ld-path-current": "stand for the current directory",
    "ld-path-relative": "are relative to the current directory",
    "ld-path-missing": "do not exist or are not directories",
    "ros-prefix-missing": "do not exist: the ROS workspace was moved or deleted",
    "ros-python": "were built for another Python than the environment's",
}


class Group(NamedTuple):
    """Findings that the reports show as one, ``shown``; ``size`` is how many they are."""

    shown: Finding
    size: int = 1


def groups(findings: Sequence[Finding]) -> list[Group]:
    """Return the findings in their order, those of one code about one variable as one if they are FEWEST or more."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        alike.setdefault((finding.code, finding.variable), []).append(finding)
    shown: list[Group] = []
    for finding in findings:
        together = alike[finding.code, finding.variable]
        if len(together) < FEWEST or finding.code not in FACTS:
            shown.append(Group(finding))
        elif finding is together[0]:
            shown.append(Group(_merged(together), len(together)))
    return shown


def _merged(findings: Sequence[Finding]) -> Finding:
    """Return one finding with all that ``findings`` have; its remedy is about all entries."""
    entries: list[str] = []
    evidence: list[str] = []
    hides: list[Hidden] = []
    for finding in findings:
        entries += finding.entries
        evidence += finding.evidence
        if not finding.evidence and not finding.hides:  # which name the entries themselves
            evidence += finding.entries
        hides += finding.hides
    first = findings[0]
    root = common_directory(entries)
    where = f" in '{root}'" if root else ""
    fact = f"{len(findings)} entries of {first.variable}{where} {FACTS[first.code]}"
    remedy = first.remedy
    if first.entries and any(entry in remedy for entry in first.entries):
        remedy = f"remove them from {first.variable}" + (", or unset it" if first.line else "")
    return first._replace(
        fact=fact,
        remedy=remedy,
        evidence=tuple(dict.fromkeys(evidence)),
        hides=tuple(hides),
        entries=tuple(dict.fromkeys(entries)),
    )


def common_directory(paths: Sequence[str]) -> str:
    """Return the directory that absolute ``paths`` have in common, empty if that is / or a path is relative."""
    if not paths or not all(map(os.path.isabs, paths)):
        return ""
    common = os.path.commonpath(paths)
    return common if common != "/" else ""
