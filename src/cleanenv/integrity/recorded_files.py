"""The files that the distributions of an environment say they installed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.environments import metadata, record
from cleanenv.integrity import conda_files, fault
from cleanenv.integrity.fault import Expected, Fault, Owner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory
    from cleanenv.environments.record import Row

INSTALLED_FILES = "installed-files.txt"  # of setuptools, without hashes
_CACHE = "/__pycache__/"
_CACHE_DIRECTORY = "/__pycache__"  # virtualenv records these too
_WRITE_RECORDS = ("pip", "uv")  # whatever they install has a RECORD, so that it can be uninstalled
_ENTRY_POINTS = "entry_points.txt"
_SCRIPT_GROUPS = ("[console_scripts]", "[gui_scripts]")


class RecordedFiles:
    """What is recorded in an environment.

    ``expected`` are the files to check, by owner; ``paths`` all paths that
    belong to something; ``stems`` the paths, without an end, of modules that
    belong to a distribution without a list of files; ``unverifiable`` are the
    owners of which no hash is known; ``faults`` RECORDs that cannot be read.
    """

    def __init__(self) -> None:
        self.expected: dict[Owner, list[Expected]] = {}
        self.distributions: dict[Owner, Distribution] = {}
        self.paths: set[str] = set()
        self.stems: set[str] = set()
        self.unverifiable: list[Owner] = []
        self.faults: list[Fault] = []


def read(inventory: Inventory) -> RecordedFiles:
    """Return what the distributions and conda's packages in ``inventory`` record, its paths made absolute."""
    recorded = RecordedFiles()
    if inventory.environment.kind == "conda":
        for owner, files in conda_files.read(inventory.environment):
            recorded.expected[owner] = files
            recorded.paths.update([file.path for file in files])
    entries = set()
    for distribution in inventory.distributions.values():
        entries.add(distribution.info)
        if inventory.is_outside(distribution):
            continue
        if f"{distribution.info}/METADATA" in recorded.paths:
            continue  # conda's: it changed files after RECORD was written
        _add(recorded, inventory, distribution)
    _add_hidden(recorded, inventory, entries)
    return recorded


def owner_of(distribution: Distribution) -> Owner:
    """Return ``distribution`` as the owner of files."""
    return Owner(distribution.canonical, distribution.name, distribution.version or distribution.raw_version)


def of_distribution(distribution: Distribution, rows: Sequence[Row]) -> list[Expected]:
    """Return the files to check of those in ``rows``; bytecode only if Python would import it without its source."""
    owner = owner_of(distribution)
    sources = {row.path for row in rows if row.path.endswith(".py")}
    own_record = f"{distribution.entry}/{record.RECORD}"
    files = []
    for row in rows:
        # Python writes bytecode again, or it is deleted, and nothing has changed by that.
        if row.is_bytecode and not _is_imported_alone(row.path, sources):
            continue
        if row.path == own_record or row.path.endswith(_CACHE_DIRECTORY):
            continue
        files.append(Expected(owner, absolute(distribution, row.path), row.algorithm, row.value, row.size))
    return files


def _is_imported_alone(path: str, sources: set[str]) -> bool:
    """Tell whether Python would import the bytecode at ``path`` without its source.

    virtualenv records ``x.cpython-311.pyc`` beside x.py too, where none is.
    """
    name = os.path.basename(path)
    return _CACHE not in f"/{path}" and path[:-1] not in sources and name.count(".") == 1


def absolute(distribution: Distribution, path: str) -> str:
    """Return the absolute form of a path in a RECORD."""
    return os.path.normpath(f"{distribution.place.path}/{path}" if not path.startswith("/") else path)


def _add(recorded: RecordedFiles, inventory: Inventory, distribution: Distribution) -> None:
    owner = owner_of(distribution)
    recorded.distributions[owner] = distribution
    try:
        rows = record.read(distribution)
    except record.RecordError as error:
        recorded.faults.append(Fault(fault.RECORD, owner, f"{distribution.info}/{record.RECORD}", str(error)))
        recorded.stems.update(_modules(distribution))
        return
    if rows is not None:
        recorded.expected[owner] = of_distribution(distribution, rows)
        recorded.paths.update([absolute(distribution, row.path) for row in rows])
        return
    installer = "".join(_lines(distribution, "INSTALLER")[:1]).strip()
    if installer in _WRITE_RECORDS:
        detail = f"missing or empty, though {installer} writes one"
        recorded.faults.append(Fault(fault.RECORD, owner, f"{distribution.info}/{record.RECORD}", detail))
        recorded.stems.update(_modules(distribution))
        return
    recorded.unverifiable.append(owner)
    listed = list(_installed_files(distribution))
    recorded.expected[owner] = [
        Expected(owner, path, "", "", None, has_hash=False) for path in listed if _CACHE not in path
    ]
    recorded.paths.update(listed)
    if not listed:
        recorded.stems.update(_modules(distribution))
    for script in _scripts(distribution):
        recorded.paths.add(f"{inventory.environment.bin}/{script}")


def _add_hidden(recorded: RecordedFiles, inventory: Inventory, entries: set[str]) -> None:
    """Add the paths of distributions that another version of the same hides: theirs they are all the same."""
    for place in inventory.places:
        for name in place.names or ():
            if not name.endswith(".dist-info") or f"{place.path}/{name}" in entries or not place.inside:
                continue
            try:
                rows = record.read_file(f"{place.path}/{name}/{record.RECORD}")
            except record.RecordError:
                continue
            for row in rows or ():
                recorded.paths.add(os.path.normpath(os.path.join(place.path, row.path)))


def _installed_files(distribution: Distribution) -> Iterator[str]:
    """Yield the absolute paths in installed-files.txt, which are relative to the .egg-info directory."""
    for line in _lines(distribution, INSTALLED_FILES):
        path = line.strip()
        if path and "\0" not in path:
            yield os.path.normpath(os.path.join(distribution.info, path))


def _modules(distribution: Distribution) -> list[str]:
    """Return the paths, without an end, of the modules of a distribution: by top_level.txt, else by its name."""
    names = [line.strip() for line in _lines(distribution, "top_level.txt") if line.strip()]
    if not names:
        names = [distribution.canonical.replace("-", "_"), distribution.name.replace("-", "_")]
    return [f"{distribution.place.path}/{name}" for name in names]


def _scripts(distribution: Distribution) -> Iterator[str]:
    """Yield the names of the programs of a distribution, as far as its entry points tell."""
    is_script = False
    for line in _lines(distribution, _ENTRY_POINTS):
        text = line.strip()
        if text.startswith("["):
            is_script = text in _SCRIPT_GROUPS
        elif is_script and "=" in text:
            yield text.partition("=")[0].strip()


def _lines(distribution: Distribution, name: str) -> list[str]:
    try:
        data = metadata.read_whole(f"{distribution.info}/{name}")
    except OSError:
        return []
    return data.decode("utf-8", "surrogateescape").splitlines()
