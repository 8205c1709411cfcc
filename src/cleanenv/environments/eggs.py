"""Distributions inside a zipped egg on the search path."""

from __future__ import annotations

import os
import zipfile

from cleanenv.environments import distribution
from cleanenv.environments.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.environments.search_path import Place

METADATA_FILES = ("PKG-INFO", "METADATA")
# Metadata of more bytes than these is not unpacked: it would be a zip bomb.
_LARGEST = 1 << 24
# What zipfile raises for archives that are damaged, encrypted or compressed in a way it does not know.
_DAMAGED = (OSError, ValueError, RuntimeError, NotImplementedError, EOFError)


def distributions(place: Place, problems: list[Problem]) -> Iterator[distribution.Distribution]:
    """Yield the distributions in the archive at ``place``; none, and a problem, if it cannot be read."""
    if not os.path.isfile(place.path):  # a device may never end
        return
    try:
        heads = _heads(place)
    except zipfile.BadZipFile:
        return  # a file of another kind, which Python ignores too
    except _DAMAGED as error:
        problems.append(Problem("broken", f"cannot read '{place.path}' ({error})", "left out", place.path))
        return
    for entry, head in heads:
        built = distribution.build(place, entry, head, problems)
        if built is not None:
            yield built


def requires(place: Place, entry: str, file: str) -> bytes:
    """Return the content of ``file`` beside the metadata ``entry``, empty if it does not exist."""
    try:
        with zipfile.ZipFile(place.path) as archive:
            return archive.read(f"{entry}/{file}")
    except (zipfile.BadZipFile, KeyError, *_DAMAGED):
        return b""


def _heads(place: Place) -> list[tuple[str, bytes | None]]:
    """Return each metadata directory in the archive with its header fields."""
    with zipfile.ZipFile(place.path) as archive:
        members = set(archive.namelist())
        entries = {member.partition("/")[0] for member in members}
        return [(entry, _head(archive, members, entry)) for entry in sorted(entries) if _is_info(place, entry)]


def _is_info(place: Place, entry: str) -> bool:
    if entry == distribution.EGG_INFO:
        return place.path.endswith(".egg")
    return entry.endswith(distribution.INFO)


def _head(archive: zipfile.ZipFile, members: set[str], entry: str) -> bytes | None:
    for file in METADATA_FILES:
        member = f"{entry}/{file}"
        if member in members and archive.getinfo(member).file_size <= _LARGEST:
            return archive.read(member)
    return None
