"""Where the working copy of a version control system came from, and why that may not be known."""

from __future__ import annotations

import os

PROJECT_FILES = ("pyproject.toml", "setup.py")


class Source:
    """The ``url`` that a working copy came from, with the scheme that pip writes (``git+https://…``).

    ``revision`` is what is checked out, ``subdirectory`` where the project lies
    in it, None for the top.
    """

    __slots__ = ("revision", "subdirectory", "url")

    def __init__(self, url: str, revision: str, subdirectory: str | None = None) -> None:
        self.url = url
        self.revision = revision
        self.subdirectory = subdirectory


class RemoteUnknownError(Exception):
    """The working copy has no remote, or one that pip does not understand: its URL is the argument, else None."""


class UnreadableError(Exception):
    """What is checked out cannot be known: the arguments are the fact, the remedy and the path."""


def project_root(location: str) -> str | None:
    """Return ``location`` or the nearest of its parents that has a project's file, as pip finds it."""
    directory = location
    while True:
        for file in PROJECT_FILES:
            if os.path.isfile(f"{directory}/{file}"):
                return directory
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent


def subdirectory(location: str, root: str) -> str | None:
    """Return where the project of ``location`` lies below ``root``, None for ``root`` itself.

    As pip does, from the path as it is written: through a symbolic link the
    result may begin with ``..``.
    """
    project = project_root(location)
    if project is None or os.path.realpath(root) == os.path.realpath(project):
        return None
    return os.path.relpath(project, root)
