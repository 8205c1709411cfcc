"""Extension modules in a package that were built for another Python: the package is found, and its import fails."""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING

from cleanenv.doctor.imports import suffixes
from cleanenv.doctor.imports.path_entry import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cleanenv.doctor.imports.path_entry import Module
    from cleanenv.environments.interpreter import Interpreter

MOST_DIRECTORIES = 400  # that are looked into for one module
MOST_LINES = 4


def lines(modules: Iterable[Module], python: Interpreter | None) -> list[str]:
    """Return a line for each package, up to MOST_LINES, that fails to import since it was built for another Python."""
    if python is None:
        return []
    return list(islice(_all_lines(modules, python), MOST_LINES))


def _all_lines(modules: Iterable[Module], python: Interpreter) -> Iterator[str]:
    for module in modules:
        if module.kind != PACKAGE:
            continue
        mismatch = _mismatch(module, python)
        if mismatch is not None:
            file, made_for = mismatch
            yield f"{module.name} fails to import: {file} is for {made_for}, the environment has {python.full}"


def _mismatch(package: Module, python: Interpreter) -> tuple[str, str] | None:
    """Return an extension module that exists for other Pythons only, and the Python that it is for."""
    for directory, _, files in islice(os.walk(package.path), MOST_DIRECTORIES):
        fitting = set()
        foreign = {}
        for name in files:
            stem, dot, ending = name.partition(".")
            suffix = dot + ending
            made_for = suffixes.made_for(suffix)
            if suffix.endswith(".so") and suffixes.kind(suffix, python) == suffixes.EXTENSION:
                fitting.add(stem)
            elif made_for is not None:
                foreign[stem] = (f"{directory}/{name}", made_for)
        only_foreign = sorted(foreign.keys() - fitting)
        if only_foreign:
            return foreign[only_foreign[0]]
    return None
