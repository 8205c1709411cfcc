"""Requirements files as manifests; freeze's reader reads them, by pip's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.check.declared.manifest import REQUIREMENTS, Declared, Manifest

if TYPE_CHECKING:
    from collections.abc import Mapping


def read(path: str, shown: str, directory: str, environ: Mapping[str, str]) -> Manifest:
    """Return the requirements of the file at ``path`` and of those that it includes.

    ``directory`` is where its relative paths begin, and ``shown``, which
    messages call it. Raises UsageError, with file and line, if pip would not take it.
    """
    from cleanenv.freeze import requirements_file  # which imports packaging

    manifest = Manifest(path, shown, REQUIREMENTS)
    for line in requirements_file.read(shown, directory, environ):
        name = line.requested.name
        if name is not None and not line.is_constraint:
            manifest.add(Declared(name, line.text, line.where))
    return manifest
