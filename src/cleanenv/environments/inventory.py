"""The distributions that an environment holds."""

# On the way of `freeze`, run in hooks: one listing a directory, one read a distribution, no stat, no pathlib.
from __future__ import annotations

import os

from cleanenv.environments import distribution, interpreter, metadata, search_path
from cleanenv.environments.names import canonical, is_valid
from cleanenv.environments.problem import Problem
from cleanenv.environments.search_path import Place
from cleanenv.errors import EnvironmentUnusableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.environment import Environment

LINK = ".egg-link"


class Inventory:
    """What an environment holds: ``distributions`` by canonical name, only the first on the search path of each.

    ``places`` are the entries of the search path that were read, ``links`` the
    .egg-link files by their stem; ``problems`` are what is wrong; ``environ`` is
    the user's environment, which says where the user's own files are.
    """

    __slots__ = ("distributions", "environ", "environment", "interpreter", "links", "places", "problems")

    def __init__(
        self, environment: Environment, python: interpreter.Interpreter, environ: Mapping[str, str] | None = None
    ) -> None:
        self.environment = environment
        self.environ: Mapping[str, str] = environ or {}
        self.interpreter = python
        self.distributions: dict[str, Distribution] = {}
        self.links: dict[str, str] = {}
        self.places: list[Place] = []
        self.problems: list[Problem] = []

    def key_of(self, distribution: Distribution) -> str:
        """Return its key in ``distributions``: the name of its directory, which its metadata may contradict."""
        name = distribution.canonical
        if self.distributions.get(name) is distribution:
            return name
        for key, other in self.distributions.items():
            if other is distribution:
                return key
        raise KeyError(name)

    def project_of(self, distribution: Distribution) -> str | None:
        """Return the project directory of an editable distribution (PEP 660, or setuptools' .egg-link), else None."""
        origin = distribution.origin
        if origin is not None:
            if not origin.editable:
                return None
            from cleanenv.environments.direct_url import local_path

            return os.path.abspath(local_path(origin.url))
        if self.links and self.link_of(distribution.name):
            return os.path.abspath(distribution.place.path)
        return None

    def link_of(self, name: str) -> str | None:
        """Return the .egg-link file of the distribution called ``name``, None if there is none."""
        return self.links.get(_safe(name)) or self.links.get(name)

    def is_outside(self, distribution: Distribution) -> bool:
        """Whether ``distribution`` is reached only through a path that leaves the environment."""
        if distribution.place.inside:
            return False
        return not (self.links and self.link_of(distribution.name))


