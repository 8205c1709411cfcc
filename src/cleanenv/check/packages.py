"""Where a module comes from: the distribution, the Debian package, the ROS package."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.check.declared import package_xml
from cleanenv.doctor.imports.owners import Register
from cleanenv.environments import metadata
from cleanenv.environments.names import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanenv.doctor.imports.path_entry import Module

DPKG_LISTS = "/var/lib/dpkg/info"
DEBIAN_DIRECTORIES = ("/usr/lib/python", "/usr/local/lib/python")
# PEP 794: what a distribution says that it installs, for one whose list of files does not (an editable one).
_IMPORT_NAMES = ("import-name", "import-namespace")


class Package(NamedTuple):
    """The origin of a module: ``distribution`` and ``version`` as its metadata has them, empty if nothing claims it.

    ``debian`` is the Debian package of its file, ``is_ros`` whether it is a ROS package.
    """

    distribution: str
    version: str
    debian: str = ""
    is_ros: bool = False


class Packages:
    """The packages of modules, each looked up once."""

    def __init__(self) -> None:
        self._register = Register()
        self._known: dict[str, Package] = {}
        self._debian: dict[str, str] = {}
        self._lists: list[tuple[str, bytes]] | None = None

    def own(self, module: Module, declared: Iterable[str]) -> str | None:
        """Return the canonical name of the distribution of ENV's ``module``, None if nothing claims it.

        One of ``declared``, if it is one of them: most are, and are found without asking all others.
        """
        name = self._register.among(module, declared)
        if name is not None:
            return name
        owner = self._register.owner(module)
        if owner is not None:
            return canonical(owner.name)
        return self._by_import_names(module)

    def of(self, module: Module) -> Package:
        """Return where ``module``, found in a leak, comes from."""
        key = f"{module.entry.origin.path}:{module.name}"
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._look_up(module)
        return known

    def version(self, module: Module) -> str:
        """Return the version of ``module``, empty if nothing has one."""
        return self._register.version(module)

    def name_of(self, module: Module) -> str:
        """Return the name of the distribution of ``module`` as it spells it, empty if nothing claims it."""
        owner = self._register.owner(module)
        return owner.name if owner is not None else ""

    def _look_up(self, module: Module) -> Package:
        owner = self._register.owner(module)
        distribution = owner.name if owner is not None else ""
        version = owner.version if owner is not None else self._register.version(module)
        top = module.name.partition(".")[0]
        description = _ros_description(module, top)
        if description:
            version = package_xml.version(description) or version
        debian = self._debian_package(module)
        return Package(distribution, version, debian, bool(description))

    def _by_import_names(self, module: Module) -> str | None:
        entry = module.entry.origin
        top = module.name.partition(".")[0]
        for name in entry.names:
            if not name.endswith(".dist-info"):
                continue
            try:
                head = entry.read(f"{name}/METADATA", 0)
            except OSError:
                continue
            names = {value.partition(";")[0].strip() for key, value in metadata.fields(head) if key in _IMPORT_NAMES}
            if top in names or module.name in names:
                return canonical(metadata.field(head, "Name") or name.partition("-")[0])
        return None

    def _debian_package(self, module: Module) -> str:
        """Return the Debian package that has the file of ``module``, empty if none has (dpkg-query(1), --search)."""
        path = module.path
        if not path.startswith(DEBIAN_DIRECTORIES):
            return ""
        if self._lists is None:
            self._lists = _dpkg_lists(DPKG_LISTS)
        line = b"\n" + os.fsencode(path) + b"\n"
        for package, files in self._lists:
            if line in files:
                return package
        return ""


def _dpkg_lists(directory: str) -> list[tuple[str, bytes]]:
    """Return the packages of which dpkg knows files of Python, with these, a line each."""
    lists = []
    try:
        names = sorted(os.listdir(directory))
    except OSError:
        return []
    for name in names:
        if not name.endswith(".list"):
            continue
        try:
            files = metadata.read_whole(f"{directory}/{name}")
        except OSError:
            continue
        if b"/python" in files:
            lists.append((name.removesuffix(".list").partition(":")[0], files))
    return lists


def _ros_description(module: Module, name: str) -> str:
    """Return the package.xml that ROS installs for the package ``name``, empty if there is none.

    It lies in share of the prefix: of ``/opt/ros/noetic/lib/python3/dist-packages`` that is ``/opt/ros/noetic``.
    """
    path = module.entry.origin.path
    prefix, found, _ = path.rpartition("/lib/")
    if not found:
        return ""
    description = f"{prefix}/share/{name}/package.xml"
    return description if os.path.isfile(description) else ""
