"""Requirements files as manifests; freeze's reader reads them, by pip's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement

from cleanenv.check.declared.manifest import REQUIREMENTS, Declared, Manifest
from cleanenv.environments.names import canonical
from cleanenv.freeze import requirements_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.freeze.requirements_file import FileRequirement


def read(path: str, shown: str, directory: str, environ: Mapping[str, str]) -> Manifest:
    """Return the requirements of the file at ``path`` and of those that it includes.

    ``directory`` is where its relative paths begin. Raises UsageError, with file and line, if pip would not take it.
    """
    manifest = Manifest(path, shown, REQUIREMENTS)
    for line in requirements_file.read(path, directory, environ):
        name = line.requested.name
        if name is None or line.is_constraint:
            continue
        # Included files are named by the path from this one.
        where = line.where.replace(path, shown, 1)
        requested = line.requested
        manifest.add(
            Declared(
                name,
                line.text,
                where,
                specifier=requested.specifier,
                marker=requested.marker,
                extras=_extras(line),
            )
        )
    return manifest


def _extras(line: FileRequirement) -> frozenset[str]:
    if "[" not in line.text:
        return frozenset()
    try:
        return frozenset(map(canonical, Requirement(line.text).extras))
    except (InvalidRequirement, RecursionError):
        return frozenset()
