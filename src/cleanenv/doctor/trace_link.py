"""The file and line that set what doctor found: the shell's startup, replayed."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.errors import ShellUnusableError
from cleanenv.shell import detect
from cleanenv.trace import attribution, tracing
from cleanenv.trace import start as starting
from cleanenv.trace.report import terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Finding, Subject
    from cleanenv.trace.model import Change, Place
    from cleanenv.trace.tracing import Trace, Variable

SYSTEM = "/etc/"
# Directories below HOME of which all files are settings of the user's own.
SETTINGS = (".config/fish/", ".config/zsh/", ".zsh/", ".bashrc.d/", ".config/nushell/", ".config/xonsh/")


class Places(NamedTuple):
    """What set that which a finding is about.

    ``changes`` are those of the startup that made it, ``at_login`` those of a
    login's files; ``others`` are the entries that neither made, by what did:
    LATER, BEFORE or UNKNOWN of ``cleanenv.trace.attribution``. An entry is
    empty where the finding is about a whole variable.
    """

    changes: tuple[Change, ...] = ()
    at_login: tuple[Change, ...] = ()
    others: tuple[tuple[str, str], ...] = ()

    @property
    def source(self) -> str:
        """Return what set it as a whole: the first of LATER, UNKNOWN, BEFORE, LOGIN, STARTUP that is true of any."""
        sources = {source for _, source in self.others}
        for source in (attribution.LATER, attribution.UNKNOWN, attribution.BEFORE):
            if source in sources:
                return source
        if self.at_login:
            return attribution.LOGIN
        return attribution.STARTUP


def trace(diagnosis: Diagnosis, subject: Subject, *, login: bool | None = None) -> tuple[Diagnosis, list[str]]:
    """Return ``diagnosis`` with what the startup of the caller's shell does to its variables, and warnings.

    ``login`` says whether a login's startup is replayed; with None, what the
    shell is, and the login before it if that alone explains something.
    A shell that cannot be traced is a warning: the findings are useful without.
    """
    # An exported function's name, BASH_FUNC_x%%, is not one that a line of a startup file sets.
    names = [name for name in diagnosis.variables if name.isidentifier() and name.isascii()]
    if not names:
        return diagnosis, []
    try:
        shell = detect.choose(None, subject.ancestors, subject.environ)
        start = starting.read(shell.shell, shell.program, subject.ancestors, subject.environ)
        traced = tracing.run(
            shell.shell,
            shell.program,
            names,
            subject.environ,
            login=start.login if login is None else login,
            timeout=tracing.LIMIT,
            ancestors=(),  # the diagnosis has the origins
            start=start,
            login_shell=starting.login_shell(subject.ancestors, subject.environ) if login is None else None,
        )
    except ShellUnusableError as error:
        return diagnosis, [f"no trace: {error}"]
    warnings = [shell.why_assumed] if shell.why_assumed else []
    return diagnosis._replace(trace=traced), [*warnings, *_warnings(traced)]


def places(finding: Finding, traced: Trace | None) -> Places | None:
    """Return what set that which ``finding`` is about, None if its variable was not traced."""
    if traced is None:
        return None
    for variable in traced.variables:
        if variable.name == finding.variable:
            return _of_variable(finding, variable)
    return None


def _of_variable(finding: Finding, variable: Variable) -> Places:
    entries = [attribution.normalized(entry) for entry in finding.entries]
    if not entries:
        entries = list(dict.fromkeys(hidden.location for hidden in finding.hides))
    known = {entry.text: entry.source for entry in variable.attribution.entries}
    if not entries or (finding.hides and not finding.entries and known.keys().isdisjoint(entries)):
        return _of_whole(variable)
    changes: list[Change] = []
    at_login: list[Change] = []
    others: list[tuple[str, str]] = []
    for entry in entries:
        source = known.get(entry, "")
        made = _adding(variable.changes, entry) if source in ("", attribution.STARTUP) else []
        made_at_login = _adding(variable.at_login, entry) if source in ("", attribution.LOGIN) else []
        changes += made
        at_login += made_at_login
        if not made and not made_at_login:
            others.append((entry, _other(source, variable)))
    return Places(_once(changes, variable.changes), _once(at_login, variable.at_login), tuple(others))


def _of_whole(variable: Variable) -> Places:
    """Return what set a variable of which no entry is meant: all changes if they gave the value as it is now."""
    given = variable.attribution
    if given.source == attribution.STARTUP and variable.changes:
        return Places(variable.changes)
    made: list[Change] = []
    for entry in given.of(attribution.STARTUP):
        made += _adding(variable.changes, entry)
    others = []
    for source in (attribution.LATER, attribution.BEFORE, attribution.UNKNOWN):
        others += [(entry if len(given.entries) > 1 else "", source) for entry in given.of(source)]
    if not made and not variable.at_login and not others:
        others.append(("", _other("", variable)))
    return Places(_once(made, variable.changes), variable.at_login, tuple(others))


def _other(source: str, variable: Variable) -> str:
    """Return what set an entry that no change made; the system's own PATH counts as what was before."""
    if source in (attribution.LATER, attribution.BEFORE, attribution.UNKNOWN):
        return source
    return attribution.BEFORE if variable.values.started is not None else attribution.UNKNOWN


