"""Variables by which GTK, Qt, GStreamer and their like load plugins and drivers from elsewhere."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from cleanenv.doctor import codes, remedies
from cleanenv.doctor.checks.plugin_variables import DESKTOPS_OWN, OWNERS, SNAP_ORIGINAL, VARIABLES
from cleanenv.doctor.imports import stdlib
from cleanenv.doctor.remedies import Command
from cleanenv.environments import search_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cleanenv.doctor.checks.plugin_variables import Library
    from cleanenv.doctor.finding import Finding, Subject

FEW = 3  # names that fit a line


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield each variable, as a warning if ENV has a package that brings or loads what reads it."""
    directories: list[str] | None = None
    for name, value in sorted(subject.environ.items()):
        row = _row(name)
        if row is None or not value or _is_desktops_own(name, value):
            continue
        if directories is None:
            directories = _import_directories(subject)
        library, happening = row
        users = [title for module, title in library.users.items() if _has(directories, module)]
        yield _finding(subject.environ, name, library, happening, list(dict.fromkeys(users)))


def entries(value: str) -> list[str]:
    """Return the parts of a search path that are paths."""
    return [entry for entry in value.split(":") if "/" in entry]


def _row(name: str) -> tuple[Library, str] | None:
    if name.endswith(SNAP_ORIGINAL):
        return None
    for pattern, library, happening in VARIABLES:
        if fnmatchcase(name, pattern):
            return library, happening
    return None


def _is_desktops_own(name: str, value: str) -> bool:
    """Tell whether ``value`` is what desktops put into GTK_MODULES, without a path."""
    return name.endswith("_MODULES") and DESKTOPS_OWN.issuperset(module for module in value.split(":") if module)


def _import_directories(subject: Subject) -> list[str]:
    """Return the directories from which ENV's Python imports, none without ENV."""
    environment, python = subject.environment, subject.python
    if environment is None or python is None:
        return []
    places = search_path.read(environment, python, [])
    if environment.system_site_packages:
        places += search_path.base_places(environment, python, subject.home)
    return [*(place.path for place in places), *stdlib.directories(environment, python)]


def _has(directories: Sequence[str], module: str) -> bool:
    return any(os.path.exists(f"{directory}/{module}") for directory in directories)


def _finding(environ: Mapping[str, str], name: str, library: Library, happening: str, users: Sequence[str]) -> Finding:
    value = environ[name]
    fact = f"{library.title} {happening.format(value)}"
    if users:
        few = ", ".join(users[:FEW])
        fact += f", and the environment has {few}, which {'uses' if len(users) == 1 else 'use'} {library.title}"
    remedy = f"unset {name}, or set it only for the program that needs it"
    line = remedies.unset(name)
    original = f"{name}{SNAP_ORIGINAL}"
    evidence = list(_evidence(environ, value))
    if original in environ:
        evidence.insert(0, f"VS Code's snap set it: {original} has the value from before, '{environ[original]}'")
        remedy = f"give {name} the value that it had outside of VS Code's snap"
        if environ[original]:
            line = Command(remedies.EXPORT, name, environ[original])
    return codes.finding(
        "plugin-path-used" if users else "plugin-path",
        fact,
        remedy,
        variable=name,
        value=value,
        evidence=evidence,
        line=line,
        entries=entries(value),
    )


def _evidence(environ: Mapping[str, str], value: str) -> Iterator[str]:
    """Yield whose directories ``value`` names, and which of them do not exist."""
    for entry in entries(value):
        owner = owner_of(environ, entry)
        if owner:
            yield f"'{entry}' belongs to {owner}"
        if os.path.isabs(entry) and not os.path.exists(entry):
            yield f"'{entry}' does not exist"


def owner_of(environ: Mapping[str, str], path: str) -> str:
    """Return what the directory that contains ``path`` belongs to, empty if that is not known."""
    for start, owner in OWNERS:
        if start.startswith("$"):
            variable, _, rest = start[1:].partition("/")
            value = environ.get(variable, "").rstrip("/")
            directory = f"{value}/{rest}".rstrip("/")
            is_below = bool(value) and f"{path}/".startswith(f"{directory}/")
        else:
            is_below = path.startswith(start)
        if is_below:
            return owner
    return ""
