"""The families of checks, and all findings of theirs together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.doctor.checks import (
    environment,
    kept_paths,
    linker,
    other_environments,
    outside_programs,
    path,
    pip,
    plugins,
    python_variables,
    pythonpath,
    ros,
    shell_hooks,
)
from cleanenv.doctor.codes import SEVERITY
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
    outside_programs.findings,
    shell_hooks.findings,
)


# What hides something of ENV's own: worth knowing even if it was let in on purpose.
HIDING = (
    "pythonpath-shadows",
    "pythonpath-shadows-standard",
    "ld-path-shadows",
    "path-hides-python",
    "path-hides-program",
)
ALLOWED = "allowed-hides"


def findings(subject: Subject) -> list[Finding]:
    """Return the findings of all families, the worst first.

    Of what a clean shell was asked to let in, only what hides something of
    ENV's is reported, as a note: that it is wanted does not mean that this is.
    """
    reported: list[Finding] = []
    for family in FAMILIES:
        for finding in family(subject):
            if finding.variable not in subject.wanted:
                reported.append(finding)
            elif finding.code in HIDING and subject.environment is not None:
                reported.append(_allowed(finding))
    return sorted(reported, key=lambda finding: SEVERITIES.index(finding.severity))


def _allowed(finding: Finding) -> Finding:
    """Return ``finding`` as a note on a variable that was let in on purpose."""
    return finding._replace(
        code=ALLOWED,
        severity=SEVERITY[ALLOWED],
        fact=f"{finding.fact} ({finding.variable} was explicitly allowed)",
        remedy=f"start the clean shell without {finding.variable} if you do not want that",
        line="",
        command=None,
    )