def read(
    environment: Environment,
    *,
    python: interpreter.Interpreter | None = None,
    everywhere: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Inventory:
    """Read the distributions of ``environment`` without starting anything of it.

    ``python`` is its interpreter, if that has been read before.
    ``everywhere`` adds what include-system-site-packages lets in, with the
    user's directory, where ``environ`` has it. Raises EnvironmentUnusableError if there is
    no site-packages directory to read.
    """
    python = python or interpreter.read(environment)
    if python is None:
        raise EnvironmentUnusableError(
            f"the environment '{environment.path}' has no lib/pythonX.Y directory", "recreate it"
        )
    inventory = Inventory(environment, python, environ)
    if python.mismatch:
        fact = f"the environment's Python is {python.mismatch} but its packages are in 'lib/{python.folder}'"
        inventory.problems.append(Problem("python", fact, "recreate it", environment.path))
    places = search_path.read(environment, python, inventory.problems)
    if not places:
        raise EnvironmentUnusableError(
            f"the environment '{environment.path}' has no 'lib/{python.folder}/site-packages' that can be read",
            "recreate it",
        )
    if everywhere and environment.system_site_packages:
        is_site_left_out = bool(inventory.environ.get("PYTHONNOUSERSITE"))  # python(1): any text counts
        home = None if is_site_left_out else inventory.environ.get("HOME")
        places += search_path.base_places(environment, python, home)
    if everywhere or python.is_pypy:
        from cleanenv.environments import base_python

        library = base_python.library(environment, python)
        if library is not None:
            # It comes first for Python; what the environment has itself is not hidden by what is left out.
            places = [library, *places] if everywhere else [*places, library]
    fill(inventory, places)
    return inventory


def fill(inventory: Inventory, places: Sequence[Place]) -> None:
    """Add what is in ``places``, each distribution from the first that has it."""
    inventory.places += places
    for place in places:
        _add_place(inventory, place)


def _add_place(inventory: Inventory, place: Place) -> None:
    """Add what is in ``place``: a directory, an egg or a zipped egg; nothing for anything else."""
    if place.names is None:
        try:
            place.names = sorted(os.listdir(place.path))
        except NotADirectoryError:
            _add_archive(inventory, place)
            return
        except OSError:
            return
    links = _add_directory(inventory, place, place.names)
    for link in links:
        inventory.links.setdefault(link[: -len(LINK)], f"{place.path}/{link}")
    for link in links:  # after the directory itself, as for pip
        _add_linked(inventory, place, link)


def _add_archive(inventory: Inventory, place: Place) -> None:
    if place.path.endswith(".whl"):  # pip does not look into wheels either
        return
    from cleanenv.environments import eggs

    for packed in eggs.distributions(place, inventory.problems):
        inventory.distributions.setdefault(packed.canonical, packed)


def _add_directory(inventory: Inventory, place: Place, names: Sequence[str]) -> list[str]:
    """Add each distribution whose metadata is among ``names``; return the .egg-link files beside them."""
    links = []
    distributions = inventory.distributions
    problems = inventory.problems
    is_egg = place.path.endswith(".egg")
    for name in names:
        ending = name[-5:]  # cheaper than endswith for the many names that are something else
        if ending == "-info" and name.endswith(distribution.INFO):
            project = name[: name.rfind(".")].partition("-")[0]
        elif is_egg and name == distribution.EGG_INFO:
            project = place.path.rpartition("/")[2].partition("-")[0]
        else:
            if ending == "-link" and name.endswith(LINK):
                links.append(name)
            continue
        if not is_valid(project):
            problems.append(_without_name(place, name))
            continue
        key = canonical(project)
        known = distributions.get(key)
        if known is not None and known.place is not place:
            continue
        added = distribution.read(place, name, problems)
        if added is None:
            continue
        if known is not None:
            added = _better(known, added, problems)
        distributions[key] = added
    return links


def _add_linked(inventory: Inventory, place: Place, link: str) -> None:
    """Add the distribution in the project directory that the .egg-link file ``link`` names."""
    target = _target(place.path, link)
    if target is None:
        return
    try:
        names = sorted(os.listdir(target))
    except OSError:
        return
    inside = search_path.is_inside(inventory.environment, target)
    linked = Place(target, names, inside=inside, pth=f"{place.path}/{link}")
    _add_directory(inventory, linked, names)


def _without_name(place: Place, entry: str) -> Problem:
    path = f"{place.path}/{entry}"
    if entry.startswith("~"):
        return Problem("leftover", f"'{path}' is a leftover of an interrupted uninstall", "left out; delete it", path)
    return Problem("broken", f"'{path}' does not begin with the name of a distribution", "left out", path)


def _better(
    first: Distribution,
    second: Distribution,
    problems: list[Problem],
) -> Distribution:
    """Return that of two in one directory whose metadata can be read, then the one of the higher version."""
    from packaging.version import Version

    def order(candidate: Distribution) -> tuple[bool, Version, str]:
        return candidate.is_sound, Version(candidate.version or "0.dev0"), candidate.entry

    worse, better = sorted((first, second), key=order)
    fact = f"'{first.place.path}' has two versions of '{first.name}', '{worse.entry}' and '{better.entry}'"
    remedy = "the latter is listed; install it again, in one version"
    problems.append(Problem("duplicate", fact, remedy, worse.info))
    return better


def _target(directory: str, link: str) -> str | None:
    """Return the directory that the first line of an .egg-link file names, None if it names none."""
    try:
        text = metadata.read_whole(f"{directory}/{link}").decode("utf-8", "surrogateescape")
    except OSError:
        return None
    for line in text.splitlines():
        path = line.strip()
        if path:
            return None if "\0" in path else os.path.normpath(os.path.join(directory, path))
    return None


def _safe(name: str) -> str:
    """Return ``name`` as setuptools named .egg-link files: each run of other characters one dash."""
    safe = ""
    for character in name:
        if character == "." or (character.isascii() and character.isalnum()):
            safe += character
        elif not safe.endswith("-"):
            safe += "-"
    return safe
