"""What needs what among the distributions of an environment."""

from __future__ import annotations

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement

from cleanenv.environments import metadata
from cleanenv.environments.distribution import EGG_INFO
from cleanenv.environments.names import canonical
from cleanenv.environments.problem import Remark, printable
from cleanenv.freeze import marker_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory


class Graph:
    """``requires`` and ``required_by`` by canonical name; ``active`` the requirements that hold, as written.

    A requirement holds where its marker does, for no extra or for one that
    another distribution asks for: found as a fixpoint, since an extra may ask
    for further ones.
    """

    __slots__ = ("active", "required_by", "requires")

    def __init__(self, names: Iterable[str]) -> None:
        self.requires: dict[str, set[str]] = {name: set() for name in names}
        self.required_by: dict[str, set[str]] = {name: set() for name in self.requires}
        self.active: dict[str, list[str]] = {name: [] for name in self.requires}


def read(inventory: Inventory, remarks: list[Remark]) -> Graph:
    """Read the dependencies of every distribution in ``inventory``."""
    written = {name: list(_parsed(found, remarks)) for name, found in inventory.distributions.items()}
    values = marker_environment.markers(inventory.interpreter)
    extras: dict[str, set[str]] = {name: {""} for name in written}
    holding: dict[str, dict[int, Requirement]] = {name: {} for name in written}
    queue = list(written)
    while queue:
        name = queue.pop()
        for index, requirement in enumerate(written[name]):
            if index in holding[name] or not _holds(requirement, extras[name], values):
                continue
            holding[name][index] = requirement
            needed = canonical(requirement.name)
            asked = {canonical(extra) for extra in requirement.extras}
            if needed in extras and not asked <= extras[needed]:
                extras[needed] |= asked
                queue.append(needed)
    graph = Graph(written)
    for name, found in holding.items():
        for _, requirement in sorted(found.items()):
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
    found: set[str] = set()
    cycles: list[list[str]] = []
    for group in _groups(graph.requires):
        if all(graph.required_by[name] <= group for name in group):
            ordered = sorted(group)
            found.add(ordered[0])
            if len(ordered) > 1:
                cycles.append(ordered)
    return found, sorted(cycles)


def _holds(requirement: Requirement, extras: Iterable[str], values: Mapping[str, str]) -> bool:
    marker = requirement.marker
    try:
        return marker is None or any(marker.evaluate({**values, "extra": extra}) for extra in extras)
    except (UndefinedComparison, UndefinedEnvironmentName):
        return False


def _parsed(found: Distribution, remarks: list[Remark]) -> Iterator[Requirement]:
    for line in _written(found):
        requirement = _requirement(line)
        if requirement is None:
            fact = f"'{found.name}' has a requirement that cannot be read, '{printable(line)}': passed over"
            remarks.append(Remark("broken", fact, found.info))
        else:
            yield requirement


def _requirement(line: str) -> Requirement | None:
    try:
        return Requirement(line)
    except InvalidRequirement:
        return None


def _written(found: Distribution) -> Iterator[str]:
    """Yield the requirements of ``found`` as PEP 508 writes them, from METADATA, else from an egg's requires.txt."""
    is_dist_info = found.entry.endswith(".dist-info")
    listed = False
    for key, value in metadata.fields(_content(found, "METADATA" if is_dist_info else "PKG-INFO")):
        if key == "requires-dist":
            listed = True
            yield " ".join(value.split())
    if not is_dist_info and not listed:
        yield from _from_sections(_content(found, "requires.txt").decode("utf-8", "replace"))


def _from_sections(text: str) -> Iterator[str]:
    """Yield the requirements of a requires.txt: below ``[EXTRA:MARKER]`` they hold for these alone."""
    condition = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            extra, _, marker = line[1:-1].partition(":")
            tests = [f"({marker})"] if marker else []
            tests += [f'extra == "{canonical(extra)}"'] if extra else []
            condition = " and ".join(tests)
        elif line and not line.startswith("#"):
            yield f"{line} ; {condition}" if condition else line


def _content(found: Distribution, file: str) -> bytes:
    try:
        return metadata.read_whole(f"{found.info}/{file}")
    except NotADirectoryError:
        pass
    except OSError:
        return b""
    if found.entry == EGG_INFO or found.place.names is None:
        from cleanenv.environments import eggs

        return eggs.requires(found.place, found.entry, file)
    try:
        return metadata.read_whole(found.info) if file != "requires.txt" else b""
    except OSError:
        return b""


def _groups(requires: Mapping[str, set[str]]) -> Iterator[set[str]]:
    """Yield the strongly connected groups (Tarjan's algorithm, without recursion: chains may be long)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for start in requires:
        work = [] if start in order else [(start, iter(sorted(requires[start])))]
        while work:
            name, rest = work[-1]
            if name not in order:
                order[name] = low[name] = len(order)
                stack.append(name)
                on_stack.add(name)
            needed = next(rest, None)
            if needed is not None:
                if needed not in order:
                    work.append((needed, iter(sorted(requires[needed]))))
                elif needed in on_stack:
                    low[name] = min(low[name], order[needed])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[name])
            if low[name] == order[name]:
                cut = stack.index(name)
                group = set(stack[cut:])
                del stack[cut:]
                on_stack -= group
                yield group
