"""The distribution and the version of an importable module, by the metadata beside it or by its own text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.imports.path_entry import NAMESPACE, PACKAGE, Entry, Module
from cleanenv.environments import metadata
from cleanenv.environments.distribution import EGG_INFO, INFO
from cleanenv.environments.names import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PKG_INFO = "PKG-INFO"  # of an unpacked source distribution
METADATA = ("/METADATA", "/PKG-INFO", "")  # "" for the file that distutils wrote in place of a directory
FILE_LISTS = ("top_level.txt", "RECORD")  # of what a distribution installed
MUCH = 1 << 16  # bytes of a module's text; __version__ is near its start
_VERSION = re.compile(rb"""^__version__(?:\s*:\s*[\w.]+)?\s*=\s*["']([^"'\n]+)["']""", re.MULTILINE)


class Owner(NamedTuple):
    """A distribution with its metadata in an entry: ``info`` is the directory's name, empty for a source tree's."""

    name: str
    version: str
    info: str


class Register:
    """The distributions in entries; each entry is read once."""

    def __init__(self) -> None:
        self._owners: dict[str, dict[str, Owner]] = {}
        self._file_lists: dict[str, bytes] = {}

    def version(self, module: Module) -> str:
        """Return the version of ``module``, empty if neither metadata nor its own text has one."""
        owner = self.owner(module)
        return owner.version if owner is not None else _version_in_text(module)

    def distribution(self, module: Module) -> str:
        """Return the name of the distribution that ``module`` came with, empty if no metadata claims it."""
        owner = self.owner(module)
        return owner.name if owner is not None else ""

    def owner(self, module: Module) -> Owner | None:
        """Return the distribution that ``module`` came with, None if no metadata claims it."""
        entry = module.entry.origin
        owners = self._owners_in(entry)
        namesake = owners.get(canonical(module.name))
        if namesake is not None:
            return namesake
        for owner in owners.values():
            if self._has_installed(entry, owner, module):
                return owner
        return None

    def among(self, module: Module, names: Iterable[str]) -> str | None:
        """Return which of the distributions with the canonical ``names`` has ``module``, None if none of them has.

        The others are not looked through, as ``owner`` does.
        """
        entry = module.entry.origin
        owners = self._owners_in(entry)
        namesake = canonical(module.name)
        for name in names:
            owner = owners.get(name)
            if owner is not None and (name == namesake or self._has_installed(entry, owner, module)):
                return name
        return None

    def _owners_in(self, entry: Entry) -> dict[str, Owner]:
        owners = self._owners.get(entry.path)
        if owners is None:
            owners = self._owners[entry.path] = {}
            for owner in _owners(entry):
                owners.setdefault(canonical(owner.name), owner)
        return owners

    def _has_installed(self, entry: Entry, owner: Owner, module: Module) -> bool:
        key = f"{entry.path}/{owner.info}"
        files = self._file_lists.get(key)
        if files is None:
            files = self._file_lists[key] = _file_list(entry, owner)
        path = b"\n" + module.name.replace(".", "/").encode("utf-8", "surrogateescape")
        return path + b"/" in files or path + b"." in files or path + b"\n" in files


def _owners(entry: Entry) -> Iterator[Owner]:
    for name in entry.names:
        if not name.endswith(INFO) and name not in (EGG_INFO, PKG_INFO):
            continue
        head = _metadata(entry, name)
        stem, _, rest = name.rpartition(".")[0].partition("-")  # NAME-VERSION-py3.11.egg-info
        project = metadata.field(head, "Name") or stem
        version = metadata.field(head, "Version") or rest.partition("-py")[0]
        if project:
            yield Owner(project, version, "" if name == PKG_INFO else name)


def _metadata(entry: Entry, info: str) -> bytes:
    """Return the head of a distribution's metadata, empty if it has none that can be read."""
    for file in METADATA:
        head = _read(entry, f"{info}{file}", metadata.HEAD)
        if head:
            return head
    return b""


def _file_list(entry: Entry, owner: Owner) -> bytes:
    """Return what a distribution says it installed, a line each: RECORD's lines, and the names in top_level.txt."""
    if not owner.info:
        return b""
    parts = [_read(entry, f"{owner.info}/{file}", 0) for file in FILE_LISTS]
    return b"\n" + b"\n".join(parts).replace(b"\r\n", b"\n") + b"\n"


def _read(entry: Entry, file: str, size: int) -> bytes:
    try:
        return entry.read(file, size)
    except OSError:
        return b""


def _version_in_text(module: Module) -> str:
    """Return what the module's own text assigns to __version__."""
    if module.kind == NAMESPACE:
        return ""
    name = module.path.rpartition("/")[2]
    file = f"{name}/__init__.py" if module.kind == PACKAGE else name
    if not file.endswith(".py"):
        return ""
    match = _VERSION.search(_read(module.entry, file, MUCH))
    return match[1].decode("utf-8", "replace") if match else ""
