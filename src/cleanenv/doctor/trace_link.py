"""The file and line that set what doctor found: the shell's startup, replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.errors import ShellUnusableError
from cleanenv.shell import detect
from cleanenv.trace import tracing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Finding, Subject
    from cleanenv.trace.model import Change
    from cleanenv.trace.tracing import Trace


def trace(diagnosis: Diagnosis, subject: Subject) -> tuple[Diagnosis, list[str]]:
    """Return ``diagnosis`` with what the startup of the caller's shell does to its variables, and warnings.

    A shell that cannot be traced is a warning: the findings are useful without.
    """
    # An exported function's name, BASH_FUNC_x%%, is not one that a line of a startup file sets.
    names = [name for name in diagnosis.variables if name.isidentifier() and name.isascii()]
    if not names:
        return diagnosis, []
    try:
        shell = detect.choose(None, subject.ancestors, subject.environ)
        traced = tracing.run(
            shell.shell,
            shell.program,
            names,
            subject.environ,
            login=detect.is_login(subject.ancestors, shell.program),
            timeout=tracing.LIMIT,
            ancestors=(),  # the diagnosis has the origins
        )
    except ShellUnusableError as error:
        return diagnosis, [f"no trace: {error}"]
    changes = {variable.name: variable.changes for variable in traced.variables}
    warnings = [shell.why_assumed] if shell.why_assumed else []
    return diagnosis._replace(changes=changes), [*warnings, *_warnings(traced)]


def relevant(finding: Finding, changes: Mapping[str, Sequence[Change]]) -> list[Change]:
    """Return the changes to the variable of ``finding`` that added an entry that it is about, else all of them."""
    of_variable = list(changes.get(finding.variable, ()))
    directories = {hidden.location for hidden in finding.hides}
    directories.update(entry.rstrip("/") for entry in finding.entries)
    adding = [change for change in of_variable if not directories.isdisjoint(_directories(change))]
    return adding or of_variable


def _directories(change: Change) -> Iterator[str]:
    """Yield the directories that a change adds to a search path."""
    for entry in change.added:
        yield entry.rstrip("/")


def _warnings(traced: Trace) -> Iterator[str]:
    shell, replay = traced.shell, traced.replay
    if replay.timed_out:
        yield f"the startup of {shell} did not end within {traced.timeout:g} seconds: see 'cleanenv trace'"
    elif not replay.finished:
        yield f"the startup of {shell} ended early, so later lines were not traced: see 'cleanenv trace'"
    if not replay.is_replayed:
        yield f"the startup files of {shell} were read, not run"
