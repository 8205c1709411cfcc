"""Which files a Python imports, told from the ends of their names (importlib.machinery, PEP 3149)."""

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
    """Return what a file with ``suffix``, all behind the first dot, is to ``python``; None for nothing.

    Without a ``python`` extension modules of every Python count.
    """
    if suffix == ".py":
        return SOURCE
    if suffix == ".pyc":
        return BYTECODE
    if suffix.endswith(".so") and (python is None or _fits(suffix, python)):
        return EXTENSION
    return None


def made_for(suffix: str) -> str | None:
    """Return the Python for which an extension module is made, ``CPython 3.10``; None where its name tells none."""
    tagged = _TAGGED.fullmatch(suffix)
    if tagged is None:
        return None
    implementation = "PyPy" if tagged[1] == "pypy" else "CPython"
    return f"{implementation} {tagged[2]}.{tagged[3]}{'t' if 't' in tagged[4] else ''}"


def _fits(suffix: str, python: Interpreter) -> bool:
    is_threaded = python.folder.endswith("t")
    if suffix == ".so":
        return not python.is_pypy
    if suffix == STABLE:
        return not python.is_pypy and not is_threaded and python.version >= _FIRST_WITH_TAGS
    tagged = _TAGGED.fullmatch(suffix)
    if tagged is None or python.version < _FIRST_WITH_TAGS:
        return False
    return (
        (tagged[1] == "pypy") == python.is_pypy
        and (int(tagged[2]), int(tagged[3])) == python.version
        and ("t" in tagged[4]) == is_threaded
        and _is_of_this_machine(tagged[5])
    )


def _is_of_this_machine(platform: str | None) -> bool:
    """Tell whether the last part of a tag, ``x86_64-linux-gnu`` or ``darwin``, is this machine's."""
    if platform is None or sys.platform == "darwin":
        return platform in (None, "darwin")
    return platform.removeprefix("pp73-").startswith(os.uname().machine)