def _adding(changes: Sequence[Change], entry: str) -> list[Change]:
    """Return the changes that added ``entry`` to a search path, or gave a variable that value."""
    return [change for change in changes if entry in _added(change)]


def _added(change: Change) -> Iterator[str]:
    for entry in change.added:
        yield attribution.normalized(entry)
    if change.new is not None and change.new != change.old:
        yield attribution.normalized(change.new)


def _once(some: Sequence[Change], in_order: Sequence[Change]) -> tuple[Change, ...]:
    """Return ``some`` of the changes in their own order, none twice."""
    return tuple(change for change in in_order if change in some)


def sentences(given: Places, variable: str, traced: Trace, home: str) -> Iterator[str]:
    """Yield what is said of that which no startup file sets: one sentence for each thing that did."""
    for source in (attribution.LATER, attribution.BEFORE, attribution.UNKNOWN):
        entries = [entry for entry, other in given.others if other == source]
        if not entries:
            continue
        which = ""
        is_part = bool(given.changes or given.at_login) or len(entries) < len(given.others)
        if is_part and entries[0]:
            which = f"'{entries[0]}' is " if len(entries) == 1 else f"{len(entries)} entries are "
        yield f"{which}{_sentence(source, variable, traced, home, is_part=bool(which))}"


def _sentence(source: str, variable: str, traced: Trace, home: str, *, is_part: bool) -> str:
    if source == attribution.LATER:
        return f"not set by this startup: {terminal.set_later(traced, home)}"
    fact = "not set by this startup" if is_part else f"no startup file sets {variable}"
    if source == attribution.BEFORE:
        return f"{fact}: {traced.shell} (pid {traced.start.pid}) was started with it"
    return fact


def line_to_delete(given: Places, home: str) -> Place | None:
    """Return the line of a startup file that brings what was found: that which sources the rest, not the rest itself.

    The outermost line may be one that reads another startup file, as ~/.profile
    reads ~/.bashrc and /etc/profile all of /etc/profile.d: it is passed over.
    """
    made = [*given.changes, *given.at_login]
    if not made:
        return None
    chain = made[0].chain
    for place, inner in pairwise(chain):
        if not _is_startup_file(inner.file, home):
            return place
    return chain[-1] if chain[-1].line is not None else None


def _is_startup_file(file: str, home: str) -> bool:
    """Tell whether ``file`` is one that people keep their own settings in, and no tool's."""
    directory, name = os.path.split(file)
    if directory == home:
        return name.startswith(".")
    return file.startswith((SYSTEM, *(os.path.join(home, start) for start in SETTINGS)))


def _warnings(traced: Trace) -> Iterator[str]:
    shell, replay = traced.shell, traced.replay
    if replay.timed_out:
        yield f"the startup of {shell} did not end within {traced.timeout:g} seconds: see 'cleanenv trace'"
    elif not replay.finished:
        yield f"the startup of {shell} ended early, so later lines were not traced: see 'cleanenv trace'"
    if not replay.is_replayed:
        yield f"the startup files of {shell} were read, not run"
