"""What doctor has to say in one call: the findings, and what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleanenv import environ, locate
from cleanenv.doctor import checks
from cleanenv.doctor.finding import Subject
from cleanenv.freeze import interpreter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cleanenv.doctor.finding import Finding
    from cleanenv.venv import Environment


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The findings, the worst first, about ``environment`` (None for the shell alone).

    ``python`` is its version as far as its files tell; ``wanted`` are the
    names that are there on purpose; ``origins`` tells of each variable that
    was found, in a sentence, which process had it first.
    """

    environment: Environment | None
    python: str
    findings: tuple[Finding, ...]
    wanted: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)

    def count(self, severity: str) -> int:
        """Return how many findings are of ``severity``."""
        return sum(finding.severity == severity for finding in self.findings)


def wanted(variables: Mapping[str, str]) -> frozenset[str]:
    """Return the names that the clean shell whose ``variables`` these are was told to let in."""
    return frozenset(name for name in variables.get(environ.WANTED, "").split() if name in variables)


def examine(env: str | None, variables: Mapping[str, str], folder: str) -> Diagnosis:
    """Return the diagnosis of the caller of ``variables`` in ``folder``, and of the environment that ``env`` names.

    With None it is that of the shell alone. Raises EnvironmentUnusableError.
    """
    environment = locate.find(env, variables, folder) if env is not None else None
    home = variables.get("HOME", "")
    return diagnose(Subject(dict(variables), environment, folder, home, wanted(variables)))


def diagnose(subject: Subject, first_had: Callable[[str], str] | None = None) -> Diagnosis:
    """Run all checks on ``subject``; ``first_had`` returns the sentence on where a variable comes from."""
    findings = tuple(checks.findings(subject))
    names = dict.fromkeys(finding.variable for finding in findings if finding.variable in subject.environ)
    origins = {name: first_had(name) for name in names} if first_had is not None else {}
    python = ""
    if subject.environment is not None:
        read = interpreter.read(subject.environment)
        python = read.full if read is not None else subject.environment.version
    return Diagnosis(subject.environment, python, findings, tuple(sorted(subject.wanted)), origins)
