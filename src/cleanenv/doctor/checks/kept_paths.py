"""Variables that say how to reach something, and so are kept, whose value leads nowhere or into another environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.clean import paths, policy
from cleanenv.doctor import codes, remedies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.doctor.finding import Finding, Subject


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield each whose path does not exist, or lies in an environment that is not ENV; a clean shell drops both."""
    environment = subject.environment
    active = environment.path if environment is not None else None
    for name, value in sorted(subject.environ.items()):
        if not value or policy.kept(name) is None:
            continue
        problem = paths.problem(name, value, subject.environ, active)
        if problem == paths.GONE:
            yield _finding("kept-path-missing", name, value, "which does not exist", "that exists")
        elif problem == paths.LEFT_OUT and environment is not None:
            # For the shell alone, the environment around the path may well be the active one.
            fact = "which belongs to another environment"
            yield _finding("kept-path-elsewhere", name, value, fact, "outside of other environments")


def _finding(code: str, name: str, value: str, fact: str, better: str) -> Finding:
    row = policy.kept(name)
    return codes.finding(
        code,
        f"{name} names '{value}', {fact}",
        f"unset {name}, or set it to a path {better}",
        variable=name,
        value=value,
        evidence=[f"{name} is for: {row[1]}"] if row is not None else [],
        line=remedies.unset(name),
        entries=[entry for entry in value.split(":") if entry.startswith("/")],
    )
