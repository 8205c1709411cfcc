"""PATH: what `python` and `pip` mean when ENV is active, and folders from which anything may be run."""

from __future__ import annotations

import os
import stat
from shlex import quote
from typing import TYPE_CHECKING

from cleanenv.doctor.checks import other_environments
from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.finding import Subject
    from cleanenv.environments.environment import Environment

VARIABLE = "PATH"
PYTHONS = ("python", "pip")  # and these with a version behind them
ACTIVATES = "activate"


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what stands in front of ENV's programs, and what is wrong with PATH's entries."""
    value = subject.environ.get(VARIABLE, "")
    entries = value.split(":") if value else []
    if subject.environment is not None:
        yield from _programs(subject, subject.environment, entries)
    yield from _texts(entries)
    folders = [entry for entry in dict.fromkeys(entries) if os.path.isabs(entry)]
    missing = [folder for folder in folders if not os.path.isdir(folder)]
    if missing:
        fact = f"PATH names {_count(missing)} not there: {_few(missing)}"
        yield _finding("path-missing", fact, "take it out of PATH", evidence=missing)
    writable = [folder for folder in folders if _is_writable(folder)]
    if writable:
        fact = f"everybody can put programs into {_count(writable)} on PATH: {_few(writable)}"
        yield _finding(
            "path-writable",
            fact,
            "take the right away from others",
            line=f"chmod o-w {quote(writable[0])}",
            evidence=writable,
        )


def is_pythons(name: str) -> bool:
    """Tell whether ``name`` is that of a Python or a pip: ``python``, ``python3.11``, ``pip3``."""
    return any(name.startswith(start) and not name[len(start) :].strip("0123456789.t") for start in PYTHONS)


def programs(environment: Environment) -> list[str]:
    """Return the names of the programs in ENV's bin, sorted; none where it cannot be read."""
    try:
        names = sorted(os.listdir(environment.bin))
    except OSError:
        return []
    return [name for name in names if not name.startswith(ACTIVATES) and _is_program(f"{environment.bin}/{name}")]


def _finding(code: str, fact: str, remedy: str, *, line: str = "", evidence: Sequence[str] = ()) -> Finding:
    return Finding(code, SEVERITY[code], fact, remedy, VARIABLE, evidence=tuple(evidence), line=line)


def _programs(subject: Subject, environment: Environment, entries: Sequence[str]) -> Iterator[Finding]:
    """Yield what hides ENV's programs, where ENV is active: said so by activation, or its bin on PATH."""
    folders = [os.path.normpath(os.path.join(subject.folder, entry)) for entry in entries]
    place = next((number for number, folder in enumerate(folders) if _is_same(folder, environment.bin)), None)
    if place is None:
        active = any(
            other_environments.is_env(subject, subject.environ.get(name, ""))
            for name in (other_environments.VENV, other_environments.CONDA)
        )
        if active:
            fact = f"the environment is active, but its programs in '{environment.bin}' are not on PATH"
            yield _finding(
                "path-without-env", fact, "activate it again", line=f". {quote(environment.bin + '/activate')}"
            )
        return
    hidden: dict[str, str] = {}
    for name in programs(environment):
        front = next((folder for folder in folders[:place] if _is_program(f"{folder}/{name}")), None)
        if front is not None and not _is_same(f"{front}/{name}", f"{environment.bin}/{name}", follow=False):
            hidden[name] = front
    for code, names in (
        ("path-hides-python", [name for name in hidden if is_pythons(name)]),
        ("path-hides-program", [name for name in hidden if not is_pythons(name)]),
    ):
        if names:
            evidence = [f"{name} is {hidden[name]}/{name}, not {environment.bin}/{name}" for name in names]
            fact = f"'{hidden[names[0]]}' on PATH hides {_few(names)} of the environment"
            remedy = "put the environment's bin in front, by activating it last"
            line = f'export PATH={quote(environment.bin)}:"$PATH"'
            yield _finding(code, fact, remedy, line=line, evidence=evidence)


def _texts(entries: Sequence[str]) -> Iterator[Finding]:
    """Yield the entries that mean another folder wherever you are."""
    if "" in entries:
        fact = "an empty entry of PATH stands for the current folder: whatever lies there may be run"
        yield _finding("path-current", fact, "take out the ':' at its start, its end, or one of two in a row")
    relative = [entry for entry in entries if entry and not os.path.isabs(entry)]
    if relative:
        fact = f"PATH holds {_few(relative)}, which begins at the current folder, whichever that is"
        yield _finding("path-relative", fact, "write it from / on", evidence=relative)


def _is_same(one: str, other: str, *, follow: bool = True) -> bool:
    """Tell whether two paths are one file; ``python`` links out of every environment, so a program's links stay."""
    if one == other:
        return True
    try:
        if follow:
            return os.path.samefile(one, other)
        return os.path.samestat(os.lstat(one), os.lstat(other))
    except OSError:
        return False


def _is_program(path: str) -> bool:
    return os.access(path, os.X_OK) and os.path.isfile(path)


def _is_writable(folder: str) -> bool:
    """Tell whether everybody may write into ``folder``; the sticky bit keeps nobody from adding to it."""
    try:
        return bool(os.stat(folder).st_mode & stat.S_IWOTH)
    except OSError:
        return False


def _few(names: Sequence[str]) -> str:
    few = ", ".join(f"'{name}'" for name in names[:3])
    return few if len(names) <= 3 else f"{few} and {len(names) - 3} more"  # noqa: PLR2004 - what fits a line


def _count(folders: Sequence[str]) -> str:
    return "a folder that is" if len(folders) == 1 else f"{len(folders)} folders that are"
