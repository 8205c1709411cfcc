"""One installed distribution, read from its metadata directory."""

# On the way of `freeze`, run in hooks: one open a file and no stat; no dataclasses.
from __future__ import annotations

import os

from cleanenv.environments import metadata
from cleanenv.environments.names import canonical, is_valid
from cleanenv.environments.problem import Problem
from cleanenv.environments.versions import is_normal, normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.environments.direct_url import Origin
    from cleanenv.environments.search_path import Place

INFO = (".dist-info", ".egg-info")
EGG_INFO = "EGG-INFO"
# importlib.metadata's order; "" is the file that distutils wrote instead of a directory.
DIST_FILES = ("/METADATA", "/PKG-INFO", "")
EGG_FILES = ("/PKG-INFO", "/METADATA", "")


class Distribution:
    """An installed distribution.

    ``name`` as its metadata spells it; ``version`` in normal form, None if
    ``raw_version`` is not a version; ``place`` where it lies and ``entry`` what
    its metadata is called there; ``origin`` what direct_url.json records;
    ``is_sound`` whether its metadata could be read.
    """

    __slots__ = ("entry", "is_sound", "name", "origin", "place", "raw_version", "version")

    def __init__(
        self,
        place: Place,
        entry: str,
        name: str,
        version: str | None,
        raw_version: str,
    ) -> None:
        self.place = place
        self.entry = entry
        self.name = name
        self.version = version
        self.raw_version = raw_version
        self.origin: Origin | None = None
        self.is_sound = True

    def __repr__(self) -> str:
        return f"Distribution({self.name!r}, {self.raw_version!r})"

    @property
    def info(self) -> str:
        """The path of the metadata: a directory, distutils' file, or a member of a zipped egg."""
        return f"{self.place.path}/{self.entry}"

    @property
    def canonical(self) -> str:
        """The name as PEP 503 compares it."""
        return canonical(self.name)

    @property
    def pin(self) -> str:
        """``name==version``, with ``===`` if the version is not one."""
        if self.version is None:
            return f"{self.name}==={self.raw_version}"
        return f"{self.name}=={self.version}"


def read(place: Place, entry: str, problems: list[Problem]) -> Distribution | None:
    """Read the distribution whose metadata is ``entry``, a .dist-info or .egg-info that begins with a valid name.

    Returns None, and adds a problem, if there is no version to list it by.
    """
    path = f"{place.path}/{entry}"
    head = None
    if entry.endswith(".dist-info"):
        try:
            head = metadata.read(path + "/METADATA")
        except OSError:
            pass
        else:
            # The short way, which nearly all take: name in the second line, version in the directory's name.
            name = metadata.quick_name(head)
            project, _, version = entry[:-10].partition("-")
            if name is not None and (name == project or is_valid(name)) and is_normal(version):
                distribution = Distribution(place, entry, name, version, version)
                _add_origin(distribution, path, problems)
                return distribution
    if head is None or not metadata.is_complete(head):
        files = DIST_FILES if entry.endswith(".dist-info") else EGG_FILES
        head = _whole(path, files, problems)
    built = build(place, entry, head, problems)
    if built is not None:
        _add_origin(built, path, problems)
    return built


def build(
    place: Place,
    entry: str,
    head: bytes | None,
    problems: list[Problem],
) -> Distribution | None:
    """Make a distribution of the name of its directory and its header fields, None if they could not be read.

    Returns None, and adds a problem, if neither has a version.
    """
    path = f"{place.path}/{entry}"
    project, entry_version = _from_entry(place, entry)
    name = None
    written_version = None
    is_sound = head is not None
    if head:
        name = metadata.field(head, "Name")
        written_version = metadata.field(head, "Version")
    if head is not None and (name is None or not is_valid(name)):
        what = "it has no name" if name is None else f"'{name}' is not a name"
        problems.append(_broken(path, what, "named after its directory"))
        is_sound = False
    if name is None or not is_valid(name):
        name = canonical(project)
    # pip takes the version of a .dist-info from the directory, of an .egg-info from the metadata.
    raw_version = written_version or entry_version
    if entry.endswith(".dist-info") and entry_version:
        raw_version = entry_version
    if not raw_version:
        problems.append(_broken(path, "it has no version", "left out"))
        return None
    version = normal(raw_version)
    if version is None:
        raw_version = written_version or raw_version
    distribution = Distribution(place, entry, name, version, raw_version)
    distribution.is_sound = is_sound
    return distribution


def _whole(path: str, files: tuple[str, ...], problems: list[Problem]) -> bytes | None:
    """Return the first of the metadata files below ``path`` that can be read; None, and a problem, if none can."""
    reason = "no metadata file"
    for file in files:
        try:
            data = metadata.read_whole(path + file)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            continue
        except OSError as error:
            reason = (error.strerror or "unreadable").lower()
            continue
        if data.strip():
            return data
        reason = "it is empty"
    problems.append(_broken(path, reason, "name and version are those of its directory"))
    return None


def _from_entry(place: Place, entry: str) -> tuple[str, str | None]:
    """Return the name and the version in the name of the metadata directory."""
    if entry == EGG_INFO:
        stem = place.path.rpartition("/")[2].removesuffix(".egg")
    else:
        stem = entry.removesuffix(".dist-info").removesuffix(".egg-info")
    project, _, rest = stem.partition("-")
    if not entry.endswith(".dist-info"):
        rest = rest.partition("-py")[0]
    return project, rest or None


def _add_origin(distribution: Distribution, path: str, problems: list[Problem]) -> None:
    file = path + "/direct_url.json"
    if not os.access(file, os.F_OK):  # few have one, and an open that fails costs an exception
        return
    try:
        data = metadata.read_whole(file)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        problems.append(_broken(path, f"cannot read its direct_url.json ({reason})", "listed by version"))
        return
    from cleanenv.environments import direct_url

    try:
        distribution.origin = direct_url.parse(data)
    except ValueError as error:
        problems.append(_broken(path, f"its direct_url.json is not valid ({error})", "listed by version"))


def _broken(path: str, what: str, remedy: str) -> Problem:
    return Problem("broken", f"the metadata in '{path}' is broken ({what})", remedy, path)
