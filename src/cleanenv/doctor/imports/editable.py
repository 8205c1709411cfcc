"""Packages that setuptools installed editable by a finder of its own (PEP 660), read without running it."""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING

from cleanenv.doctor.imports.path_entry import MODULE, PACKAGE, Entry, Module

if TYPE_CHECKING:
    from collections.abc import Iterator

START, END = "__editable___", "_finder.py"
NAME = "MAPPING"


def modules(entry: Entry) -> dict[str, Module]:
    """Return what the finders in ``entry``, a site-packages folder, lead to.

    A finder stands behind sys.path: whatever of its name is on that goes before it, a namespace package too.
    """
    found = {}
    for name in entry.names:
        if name.startswith(START) and name.endswith(END):
            found.update({module.name: module for module in _mapped(entry, name)})
    return found


def _mapped(entry: Entry, name: str) -> Iterator[Module]:
    try:
        text = entry.read(name, 0).decode("utf-8", "replace")
    except OSError:
        return
    for line in text.splitlines():
        target, equals, value = line.partition(" = ")
        if equals and target.partition(":")[0] == NAME:
            yield from _modules(entry, value)
            return


def _modules(entry: Entry, value: str) -> Iterator[Module]:
    try:
        mapping: object = ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return
    for name, path in mapping.items() if isinstance(mapping, dict) else ():
        if isinstance(name, str) and isinstance(path, str) and "\0" not in path:
            place = Entry(os.path.dirname(path), entry.python, "", entry)
            if os.path.isdir(path):
                yield Module(name, PACKAGE, path, place)
            elif os.path.isfile(f"{path}.py"):
                yield Module(name, MODULE, f"{path}.py", place)
