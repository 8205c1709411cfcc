"""Shared libraries: which ones ENV's extension modules ask for, and where the loader finds them (ld.so(8))."""

from __future__ import annotations

import glob
import os
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.imports import sys_path
from cleanenv.doctor.linking import elf
from cleanenv.environments import search_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.finding import Subject

CONFIG = "/etc/ld.so.conf"
_DEPTH = 8  # of files that include others
_VERSION = re.compile(r"\.so\.([\d.]+)$|-([\d.]+)\.so$")


class Taken(NamedTuple):
    """A library that ``user``, a file of ENV, gets from ``path`` and would get from ``other``, None for nowhere."""

    name: str
    user: str
    path: str
    other: str | None


def taken(subject: Subject, folders: Sequence[str]) -> list[Taken]:
    """Return the libraries that ENV's interpreter and extension modules get from ``folders``, each name once."""
    found: dict[str, Taken] = {}
    for user in users(subject):
        needs = elf.needs(user)
        for name in needs.needed if needs is not None else ():
            if needs is None or name in found or "/" in name or find(name, needs.first, needs.machine):
                continue
            path = find(name, folders, needs.machine)
            if path is None:
                continue
            other = find(name, (*needs.later, *system_folders()), needs.machine)
            if other is None or os.path.realpath(other) != os.path.realpath(path):
                found[name] = Taken(name, user, path, other)
    return [found[name] for name in sorted(found)]


def users(subject: Subject) -> Iterator[str]:
    """Yield ENV's interpreter and the extension modules and libraries in its site-packages."""
    environment = subject.environment
    python = sys_path.python_of(subject)
    if environment is None or python is None:
        return
    yield environment.python
    for top in search_path.site_packages(environment, python):
        for folder, _, names in os.walk(top):
            for name in names:
                if name.endswith(".so") or ".so." in name:
                    yield f"{folder}/{name}"


def find(name: str, folders: Sequence[str], machine: bytes) -> str | None:
    """Return the first library ``name`` in ``folders`` that is for ``machine``; others are passed over."""
    for folder in folders:
        path = f"{folder}/{name}"
        if elf.machine(path) == machine:
            return path
    return None


def version(path: str) -> str:
    """Return the version that the file behind the links has in its name, ``6.0.30``; empty where it has none."""
    told = _VERSION.search(os.path.realpath(path))
    return (told[1] or told[2] or "") if told else ""


def libraries(folder: str) -> list[str]:
    """Return the names of the shared libraries in ``folder``; raise OSError where it cannot be read."""
    return sorted(name for name in os.listdir(folder) if name.endswith((".so", ".dylib")) or ".so." in name)


@cache
def system_folders() -> tuple[str, ...]:
    """Return the folders that the loader searches by itself: ld.so.conf's and the trusted ones."""
    multiarch = f"{os.uname().machine}-linux-gnu"
    trusted = (f"/lib/{multiarch}", f"/usr/lib/{multiarch}", "/lib64", "/usr/lib64", "/lib", "/usr/lib")
    return (*_configured(CONFIG, _DEPTH), *trusted)


def _configured(path: str, depth: int) -> Iterator[str]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = [line.partition("#")[0].strip() for line in file]
    except OSError:
        return
    for line in lines:
        if line.startswith("include") and depth:
            for pattern in line.split()[1:]:
                for each in sorted(glob.glob(os.path.join(os.path.dirname(path), pattern))):
                    yield from _configured(each, depth - 1)
        elif line.startswith("/"):
            yield line.rstrip("/")
