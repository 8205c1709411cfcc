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

DIRECTORY = "directory"
ARCHIVE = "archive"
MISSING = "missing"
NO_ARCHIVE = "a file that is not an archive"
UNREADABLE = "unreadable"

# Of several things of one name FileFinder takes a package first, then a file by its suffix, then a namespace package.
_PACKAGE_RANK = 0
_FIRST_FILE_RANK = 1
_NAMESPACE_RANK = 8
_NO_RANK = 9
_NAMESPACES_SINCE = (3, 3)  # PEP 420


class Module(NamedTuple):
    """What an import of ``name`` finds in ``entry``: its file, or the directory of a package, at ``path``."""

    name: str
    kind: str
    path: str
    entry: Entry


class Entry:
    """One entry: a directory, or an archive with a directory in it (zipimport).

    ``python`` is the one that imports from it; without one, files for every
    Python count. ``base`` is the namespace package of which it is a portion,
    ``google.``, empty for an entry of sys.path itself; ``origin`` that entry.
    """

    def __init__(self, path: str, python: Interpreter | None, base: str = "", origin: Entry | None = None) -> None:
        self.path = path
        self.python = python
        self.base = base
        self.origin = origin or self

    def __repr__(self) -> str:
        return f"Entry({self.path!r})"

    @property
    def state(self) -> str:
        """What there is at ``path``: DIRECTORY, ARCHIVE, NO_ARCHIVE, MISSING or UNREADABLE."""
        return self._listing[0]

    @property
    def names(self) -> list[str]:
        """The names of the files and directories in it, sorted; empty if it cannot be read."""
        return self._listing[1]

    @cached_property
    def modules(self) -> dict[str, Module]:
        """What can be imported from it, by name without ``base``."""
        modules: dict[str, Module] = {}
        ranks: dict[str, int] = {}
        for name in self.names:
            stem, dot, ending = name.partition(".")
            if not stem.isidentifier() or name == "__pycache__":
                continue
            rank = self._rank_of_file(dot + ending) if dot else self._rank_of_directory(name)
            if rank >= ranks.get(stem, _NO_RANK):
                continue
            # Last, since it costs a stat: a dead link and a directory with a file's name are not importable.
            if dot and not self._is_file(name):
                continue
            ranks[stem] = rank
            modules[stem] = Module(self.base + stem, _kind(rank), f"{self.path}/{name}", self)
        return modules

    def portion(self, module: Module) -> Entry:
        """Return the directory of ``module``, a package of this entry, as the entry for its submodules."""
        return Entry(module.path, self.python, f"{module.name}.", self.origin)

    def read(self, name: str, size: int) -> bytes:
        """Return the first ``size`` bytes of the file ``name`` in this entry, 0 for all of them.

        Raises OSError if it cannot be read.
        """
        if self.state == ARCHIVE:
            return _read_member(self.archive, self._prefix + name, size)
        path = f"{self.path}/{name}"
        return metadata.read(path, size) if size else metadata.read_whole(path)

    @cached_property
    def archive(self) -> str:
        """The path of the archive of which this entry is a part; empty for a directory."""
        path = self.path
        while path not in ("", "/"):
            if os.path.isfile(path):
                return path
            path = os.path.dirname(path)
        return ""

    def _rank_of_file(self, suffix: str) -> int:
        kind = suffixes.kind(suffix, self.python)
        if kind is None:
            return _NO_RANK
        if kind == suffixes.EXTENSION and self.state == ARCHIVE:  # dlopen(3) takes files only
            return _NO_RANK
        return _FIRST_FILE_RANK + kind

    def _rank_of_directory(self, name: str) -> int:
        names = self._names_in(name)
        if names is None:
            return _NO_RANK
        for inner in names:
            stem, dot, ending = inner.partition(".")
            if stem == "__init__" and dot and self._rank_of_file(dot + ending) != _NO_RANK:
                return _PACKAGE_RANK
        if self.python is not None and self.python.version < _NAMESPACES_SINCE:
            return _NO_RANK
        return _NAMESPACE_RANK

    def _is_file(self, name: str) -> bool:
        return self.state == ARCHIVE or os.path.isfile(f"{self.path}/{name}")

    def _names_in(self, directory: str) -> Iterable[str] | None:
        """Return the names in ``directory``, a name in this entry; None if it is not a directory."""
        if self.state == ARCHIVE:
            return self._members_below(f"{self._prefix}{directory}/") or None
        path = f"{self.path}/{directory}"
        try:
            return os.listdir(path)
        except NotADirectoryError:
            return None
        except OSError:
            return () if os.path.isdir(path) else None

    @cached_property
    def _listing(self) -> tuple[str, list[str]]:
        """Its state, and the names in it."""
        try:
            return DIRECTORY, sorted(os.listdir(self.path))
        except FileNotFoundError:
            return MISSING, []
        except NotADirectoryError:
            return self._archive_listing()
        except (OSError, ValueError):
            return UNREADABLE, []

    def _archive_listing(self) -> tuple[str, list[str]]:
        try:
            # A named pipe would have us wait for its writer.
            if not self.archive or not stat.S_ISREG(os.stat(self.archive).st_mode):
                return NO_ARCHIVE, []
            names = self._members_below(self._prefix)
        except PermissionError:
            return UNREADABLE, []
        except OSError:
            return NO_ARCHIVE, []
        if self._prefix and not names:
            return MISSING, []
        return ARCHIVE, sorted(names - {""})

    @cached_property
    def _prefix(self) -> str:
        """What the names of its members in the archive start with."""
        inner_path = self.path[len(self.archive) :].strip("/")
        return f"{inner_path}/" if inner_path else ""

    @cached_property
    def _members(self) -> list[str]:
        return _members_of(self.archive)

    def _members_below(self, prefix: str) -> set[str]:
        """Return the next part of the name of each member that starts with ``prefix``."""
        names = set()
        for member in self._members:
            if member.startswith(prefix):
                names.add(member[len(prefix) :].partition("/")[0])
        return names


def _kind(rank: int) -> str:
    if rank == _PACKAGE_RANK:
        return PACKAGE
    return NAMESPACE if rank == _NAMESPACE_RANK else MODULE


def _members_of(archive: str) -> list[str]:
    """Return the names in the zip file ``archive``; raise OSError if it cannot be read as one."""
    import zipfile

    try:
        with zipfile.ZipFile(archive) as file:
            return file.namelist()
    except _zip_errors() as error:
        raise OSError(str(error)) from error


def _read_member(archive: str, name: str, size: int) -> bytes:
    """Return the first ``size`` bytes of ``name`` in ``archive``, 0 for all; raise OSError if it cannot be read."""
    import zipfile

    try:
        with zipfile.ZipFile(archive) as file, file.open(name) as member:
            return member.read(size or -1)
    except _zip_errors() as error:
        raise OSError(str(error)) from error


def _zip_errors() -> tuple[type[Exception], ...]:
    """Return what zipfile raises for a damaged, encrypted or cut off archive, and for a name that is not in it."""
    import zipfile

    return (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError, EOFError, KeyError)
