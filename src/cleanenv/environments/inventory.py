"""The distributions that an environment holds."""

# On the way of `freeze`, run in hooks: one listing a folder, one read a distribution, no stat, no pathlib.
from __future__ import annotations

import os

from cleanenv.environments import distribution, interpreter, search_path
from cleanenv.environments.names import canonical, is_valid
from cleanenv.environments.problem import Remark, printable
from cleanenv.environments.search_path import Place
from cleanenv.errors import EnvironmentUnusableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.environment import Environment

LINK = ".egg-link"


class Inventory:
    """What an environment holds: ``distributions`` by canonical name, the first on the search path alone.

    ``places`` are the entries of the search path that were read, ``links`` the
    .egg-link files by their stem; ``remarks`` tell what is wrong.
    """

    __slots__ = ("distributions", "environment", "interpreter", "links", "places", "remarks")

    def __init__(self, environment: Environment, python: interpreter.Interpreter) -> None:
        self.environment = environment
        self.interpreter = python
        self.distributions: dict[str, Distribution] = {}
        self.links: dict[str, str] = {}
        self.places: list[Place] = []
        self.remarks: list[Remark] = []

    def key_of(self, found: Distribution) -> str:
        """Return the key of ``found`` in ``distributions``: its folder's name, where its metadata has another."""
        if self.distributions.get(found.canonical) is found:
            return found.canonical
        return next(key for key, each in self.distributions.items() if each is found)

    def project_of(self, found: Distribution) -> str | None:
        """Return the project folder of an editable distribution (PEP 660, or setuptools' .egg-link), else None."""
        if found.origin is not None:
            if not found.origin.editable:
                return None
            from cleanenv.environments.direct_url import local_path

            return os.path.abspath(local_path(found.origin.url))
        if self.links and self.link_of(found.name):
            return os.path.abspath(found.place.path)
        return None

    def link_of(self, name: str) -> str | None:
        """Return the .egg-link file of the distribution called ``name``, None where there is none."""
        return self.links.get(_safe(name)) or self.links.get(name)

    def is_outside(self, found: Distribution) -> bool:
        """Whether ``found`` is reached only through a path that leaves the environment."""
        return not found.place.inside and not (self.links and self.link_of(found.name))


def read(
    environment: Environment,
    *,
    python: interpreter.Interpreter | None = None,
    everywhere: bool = False,
    home: str | None = None,
) -> Inventory:
    """Read the distributions of ``environment`` without starting anything of it.

    ``python`` is its interpreter, if that has been read before.
    ``everywhere`` adds what include-system-site-packages lets in, with the
    user's folder below ``home``. Raises EnvironmentUnusableError where there
    is no site-packages folder to read.
    """
    python = python or interpreter.read(environment)
    if python is None:
        raise EnvironmentUnusableError(
            f"the environment '{printable(environment.path)}' has no lib/pythonX.Y directory", "recreate it"
        )
    inventory = Inventory(environment, python)
    if python.mismatch:
        inventory.remarks.append(_mismatch(environment, python))
    places = search_path.read(environment, python, inventory.remarks)
    if not places:
        raise EnvironmentUnusableError(
            f"the environment '{printable(environment.path)}' has no readable 'lib/{python.folder}/site-packages'",
            "recreate it",
        )
    if everywhere and environment.system_site_packages:
        places += search_path.base_places(environment, python, home)
    fill(inventory, places)
    return inventory


def fill(inventory: Inventory, places: Sequence[Place]) -> None:
    """Add what ``places`` hold, each distribution from the first that has it."""
    inventory.places += places
    for place in places:
        _add_place(inventory, place)


def _mismatch(environment: Environment, python: interpreter.Interpreter) -> Remark:
    return Remark(
        "python",
        f"the environment's Python is {python.mismatch} and its packages lie in 'lib/{python.folder}': make it anew",
        environment.path,
    )


