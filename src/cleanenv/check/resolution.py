"""What an import finds in ENV's Python with the leaks, and what without them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.imports import shadowing, stdlib
from cleanenv.doctor.imports.path_entry import ARCHIVE, NAMESPACE, PACKAGE, Entry, Module

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.check.leaks import ImportPath, Leak

STANDARD = "standard library"
OWN = "ENV's own"
LEAKED = "only in a leak"
SHADOWED = "ENV's own, hidden by a leak"
BROKEN = "ENV's own, hidden by a leak that lacks the submodule"
NOWHERE = "nowhere"
NAMESPACES = "a namespace package"

_MUCH = 1 << 16
# What makes a package with an __init__.py a namespace (pkgutil's and setuptools' ways, before PEP 420).
_EXTENDS = (b"extend_path", b"declare_namespace")
TYPESHED = "_typeshed"  # stubs alone have it, so it is only imported for types


class Resolution(NamedTuple):
    """What an import of ``name`` finds: ``module`` with the leaks, ``clean`` without them.

    ``status`` is one of the words above; ``leak`` is where ``module`` comes
    from, None if from no leak. ``name`` is as much of the dotted name as was
    needed, ``google.protobuf``.
    """

    name: str
    status: str
    module: Module | None = None
    clean: Module | None = None
    leak: Leak | None = None


class Resolver:
    """Resolves dotted names on a search path, each once."""

    def __init__(self, path: ImportPath) -> None:
        self._path = path
        self._entries = [root.entry for root in path.roots]
        self._clean = [root.entry for root in path.roots if root.leak is None]
        self._leaks = {id(root.entry): root.leak for root in path.roots if root.leak is not None}
        self._known: dict[str, Resolution] = {}
        self._extending: dict[str, bool] = {}

    def resolve(self, name: str) -> Resolution:
        """Return what an import of the dotted ``name`` finds."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._resolve(name)
        return known

    def leaked_top(self, name: str) -> tuple[Module, Leak] | None:
        """Return the module or package called ``name`` that an import would take from a leak before the project's."""
        for root in self._path.roots:
            if root.leak is None:
                continue
            module = root.entry.modules.get(name)
            if module is not None and module.kind != NAMESPACE:
                return module, root.leak
        return None

    def _resolve(self, name: str) -> Resolution:
        top = name.partition(".")[0]
        if top == TYPESHED or self._is_never_searched(top):
            return Resolution(top, STANDARD)
        leaked, used = self._find(name, self._entries)
        clean, _ = self._find(name, self._clean)
        if clean is None and self._path.editable:
            clean = self._path.editable.get(top)
            leaked = leaked if leaked is not None else clean
        return self._judged(name, used, leaked, clean)

    def _judged(self, name: str, used: str, module: Module | None, clean: Module | None) -> Resolution:
        if module is None and clean is None:
            return Resolution(name.partition(".")[0] if used == "" else used, NOWHERE)
        if module is None:
            module = clean
        assert module is not None  # noqa: S101  the two cases above
        leak = self._leaks.get(id(module.entry.origin))
        if clean is None:
            return Resolution(used, LEAKED, module, None, leak)
        if self._is_namespace(module) and self._is_namespace(clean):
            return Resolution(used, NAMESPACES, module, clean, leak)
        if leak is None:
            is_standard = clean.entry in self._path.standard
            return Resolution(used, STANDARD if is_standard else OWN, clean, clean)
        if _is_same_file(module, clean):
            return Resolution(used, OWN, clean, clean)
        status = BROKEN if self._lacks_submodule(name, module, clean) else SHADOWED
        return Resolution(used, status, module, clean, leak)

    def _find(self, name: str, entries: Sequence[Entry]) -> tuple[Module | None, str]:
        """Return what ``name`` finds in ``entries``, and how much of the name was needed for it.

        Of a namespace package the next part of the name decides.
        """
        parts = name.split(".")
        found: Module | None = None
        for depth, part in enumerate(parts, start=1):
            resolved = shadowing.resolve(part, entries)
            if resolved.first is None:
                # `google.nothing`: the namespace is there, what is asked of it is not.
                return (None, ".".join(parts[:depth]))
            found = resolved.first
            if resolved.module is None and not any(_has_modules(portion) for portion in resolved.portions):
                return (None, ".".join(parts[:depth]))  # a directory of data
            portions = resolved.portions
            if resolved.module is not None:
                portions = self._extended(resolved.module, entries)
            if not portions or depth == len(parts):
                return found, ".".join(parts[:depth])
            entries = [portion.entry.portion(portion) for portion in portions]
        return found, name

    def _extended(self, module: Module, entries: Sequence[Entry]) -> list[Module]:
        """Return all packages of the name of ``module``, the first of them, if it extends its path over the others."""
        if not self._is_extending(module):
            return []
        name = module.name.rpartition(".")[2]
        found = [entry.modules[name] for entry in entries if name in entry.modules]
        return [other for other in found if other.kind == PACKAGE]

    def _is_extending(self, module: Module) -> bool:
        """Tell whether ``module`` is a package that extends its path; one that only one entry has need not be read."""
        if module.kind != PACKAGE:
            return False
        if "." not in module.name:
            holders = [entry for entry in self._entries if module.name in entry.modules]
            if len(holders) < 2:  # noqa: PLR2004  it is alone
                return False
        return self._extends_path(module)

    def _is_namespace(self, module: Module) -> bool:
        return module.kind == NAMESPACE or self._is_extending(module)

    def _extends_path(self, package: Module) -> bool:
        known = self._extending.get(package.path)
        if known is None:
            text = _init_of(package)
            known = self._extending[package.path] = any(word in text for word in _EXTENDS)
        return known

    def _lacks_submodule(self, name: str, module: Module, clean: Module) -> bool:
        """Tell whether ENV's package has the submodule that ``name`` asks for, and the leak's has not.

        One that changes its __path__, as those in catkin's devel spaces do, may have it elsewhere.
        """
        if module.kind == PACKAGE and b"__path__" in _init_of(module):
            return False
        for part in name.split(".")[module.name.count(".") + 1 :]:
            if clean.kind != PACKAGE or part not in clean.entry.portion(clean).modules:
                return False
            if module.kind != PACKAGE:
                return True
            below = module.entry.portion(module).modules
            if part not in below:
                return True
            module, clean = below[part], clean.entry.portion(clean).modules[part]
        return False

    def _is_never_searched(self, name: str) -> bool:
        """Tell whether ``name`` is found before sys.path is searched: it is frozen or built in.

        Without the base Python's directories, which are gone or elsewhere, those of cleanenv's own Python count.
        """
        if stdlib.is_frozen(name, self._path.python):
            return True
        if not self._path.standard:
            return name in sys.stdlib_module_names
        return stdlib.is_builtin(name) and shadowing.resolve(name, self._path.standard).first is None


def _has_modules(portion: Module, depth: int = shadowing.DEPTH) -> bool:
    """Tell whether a namespace package has a module, in itself or up to ``depth`` levels below."""
    modules = portion.entry.portion(portion).modules.values()
    if any(module.kind != NAMESPACE for module in modules):
        return True
    return depth > 0 and any(_has_modules(module, depth - 1) for module in modules)


def _init_of(package: Module) -> bytes:
    entry = package.entry
    if entry.state == ARCHIVE:
        return b""
    try:
        return entry.read(f"{package.path.rpartition('/')[2]}/__init__.py", _MUCH)
    except OSError:
        return b""


def _is_same_file(module: Module, other: Module) -> bool:
    try:
        return os.path.samefile(module.path, other.path)
    except OSError:  # in archives
        return module.path == other.path
