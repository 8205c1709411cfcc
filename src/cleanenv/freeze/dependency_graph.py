"""What needs what among the distributions of an environment."""

from __future__ import annotations

from cleanenv.environments.names import canonical
from cleanenv.freeze import connected_groups, declared_requirements, marker_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from packaging.requirements import Requirement

    from cleanenv.environments.inventory import Inventory
    from cleanenv.environments.problem import Problem
    from cleanenv.freeze.declared_requirements import Declared


class Graph:
    """``requires`` and ``required_by`` by canonical name; ``active`` the requirements that apply."""

    __slots__ = ("active", "required_by", "requires")

    def __init__(self, active: Mapping[str, list[Requirement]]) -> None:
        self.active = active
        self.requires: dict[str, set[str]] = {name: set() for name in active}
        self.required_by: dict[str, set[str]] = {name: set() for name in active}
        for name, requirements in active.items():
            for requirement in requirements:
                needed = canonical(requirement.name)
                if needed in active and needed != name:
                    self.requires[name].add(needed)
                    self.required_by[needed].add(name)


def read(inventory: Inventory, problems: list[Problem]) -> Graph:
    """Read the dependencies of every distribution in ``inventory``; add those that cannot be read to ``problems``."""
    declared = declared_requirements.read(inventory, problems)
    return whole(declared, marker_environment.markers(inventory.interpreter), {})


def whole(
    declared: Mapping[str, Declared],
    values: Mapping[str, str],
    extras: Mapping[str, AbstractSet[str]],
) -> Graph:
    """Return the graph of all of ``declared``, with the ``extras`` of some that were asked for besides.

    ``values`` are the marker variables of the environment.
    """
    requested = {name: {"", *extras.get(name, ())} for name in declared}
    return Graph(active(declared, values, requested))


def roots(graph: Graph) -> tuple[set[str], list[list[str]]]:
    """Return what nothing else needs; and, of each cycle that nothing outside it needs, the members by name.

    Of such a cycle the member that comes first by name counts as a root.
    """
    names: set[str] = set()
    cycles: list[list[str]] = []
    for group in connected_groups.find(graph.requires):
        if any(not graph.required_by[name] <= group for name in group):
            continue
        members = sorted(group)
        names.add(members[0])
        if len(members) > 1:
            cycles.append(members)
    return names, sorted(cycles)


def active(
    declared: Mapping[str, Declared],
    values: Mapping[str, str],
    requested: Mapping[str, AbstractSet[str]],
) -> dict[str, list[Requirement]]:
    """Return the requirements that apply of ``requested`` and of all that these need, by name.

    ``requested`` has the extras asked for, ``""`` among them for the
    distribution itself. A requirement applies if its marker does for one of
    these. Since an extra may ask for further ones, a distribution is looked at
    again when extras of it were asked for.
    """
    extras: dict[str, set[str]] = {}
    for name, asked in requested.items():
        extras[name] = set(asked)
    applying: dict[str, set[int]] = {name: set() for name in extras}
    queue = list(extras)
    while queue:
        name = queue.pop()
        for index, requirement in enumerate(declared[name].requirements):
            if index in applying[name] or not _applies(requirement, extras[name], values):
                continue
            applying[name].add(index)
            needed = canonical(requirement.name)
            if needed not in declared:
                continue
            known = extras.setdefault(needed, set())
            applying.setdefault(needed, set())
            wanted = {"", *map(canonical, requirement.extras)}
            if not wanted <= known:
                known |= wanted
                queue.append(needed)
    requirements = {}
    for name, indexes in applying.items():
        requirements[name] = [declared[name].requirements[index] for index in sorted(indexes)]
    return requirements


def _applies(
    requirement: Requirement,
    extras: Iterable[str],
    values: Mapping[str, str],
) -> bool:
    marker = requirement.marker
    if marker is None:
        return True
    return any(marker_environment.applies(marker, {**values, "extra": extra}) for extra in extras)
