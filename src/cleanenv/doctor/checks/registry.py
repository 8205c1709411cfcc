"""The families of checks, and all findings of theirs together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.doctor.checks import (
    environment,
    kept_paths,
    linker,
    other_environments,
    path,
    pip,
    plugins,
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
    plugins.findings,
    ros.findings,
    other_environments.findings,
    kept_paths.findings,
    path.findings,
    shell_hooks.findings,
)


def findings(subject: Subject) -> list[Finding]:
    """Return the findings of all families, the worst first, without those on what a clean shell was asked to let in."""
    unwanted: list[Finding] = []
    for family in FAMILIES:
        unwanted += [finding for finding in family(subject) if finding.variable not in subject.wanted]
    return sorted(unwanted, key=lambda finding: SEVERITIES.index(finding.severity))
