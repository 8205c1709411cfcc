"""One installed distribution, as its metadata folder tells."""

# On the way of `freeze`, run in hooks: one open a file and no stat; no dataclasses.
from __future__ import annotations

import os

from cleanenv.environments import metadata
from cleanenv.environments.names import canonical, is_valid
from cleanenv.environments.problem import Remark, printable
from cleanenv.environments.versions import is_normal, normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.environments.direct_url import Origin
    from cleanenv.environments.search_path import Place

INFO = (".dist-info", ".egg-info")
EGG_INFO = "EGG-INFO"
# importlib.metadata's order; "" is the file that distutils wrote in place of a folder.
DIST_FILES = ("/METADATA", "/PKG-INFO", "")
EGG_FILES = ("/PKG-INFO", "/METADATA", "")


class Distribution:
    """An installed distribution.

    ``name`` as its metadata spells it; ``version`` in normal form, None where
    ``raw_version`` is no version; ``place`` where it lies and ``entry`` what
    its metadata is called there; ``origin`` what direct_url.json records;
    ``is_sound`` whether its metadata could be read.
    """

    __slots__ = ("entry", "is_sound", "name", "origin", "place", "raw_version", "version")

    def __init__(self, place: Place, entry: str, name: str, version: str | None, raw_version: str) -> None:
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
        """The path of the metadata: a folder, distutils' file, or a member of a zipped egg."""
        return f"{self.place.path}/{self.entry}"

    @property
    def canonical(self) -> str:
        """The name as PEP 503 compares it."""
        return canonical(self.name)

    @property
    def pin(self) -> str:
        """``name==version``, with ``===`` where the version is none."""
        return f"{self.name}=={self.version}" if self.version is not None else f"{self.name}==={self.raw_version}"


def read(place: Place, entry: str, remarks: list[Remark]) -> Distribution | None:
    """Read the distribution that ``entry`` stands for, a .dist-info or .egg-info that begins with a valid name.

    None, and a remark, where it stands for none.
    """
    path = f"{place.path}/{entry}"
    head = None
    if entry.endswith(".dist-info"):
        try:
            head = metadata.read(path + "/METADATA")
        except OSError:
            pass
        else:
            name = metadata.quick_name(head)
            project, _, version = entry[:-10].partition("-")
            if name is not None and (name == project or is_valid(name)) and is_normal(version):
                found = Distribution(place, entry, name, version, version)
                _add_origin(found, path, remarks)
                return found
    if head is None or not metadata.is_complete(head):
        head = _whole(path, DIST_FILES if entry.endswith(".dist-info") else EGG_FILES, remarks)
    other = build(place, entry, head, remarks)
    if other is not None:
        _add_origin(other, path, remarks)
    return other


def build(place: Place, entry: str, head: bytes | None, remarks: list[Remark]) -> Distribution | None:
    """Make a distribution of the name of its folder and its header fields, as far as both are there."""
    path = f"{place.path}/{entry}"
    project, folder_version = _from_entry(place, entry)
    name = metadata.field(head, "Name") if head else None
    written = metadata.field(head, "Version") if head else None
    is_sound = True
    if head is not None and (name is None or not is_valid(name)):
        what = "no name" if name is None else f"the impossible name '{printable(name)}'"
        remarks.append(_broken(path, f"{what} in its metadata: named after the folder"))
        is_sound = False
    if name is None or not is_valid(name):
        name = canonical(project)
    raw = (folder_version if entry.endswith(".dist-info") else None) or written or folder_version
    if not raw:
        remarks.append(_broken(path, "neither the folder nor its metadata tells a version: left out"))
        return None
    version = normal(raw)
    found = Distribution(place, entry, name, version, raw if version is not None else written or raw)
    found.is_sound = is_sound and head is not None
    return found


def _whole(path: str, files: tuple[str, ...], remarks: list[Remark]) -> bytes | None:
    """Return the first of the metadata files below ``path`` that can be read."""
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
        reason = "its metadata is empty"
    remarks.append(_broken(path, f"{reason}: name and version are the folder's"))
    return None


def _from_entry(place: Place, entry: str) -> tuple[str, str | None]:
    """Return the name and the version that the folder's own name tells."""
    if entry == EGG_INFO:
        stem = place.path.rpartition("/")[2].removesuffix(".egg")
    else:
        stem = entry.removesuffix(".dist-info").removesuffix(".egg-info")
    project, _, rest = stem.partition("-")
    if not entry.endswith(".dist-info"):
        rest = rest.partition("-py")[0]
    return project, rest or None


def _add_origin(distribution: Distribution, path: str, remarks: list[Remark]) -> None:
    file = path + "/direct_url.json"
    if not os.access(file, os.F_OK):  # few have one, and an open that fails costs an exception
        return
    try:
        data = metadata.read_whole(file)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        remarks.append(_broken(path, f"cannot read its direct_url.json ({reason}): listed by version"))
        return
    from cleanenv.environments import direct_url

    try:
        distribution.origin = direct_url.parse(data)
    except ValueError as error:
        remarks.append(_broken(path, f"its direct_url.json is not valid ({printable(str(error))}): listed by version"))


def _broken(path: str, fact: str) -> Remark:
    return Remark("broken", f"broken metadata in '{printable(path)}': {fact}", path)
