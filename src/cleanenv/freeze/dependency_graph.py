"""What needs what among the distributions of an environment."""

from __future__ import annotations

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement

from cleanenv.environments import metadata
from cleanenv.environments.distribution import EGG_INFO
from cleanenv.environments.names import canonical
from cleanenv.environments.problem import Problem
from cleanenv.freeze import connected_groups, marker_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory


class Graph:
    """``requires`` and ``required_by`` by canonical name; ``active`` the requirements that apply, as written."""

    __slots__ = ("active", "required_by", "requires")

    def __init__(self, names: Iterable[str]) -> None:
        self.requires: dict[str, set[str]] = {name: set() for name in names}
        self.required_by: dict[str, set[str]] = {name: set() for name in self.requires}
        self.active: dict[str, list[str]] = {name: [] for name in self.requires}


def read(inventory: Inventory, problems: list[Problem]) -> Graph:
    """Read the dependencies of every distribution in ``inventory``; add those that cannot be read to ``problems``."""
    declared = {}
    for name, distribution in inventory.distributions.items():
        declared[name] = _requirements(distribution, problems)
    active = _active(declared, marker_environment.markers(inventory.interpreter))
    graph = Graph(declared)
    for name, requirements in active.items():
        for requirement in requirements:
            graph.active[name].append(str(requirement))
            needed = canonical(requirement.name)
            if needed in graph.requires and needed != name:
                graph.requires[name].add(needed)
                graph.required_by[needed].add(name)
    return graph


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


def _active(
    declared: Mapping[str, Sequence[Requirement]],
    values: Mapping[str, str],
) -> dict[str, list[Requirement]]:
    """Return the requirements that apply, of each distribution in the order of its metadata.

    A requirement applies if its marker does, for no extra or for one that
    another distribution asks for. Since an extra may ask for further ones, a
    distribution is looked at again when extras of it were asked for.
    """
    extras: dict[str, set[str]] = {name: {""} for name in declared}
    applying: dict[str, set[int]] = {name: set() for name in declared}
    queue = list(declared)
    while queue:
        name = queue.pop()
        for index, requirement in enumerate(declared[name]):
            if index in applying[name] or not _applies(requirement, extras[name], values):
                continue
            applying[name].add(index)
            needed = canonical(requirement.name)
            asked = set(map(canonical, requirement.extras))
            if needed in extras and not asked <= extras[needed]:
                extras[needed] |= asked
                queue.append(needed)
    active = {}
    for name, indexes in applying.items():
        active[name] = [declared[name][index] for index in sorted(indexes)]
    return active


def _applies(
    requirement: Requirement,
    extras: Iterable[str],
    values: Mapping[str, str],
) -> bool:
    marker = requirement.marker
    if marker is None:
        return True
    try:
        return any(marker.evaluate({**values, "extra": extra}) for extra in extras)
    except (UndefinedComparison, UndefinedEnvironmentName):
        return False


def _requirements(distribution: Distribution, problems: list[Problem]) -> list[Requirement]:
    requirements = []
    for line in _lines(distribution):
        requirement = _parsed(line)
        if requirement is not None:
            requirements.append(requirement)
            continue
        fact = f"'{distribution.name}' has a requirement that cannot be read, '{line}'"
        problems.append(Problem("broken", fact, "ignored", distribution.info))
    return requirements


def _parsed(line: str) -> Requirement | None:
    try:
        return Requirement(line)
    except (InvalidRequirement, RecursionError):  # older packaging follows any number of brackets
        return None


def _lines(distribution: Distribution) -> Iterator[str]:
    """Yield the requirements as PEP 508 writes them, from METADATA, else from an egg's requires.txt."""
    is_dist_info = distribution.entry.endswith(".dist-info")
    head = _content(distribution, "METADATA" if is_dist_info else "PKG-INFO")
    has_requirements = False
    for key, value in metadata.fields(head):
        if key == "requires-dist":
            has_requirements = True
            yield " ".join(value.split())
    if not is_dist_info and not has_requirements:
        yield from _from_sections(_content(distribution, "requires.txt").decode("utf-8", "replace"))


def _from_sections(text: str) -> Iterator[str]:
    """Yield the requirements of a requires.txt: those below ``[EXTRA:MARKER]`` have it as their condition."""
    condition = ""
    for raw_line in text.splitlines():
        line = raw_line.strip()
        if line.startswith("[") and line.endswith("]"):
            extra, _, marker = line[1:-1].partition(":")
            tests = []
            if marker:
                tests.append(f"({marker})")
            if extra:
                tests.append(f'extra == "{canonical(extra)}"')
            condition = " and ".join(tests)
        elif line and not line.startswith("#"):
            yield f"{line} ; {condition}" if condition else line


def _content(distribution: Distribution, file: str) -> bytes:
    """Return the content of ``file`` in the metadata, empty if it does not exist or cannot be read."""
    try:
        return metadata.read_whole(f"{distribution.info}/{file}")
    except NotADirectoryError:  # a zipped egg, or the file that distutils wrote instead of a directory
        pass
    except OSError:
        return b""
    if distribution.entry == EGG_INFO or distribution.place.names is None:
        from cleanenv.environments import eggs

        return eggs.requires(distribution.place, distribution.entry, file)
    if file == "requires.txt":
        return b""
    try:
        return metadata.read_whole(distribution.info)
    except OSError:
        return b""
