"""What lies in an archive that Python imports from (zipimport)."""

from __future__ import annotations

import zipfile

_BAD = (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError, EOFError, KeyError)


def members(path: str) -> list[str]:
    """Return the names in the archive at ``path``; raise OSError where it is none that can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except _BAD as error:
        raise OSError(str(error)) from error


def read(path: str, name: str, size: int) -> bytes:
    """Return the first ``size`` bytes of ``name`` in the archive at ``path``, 0 for all; raise OSError for none."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as file:
            return file.read(size or -1)
    except _BAD as error:
        raise OSError(str(error)) from error
