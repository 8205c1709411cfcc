"""What set the variables that were asked for: files that a login reads, then the shell's startup, replayed."""

from __future__ import annotations

import dataclasses
import importlib
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from cleanenv.clean import policy
from cleanenv.errors import ShellUnusableError
from cleanenv.system import provenance
from cleanenv.trace import attribution, handed_over, login_files, sandbox, selection, terminal_tests
from cleanenv.trace.attribution import NOTHING, Attribution, Values
from cleanenv.trace.engine import source_file
from cleanenv.trace.model import Replay
from cleanenv.trace.start import NOT_RUNNING, USUAL, Given, Start

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cleanenv.shell.definition import Shell
    from cleanenv.shell.detect import Found
    from cleanenv.system.processes import Process
    from cleanenv.system.provenance import Origin
    from cleanenv.trace.model import Change, Place

LIMIT = 20.0  # seconds
NO_FILES = "{shell} was started with an option by which it reads no startup file of yours"
# What a login hands to a shell, by groups of the policy, so that startup files that ask for it go their usual way.
OF_THE_SESSION = (policy.IDENTITY, policy.TERMINAL, policy.LANGUAGE, policy.DESKTOP)
ALSO_OF_THE_SESSION = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
# Without these a startup goes astray, so they are handed over even if they are asked for.
ALWAYS = ("HOME", "USER", "LOGNAME", "SHELL", "TERM")


