"""What conda recorded of the packages in an environment: conda-meta/NAME-VERSION-BUILD.json."""

# On the way of `freeze` for conda's environments.
from __future__ import annotations

import os

from cleanenv.environments.environment import CONDA_META
from cleanenv.environments.names import canonical
from cleanenv.environments.versions import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.environments.distribution import Distribution

_ENDING = ".json"


class Record:
    """A package that conda installed; ``path`` is the file that says so."""

    __slots__ = ("name", "path", "version")

    def __init__(self, name: str, version: str, path: str) -> None:
        self.name = name
        self.version = version
        self.path = path


def read(environment: str) -> dict[str, Record]:
    """Return the packages recorded in the environment at the path ``environment``, by canonical name.

    Name and version are those in the names of the files, which are not opened.
    """
    directory = f"{environment}/{CONDA_META}"
    try:
        names = os.listdir(directory)
    except OSError:
        return {}
    records = {}
    for file in names:
        if not file.endswith(_ENDING):
            continue
        name, _, rest = file.removesuffix(_ENDING).rpartition("-")[0].rpartition("-")
        if name and rest:
            records[canonical(name)] = Record(name, rest, f"{directory}/{file}")
    return records


def python_version(environment: str) -> str | None:
    """Return the version of the package python in the environment at that path, None if none is recorded."""
    record = read(environment).get("python")
    return record.version if record is not None else None


def contradicted(records: dict[str, Record], distribution: Distribution, environment: str) -> Record | None:
    """Return the record of the package that brought ``distribution`` and has another version, None if there is none."""
    record = records.get(distribution.canonical)
    if record is None or record.version == distribution.raw_version:
        return None
    # conda's versions have no dash.
    recorded = normal(record.version.replace("_", "-"))
    if recorded is None or distribution.version is None:
        return None
    from packaging.version import Version

    own = Version(distribution.version).public  # without what a local build adds
    if Version(Version(recorded).public) == Version(own):
        return None
    return record if _has_file(record, os.path.relpath(distribution.info, environment)) else None


def _has_file(record: Record, path: str) -> bool:
    """Whether the package of ``record`` brought the file or directory ``path``, relative to the environment.

    If it did not, something else of that name was installed, or this over it by pip.
    """
    import json

    try:
        with open(record.path, encoding="utf-8") as file:
            content = json.load(file)
    except (OSError, ValueError, RecursionError):
        return False
    files = content.get("files") if isinstance(content, dict) else None
    if not isinstance(files, list):
        return False
    return any(isinstance(name, str) and (name == path or name.startswith(f"{path}/")) for name in files)
