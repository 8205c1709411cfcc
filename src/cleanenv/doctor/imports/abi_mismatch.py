"""Extension modules in a package that were built for another Python: the package is found and then fails."""

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

FOLDERS = 400  # that are looked into for one module
LINES = 4


def lines(modules: Iterable[Module], python: Interpreter | None) -> list[str]:
    """Return a line for each package whose extension modules ``python`` cannot import."""
    if python is None:
        return []
    return list(islice(_lines(modules, python), LINES))


def _lines(modules: Iterable[Module], python: Interpreter) -> Iterator[str]:
    for module in modules:
        built = _built_for_another(module, python) if module.kind == PACKAGE else None
        if built is not None:
            file, made_for = built
            yield f"{module.name} fails to import: {file} is for {made_for}, the environment has {python.full}"


def _built_for_another(package: Module, python: Interpreter) -> tuple[str, str] | None:
    """Return an extension module that is there for other Pythons alone, and the Python that it is for."""
    for folder, _, files in islice(os.walk(package.path), FOLDERS):
        fitting = set()
        others = {}
        for name in files:
            stem, dot, rest = name.partition(".")
            if rest.endswith("so") and suffixes.kind(dot + rest, python) == suffixes.EXTENSION:
                fitting.add(stem)
            elif (other := suffixes.made_for(dot + rest)) is not None:
                others[stem] = (f"{folder}/{name}", other)
        for stem in sorted(others.keys() - fitting):
            return others[stem]
    return None