@runtime_checkable
class Tracer(Protocol):
    """A module of cleanenv.trace that serves a shell."""

    def replay(
        self, row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float, given: Given
    ) -> Replay:
        """Return what the startup of ``program`` does in ``environ``, within ``timeout`` seconds.

        ``given`` is what the command line of the user's shell says of its startup files.
        """


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: its changes in their order, its values, and how the value now came here.

    ``origin`` is None where it is not set now, or no process above is known.
    ``attribution`` says what set the value now, ``at_login`` the changes by
    which a login's files explain what the shell was started with.
    """

    name: str
    changes: tuple[Change, ...]
    values: Values
    origin: Origin | None = None
    attribution: Attribution = NOTHING
    at_login: tuple[Change, ...] = ()

    @property
    def now(self) -> str | None:
        """The value where cleanenv was started, None for 'not set'."""
        return self.values.now

    @property
    def replayed(self) -> str | None:
        """The value after the replay, None for 'not set'."""
        return self.values.replayed


@dataclass(frozen=True, slots=True)
class Login:
    """The replay of the login before the traced shell, made if that shell was started with what is asked about."""

    shell: str
    program: str
    replay: Replay


@dataclass(frozen=True, slots=True)
class Trace:
    """The answer: how ``shell`` was replayed, and what that says of each variable.

    ``unmatched`` are the globs of which no variable is set, now or by the replay. ``start`` is how the
    running shell was started, ``before`` the replay of the login before it, None if there was no need.
    ``terminal_test`` is a line of the startup that asks for a terminal, which no replay has.
    """

    shell: str
    program: str
    login: bool
    timeout: float
    variables: tuple[Variable, ...]
    replay: Replay
    unmatched: tuple[str, ...] = ()
    start: Start = NOT_RUNNING
    before: Login | None = None
    terminal_test: Place | None = None


def run(
    row: Shell,
    program: str,
    patterns: Sequence[str],
    environ: Mapping[str, str],
    *,
    login: bool,
    timeout: float,
    ancestors: Iterable[Process] | None = None,
    start: Start | None = None,
    login_shell: Found | None = None,
) -> Trace:
    """Trace what ``patterns`` name, names and globs, by default what counts as a leak, for the caller of ``environ``.

    ``ancestors`` are the processes in which origins are looked for, by default those above this one. ``start``
    is how the running shell was started; ``login_shell``, if any, is replayed as a login too where that shell was
    started with what is asked about. Raises UsageError for what is not a name, ShellUnusableError if the shell
    cannot be started.
    """
    selection.check(patterns)
    start = start or NOT_RUNNING
    base = login_environment(environ, patterns)
    base |= handed_over.variables(start.environ, environ, lambda name: policy.matches(name, patterns))
    outside = tuple(login_files.changes(base))
    replayed = replay(row, program, _after(base, outside), login=login, timeout=timeout, given=start.given)
    changes = (*outside, *replayed.changes)
    end = _after(base, changes)
    names = selection.names(patterns, changes, environ)
    origins = provenance.origins(names, environ, ancestors)
    variables: list[Variable] = []
    for name in names:
        of_name = tuple(change for change in changes if change.name == name)
        values = Values(
            now=environ.get(name),
            replayed=end.get(name),
            started=(start.environ or {}).get(name),
            is_start_known=start.environ is not None,
            # Values of files that were read and not run are those of their text.
            is_complete=replayed.finished and replayed.is_replayed,
            pid=start.pid,
        )
        variables.append(Variable(name, of_name, values, origins.get(name), attribution.attribute(values)))
    before: Login | None = None
    if login_shell is not None and not login and any(map(_is_unexplained, variables)):
        before = _login(login_shell, environ, patterns, timeout)
    if before is not None:
        variables = [_with_login(variable, before.replay.changes) for variable in variables]
    unmatched = selection.unmatched(patterns, names)
    asks = terminal_tests.first(row.name, base, changes)
    return Trace(row.name, program, login, timeout, tuple(variables), replayed, unmatched, start, before, asks)


def _is_unexplained(variable: Variable) -> bool:
    """Tell whether the shell was started with some of the value, which a login may have set."""
    has_before = any(entry.source == attribution.BEFORE for entry in variable.attribution.entries)
    # Nearly every PATH is inherited: what the startup changes itself explains enough.
    return has_before and (variable.name != "PATH" or not variable.changes)


def _login(shell: Found, environ: Mapping[str, str], patterns: Sequence[str], timeout: float) -> Login | None:
    """Return the replay of a login of ``shell`` from its beginning, None if it cannot be replayed."""
    base = login_environment(environ, patterns)
    for name, value in environ.items():
        if handed_over.which(name) == handed_over.NOW:  # no second agent
            base[name] = value
    outside = tuple(login_files.changes(base))
    try:
        replayed = replay(shell.shell, shell.program, _after(base, outside), login=True, timeout=timeout)
    except ShellUnusableError:
        return None
    return Login(shell.shell.name, shell.program, dataclasses.replace(replayed, changes=(*outside, *replayed.changes)))


def _with_login(variable: Variable, changes: Sequence[Change]) -> Variable:
    """Return ``variable`` with those ``changes`` of a login that made what the shell was started with."""
    wanted = variable.attribution.of(attribution.BEFORE)
    explaining: list[Change] = []
    for change in changes:
        old = attribution.parts(change.old, variable.values)
        made = [text for text in attribution.parts(change.new, variable.values) if text not in old]
        if change.name == variable.name and any(text in wanted for text in made):
            explaining.append(change)
    renewed = attribution.attribute(variable.values, explaining)
    return dataclasses.replace(variable, attribution=renewed, at_login=tuple(explaining))


def replay(
    row: Shell,
    program: str,
    environ: Mapping[str, str],
    *,
    login: bool,
    timeout: float,
    given: Given = USUAL,
) -> Replay:
    """Replay one startup of ``program`` with the tracer of ``row``, with the startup files as they are now."""
    source_file.forget()
    if given.reads_nothing(login=login):
        return Replay(notes=(NO_FILES.format(shell=row.name),))
    replayed = tracer(row).replay(row, program, environ, login=login, timeout=timeout, given=given)
    home = environ.get("HOME", "")
    if not sandbox.is_closed(home):
        return replayed
    note = f"HOME, '{home}', may not be entered, so no startup file in it was read"
    if replayed.is_replayed:
        note += f", and the startup was run in '{sandbox.start_directory(home)}'"
    return replace(replayed, notes=(note, *replayed.notes))


def tracer(row: Shell) -> Tracer:
    """Return the module that traces the startup of ``row``."""
    module: object = importlib.import_module(f"cleanenv.trace.shells.{row.tracer}")
    assert isinstance(module, Tracer)  # noqa: S101  the registry's promise, which a test holds
    return module


def login_environment(environ: Mapping[str, str], patterns: Sequence[str]) -> dict[str, str]:
    """Return what a login of the caller starts with: who and where it is, and the system's PATH.

    What was asked for by name is left out, so that who sets it is seen.
    """
    base: dict[str, str] = {}
    for name, value in environ.items():
        is_asked_for = policy.matches(name, patterns) and name not in ALWAYS
        if _is_of_the_session(name) and not is_asked_for:
            base[name] = value
    base.setdefault("HOME", "/")
    base.setdefault("TERM", "dumb")
    base["PATH"] = ":".join(filter(os.path.isdir, policy.SYSTEM_PATH))
    return base


def _is_of_the_session(name: str) -> bool:
    if name in ALSO_OF_THE_SESSION:
        return True
    reason = policy.kept(name)
    return reason is not None and reason[0] in OF_THE_SESSION


def _after(environ: Mapping[str, str], changes: Sequence[Change]) -> dict[str, str]:
    """Return ``environ`` with the changes of exported variables made in it."""
    after = dict(environ)
    for change in changes:
        if not change.exported:
            continue
        if change.new is None:
            after.pop(change.name, None)
        else:
            after[change.name] = change.new
    return after
