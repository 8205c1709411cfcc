"""The standard library of an environment's Python: where it is, and which modules of it nothing can hide."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.interpreter import Interpreter

LANDMARK = "os.py"  # as getpath.py has it
_FROZEN_SINCE = (3, 11)
# What `_imp._frozen_module_names()` gives in 3.11 to 3.13, but for parts of packages and what is for tests.
FROZEN = frozenset((
    "_collections_abc",
    "_frozen_importlib",
    "_frozen_importlib_external",
    "_sitebuiltins",
    "abc",
    "codecs",
    "genericpath",
    "io",
    "ntpath",
    "os",
    "posixpath",
    "runpy",
    "site",
    "stat",
    "zipimport",
))  # fmt: skip


def directories(environment: Environment, python: Interpreter) -> list[str]:
    """Return the standard library's directories in the order of sys.path; none if it is not found."""
    for prefix in prefixes(environment):
        for lib in ("lib", "lib64"):
            directory = f"{prefix}/{lib}/{python.folder}"
            if os.path.isfile(f"{directory}/{LANDMARK}"):
                return [directory, f"{directory}/lib-dynload"]
    return []


def is_frozen(name: str, python: Interpreter | None) -> bool:
    """Tell whether ``name`` is frozen into ``python``, so that sys.path is never searched for it.

    Without a ``python`` it counts as a new one, as most are.
    """
    if name not in FROZEN:
        return False
    return python is None or (python.version >= _FROZEN_SINCE and not python.is_pypy)


def is_builtin(name: str) -> bool:
    """Tell whether a module of the standard library that is in none of its directories is built into the interpreter.

    It is, unless cleanenv's own Python has it as a source file: then ENV's Python is too old for it.
    """
    if name not in sys.stdlib_module_names:
        return False
    library = os.path.dirname(os.__file__)
    is_source = os.path.exists(f"{library}/{name}.py") or os.path.exists(f"{library}/{name}/__init__.py")
    return not is_source


def prefixes(environment: Environment) -> list[str]:
    """Return where the base Python may be: as pyvenv.cfg has it, in ENV itself (conda), where bin/python leads to."""
    prefixes = []
    home = environment.config.get("home")
    if home:
        prefixes.append(os.path.dirname(home.rstrip("/")))
    prefixes.append(environment.path)
    program = os.path.realpath(environment.python)
    prefixes.append(os.path.dirname(os.path.dirname(program)))
    return prefixes
