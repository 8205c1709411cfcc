"""A project on disk: its sources, its manifests, and the modules that are its own."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from cleanenv.check import source_file
from cleanenv.check.source_file import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SKIPPED = frozenset(("__pycache__", "build", "devel", "dist", "install", "log", "node_modules", "site-packages"))
# What marks a directory as an environment, or as one that ROS's build tools leave out.
MARKERS = frozenset(("pyvenv.cfg", "conda-meta", "CATKIN_IGNORE", "COLCON_IGNORE", "AMENT_IGNORE"))
MANIFESTS = frozenset(("package.xml", "pyproject.toml", "setup.cfg", "setup.py"))
SOURCE_ROOTS = ("src", "lib", "python")
_MODULES = (*source_file.SUFFIXES, ".pyx", ".so")
_INIT = ("__init__.py", "__init__.pyi", "__init__.pyx")


class Directory:
    """One directory of the project: the modules and packages in it by name, and the manifests.

    ``is_package`` whether it has an ``__init__``.
    """

    __slots__ = ("is_package", "manifests", "modules", "path", "requirements")

    def __init__(self, path: str, names: Sequence[str]) -> None:
        self.path = path
        self.is_package = any(name in _INIT for name in names)
        self.modules = {name.partition(".")[0] for name in names if name.endswith(_MODULES)}
        self.manifests = [name for name in names if name in MANIFESTS]
        self.requirements = [name for name in names if is_requirements_file(name)]


class Project:
    """The project at ``top``; ``directories`` by path, ``sources`` in the order of their paths.

    ``top`` is absolute; ``name`` what messages call the project.
    """

    def __init__(self, top: str) -> None:
        self.top = top
        self.name = os.path.basename(top) or top
        self.directories: dict[str, Directory] = {}
        self.sources: list[Source] = []

    def shown(self, path: str) -> str:
        """Return ``path`` as messages have it: relative to the project if it lies in it."""
        if path.startswith(f"{self.top}/"):
            return path[len(self.top) + 1 :]
        return path

    def above(self, directory: str) -> list[str]:
        """Return ``directory`` and those above it up to the project's top, the nearest first."""
        chain = [directory]
        while directory != self.top and directory.startswith(f"{self.top}/"):
            directory = os.path.dirname(directory)
            chain.append(directory)
        return chain


def is_requirements_file(name: str) -> bool:
    """Tell whether a file's name is one that requirements usually have: requirements-dev.txt, test_requirements.in."""
    stem, dot, suffix = name.rpartition(".")
    return dot == "." and suffix in ("txt", "in") and "requirements" in stem.lower()


def read(top: str, paths: Sequence[str], excluded: Sequence[str]) -> Project:
    """Walk the project at ``top`` and take as sources what lies at or below ``paths``, all of them absolute.

    ``excluded`` are patterns of paths relative to ``top``, or of names. The
    whole project is listed even if only a part is checked: what is its own
    depends on all of it.
    """
    project = Project(top)
    single = {path for path in paths if os.path.isfile(path)}
    wanted = [path for path in paths if path not in single]
    _walk(project, wanted, excluded)
    known = {source.path for source in project.sources}
    for path in sorted(single - known):
        # Named by the user, so it is taken whatever its name.
        kind = source_file.kind(os.path.basename(path), path) or source_file.SCRIPT
        project.sources.append(Source(path, project.shown(path), kind))
    project.sources.sort(key=lambda source: source.path)
    return project


def _walk(project: Project, wanted: Sequence[str], excluded: Sequence[str]) -> None:
    # Without a recursion: links are not followed, so it ends, but a tree may be deep.
    waiting = [project.top]
    while waiting:
        path = waiting.pop()
        listed = _listing(path)
        if listed is None:
            continue
        files, directories = listed
        if path != project.top and not MARKERS.isdisjoint((*files, *directories)):
            continue
        directory = project.directories[path] = Directory(path, files)
        is_wanted = _is_below(path, wanted)
        for name in files if is_wanted else ():
            file = f"{path}/{name}"
            kind = source_file.kind(name, file)
            if kind is not None and not _is_excluded(project.shown(file), name, excluded):
                project.sources.append(Source(file, project.shown(file), kind))
        for name in directories:
            below = f"{path}/{name}"
            if name.startswith(".") or (name in SKIPPED and not _has_been_asked_for(below, wanted)):
                continue
            if not _is_excluded(project.shown(below), name, excluded):
                directory.modules.add(name)
                waiting.append(below)


def _listing(path: str) -> tuple[list[str], list[str]] | None:
    """Return the names of the files and of the directories in ``path``, None if it cannot be read."""
    files: list[str] = []
    directories: list[str] = []
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    directories.append(entry.name)
                elif not entry.is_symlink() or entry.is_file():
                    files.append(entry.name)
    except OSError:
        return None
    return files, directories


def _is_below(path: str, wanted: Iterable[str]) -> bool:
    return any(path == top or path.startswith(f"{top.rstrip('/')}/") for top in wanted)


def _has_been_asked_for(path: str, wanted: Iterable[str]) -> bool:
    return any(_is_below(top, [path]) for top in wanted)


def _is_excluded(shown: str, name: str, patterns: Sequence[str]) -> bool:
    for pattern in patterns:
        stripped = pattern.rstrip("/")
        if fnmatchcase(shown, stripped) or ("/" not in stripped and fnmatchcase(name, stripped)):
            return True
    return False
