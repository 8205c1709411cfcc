"""Which manifests a file answers to, and whether they declare what it imports."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.check.declared import package_xml, pyproject, requirements_txt, setup_cfg, setup_py
from cleanenv.check.declared.manifest import BUILD, PACKAGE_XML, PYPROJECT, Declared, Manifest
from cleanenv.environments.names import canonical
from cleanenv.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cleanenv.check.project import Directory, Project

REQUIREMENTS_DIRECTORY = "requirements"
# setuptools is there whenever a setup.py runs.
ALWAYS_FOR_BUILDING = frozenset(("setuptools", "distutils", "wheel"))
_ROS_PREFIXES = ("python3-", "python-")
_ROS_SUFFIX = "-pip"


class Match(NamedTuple):
    """A requirement that names what is imported, and the manifest that it stands in."""

    manifest: Manifest
    declared: Declared


class Answering:
    """The manifests that the files of one directory answer to.

    ``names`` the canonical names that are declared; ``build_names`` those for
    building alone, which count for the files beside the manifest.
    """

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        self.manifests = manifests
        self.names: set[str] = set()
        self.build_names: set[str] = set()
        for manifest in manifests:
            if manifest.kind == PACKAGE_XML:
                continue
            for name, declarations in manifest.requirements.items():
                is_build = all(declared.group == BUILD for declared in declarations)
                (self.build_names if is_build else self.names).add(name)
        self.projects = {canonical(manifest.project) for manifest in manifests if manifest.project}

    @property
    def is_computed(self) -> bool:
        """Whether a program makes some of the requirements, so that what is missing is not known."""
        return any(manifest.is_computed for manifest in self.manifests)

    @property
    def is_ros(self) -> bool:
        """Whether a package.xml is among them."""
        return any(manifest.kind == PACKAGE_XML for manifest in self.manifests)

    def find(self, distribution: str, module: str, debian: str = "") -> list[Match]:
        """Return the requirements that name ``distribution``, the top-level ``module`` or Debian's package."""
        keys = {canonical(distribution) if distribution else canonical(module)}
        matches = []
        for manifest in self.manifests:
            if manifest.kind == PACKAGE_XML:
                found = _in_package_xml(manifest, keys | {canonical(module)}, module, debian)
            else:
                found = [declared for key in keys for declared in manifest.requirements.get(key, ())]
            matches += [Match(manifest, declared) for declared in found if declared.group != BUILD]
        return matches


