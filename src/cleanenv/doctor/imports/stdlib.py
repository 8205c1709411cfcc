"""The standard library of an environment's Python: where it lies, and what of it no search path can hide."""

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


def folders(environment: Environment, python: Interpreter) -> list[str]:
    """Return the standard library's folders in the order of sys.path; none where it cannot be found."""
    for prefix in prefixes(environment):
        for lib in ("lib", "lib64"):
            folder = f"{prefix}/{lib}/{python.folder}"
            if os.path.isfile(f"{folder}/{LANDMARK}"):
                return [folder, f"{folder}/lib-dynload"]
    return []


def is_hidden_by_nothing(name: str, python: Interpreter | None) -> bool:
    """Tell whether ``name`` is frozen into ``python``, so that sys.path is never asked for it."""
    return name in FROZEN and (python is None or (python.version >= _FROZEN_SINCE and not python.is_pypy))


def is_builtin(name: str) -> bool:
    """Tell whether a module of the standard library that is in none of its folders is built into the program.

    So it is unless this Python has it as a file of text: then ENV's Python is too old for it.
    """
    if name not in sys.stdlib_module_names:
        return False
    folder = os.path.dirname(os.__file__)
    return not (os.path.exists(f"{folder}/{name}.py") or os.path.exists(f"{folder}/{name}/__init__.py"))


def prefixes(environment: Environment) -> list[str]:
    """Return where the base Python may be: as pyvenv.cfg has it, in ENV itself (conda), behind bin/python."""
    home = environment.config.get("home")
    program = os.path.realpath(environment.python)
    return [
        *([os.path.dirname(home.rstrip("/"))] if home else []),
        environment.path,
        os.path.dirname(os.path.dirname(program)),
    ]