def _add_place(inventory: Inventory, place: Place) -> None:
    """Add what ``place`` holds: a folder, an egg or a zipped egg; nothing where it is neither."""
    if place.names is None:
        try:
            place.names = sorted(os.listdir(place.path))
        except NotADirectoryError:
            _add_archive(inventory, place)
            return
        except OSError:
            return
    links = _add_folder(inventory, place, place.names)
    for link in links:
        inventory.links.setdefault(link[: -len(LINK)], f"{place.path}/{link}")
    for link in links:  # after the folder itself, as pip has it
        target = _target(place.path, link)
        if target is not None:
            inside = search_path.is_inside(inventory.environment, target)
            linked = Place(target, None, inside=inside, pth=f"{place.path}/{link}")
            try:
                linked.names = sorted(os.listdir(target))
            except OSError:
                continue
            _add_folder(inventory, linked, linked.names)


def _add_archive(inventory: Inventory, place: Place) -> None:
    if place.path.endswith(".whl"):  # pip does not look into wheels either
        return
    from cleanenv.environments import eggs

    for found in eggs.distributions(place, inventory.remarks):
        inventory.distributions.setdefault(found.canonical, found)


def _add_folder(inventory: Inventory, place: Place, names: Sequence[str]) -> list[str]:
    """Add each distribution whose metadata lies in ``place``; return the .egg-link files beside them."""
    links = []
    distributions = inventory.distributions
    remarks = inventory.remarks
    is_egg = place.path.endswith(".egg")
    for name in names:
        ending = name[-5:]
        if ending == "-info" and name.endswith(distribution.INFO):
            project = name[: name.rfind(".")].partition("-")[0]
        elif is_egg and name == distribution.EGG_INFO:
            project = place.path.rpartition("/")[2].partition("-")[0]
        else:
            if ending == "-link" and name.endswith(LINK):
                links.append(name)
            continue
        if not is_valid(project):
            remarks.append(_no_name(place, name))
            continue
        key = canonical(project)
        known = distributions.get(key)
        if known is not None and known.place is not place:
            continue
        found = distribution.read(place, name, remarks)
        if found is not None:
            distributions[key] = found if known is None else _better(known, found, remarks)
    return links


def _no_name(place: Place, entry: str) -> Remark:
    path = f"{place.path}/{entry}"
    if entry.startswith("~"):
        return Remark(
            "leftover", f"'{printable(path)}' is left over from a broken uninstall: left out; it can be deleted", path
        )
    return Remark("broken", f"'{printable(path)}' is no name of a distribution: left out", path)


def _better(one: Distribution, other: Distribution, remarks: list[Remark]) -> Distribution:
    """Return that of two in one folder whose metadata can be read, then the one of the higher version."""
    from packaging.version import Version

    order = sorted((one, other), key=lambda each: (each.is_sound, Version(each.version or "0.dev0"), each.entry))
    remarks.append(
        Remark(
            "duplicate",
            f"two versions of '{one.name}' lie in '{printable(one.place.path)}', "
            f"'{printable(order[0].entry)}' and '{printable(order[1].entry)}': listed is the latter; "
            "install it again, in one version",
            order[0].info,
        )
    )
    return order[1]


def _target(folder: str, link: str) -> str | None:
    """Return the folder that an .egg-link file names in its first line, None where it names none."""
    from cleanenv.environments import metadata

    try:
        text = metadata.read_whole(f"{folder}/{link}").decode("utf-8", "surrogateescape")
    except OSError:
        return None
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return os.path.normpath(os.path.join(folder, first)) if first and "\0" not in first else None


def _safe(name: str) -> str:
    """Return ``name`` as setuptools named .egg-link files: each run of other characters one dash."""
    safe = ""
    for character in name:
        if character == "." or (character.isascii() and character.isalnum()):
            safe += character
        elif not safe.endswith("-"):
            safe += "-"
    return safe
