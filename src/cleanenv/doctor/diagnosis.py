"""All that doctor reports in one call: the findings, and what belongs to them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.clean.plan import WANTED
from cleanenv.doctor import codes, remedies
from cleanenv.doctor.checks import other_environments, registry
from cleanenv.doctor.checks import path as path_check
from cleanenv.doctor.finding import SEVERITIES, Subject
from cleanenv.environments import discovery, unnamed
from cleanenv.errors import EnvironmentUnusableError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

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
    is the user's home directory. ``is_active`` tells whether the environment is
    active in the shell, ``ignored`` are the codes of findings that were left
    out on request, ``shell`` is the name of the user's shell if it was looked up.
    """

    environment: Environment | None
    python: str
    findings: tuple[Finding, ...]
    wanted: tuple[str, ...] = ()
    origins: Mapping[str, str] = MappingProxyType({})
    trace: Trace | None = None
    home: str = ""
    is_active: bool = False
    ignored: tuple[str, ...] = ()
    shell: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that findings are about, without repetition."""
        return tuple(dict.fromkeys(finding.variable for finding in self.findings if finding.variable))


def wanted(variables: Mapping[str, str]) -> frozenset[str]:
    """Return the names that the clean shell whose ``variables`` these are was asked to let in."""
    return frozenset(name for name in variables.get(WANTED, "").split() if name in variables)


def read_subject(env: str | None, caller: Invocation, *, shell_only: bool = False) -> Subject:
    """Return the shell of ``caller`` and the environment that ``env`` names, as the checks get it.

    With None it is the environment that the configuration names, else the
    active one, else the nearest; the shell alone if there is none, or with
    ``shell_only``. Raises EnvironmentUnusableError, and UsageError for a
    faulty configuration.
    """
    environ = caller.environ
    environment = None
    if not shell_only:
        environment = discovery.find(env, environ, caller.directory) if env is not None else _unnamed(caller)
    home = environ.get("HOME", "")
    return Subject(environ, environment, caller.directory, home, wanted(environ), ancestors=caller.ancestry)


def _unnamed(caller: Invocation) -> Environment | None:
    from cleanenv.session import config

    configured = config.load(caller.environ, caller.directory).env
    if configured is not None:
        return discovery.find(configured, caller.environ, caller.directory)
    try:
        return unnamed.active_or_nearest(caller.environ, caller.directory)
    except EnvironmentUnusableError:
        for variable in unnamed.ACTIVE:
            path = caller.environ.get(variable, "")
            if path and not discovery.is_own(path) and not other_environments.is_environment(path):
                return None  # which is a finding
        raise


def examine(subject: Subject) -> Diagnosis:
    """Run all checks on ``subject``; look up its shell, and which process brought the variables that they report."""
    diagnosis = diagnose(subject)
    shell = users_shell(subject) if any(finding.command is not None for finding in diagnosis.findings) else ""
    diagnosis = diagnosis._replace(findings=tuple(_in_shell(diagnosis.findings, shell)), shell=shell)
    if not diagnosis.variables:
        return diagnosis
    from cleanenv.system import provenance

    origins = provenance.origins(diagnosis.variables, subject.environ, subject.ancestors)
    return diagnosis._replace(origins={name: origin.sentence for name, origin in origins.items()})


def _in_shell(findings: Iterable[Finding], shell: str) -> Iterator[Finding]:
    """Yield ``findings`` with their commands in the words of ``shell``."""
    for finding in findings:
        if finding.command is None:
            yield finding
        else:
            yield finding._replace(line=remedies.line(finding.command, shell))


def users_shell(subject: Subject) -> str:
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
    wanted_names = tuple(sorted(subject.wanted))
    directories = subject.environ.get(path_check.VARIABLE, "").split(":")
    is_active = path_check.is_active(subject, [directory for directory in directories if directory])
    return Diagnosis(subject.environment, python, findings, wanted_names, home=subject.home, is_active=is_active)


def without(diagnosis: Diagnosis, unwanted: Collection[str]) -> Diagnosis:
    """Return ``diagnosis`` without the findings of the ``unwanted`` codes; it says which of these there were."""
    kept = tuple(finding for finding in diagnosis.findings if finding.code not in unwanted)
    ignored = sorted({finding.code for finding in diagnosis.findings if finding.code in unwanted})
    return diagnosis._replace(findings=kept, ignored=tuple(ignored))


def fails(finding: Finding, fail_on: str | None) -> bool:
    """Tell whether ``finding`` is a reason for exit status 1.

    ``fail_on`` is the least severity that is; with None everything is but
    notes on what is normal or wanted (``codes.HARMLESS``).
    """
    if fail_on is None:
        return finding.code not in codes.HARMLESS
    return SEVERITIES.index(finding.severity) <= SEVERITIES.index(fail_on)
