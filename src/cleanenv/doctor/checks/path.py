"""PATH: what `python` and `pip` mean if ENV is active, and directories from which anything may be run."""

from __future__ import annotations

import os
import re
import stat
from shlex import quote
from typing import TYPE_CHECKING

from cleanenv.doctor import codes, remedies
from cleanenv.doctor.checks import other_environments
from cleanenv.doctor.remedies import Command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cleanenv.doctor.finding import Finding, Subject
    from cleanenv.environments.environment import Environment

VARIABLE = "PATH"
PYTHON = re.compile(r"(python|pip)[0-9.t]*")
ACTIVATES = "activate"
FEW = 3  # names that fit a line


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what goes before ENV's programs, and what is wrong with PATH's entries."""
    value = subject.environ.get(VARIABLE, "")
    entries = value.split(":") if value else []
    if subject.environment is not None:
        yield from _programs(subject, subject.environment, entries)
    yield from _relative(entries)
    yield from _absolute(entries)


def is_pythons(name: str) -> bool:
    """Tell whether ``name`` is that of a Python or a pip: ``python``, ``python3.11``, ``pip3``."""
    return PYTHON.fullmatch(name) is not None


def programs(environment: Environment) -> list[str]:
    """Return the names of the programs in ENV's bin, sorted; none if it cannot be read."""
    try:
        names = sorted(os.listdir(environment.bin))
    except OSError:
        return []
    return [name for name in names if not name.startswith(ACTIVATES) and _is_program(f"{environment.bin}/{name}")]


def _finding(
    code: str,
    fact: str,
    remedy: str,
    *,
    line: str | Command = "",
    evidence: Iterable[str] = (),
    entries: Iterable[str] = (),
) -> Finding:
    return codes.finding(code, fact, remedy, variable=VARIABLE, evidence=evidence, line=line, entries=entries)


def _programs(subject: Subject, environment: Environment, entries: Sequence[str]) -> Iterator[Finding]:
    """Yield what hides ENV's programs; that ENV is active is shown by its bin on PATH, or by a variable."""
    before: list[str] = []
    for entry in entries:
        directory = os.path.normpath(os.path.join(subject.directory, entry))
        if _is_same_file(directory, environment.bin):
            yield from _hidden(environment, before)
            return
        before.append(directory)
    if _is_active(subject):
        fact = f"the environment is active, but its programs in '{environment.bin}' are not on PATH"
        line = Command(remedies.ACTIVATE, value=environment.bin)
        yield _finding("path-without-env", fact, "activate it again", line=line)


def _is_active(subject: Subject) -> bool:
    for variable in (other_environments.VENV, other_environments.CONDA):
        if other_environments.is_env(subject, subject.environ.get(variable, "")):
            return True
    return False


def _hidden(environment: Environment, before: Sequence[str]) -> Iterator[Finding]:
    """Yield what the directories ``before`` ENV's bin hide of it, pythons apart from other programs."""
    pythons = {}
    others = {}
    for name in programs(environment):
        directory = _first_with(name, before)
        if directory is None:
            continue
        # ENV's python may be a link out of it: the links are compared, not the files that they lead to.
        if _is_same_link(f"{directory}/{name}", f"{environment.bin}/{name}"):
            continue
        if is_pythons(name):
            pythons[name] = directory
        else:
            others[name] = directory
    if pythons:
        yield _hides("path-hides-python", environment, pythons)
    if others:
        yield _hides("path-hides-program", environment, others)


def _first_with(name: str, directories: Sequence[str]) -> str | None:
    for directory in directories:
        if _is_program(f"{directory}/{name}"):
            return directory
    return None


def _hides(code: str, environment: Environment, hidden: Mapping[str, str]) -> Finding:
    """Return the finding on ``hidden`` programs, each with the directory that hides it."""
    names = list(hidden)
    evidence = [f"{name} is {hidden[name]}/{name}, not {environment.bin}/{name}" for name in names]
    return _finding(
        code,
        f"'{hidden[names[0]]}' on PATH hides {_few(names)} of the environment",
        "put the environment's bin first, by activating it last",
        line=Command(remedies.PREPEND, VARIABLE, environment.bin),
        evidence=evidence,
        entries=dict.fromkeys(hidden.values()),
    )


def _relative(entries: Sequence[str]) -> Iterator[Finding]:
    """Yield the entries that mean another directory wherever you are."""
    if "" in entries:
        fact = "an empty entry of PATH stands for the current directory: anything in it may be run"
        yield _finding("path-current", fact, "remove the ':' at the start or end, or one of two in a row")
    relative = [entry for entry in entries if entry and not os.path.isabs(entry)]
    if relative:
        fact = f"PATH contains {_few(relative)}, relative to the current directory"
        yield _finding("path-relative", fact, "write an absolute path", evidence=relative, entries=relative)


def _absolute(entries: Sequence[str]) -> Iterator[Finding]:
    """Yield the directories that do not exist, and those that are world-writable."""
    directories = [entry for entry in dict.fromkeys(entries) if os.path.isabs(entry)]
    missing = [directory for directory in directories if not os.path.isdir(directory)]
    if len(missing) == 1:
        fact = f"PATH names a directory that does not exist: '{missing[0]}'"
        yield _finding("path-missing", fact, "remove it from PATH", evidence=missing, entries=missing)
    elif missing:
        fact = f"PATH names {len(missing)} directories that do not exist: {_few(missing)}"
        yield _finding("path-missing", fact, "remove them from PATH", evidence=missing, entries=missing)

    writable = [directory for directory in directories if _is_world_writable(directory)]
    if writable:
        subject = "a directory on PATH is" if len(writable) == 1 else f"{len(writable)} directories on PATH are"
        yield _finding(
            "path-writable",
            f"{subject} world-writable: {_few(writable)}",
            "let only the owner write there",
            line=f"chmod o-w {' '.join(map(quote, writable))}",
            evidence=writable,
            entries=writable,
        )


def _is_same_file(path: str, other: str) -> bool:
    if path == other:
        return True
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False


def _is_same_link(path: str, other: str) -> bool:
    """Tell whether two paths are one file by two names of its directory, links in the last place not followed."""
    try:
        return os.path.samestat(os.lstat(path), os.lstat(other))
    except OSError:
        return False


def _is_program(path: str) -> bool:
    return os.access(path, os.X_OK) and os.path.isfile(path)


def _is_world_writable(directory: str) -> bool:
    """Tell whether everyone may add files to ``directory``; the sticky bit does not prevent that."""
    try:
        return bool(os.stat(directory).st_mode & stat.S_IWOTH)
    except OSError:
        return False


def _few(names: Sequence[str]) -> str:
    few = ", ".join(f"'{name}'" for name in names[:FEW])
    return few if len(names) <= FEW else f"{few} and {len(names) - FEW} more"
