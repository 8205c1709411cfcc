"""Shared libraries: which ones ENV's extension modules need, and where the loader finds them (ld.so(8))."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.imports import stdlib
from cleanenv.environments import search_path
from cleanenv.system import elf, loader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.finding import Subject
    from cleanenv.environments.environment import Environment

_VERSION = re.compile(r"\.so\.([\d.]+)$|-([\d.]+)\.so$")


class Substitute(NamedTuple):
    """A library that ``user``, a file of ENV, loads from ``path`` in place of ``other``, None if there is no other."""

    name: str
    user: str
    path: str
    other: str | None


def substitutes(subject: Subject, directories: Sequence[str]) -> list[Substitute]:
    """Return the libraries that ENV's interpreter and extension modules load from ``directories``, by name.

    Only the first user of a library is named. ``directories`` are those on LD_LIBRARY_PATH.
    """
    found: dict[str, Substitute] = {}
    for user in users(subject):
        needs = elf.needs(user)
        if needs is None:
            continue
        for name in needs.needed:
            if name not in found:
                substitute = _substitute(name, user, needs, directories)
                if substitute is not None:
                    found[name] = substitute
    return [found[name] for name in sorted(found)]


def _substitute(name: str, user: str, needs: elf.Needs, directories: Sequence[str]) -> Substitute | None:
    if "/" in name:  # loaded from that path, and not searched for
        return None
    if loader.find(name, needs.rpath, needs.machine) is not None:
        return None
    path = loader.find(name, directories, needs.machine)
    if path is None:
        return None
    other = loader.find(name, needs.runpath, needs.machine)
    if other is None:
        other = loader.find_in_system(name, needs.machine, system_directories())
    if other is not None and os.path.realpath(other) == os.path.realpath(path):
        return None
    return Substitute(name, user, path, other)


def users(subject: Subject) -> Iterator[str]:
    """Yield ENV's interpreter, its libpython, and the extension modules and libraries that it imports.

    Those are the ones in its site-packages and in the standard library of the
    Python that it was created from.
    """
    environment = subject.environment
    if environment is None or subject.python is None:
        return
    yield from starters(environment)
    directories = [*search_path.site_packages(environment, subject.python)]
    directories += stdlib.directories(environment, subject.python)[1:]  # the one of extension modules
    for top in directories:
        for directory, _, names in os.walk(top):
            for name in names:
                if name.endswith(".so") or ".so." in name:
                    yield f"{directory}/{name}"


def starters(environment: Environment) -> list[str]:
    """Return ENV's interpreter and the libraries that it finds by itself, as one with an rpath does its libpython."""
    files = [environment.python]
    needs = elf.needs(environment.python)
    if needs is None:
        return files
    for name in needs.needed:
        path = loader.find(name, (*needs.rpath, *needs.runpath), needs.machine)
        if path is not None:
            files.append(path)
    return files


def version(path: str) -> str:
    """Return the version in the name of the file that ``path`` leads to, ``6.0.30``; empty if it has none."""
    match = _VERSION.search(os.path.realpath(path))
    if match is None:
        return ""
    return match[1] or match[2]


def libraries(directory: str) -> list[str]:
    """Return the names of the shared libraries in ``directory``; raise OSError if it cannot be read."""
    return [name for name in sorted(os.listdir(directory)) if name.endswith((".so", ".dylib")) or ".so." in name]


@cache
def system_directories() -> tuple[str, ...]:
    """Return what ``loader.system_directories`` does, read once."""
    return loader.system_directories()
