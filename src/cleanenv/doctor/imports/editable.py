"""Packages that setuptools installed editable with a finder of its own (PEP 660), read without running it."""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING

from cleanenv.doctor.imports.path_entry import MODULE, PACKAGE, Entry, Module

if TYPE_CHECKING:
    from collections.abc import Iterator

# setuptools writes __editable___NAME_VERSION_finder.py, with a line `MAPPING: dict[str, str] = {'name': '/path'}`.
START, END = "__editable___", "_finder.py"
NAME = "MAPPING"


def modules(entry: Entry) -> dict[str, Module]:
    """Return the modules, by name, that the finders in ``entry``, a site-packages directory, lead to.

    A finder is asked after sys.path: whatever has the name there goes first, even a namespace package.
    """
    modules = {}
    for name in entry.names:
        if name.startswith(START) and name.endswith(END):
            for module in _from_finder(entry, name):
                modules[module.name] = module
    return modules


def _from_finder(entry: Entry, file: str) -> Iterator[Module]:
    try:
        text = entry.read(file, 0).decode("utf-8", "replace")
    except OSError:
        return
    for line in text.splitlines():
        target, equals, value = line.partition(" = ")
        if equals and target.partition(":")[0] == NAME:
            yield from _from_mapping(entry, value)
            return


def _from_mapping(entry: Entry, text: str) -> Iterator[Module]:
    try:
        mapping: object = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return
    if not isinstance(mapping, dict):
        return
    for name, path in mapping.items():
        if not isinstance(name, str) or not isinstance(path, str) or "\0" in path:
            continue
        parent = Entry(os.path.dirname(path), entry.python, "", entry)
        if os.path.isdir(path):
            yield Module(name, PACKAGE, path, parent)
        elif os.path.isfile(f"{path}.py"):
            yield Module(name, MODULE, f"{path}.py", parent)
