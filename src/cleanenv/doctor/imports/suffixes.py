"""Which files a Python imports, by their suffixes (importlib.machinery, PEP 3149)."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleanenv.environments.interpreter import Interpreter

EXTENSION, SOURCE, BYTECODE = range(3)  # in the order in which one goes before the other
STABLE = ".abi3.so"
_TAGGED = re.compile(r"\.(cpython|pypy)-?(\d)(\d+)([a-z]*)(?:-(.+))?\.so")
_FIRST_WITH_TAGS = (3, 2)


def kind(suffix: str, python: Interpreter | None) -> int | None:
    """Return what a file is to ``python``: EXTENSION, SOURCE, BYTECODE or None.

    ``suffix`` is all of its name from the first dot on. Without a ``python`` extension modules of every Python count.
    """
    if suffix == ".py":
        return SOURCE
    if suffix == ".pyc":
        return BYTECODE
    if suffix.endswith(".so") and (python is None or _fits(suffix, python)):
        return EXTENSION
    return None


def made_for(suffix: str) -> str | None:
    """Return the Python for which an extension module is made, ``CPython 3.10``; None if its name has no tag."""
    tagged = _TAGGED.fullmatch(suffix)
    if tagged is None:
        return None
    implementation = "PyPy" if tagged[1] == "pypy" else "CPython"
    return f"{implementation} {tagged[2]}.{tagged[3]}{'t' if 't' in tagged[4] else ''}"


def _fits(suffix: str, python: Interpreter) -> bool:
    """Tell whether ``python`` imports an extension module that ends in ``suffix`` (PEP 3149, PEP 384, PEP 703)."""
    is_free_threaded = python.folder.endswith("t")
    if suffix == ".so":
        return not python.is_pypy
    if suffix == STABLE:
        return python.version >= _FIRST_WITH_TAGS and not python.is_pypy and not is_free_threaded
    tagged = _TAGGED.fullmatch(suffix)
    if tagged is None or python.version < _FIRST_WITH_TAGS:
        return False
    implementation, major, minor, flags, platform = tagged.groups()
    is_for_python = (implementation == "pypy") == python.is_pypy and (int(major), int(minor)) == python.version
    return is_for_python and ("t" in flags) == is_free_threaded and _is_of_this_machine(platform)


def _is_of_this_machine(platform: str | None) -> bool:
    """Tell whether the last part of a tag, ``x86_64-linux-gnu`` or ``darwin``, is this machine's."""
    if platform is None or sys.platform == "darwin":
        return platform in (None, "darwin")
    return platform.removeprefix("pp73-").startswith(os.uname().machine)  # PyPy puts its ABI first
