"""The files of conda's packages, as conda-meta/*.json records them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from cleanenv.environments import metadata, record
from cleanenv.environments.environment import CONDA_META
from cleanenv.environments.names import canonical
from cleanenv.integrity.fault import Expected, Owner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.environments.environment import Environment

_BYTECODE = (".pyc", ".pyo")
_SOFT_LINK = "softlink"
_DIRECTORY = "directory"


def read(environment: Environment) -> Iterator[tuple[Owner, list[Expected]]]:
    """Yield each package of conda's in ``environment`` with its files; a file of conda-meta that is broken is none.

    Bytecode is left out: conda records it, and Python writes it again
    (conda/conda#13370).
    """
    directory = f"{environment.path}/{CONDA_META}"
    try:
        names = sorted(os.listdir(directory))
    except OSError:
        return
    for name in names:
        if not name.endswith(".json"):
            continue
        try:
            package: object = json.loads(metadata.read_whole(f"{directory}/{name}"))
        except (OSError, ValueError):
            continue
        if isinstance(package, dict):
            project = str(package.get("name", ""))
            owner = Owner(canonical(project), project, str(package.get("version", "")), is_conda=True)
            yield owner, list(_files(environment, owner, package))


def _files(environment: Environment, owner: Owner, package: dict[str, object]) -> Iterator[Expected]:
    """Yield the files of a package: with hashes from paths_data, else (conda before 4.3) only their paths."""
    data = package.get("paths_data")
    paths = data.get("paths") if isinstance(data, dict) else None
    if not isinstance(paths, list):
        files = package.get("files")
        for path in files if isinstance(files, list) else ():
            if isinstance(path, str) and not path.endswith(_BYTECODE):
                yield Expected(owner, _absolute(environment, path), "", "", None, has_hash=False)
        return
    for entry in paths:
        path = entry.get("_path") if isinstance(entry, dict) else None
        if not isinstance(path, str) or path.endswith(_BYTECODE) or entry.get("path_type") == _DIRECTORY:
            continue
        # The hash of the file as it is here; that of the archive, "sha256", has another prefix in it.
        value = entry.get("sha256_in_prefix")
        size = entry.get("size_in_bytes")
        if entry.get("path_type") == _SOFT_LINK or not isinstance(value, str):
            value = ""
        # That of a file with the prefix in it is the size before the prefix was replaced.
        is_size = "prefix_placeholder" not in entry and value != ""
        encoded = _encoded(value)
        algorithm = "sha256" if encoded else ""
        recorded_size = size if isinstance(size, int) and is_size else None
        yield Expected(owner, _absolute(environment, path), algorithm, encoded, recorded_size, has_hash=False)


def _absolute(environment: Environment, path: str) -> str:
    return os.path.normpath(f"{environment.path}/{path}")


def _encoded(value: str) -> str:
    """Return a hash in hexadecimal digits as a RECORD has it, empty if it is not one."""
    try:
        return record.encode(bytes.fromhex(value))
    except ValueError:
        return ""
