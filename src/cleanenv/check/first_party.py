"""Whether an import means a module of the project itself."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.check.project import SOURCE_ROOTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cleanenv.check.project import Directory, Project
    from cleanenv.check.source_file import Source
    from cleanenv.doctor.imports.path_entry import Module

BESIDE = "beside"  # in the directory of the file, which a script searches first
ROOT = "root"  # in a directory that is searched when the project is installed, tested or set up
ANYWHERE = "anywhere"  # elsewhere in the project: found if the file changes sys.path
GENERATED = "generated"  # made by a build: messages of a ROS package of this workspace
NAMESPACE = "namespace"  # a directory without __init__.py: it gives way to any package of that name


class FirstParty:
    """The modules that the project has, by name and by the directory that they are imported from."""

    def __init__(self, project: Project, ros_packages: Iterable[str]) -> None:
        self._project = project
        self._generated = frozenset(ros_packages)
        self._real = {os.path.realpath(path) for path in project.directories}
        self._roots: set[str] = set()
        self._holders: dict[str, list[Directory]] = {}
        for directory in project.directories.values():
            if not directory.is_package:
                for name in directory.modules:
                    self._holders.setdefault(name, []).append(directory)
            if self._is_root(directory):
                self._roots.add(directory.path)
        self._known: dict[tuple[str, str, bool], str] = {}

    def has(self, module: Module) -> bool:
        """Tell whether what a leak leads to is the project itself: an entry may be a directory above it."""
        real = os.path.realpath(module.path)
        return real in self._real or os.path.dirname(real) in self._real

    def kind(self, name: str, source: Source) -> str:
        """Return how the top-level module ``name`` is the project's for ``source``, empty if it is not."""
        key = (name, source.directory, source.is_script)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._kind(name, source.directory, is_script=source.is_script)
        return known

    def _kind(self, name: str, directory: str, *, is_script: bool) -> str:
        here = self._project.directories.get(directory)
        kinds = []
        if here is not None and name in here.modules:
            # A module of a package finds its neighbours only relatively, unless it is run by its path.
            is_searched = is_script or not here.is_package
            kinds.append(self._kind_in(name, here, BESIDE if is_searched else ANYWHERE))
        for holder in self._holders.get(name, ()):
            above = holder.path
            if above in self._roots or directory == above or directory.startswith(f"{above}/"):
                kinds.append(self._kind_in(name, holder, ROOT))
            else:
                kinds.append(self._kind_in(name, holder, ANYWHERE))
        if name in self._generated:
            kinds.append(GENERATED)
        for kind in (BESIDE, ROOT, GENERATED, NAMESPACE, ANYWHERE):
            if kind in kinds:
                return kind
        return ""

    def _kind_in(self, name: str, holder: Directory, kind: str) -> str:
        """Return ``kind``, NAMESPACE for a directory without __init__.py, empty for one without Python in it."""
        below = self._project.directories.get(f"{holder.path}/{name}")
        if below is None or below.is_package or self._is_file(holder, name):
            return kind
        return NAMESPACE if kind != ANYWHERE and self._has_python(below) else ""

    def _is_file(self, holder: Directory, name: str) -> bool:
        """Tell whether there is a module of that name too, which goes before a directory without __init__.py."""
        return os.path.isfile(f"{holder.path}/{name}.py")

    def _has_python(self, directory: Directory, depth: int = 3) -> bool:
        """Tell whether there are modules in a directory or, up to ``depth`` levels, below it."""
        for name in directory.modules:
            below = self._project.directories.get(f"{directory.path}/{name}")
            if below is None:
                return True
            if below.is_package or (depth and self._has_python(below, depth - 1)):
                return True
        return False

    def _is_root(self, directory: Directory) -> bool:
        """Tell whether a project is imported from here: its top, one with a manifest, and src and lib in either."""
        if directory.path == self._project.top or directory.manifests:
            return True
        if os.path.basename(directory.path) not in SOURCE_ROOTS:
            return False
        above = self._project.directories.get(os.path.dirname(directory.path))
        return above is None or above.path == self._project.top or bool(above.manifests)


def finder(project: Project) -> Callable[[str], bool]:
    """Return a function that tells whether a directory of the search path is one of the project's."""
    known = {os.path.realpath(path) for path in project.directories}

    def is_own(path: str) -> bool:
        return os.path.realpath(path) in known

    return is_own


def is_of_workspace(module: Module, project: Project) -> bool:
    """Tell whether a leaked module is a copy that was built from this workspace: devel and install beside src."""
    real = os.path.realpath(module.path)
    top = os.path.realpath(project.top)
    for workspace in (top, os.path.dirname(top), os.path.dirname(os.path.dirname(top))):
        for space in ("devel", "install", "build"):
            if workspace != "/" and real.startswith(f"{workspace.rstrip('/')}/{space}/"):
                return True
    return False
