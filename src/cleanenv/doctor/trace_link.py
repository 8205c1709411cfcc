"""The file and line that set what doctor found: the shell's startup, replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.errors import ShellUnusableError
from cleanenv.shell import detect
from cleanenv.system import processes
from cleanenv.trace import tracing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Finding
    from cleanenv.trace.model import Change
    from cleanenv.trace.tracing import Trace


def trace(found: Diagnosis, environ: Mapping[str, str]) -> tuple[Diagnosis, list[str]]:
    """Return ``found`` with what the startup of the caller's shell does to its variables, and remarks on the trace.

    A shell that cannot be traced is a remark: the findings are worth having without.
    """
    names = [name for name in found.variables if name.isidentifier() and name.isascii()]  # no exported functions
    if not names:
        return found, []
    ancestors = processes.ancestors()
    try:
        shell = detect.choose(None, ancestors, environ)
        traced = tracing.run(
            shell.shell,
            shell.program,
            names,
            environ,
            login=detect.is_login(ancestors, shell.program),
            timeout=tracing.LIMIT,
        )
    except ShellUnusableError as error:
        return found, [f"no trace: {error}"]
    return found._replace(changes={each.name: each.changes for each in traced.variables}), list(_remarks(traced))


def relevant(finding: Finding, changes: Mapping[str, Sequence[Change]]) -> list[Change]:
    """Return the changes that ``finding`` is about: those that added an entry that it names, where it names one."""
    of_variable = list(changes.get(finding.variable, ()))
    places = {each.location for each in finding.hides}
    adding = [
        change
        for change in of_variable
        if any(entry.rstrip("/") in places or f"'{entry}'" in finding.fact for entry in change.added)
    ]
    return adding or of_variable


def _remarks(traced: Trace) -> Iterator[str]:
    replay = traced.replay
    if replay.timed_out:
        yield f"the startup of {traced.shell} did not end within {traced.timeout:g} seconds: see 'cleanenv trace'"
    elif not replay.finished:
        yield f"the startup of {traced.shell} ended early, and what comes after that was not seen: see 'cleanenv trace'"
    if not replay.is_replayed:
        yield f"the startup files of {traced.shell} were read and not run"
