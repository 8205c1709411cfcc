"""What has to be installed in a clone, as requirements."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.environments import direct_url, inventory, search_path
from cleanenv.errors import CleanenvError, EnvironmentUnusableError
from cleanenv.freeze import requirements_text
from cleanenv.freeze.requirements_text import Choice
from cleanenv.system import credentials

if TYPE_CHECKING:
    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.inventory import Inventory


class Source(NamedTuple):
    """The ``lines`` of a requirements file, the ``keys`` of what they install, and ``notes`` on what is special."""

    contents: Inventory
    lines: list[str]
    keys: set[str]
    notes: list[str]


def read(environment: Environment, *, exact: bool) -> Source:
    """Return what ``environment`` holds, its pip too; ``exact`` passes credentials in URLs on.

    Raises EnvironmentUnusableError for an environment that cannot be cloned,
    CleanenvError if something was installed from where it is no more.
    """
    if environment.kind == "conda":
        raise EnvironmentUnusableError(
            f"'{environment.path}' is a conda environment", f"use 'conda create --clone {environment.path}'"
        )
    contents = inventory.read(environment)
    source = Source(contents, [], set(), [])
    for distribution in requirements_text.choose(contents, Choice(tools=True), contents.problems):
        source.keys.add(distribution.canonical)
        source.lines.append(_line(source, distribution, exact=exact))
    if environment.system_site_packages:
        source.notes.append("the clone sees the system's packages too (include-system-site-packages)")
    return source


def _line(source: Source, distribution: Distribution, *, exact: bool) -> str:
    contents = source.contents
    project = contents.project_of(distribution)
    if project is not None:
        if not search_path.is_inside(contents.environment, project):
            source.notes.append(f"{distribution.name} is editable: the clone uses the same directory, '{project}'")
            _require(distribution, project)
            return f"-e {Path(project).as_uri()}"
        # `pip install -e git+…` keeps the checkout in the environment, so the clone gets one of its own.
        return requirements_text.lines(contents, distribution, Choice(exact=exact), [])[-1]
    origin = distribution.origin
    if origin is None:
        return distribution.pin
    if not exact and credentials.masked(origin.url) != origin.url:
        raise CleanenvError(f"the URL of '{distribution.name}' has credentials", "pass them on with --exact")
    if origin.url.startswith("file:"):
        _require(distribution, direct_url.local_path(origin.url))
    return f"{distribution.name} @ {origin.reference(origin.url)}"


def _require(distribution: Distribution, path: str) -> None:
    if not os.path.exists(path):
        raise CleanenvError(
            f"'{distribution.name}' was installed from '{path}', which does not exist",
            "put it there again, or install the clone from a file of requirements with --from",
        )
