"""All that doctor reports in one call: the findings, and what belongs to them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.clean.plan import WANTED
from cleanenv.doctor import remedies
from cleanenv.doctor.checks import registry
from cleanenv.doctor.finding import Subject
from cleanenv.environments import discovery

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cleanenv.doctor.finding import Finding
    from cleanenv.environments.environment import Environment
    from cleanenv.system.invocation import Invocation
    from cleanenv.trace.tracing import Trace


class Diagnosis(NamedTuple):
    """The findings, the worst first, about ``environment`` (None for the shell alone).

    ``python`` is its version as far as its files show it; ``wanted`` are the
    names that are set on purpose. ``origins`` has, for each variable that a
    finding is about, a sentence on the process that had it first; ``trace``,
    None unless it was asked for, what the shell's startup does to them. ``home``
    is the user's home directory.
    """

    environment: Environment | None
    python: str
    findings: tuple[Finding, ...]
    wanted: tuple[str, ...] = ()
    origins: Mapping[str, str] = MappingProxyType({})
    trace: Trace | None = None
    home: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that findings are about, without repetition."""
        return tuple(dict.fromkeys(finding.variable for finding in self.findings if finding.variable))


def wanted(variables: Mapping[str, str]) -> frozenset[str]:
    """Return the names that the clean shell whose ``variables`` these are was asked to let in."""
    return frozenset(name for name in variables.get(WANTED, "").split() if name in variables)


def read_subject(env: str | None, caller: Invocation) -> Subject:
    """Return the shell of ``caller`` and the environment that ``env`` names, as the checks get it.

    With None it is the shell alone. Raises EnvironmentUnusableError.
    """
    environ = caller.environ
    environment = discovery.find(env, environ, caller.directory) if env is not None else None
    home = environ.get("HOME", "")
    return Subject(environ, environment, caller.directory, home, wanted(environ), ancestors=caller.ancestry)


def examine(subject: Subject) -> Diagnosis:
    """Run all checks on ``subject``; look up its shell, and which process brought the variables that they report."""
    diagnosis = diagnose(subject)
    diagnosis = diagnosis._replace(findings=tuple(_in_shell(diagnosis.findings, subject)))
    if not diagnosis.variables:
        return diagnosis
    from cleanenv.system import provenance

    origins = provenance.origins(diagnosis.variables, subject.environ, subject.ancestors)
    return diagnosis._replace(origins={name: origin.sentence for name, origin in origins.items()})


def _in_shell(findings: Iterable[Finding], subject: Subject) -> Iterator[Finding]:
    """Yield ``findings`` with their commands in the words of the user's shell."""
    shell = None
    for finding in findings:
        if finding.command is None:
            yield finding
            continue
        if shell is None:
            shell = _users_shell(subject)
        yield finding._replace(line=remedies.line(finding.command, shell))


def _users_shell(subject: Subject) -> str:
    """Return the name of the shell above, else of that of the account, else POSIX."""
    from cleanenv.shell import detect

    found = detect.from_processes(subject.ancestors, subject.environ.get("PATH", ""))
    found = found or detect.from_account(subject.environ)
    return found.shell.name if found is not None else remedies.POSIX


def diagnose(subject: Subject) -> Diagnosis:
    """Run all checks on ``subject``; besides it only files are read."""
    findings = tuple(registry.findings(subject))
    python = ""
    if subject.environment is not None:
        python = subject.python.full if subject.python is not None else subject.environment.version
    return Diagnosis(subject.environment, python, findings, tuple(sorted(subject.wanted)), home=subject.home)
