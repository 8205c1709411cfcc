"""The environments that can be named from a directory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.environments import discovery, unnamed
from cleanenv.environments.environment import Environment, read_environment
from cleanenv.errors import EnvironmentUnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class Listed:
    """An environment, the ``name`` that a command takes for it, and whether it is the active one.

    ``name`` is a name where that is enough, otherwise a path.
    """

    __slots__ = ("environment", "is_active", "name")

    def __init__(self, name: str, environment: Environment, *, is_active: bool) -> None:
        self.name = name
        self.environment = environment
        self.is_active = is_active


def environments(environ: Mapping[str, str], directory: str) -> list[Listed]:
    """Return the environments that a command finds from ``directory``, each once.

    First those in ``directory``, then the nearest ``.venv`` or ``venv``
    above, then those in the places where tools keep them by name, then the
    active one if it is none of these. What may not be read is passed over.
    """
    active = environ.get("VIRTUAL_ENV") or environ.get("CONDA_PREFIX") or ""
    real_active = os.path.realpath(active) if active else None
    found: dict[str, Environment] = {}  # by the path without links
    for environment in _all(environ, directory):
        found.setdefault(os.path.realpath(environment.path), environment)
    return [
        Listed(_name_of(environment, environ, directory), environment, is_active=path == real_active)
        for path, environment in found.items()
    ]


def _all(environ: Mapping[str, str], directory: str) -> Iterator[Environment]:
    yield from _inside(directory)
    nearest = _readable(unnamed.nearest_to, directory)
    if nearest is not None:
        yield nearest
    for place in discovery.named_places(environ):
        yield from _inside(place)
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        path = environ.get(variable)
        environment = _readable(read_environment, path) if path else None
        if environment is not None:
            yield environment


def _inside(directory: str) -> Iterator[Environment]:
    """Yield the environments that are directories in ``directory``, in the order of their names."""
    try:
        names = sorted(os.listdir(directory))
    except OSError:
        return
    for name in names:
        path = os.path.join(directory, name)
        environment = _readable(read_environment, path) if os.path.isdir(path) else None
        if environment is not None:
            yield environment


def _readable(read: Callable[[str], Environment | None], path: str) -> Environment | None:
    try:
        return read(path)
    except EnvironmentUnusableError:  # it may not be read
        return None


def _name_of(environment: Environment, environ: Mapping[str, str], directory: str) -> str:
    """Return the name of ``environment`` if it leads to this one and no other, else its path."""
    name = environment.name
    try:
        meant = discovery.candidates(name, environ, directory)
    except EnvironmentUnusableError:
        return environment.path
    is_its_own = len(meant) == 1 and os.path.realpath(meant[0].path) == os.path.realpath(environment.path)
    return name if is_its_own else environment.path
