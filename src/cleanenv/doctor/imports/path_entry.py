"""One entry of Python's search path and what can be imported from it, by the rules of importlib's finders."""

from __future__ import annotations

import os
import stat
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.imports import suffixes
from cleanenv.environments import metadata

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanenv.environments.interpreter import Interpreter

PACKAGE = "package"
MODULE = "module"
NAMESPACE = "namespace package"

FOLDER = "folder"
ARCHIVE = "archive"
MISSING = "missing"
NO_ARCHIVE = "a file that is no archive"
UNREADABLE = "unreadable"


class Module(NamedTuple):
    """What an import of ``name`` finds in ``entry``: its file, or the folder of a package, at ``path``."""

    name: str
    kind: str
    path: str
    entry: Entry


class Entry:
    """One entry: a folder, or an archive with a folder in it (zipimport).

    ``base`` is the module of which it is a portion, ``google.``, empty for an
    entry of sys.path itself; ``origin`` that entry.
    """

    def __init__(self, path: str, python: Interpreter | None, base: str = "", origin: Entry | None = None) -> None:
        self.path = path
        self.python = python
        self.base = base
        self.origin = origin or self

    def __repr__(self) -> str:
        return f"Entry({self.path!r})"

    @cached_property
    def state(self) -> str:
        """What there is at ``path``: FOLDER, ARCHIVE, NO_ARCHIVE, MISSING or UNREADABLE."""
        return self._look[0]

    @cached_property
    def names(self) -> list[str]:
        """What lies in it, sorted; nothing where it cannot be read."""
        return self._look[1]

    @cached_property
    def modules(self) -> dict[str, Module]:
        """What can be imported from it, by name without ``base``."""
        found: dict[str, Module] = {}
        ranks: dict[str, int] = {}
        for name in self.names:
            stem, dot, rest = name.partition(".")
            if not stem.isidentifier() or name == "__pycache__":
                continue
            kind, rank = self._file(dot + rest) if dot else self._folder(name)
            if kind and rank < ranks.get(stem, 9) and (not dot or self._is_file(name)):
                found[stem] = Module(self.base + stem, kind, f"{self.path}/{name}", self)
                ranks[stem] = rank
        return found

    def portion(self, module: Module) -> Entry:
        """Return what a package of this entry is to the modules in it."""
        return Entry(module.path, self.python, f"{module.name}.", self.origin)

    def _file(self, ending: str) -> tuple[str, int]:
        kind = suffixes.kind(ending, self.python)
        if kind is None or (kind == suffixes.EXTENSION and self.state == ARCHIVE):
            return "", 9
        return MODULE, 1 + kind

    def _is_file(self, name: str) -> bool:
        """Tell whether ``name`` is more than a dead link or a folder that is called like a file."""
        return self.state == ARCHIVE or os.path.isfile(f"{self.path}/{name}")

    def _folder(self, name: str) -> tuple[str, int]:
        inside = self._inside(name)
        if inside is None:
            return "", 9
        for each in inside:
            stem, dot, rest = each.partition(".")
            if stem == "__init__" and dot and self._file(dot + rest)[0]:
                return PACKAGE, 0
        if self.python is not None and self.python.version < (3, 3):  # PEP 420
            return "", 9
        return NAMESPACE, 8

    def _inside(self, name: str) -> Iterable[str] | None:
        """Return what the folder ``name`` in this entry holds, None where it is none."""
        if self.state == ARCHIVE:
            start = f"{self._prefix}{name}/"
            inside = {member[len(start) :].partition("/")[0] for member in self._members if member.startswith(start)}
            return inside or None
        try:
            return os.listdir(f"{self.path}/{name}")
        except NotADirectoryError:
            return None
        except OSError:
            return () if os.path.isdir(f"{self.path}/{name}") else None

    @cached_property
    def archive(self) -> str:
        """The path of the archive of which this entry is a part; empty for a folder."""
        path = self.path
        while path not in ("", "/"):
            if os.path.isfile(path):
                return path
            path = os.path.dirname(path)
        return ""

    @cached_property
    def _prefix(self) -> str:
        rest = self.path[len(self.archive) :].strip("/")
        return f"{rest}/" if rest else ""

    @cached_property
    def _members(self) -> list[str]:
        from cleanenv.doctor.imports import zip_entry

        return zip_entry.members(self.archive)

    @cached_property
    def _look(self) -> tuple[str, list[str]]:
        try:
            return FOLDER, sorted(os.listdir(self.path))
        except FileNotFoundError:
            return MISSING, []
        except NotADirectoryError:
            return self._look_into_archive()
        except (OSError, ValueError):
            return UNREADABLE, []

    def _look_into_archive(self) -> tuple[str, list[str]]:
        try:
            if not self.archive or not stat.S_ISREG(os.stat(self.archive).st_mode):
                return NO_ARCHIVE, []
            start = self._prefix
            inside = {name[len(start) :].partition("/")[0] for name in self._members if name.startswith(start)}
        except PermissionError:
            return UNREADABLE, []
        except OSError:
            return NO_ARCHIVE, []
        return (ARCHIVE if inside or not start else MISSING), sorted(inside - {""})

    def read(self, name: str, size: int) -> bytes:
        """Return the first ``size`` bytes of the file ``name`` in this entry, 0 for all; raise OSError for none."""
        if self.state == ARCHIVE:
            from cleanenv.doctor.imports import zip_entry

            return zip_entry.read(self.archive, self._prefix + name, size)
        path = f"{self.path}/{name}"
        return metadata.read(path, size) if size else metadata.read_whole(path)