class Declarations:
    """The manifests of a project, each read once; ``warnings`` on those that cannot be read.

    With ``only``, the files that were named with ``-r``, no others count.
    """

    def __init__(self, project: Project, environ: Mapping[str, str], only: Sequence[str], directory: str) -> None:
        self._project = project
        self._environ = environ
        self._answering: dict[str, Answering] = {}
        self._read: dict[str, Manifest | None] = {}
        self.warnings: list[str] = []
        self._only: Answering | None = None
        if only:
            named = [self._named(file, directory) for file in only]
            self._only = Answering(named)

    def of(self, directory: str) -> Answering:
        """Return the manifests that the files in ``directory`` answer to."""
        if self._only is not None:
            return self._only
        answering = self._answering.get(directory)
        if answering is None:
            answering = self._answering[directory] = Answering(self._find(directory))
        return answering

    @property
    def manifests(self) -> list[Manifest]:
        """All that have been read, in the order of their paths."""
        if self._only is not None:
            return list(self._only.manifests)
        return [manifest for _, manifest in sorted(self._read.items()) if manifest is not None]

    def ros_packages(self) -> dict[str, Manifest]:
        """Return the packages of the workspace by name."""
        packages = {}
        for directory in self._project.directories.values():
            if PACKAGE_XML not in directory.manifests:
                continue
            manifest = self._manifest(f"{directory.path}/{PACKAGE_XML}", PACKAGE_XML)
            if manifest is not None and manifest.project:
                packages[manifest.project] = manifest
        return packages

    def _find(self, directory: str) -> list[Manifest]:
        """Return the manifests of the nearest directory that has some, and all requirements files from there up."""
        found: list[Manifest] = []
        has_nearest = False
        for path in self._project.above(directory):
            here = self._project.directories.get(path)
            if here is None:
                continue
            if not has_nearest:
                nearest = self._structured(here)
                has_nearest = bool(nearest)
                found += nearest
            found += self._requirements(here)
        return list({manifest.path: manifest for manifest in found}.values())

    def _structured(self, here: Directory) -> list[Manifest]:
        manifests = []
        for name in sorted(here.manifests):
            manifest = self._manifest(f"{here.path}/{name}", name)
            if manifest is None:
                continue
            manifests.append(manifest)
            if name == PYPROJECT and manifest.is_computed:
                manifests += self._dynamic(here, manifest)
        # Where setup.cfg or setup.py has what pyproject.toml calls dynamic, all of it is known.
        others = [manifest for manifest in manifests if manifest.kind != PYPROJECT]
        if any(other.requirements for other in others):
            for manifest in manifests:
                if manifest.kind == PYPROJECT:
                    manifest.is_computed = False
        return manifests

    def _dynamic(self, here: Directory, manifest: Manifest) -> list[Manifest]:
        found = []
        for file in pyproject.dynamic_files(manifest.path):
            read = self._manifest(os.path.normpath(f"{here.path}/{file}"), "")
            if read is not None:
                manifest.is_computed = False
                found.append(read)
        return found

    def _requirements(self, here: Directory) -> list[Manifest]:
        paths = [f"{here.path}/{name}" for name in sorted(here.requirements)]
        below = self._project.directories.get(f"{here.path}/{REQUIREMENTS_DIRECTORY}")
        if below is not None:
            names = [name for name in _names_in(below.path) if name.endswith((".txt", ".in"))]
            paths += [f"{below.path}/{name}" for name in names]
        read = [self._manifest(path, "") for path in paths]
        return [manifest for manifest in read if manifest is not None]

    def _manifest(self, path: str, name: str) -> Manifest | None:
        """Return the manifest at ``path``; one that cannot be read is a warning, since nobody asked for it."""
        if path not in self._read:
            try:
                self._read[path] = self._by_name(path, name)
            except UsageError as error:
                self._read[path] = None
                self.warnings.append(f"not used as a manifest: {error}")
        return self._read[path]

    def _by_name(self, path: str, name: str) -> Manifest | None:
        shown = self._project.shown(path)
        if name == PACKAGE_XML:
            return package_xml.read(path, shown, self._environ)
        if name == PYPROJECT:
            return pyproject.read(path, shown)
        if name == "setup.cfg":
            return setup_cfg.read(path, shown)
        if name == "setup.py":
            return setup_py.read(path, shown)
        return requirements_txt.read(path, shown, self._project.top, self._environ)

    def _named(self, file: str, directory: str) -> Manifest:
        path = os.path.normpath(os.path.join(directory, file))
        name = os.path.basename(path)
        if name not in (PACKAGE_XML, PYPROJECT, "setup.cfg", "setup.py"):
            name = ""
        manifest = self._by_name(path, name)
        if manifest is None:
            raise UsageError(f"'{file}' declares no requirements", "name another file with -r")
        return manifest


def _names_in(directory: str) -> Iterable[str]:
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return ()


def _in_package_xml(manifest: Manifest, keys: set[str], module: str, debian: str) -> list[Declared]:
    """Return what names a ROS package as it is, or, by a rosdep key, Debian's package or what is in it."""
    found = []
    for name, declarations in manifest.requirements.items():
        if name == module or (debian and name == debian) or _plain_key(name) in keys:
            found += declarations
    return found


def _plain_key(key: str) -> str:
    """Return the name in a rosdep key: ``python3-yaml-pip`` is ``yaml``."""
    for prefix in _ROS_PREFIXES:
        if key.startswith(prefix):
            return canonical(key.removeprefix(prefix).removesuffix(_ROS_SUFFIX))
    return ""
