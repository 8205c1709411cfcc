"""What the entries of PYTHONPATH do to imports: each name resolved with them and without."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.doctor.imports import stdlib
from cleanenv.doctor.imports.path_entry import NAMESPACE, Entry, Module

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.doctor.imports.sys_path import Searched

CUSTOMIZE, USER_CUSTOMIZE = "sitecustomize", "usercustomize"  # site.py imports them by name
DEPTH = 4  # of namespace packages in each other


class Effect:
    """What one entry does: modules that run unasked, that it adds, that it hides of ENV's or the standard library's."""

    __slots__ = ("adds", "runs", "shadows", "standard")

    def __init__(self) -> None:
        self.runs: list[Module] = []
        self.adds: list[Module] = []
        self.shadows: list[tuple[Module, Module]] = []
        self.standard: list[tuple[Module, Module]] = []


def effects(path: Searched) -> dict[Entry, Effect]:
    """Return what entries of PYTHONPATH do to the imports of ENV's Python; those that do nothing are left out."""
    leaks = [given.entry for given in path.given]
    known: dict[Entry, Effect] = {}
    _compare(path, known, leaks, [*path.standard, *path.own], depth=DEPTH)
    return known


def resolve(name: str, entries: Sequence[Entry]) -> tuple[Module | None, list[Module]]:
    """Return what an import of ``name`` finds: one module, else the portions of a namespace package (PEP 420)."""
    portions = []
    for entry in entries:
        module = entry.modules.get(name)
        if module is None:
            continue
        if module.kind != NAMESPACE:
            return module, []
        portions.append(module)
    return None, portions


def _compare(
    path: Searched, known: dict[Entry, Effect], leaks: Sequence[Entry], own: Sequence[Entry], *, depth: int
) -> None:
    """Add to ``known`` how imports with ``leaks`` before ``own`` differ from those without."""
    front = path.front if depth == DEPTH else []
    for name in sorted({name for entry in leaks for name in entry.modules}):
        if _is_never_searched(name, leaks[0].base, path):
            continue
        found, portions = resolve(name, [*front, *leaks, *own])
        before, own_portions = resolve(name, [*front, *own])
        if before is None and not own_portions and depth == DEPTH:
            before = path.editable.get(name)
        if found is not None:
            if found.entry in leaks:
                _note(path, known, found, before or (own_portions[0] if own_portions else None))
            continue
        ours = [each.entry.portion(each) for each in own_portions]
        added = [each for each in portions if each.entry in leaks]
        if ours and added and depth:
            _compare(path, known, [each.entry.portion(each) for each in added], ours, depth=depth - 1)
        elif not ours:
            for each in added:
                if before is not None or any(
                    inner.kind != NAMESPACE for inner in each.entry.portion(each).modules.values()
                ):
                    _note(path, known, each, before)


def _note(path: Searched, known: dict[Entry, Effect], found: Module, before: Module | None) -> None:
    if before is not None and _is_same(found, before):
        return
    effect = known.setdefault(found.entry.origin, Effect())
    if found.name == CUSTOMIZE or (found.name == USER_CUSTOMIZE and path.has_user_site):
        effect.runs.append(found)
    elif before is None:
        effect.adds.append(found)
    elif before.entry.origin in path.standard:
        effect.standard.append((found, before))
    else:
        effect.shadows.append((found, before))


def _is_same(one: Module, other: Module) -> bool:
    try:
        return os.path.samefile(one.path, other.path)
    except OSError:  # in archives
        return one.path == other.path


def _is_never_searched(name: str, base: str, path: Searched) -> bool:
    if base:
        return False
    if stdlib.is_hidden_by_nothing(name, path.python):
        return True
    return stdlib.is_builtin(name) and resolve(name, path.standard) == (None, [])
