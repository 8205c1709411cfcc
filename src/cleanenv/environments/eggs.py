"""Distributions inside a zipped egg on the search path."""

from __future__ import annotations

import os
import zipfile

from cleanenv.environments import distribution
from cleanenv.environments.problem import Remark, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.environments.search_path import Place

_MOST = 1 << 24


def distributions(place: Place, remarks: list[Remark]) -> Iterator[distribution.Distribution]:
    """Yield the distributions in the archive at ``place``; a remark, and none, where it cannot be read."""
    if not os.path.isfile(place.path):  # a device may never end
        return
    try:
        with zipfile.ZipFile(place.path) as archive:
            members = set(archive.namelist())
            entries = sorted({member.partition("/")[0] for member in members})
            read = [(entry, _read(archive, members, entry)) for entry in entries if _is_info(place, entry)]
    except zipfile.BadZipFile:
        return  # a file of another kind, which Python passes over too
    except (OSError, ValueError, RuntimeError, NotImplementedError, EOFError) as error:
        fact = f"cannot read '{printable(place.path)}' ({printable(str(error))}): left out"
        remarks.append(Remark("broken", fact, place.path))
        return
    for entry, data in read:
        found = distribution.build(place, entry, data, remarks)
        if found is not None:
            yield found


def requires(place: Place, entry: str, file: str) -> bytes:
    """Return the content of ``file`` beside the metadata ``entry``, empty where it is not there."""
    try:
        with zipfile.ZipFile(place.path) as archive:
            return archive.read(f"{entry}/{file}")
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return b""


def _is_info(place: Place, entry: str) -> bool:
    return entry.endswith(distribution.INFO) or (entry == distribution.EGG_INFO and place.path.endswith(".egg"))


def _read(archive: zipfile.ZipFile, members: set[str], entry: str) -> bytes | None:
    for file in ("PKG-INFO", "METADATA"):
        member = f"{entry}/{file}"
        if member in members and archive.getinfo(member).file_size <= _MOST:
            return archive.read(member)
    return None
