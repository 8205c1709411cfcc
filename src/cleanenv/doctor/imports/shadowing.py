"""What the entries of PYTHONPATH do to imports: each name resolved with them and without."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.imports import stdlib
from cleanenv.doctor.imports.path_entry import NAMESPACE, Entry, Module

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.doctor.imports.sys_path import SearchPath

CUSTOMIZE, USER_CUSTOMIZE = "sitecustomize", "usercustomize"  # site.py imports them by name
DEPTH = 4  # namespace packages inside each other; links could make them endless


class Effect:
    """What one entry does to imports.

    ``runs`` are modules that site.py runs at every start, ``adds`` those that
    nothing else has; ``shadows`` and ``standard`` are pairs of a module and
    the one of ENV's, or of the standard library's, that it hides.
    """

    __slots__ = ("adds", "runs", "shadows", "standard")

    def __init__(self) -> None:
        self.runs: list[Module] = []
        self.adds: list[Module] = []
        self.shadows: list[tuple[Module, Module]] = []
        self.standard: list[tuple[Module, Module]] = []


class Resolved(NamedTuple):
    """What an import finds: a ``module``, or the ``portions`` of a namespace package (PEP 420), or neither."""

    module: Module | None
    portions: Sequence[Module] = ()

    @property
    def first(self) -> Module | None:
        """The module, else the first of the portions."""
        if self.module is not None or not self.portions:
            return self.module
        return self.portions[0]


def effects(path: SearchPath) -> dict[Entry, Effect]:
    """Return what the entries of PYTHONPATH do to the imports of ENV's Python, without those that do nothing."""
    comparison = _Comparison(path)
    comparison.compare_top_level()
    return comparison.effects


def resolve(name: str, entries: Sequence[Entry]) -> Resolved:
    """Return what an import of ``name`` finds in ``entries``."""
    portions = []
    for entry in entries:
        module = entry.modules.get(name)
        if module is None:
            continue
        # A module or package ends the search; the portions before it count for nothing.
        if module.kind != NAMESPACE:
            return Resolved(module)
        portions.append(module)
    return Resolved(None, portions)


class _Comparison:
    """Compares imports on ``path`` with PYTHONPATH and without it; ``effects`` is what differs."""

    def __init__(self, path: SearchPath) -> None:
        self.path = path
        self.effects: dict[Entry, Effect] = {}

    def compare_top_level(self) -> None:
        """Compare every name that an entry of PYTHONPATH has."""
        path = self.path
        leaks = [given.entry for given in path.given]
        after = [*path.standard, *path.own]
        for name in _names(leaks):
            if self._is_never_searched(name):
                continue
            resolved = resolve(name, [*path.front, *leaks, *after])
            without = resolve(name, [*path.front, *after])
            if without.first is None:
                without = Resolved(path.editable.get(name))  # its finder is asked after sys.path
            self._judge(resolved, without, leaks, DEPTH)

    def _compare_portions(self, leaked: Sequence[Module], own: Sequence[Module], depth: int) -> None:
        """Compare the names in a namespace package that has portions on PYTHONPATH and portions of ENV's."""
        leaks = [portion.entry.portion(portion) for portion in leaked]
        after = [portion.entry.portion(portion) for portion in own]
        for name in _names(leaks):
            self._judge(resolve(name, [*leaks, *after]), resolve(name, after), leaks, depth)

    def _judge(self, resolved: Resolved, without: Resolved, leaks: Sequence[Entry], depth: int) -> None:
        """Add what ``leaks`` do to one name: it is ``resolved`` with them, and as in ``without`` without them."""
        module = resolved.module
        if module is not None:
            if module.entry in leaks:
                self._add(module, without.first)
            return
        leaked = [portion for portion in resolved.portions if portion.entry in leaks]
        if without.portions:
            if leaked and depth:
                self._compare_portions(leaked, without.portions, depth - 1)
            return
        for portion in leaked:
            # A directory of data is a namespace package too, but nothing that one imports.
            if without.module is not None or _has_modules(portion):
                self._add(portion, without.module)

    def _add(self, module: Module, hidden: Module | None) -> None:
        """Add that ``module`` is imported, in place of ``hidden`` or of nothing."""
        if hidden is not None and _is_same_file(module, hidden):
            return
        effect = self.effects.setdefault(module.entry.origin, Effect())
        if self._runs_at_start(module.name):
            effect.runs.append(module)
        elif hidden is None:
            effect.adds.append(module)
        elif hidden.entry.origin in self.path.standard:
            effect.standard.append((module, hidden))
        else:
            effect.shadows.append((module, hidden))

    def _runs_at_start(self, name: str) -> bool:
        if name == USER_CUSTOMIZE:  # site.py asks for it only with the user's site-packages
            return self.path.has_user_site
        return name == CUSTOMIZE

    def _is_never_searched(self, name: str) -> bool:
        """Tell whether ``name`` is found before sys.path is searched: it is frozen or built in."""
        if stdlib.is_frozen(name, self.path.python):
            return True
        return stdlib.is_builtin(name) and resolve(name, self.path.standard).first is None


def _names(entries: Sequence[Entry]) -> list[str]:
    names: set[str] = set()
    for entry in entries:
        names.update(entry.modules)
    return sorted(names)


def _has_modules(portion: Module) -> bool:
    modules = portion.entry.portion(portion).modules
    return any(module.kind != NAMESPACE for module in modules.values())


def _is_same_file(module: Module, other: Module) -> bool:
    try:
        return os.path.samefile(module.path, other.path)
    except OSError:  # in archives
        return module.path == other.path
