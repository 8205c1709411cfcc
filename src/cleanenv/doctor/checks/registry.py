"""The families of checks, and what they find together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.doctor.checks import (
    environment,
    linker,
    other_environments,
    path,
    pip,
    python_variables,
    pythonpath,
    ros,
    shell_hooks,
)
from cleanenv.doctor.finding import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cleanenv.doctor.finding import Finding, Subject

# In the order of the report, within one severity.
FAMILIES: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    environment.findings,
    pythonpath.findings,
    python_variables.findings,
    pip.findings,
    linker.findings,
    ros.findings,
    other_environments.findings,
    path.findings,
    shell_hooks.findings,
)


def findings(subject: Subject) -> list[Finding]:
    """Return what all families find, the worst first, but for what a clean shell was told to let in."""
    found = [finding for family in FAMILIES for finding in family(subject)]
    unwanted = [finding for finding in found if finding.variable not in subject.wanted]
    return sorted(unwanted, key=lambda finding: SEVERITIES.index(finding.severity))
