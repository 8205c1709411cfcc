"""The programs that version managers put on PATH, and the Pythons between which these choose."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SHIMS = "shims"
# Where installations are below the directory that has the shims: pyenv's; asdf's and mise's.
INSTALLATIONS = ("versions", "installs/python")
_BEGINNING = 4096  # bytes of a shim that are read; pyenv's has 400
# The variables with that directory, if the shims are elsewhere.
ROOTS = ("PYENV_ROOT", "ASDF_DATA_DIR", "MISE_DATA_DIR")


def is_shim(program: str) -> bool:
    """Tell whether ``program`` may start different Pythons: a script, or anything in a directory called shims."""
    if os.path.basename(os.path.realpath(os.path.dirname(program))) == SHIMS:  # mise's are links to itself
        return True
    return _script(program).startswith("#!")


def versions(program: str, environ: Mapping[str, str]) -> list[str]:
    """Return the names of the installations that the shim ``program`` has, the newest last; none if it is no shim."""
    if not is_shim(program):
        return []
    names: dict[str, str] = {}  # by the real path: mise has 3, 3.13 and latest as links to 3.13.0
    for directory in _directories(program, environ):
        for name in _names(directory):
            path = os.path.realpath(f"{directory}/{name}")
            names[path] = max(name, names.get(path, ""), key=_order)
    return sorted(names.values(), key=_order)


def programs(program: str, version: str, environ: Mapping[str, str]) -> list[str]:
    """Return the interpreters that the shim ``program`` has of ``version``, by their names, the newest first."""
    found: list[str] = []
    for name in reversed(versions(program, environ)):
        if name != version and not name.startswith((f"{version}.", f"{version}-", f"{version}t")):
            continue
        interpreter = installation(program, name, environ)
        if interpreter is not None:
            found.append(interpreter)
    return found


def installation(program: str, name: str, environ: Mapping[str, str]) -> str | None:
    """Return the interpreter of the installation called ``name`` that the shim ``program``, if it is one, has."""
    if not is_shim(program):
        return None
    for directory in _directories(program, environ):
        interpreter = f"{directory}/{name}/bin/python"
        if os.access(interpreter, os.X_OK):
            return interpreter
    return None


def _directories(program: str, environ: Mapping[str, str]) -> list[str]:
    """Return the directories with installations that belong to the shim ``program``."""
    place = os.path.dirname(program)
    directories = _below(os.path.dirname(place)) or _below(os.path.dirname(os.path.realpath(place)))
    if directories:
        return directories
    # The shims were put elsewhere: the manager is named in the script, or is what the link leads to.
    called = _script(program) if not os.path.islink(program) else os.path.basename(os.path.realpath(program))
    for variable in ROOTS:
        if environ.get(variable) and variable.partition("_")[0].lower() in called:
            return _below(environ[variable])
    return []


def _below(root: str) -> list[str]:
    """Return the directories for installations that ``root`` has."""
    directories = [f"{root}/{name}" for name in INSTALLATIONS]
    return [directory for directory in directories if os.path.isdir(directory)]


def _script(program: str) -> str:
    """Return the beginning of ``program``, empty if it cannot be read."""
    try:
        with open(program, "rb") as file:
            return file.read(_BEGINNING).decode("latin-1")
    except OSError:
        return ""


def _names(directory: str) -> list[str]:
    """Return the names of the installations in ``directory`` that have an interpreter."""
    try:
        names = os.listdir(directory)
    except OSError:
        return []
    return [name for name in names if os.access(f"{directory}/{name}/bin/python", os.X_OK)]


def _order(name: str) -> tuple[bool, list[int], bool, str]:
    """Order names by their numbers; CPython's, which begin with one, come last, and so does 3.14.0 after 3.14.0rc1."""
    numbers = []
    for part in name.partition("-")[0].split("."):
        digits = ""
        for character in part:
            if not character.isdecimal():
                break
            digits += character
        numbers.append(int(digits) if digits else -1)
    is_plain = name.replace(".", "").isdecimal()
    return name[:1].isdecimal(), numbers, is_plain, name
