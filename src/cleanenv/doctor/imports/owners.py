"""Which version of what an importable module is, told from the metadata beside it or from its own text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.imports.path_entry import NAMESPACE, PACKAGE, Entry, Module
from cleanenv.environments import metadata
from cleanenv.environments.distribution import EGG_INFO, INFO
from cleanenv.environments.names import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = ("/METADATA", "/PKG-INFO", "")  # "" is the file that distutils wrote in place of a folder
LISTS = ("top_level.txt", "RECORD")  # of what a distribution installed
MUCH = 1 << 16  # of a module's text; __version__ stands near its start
_WRITTEN = re.compile(rb"""^__version__(?:\s*:\s*[\w.]+)?\s*=\s*["']([^"'\n]+)["']""", re.MULTILINE)


class Owner(NamedTuple):
    """A distribution whose metadata lies in an entry: ``info`` is the folder's name, empty for a source tree's."""

    name: str
    version: str
    info: str


class Register:
    """The distributions of entries, each entry read once."""

    def __init__(self) -> None:
        self._owners: dict[str, dict[str, Owner]] = {}
        self._records: dict[str, bytes] = {}

    def version(self, module: Module) -> str:
        """Return the version of ``module``, empty where neither metadata nor its own text tells one."""
        owner = self.owner(module)
        return owner.version if owner is not None else _written(module)

    def owner(self, module: Module) -> Owner | None:
        """Return the distribution that ``module`` came with, None where no metadata claims it."""
        entry = module.entry.origin
        owners = self._owners.get(entry.path)
        if owners is None:
            owners = self._owners[entry.path] = {}
            for owner in _owners(entry):
                owners.setdefault(canonical(owner.name), owner)
        same = owners.get(canonical(module.name))
        return same or next((owner for owner in owners.values() if self._claims(entry, owner, module)), None)

    def _claims(self, entry: Entry, owner: Owner, module: Module) -> bool:
        record = self._records.get(f"{entry.path}/{owner.info}")
        if record is None:
            record = self._records[f"{entry.path}/{owner.info}"] = _record(entry, owner)
        path = b"\n" + module.name.replace(".", "/").encode("utf-8", "surrogateescape")
        return any(path + end in record for end in (b"/", b".", b"\n"))


def _owners(entry: Entry) -> Iterator[Owner]:
    for name in entry.names:
        if name.endswith(INFO) or name in (EGG_INFO, "PKG-INFO"):
            head = _metadata(entry, name)
            stem, _, rest = name.rpartition(".")[0].partition("-")
            project = metadata.field(head, "Name") or stem
            version = metadata.field(head, "Version") or rest.partition("-py")[0]
            if project:
                yield Owner(project, version, "" if name == "PKG-INFO" else name)


def _metadata(entry: Entry, name: str) -> bytes:
    return next(filter(None, (_read(entry, f"{name}{file}", metadata.HEAD) for file in FILES)), b"")


def _record(entry: Entry, owner: Owner) -> bytes:
    """Return what the metadata says it installed: RECORD's lines, or the names in top_level.txt."""
    parts = [_read(entry, f"{owner.info}/{file}", 0) for file in LISTS] if owner.info else []
    return b"\n" + b"\n".join(parts).replace(b"\r\n", b"\n") + b"\n"


def _read(entry: Entry, file: str, size: int) -> bytes:
    try:
        return entry.read(file, size)
    except OSError:
        return b""


def _written(module: Module) -> str:
    """Return what the module's own text assigns to __version__."""
    if module.kind == NAMESPACE:
        return ""
    name = module.path.rpartition("/")[2]
    file = f"{name}/__init__.py" if module.kind == PACKAGE else name
    if not file.endswith(".py"):
        return ""
    written = _WRITTEN.search(_read(module.entry, file, MUCH))
    return written[1].decode("utf-8", "replace") if written else ""
