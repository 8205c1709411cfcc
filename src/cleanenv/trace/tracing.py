"""What set the variables that were asked for: files that a login reads, then the shell's startup, replayed."""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from cleanenv.clean import policy
from cleanenv.errors import UsageError
from cleanenv.system import provenance
from cleanenv.trace import login_files, sandbox
from cleanenv.trace.engine import source_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cleanenv.shell.definition import Shell
    from cleanenv.system.processes import Process
    from cleanenv.system.provenance import Origin
    from cleanenv.trace.model import Change, Replay

LIMIT = 20.0  # seconds
GLOB = "*?["
SIGNS_OF_GLOBS = f"{GLOB}]!-^"
# What a login hands to a shell, by groups of the policy, so that startup files that ask for it go their usual way.
OF_THE_SESSION = (policy.IDENTITY, policy.TERMINAL, policy.LANGUAGE, policy.DESKTOP)
ALSO_OF_THE_SESSION = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
# Without these a startup goes astray, so they are handed over even if they are asked for.
ALWAYS = ("HOME", "USER", "LOGNAME", "SHELL", "TERM")
# The kinds of variables that are traced if none is named, besides PATH.
LEAKING = (
    policy.PYTHON,
    policy.INSTALLER,
    policy.LINKER,
    policy.ROS,
    policy.OTHER_ENVIRONMENT,
    policy.VERSION_MANAGER,
    policy.MODULES,
)


@runtime_checkable
class Tracer(Protocol):
    """A module of cleanenv.trace that serves a shell."""

    def replay(self, row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float) -> Replay:
        """Return what the startup of ``program`` does in ``environ``, within ``timeout`` seconds."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: its changes in their order, its value now and after the replay, and how it came here.

    None as a value is 'not set'; ``origin`` is None where it is not set now, or no process above is known.
    """

    name: str
    changes: tuple[Change, ...]
    now: str | None
    replayed: str | None
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Trace:
    """The answer: how ``shell`` was replayed, and what that says of each variable.

    ``unmatched`` are the globs of which no variable is set, now or by the replay.
    """

    shell: str
    program: str
    login: bool
    timeout: float
    variables: tuple[Variable, ...]
    replay: Replay
    unmatched: tuple[str, ...] = ()


def run(
    row: Shell,
    program: str,
    patterns: Sequence[str],
    environ: Mapping[str, str],
    *,
    login: bool,
    timeout: float,
    ancestors: Iterable[Process] | None = None,
) -> Trace:
    """Trace what ``patterns`` name, names and globs, by default what counts as a leak, for the caller of ``environ``.

    ``ancestors`` are the processes in which origins are looked for, by default those above this one.
    Raises UsageError for what is not a name, ShellUnusableError if the shell cannot be started.
    """
    check(patterns)
    base = login_environment(environ, patterns)
    outside = tuple(login_files.changes(base))
    start = _after(base, outside)
    replayed = replay(row, program, start, login=login, timeout=timeout)
    changes = (*outside, *replayed.changes)
    end = _after(base, changes)
    names = _names(patterns, changes, environ)
    origins = provenance.origins(names, environ, ancestors)
    variables: list[Variable] = []
    for name in names:
        of_name = tuple(change for change in changes if change.name == name)
        variables.append(Variable(name, of_name, environ.get(name), end.get(name), origins.get(name)))
    return Trace(row.name, program, login, timeout, tuple(variables), replayed, _unmatched(patterns, names))


def replay(row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float) -> Replay:
    """Replay one startup of ``program`` with the tracer of ``row``, with the startup files as they are now."""
    source_file.forget()
    replayed = tracer(row).replay(row, program, environ, login=login, timeout=timeout)
    home = environ.get("HOME", "")
    if not sandbox.is_closed(home):
        return replayed
    note = f"HOME, '{home}', may not be entered, so no startup file in it was read"
    if replayed.is_replayed:
        note += f", and the startup was run in '{sandbox.start_directory(home)}'"
    return replace(replayed, notes=(note, *replayed.notes))


def check(patterns: Sequence[str]) -> None:
    """Raise UsageError for a pattern that no variable's name matches."""
    for pattern in patterns:
        # The signs of a glob stand for letters; POSIX.1, 3.216 (Name) says which others there are.
        name = "".join("_" if sign in SIGNS_OF_GLOBS else sign for sign in pattern) if is_glob(pattern) else pattern
        is_word = name.isascii() and name.replace("_", "a").isalnum()
        if not is_word or name[0].isdecimal():
            raise UsageError(
                f"'{pattern}' is not a variable name", "use letters, digits and '_', and '*' or '?' for several names"
            )


def is_glob(pattern: str) -> bool:
    """Tell whether ``pattern`` stands for more than one name."""
    return any(sign in pattern for sign in GLOB)


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


def is_leak(name: str) -> bool:
    """Tell whether ``name`` is traced if no name is given."""
    if name == "PATH":
        return True
    return policy.kept(name) is None and policy.hazard(name) in LEAKING


def _names(patterns: Sequence[str], changes: Sequence[Change], environ: Mapping[str, str]) -> list[str]:
    """Return the variables to report: each that was named, and those set now or in the replay that match."""
    known = dict.fromkeys([*(change.name for change in changes), *environ])
    if not patterns:
        return [name for name in known if is_leak(name)]
    named = [pattern for pattern in patterns if not is_glob(pattern)]
    matching = [name for name in known if policy.matches(name, patterns)]
    return list(dict.fromkeys([*named, *matching]))


def _unmatched(patterns: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """Return the globs that match none of ``names``."""
    globs = [pattern for pattern in patterns if is_glob(pattern)]
    return tuple(glob for glob in globs if not any(policy.matches(name, [glob]) for name in names))


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
