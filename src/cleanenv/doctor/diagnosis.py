"""What doctor has to say in one call: the findings, and what belongs to them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.clean.plan import WANTED
from cleanenv.doctor.checks import registry
from cleanenv.doctor.finding import Subject
from cleanenv.environments import discovery, interpreter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.doctor.finding import Finding
    from cleanenv.environments.environment import Environment
    from cleanenv.trace.model import Change


class Diagnosis(NamedTuple):
    """The findings, the worst first, about ``environment`` (None for the shell alone).

    ``python`` is its version as far as its files tell; ``wanted`` are the
    names that are there on purpose; ``origins`` tells of each variable that
    was found, in a sentence, which process had it first; ``changes``, None
    without a trace, what the shell's startup does to it.
    """

    environment: Environment | None
    python: str
    findings: tuple[Finding, ...]
    wanted: tuple[str, ...] = ()
    origins: Mapping[str, str] = MappingProxyType({})
    changes: Mapping[str, tuple[Change, ...]] | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that findings are about, each once."""
        return tuple(dict.fromkeys(finding.variable for finding in self.findings if finding.variable))

    def how_many(self, severity: str) -> int:
        """Return how many findings are of ``severity``."""
        return sum(finding.severity == severity for finding in self.findings)


def wanted(variables: Mapping[str, str]) -> frozenset[str]:
    """Return the names that the clean shell whose ``variables`` these are was told to let in."""
    return frozenset(name for name in variables.get(WANTED, "").split() if name in variables)


def examine(env: str | None, variables: Mapping[str, str], folder: str) -> Diagnosis:
    """Return the diagnosis of the caller of ``variables`` in ``folder``, and of the environment that ``env`` names.

    With None it is that of the shell alone. Raises EnvironmentUnusableError.
    """
    environment = discovery.find(env, variables, folder) if env is not None else None
    home = variables.get("HOME", "")
    found = diagnose(Subject(dict(variables), environment, folder, home, wanted(variables)))
    if not found.variables:
        return found
    from cleanenv.system import provenance

    origins = provenance.origins(found.variables, variables)
    return found._replace(origins={name: told.sentence for name, told in origins.items()})


def diagnose(subject: Subject) -> Diagnosis:
    """Run all checks on ``subject``, which is all that is looked at but files."""
    findings = tuple(registry.findings(subject))
    python = ""
    if subject.environment is not None:
        read = interpreter.read(subject.environment)
        python = read.full if read is not None else subject.environment.version
    return Diagnosis(subject.environment, python, findings, tuple(sorted(subject.wanted)))
