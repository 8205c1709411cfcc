"""Shared libraries: which ones ENV's extension modules need, and where the loader finds them (ld.so(8))."""

from __future__ import annotations

import glob
import os
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.linking import elf
from cleanenv.environments import search_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.finding import Subject

CONFIG = "/etc/ld.so.conf"
_DEPTH = 8  # files that include others
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
    if find(name, needs.rpath, needs.machine) is not None:
        return None
    path = find(name, directories, needs.machine)
    if path is None:
        return None
    other = find(name, (*needs.runpath, *system_directories()), needs.machine)
    if other is not None and os.path.realpath(other) == os.path.realpath(path):
        return None
    return Substitute(name, user, path, other)


def users(subject: Subject) -> Iterator[str]:
    """Yield ENV's interpreter and the extension modules and libraries in its site-packages."""
    environment = subject.environment
    if environment is None or subject.python is None:
        return
    yield environment.python
    for top in search_path.site_packages(environment, subject.python):
        for directory, _, names in os.walk(top):
            for name in names:
                if name.endswith(".so") or ".so." in name:
                    yield f"{directory}/{name}"


def find(name: str, directories: Sequence[str], machine: bytes) -> str | None:
    """Return the path of the first library ``name`` in ``directories`` for ``machine``; others are passed over."""
    for directory in directories:
        path = f"{directory}/{name}"
        if elf.machine(path) == machine:
            return path
    return None


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
    """Return the directories that the loader searches by itself: ld.so.conf's and the trusted ones."""
    multiarch = f"{os.uname().machine}-linux-gnu"
    trusted = (f"/lib/{multiarch}", f"/usr/lib/{multiarch}", "/lib64", "/usr/lib64", "/lib", "/usr/lib")
    return (*configured(CONFIG), *trusted)


def configured(path: str, depth: int = _DEPTH) -> Iterator[str]:
    """Yield the directories that the file at ``path``, as /etc/ld.so.conf, names (ldconfig(8)).

    Files that it includes are read too, ``depth`` levels deep.
    """
    try:
        with open(path, "rb") as file:
            lines = [os.fsdecode(line).partition("#")[0].strip() for line in file]
    except OSError:
        return
    for line in lines:
        if line.startswith("/"):
            yield line.rstrip("/")
        elif line.startswith("include") and depth:
            for pattern in line.split()[1:]:
                # Relative to the file's own directory.
                for included in sorted(glob.glob(os.path.join(os.path.dirname(path), pattern))):
                    yield from configured(included, depth - 1)
