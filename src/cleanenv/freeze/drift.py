"""The differences between an environment and what a file asks for."""

from __future__ import annotations

from cleanenv.environments.names import canonical
from cleanenv.freeze import dependency_graph, difference, marker_environment, needs, pyproject_file, source_match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from packaging.specifiers import SpecifierSet

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory
    from cleanenv.freeze.declared_requirements import Declared
    from cleanenv.freeze.difference import Difference
    from cleanenv.freeze.request import FileRequirement, Request


class Installed:
    """What the lines of a file are held against.

    ``inventory`` is all that the environment sees, the system's packages too;
    ``declared`` what these require, by key; ``values`` are the marker variables
    of the environment.
    """

    __slots__ = ("declared", "inventory", "keys", "values")

    def __init__(self, inventory: Inventory, declared: Mapping[str, Declared], values: Mapping[str, str]) -> None:
        self.inventory = inventory
        self.declared = declared
        self.values = values
        self.keys = needs.Keys(inventory)


class Lines:
    """The outcome for the lines of a file: their ``differences``, in the order of the file.

    ``named`` has the first line for each key of what is installed, ``extras``
    the extras that the lines ask for, by key; ``missing`` the names, in normal
    form, of what is not installed.
    """

    __slots__ = ("differences", "extras", "missing", "named")

    def __init__(self) -> None:
        self.differences: list[Difference] = []
        self.named: dict[str, FileRequirement] = {}
        self.extras: dict[str, set[str]] = {}
        self.missing: set[str] = set()


def compare_lines(installed: Installed, request: Request, file: str) -> Lines:
    """Return how what is installed differs from what ``request``, read from ``file``, names."""
    lines = Lines()
    lines.differences += _python_differences(installed, request, file)
    for requirement in request.requirements:
        applies = marker_environment.applies(requirement.requested.marker, {**installed.values, "extra": ""})
        if applies is None:
            lines.differences.append(difference.not_evaluated(requirement))
        if not applies:
            continue
        key = _key_of(installed, requirement)
        if key is None:
            if not requirement.is_constraint:
                lines.differences.append(_absent(requirement))
                lines.missing.add(canonical(requirement.requested.name or ""))
            continue
        distribution = installed.inventory.distributions[key]
        found = _judge(installed.inventory, distribution, requirement)
        if found is not None:
            lines.differences.append(found)
        if not requirement.is_constraint:
            lines.named.setdefault(key, requirement)
            lines.extras.setdefault(key, set()).update(requirement.requested.extras)
            lines.differences += _unknown_extras(installed, distribution, key, requirement)
    return lines


def compare_needs(installed: Installed, lines: Lines) -> tuple[list[Difference], dict[str, needs.Need]]:
    """Return how what the named distributions need differs, and why each of those that are needed is, by key."""
    requested = {key: {"", *extras} for key, extras in lines.extras.items()}
    active = dependency_graph.active(installed.declared, installed.values, requested)
    differences: list[Difference] = []
    reasons: dict[str, needs.Need] = {}
    for need in needs.find(installed.inventory, installed.keys, active, lines.named, lines.missing):
        if need.distribution is None:
            differences.append(difference.missing_need(need))
            continue
        key = installed.keys.find(need.distribution.name)
        if key is not None:
            reasons.setdefault(key, need)
        if not needs.agrees(need.distribution, need.requirement):
            differences.append(difference.other_need(need.distribution, need))
    return differences, reasons


def compare_rest(
    installed: Installed,
    chosen: Sequence[Distribution],
    tools: Iterable[Distribution],
    accounted: Mapping[str, needs.Need | None],
    file: str,
) -> list[Difference]:
    """Return what is in ``chosen``, which a listing has, and neither named nor needed.

    ``accounted`` has the keys of what ``file`` accounts for: with the reason of
    what comes with it, None for what it names. What ``tools`` need, those that
    no listing has, is not extra either.
    """
    keys = [installed.keys.find(distribution.name) for distribution in tools]
    requested = {key: {""} for key in keys if key is not None}
    needed_by_tools = dependency_graph.active(installed.declared, installed.values, requested)
    differences = []
    for distribution in chosen:
        key = installed.keys.find(distribution.name) or distribution.canonical
        need = accounted.get(key)
        if need is not None or (key in needed_by_tools and key not in accounted):
            differences.append(difference.unpinned(installed.inventory, distribution, need, file))
        elif key not in accounted:
            differences.append(difference.not_in_file(installed.inventory, distribution, file))
    return differences


def _python_differences(installed: Installed, request: Request, file: str) -> list[Difference]:
    """Return whether the environment's Python, and the environment itself, are what ``request`` is for."""
    differences = []
    full = installed.inventory.interpreter.full
    if request.pythons is not None and not _may_be_in(full, request.pythons):
        differences.append(difference.other_python(full, request.pythons, file))
    markers = request.environments
    if markers and not any(marker_environment.applies(marker, installed.values) for marker in markers):
        differences.append(difference.other_environment(markers, file))
    return differences


def _may_be_in(full: str, pythons: SpecifierSet) -> bool:
    """Whether ``full``, 3.11.7 or 3.11 if no more is known, may be one of ``pythons``."""
    if full.count(".") > 1:
        return pythons.contains(full, prereleases=True)
    return any(pythons.contains(f"{full}.{patch}", prereleases=True) for patch in ("0", "99"))


def _key_of(installed: Installed, requirement: FileRequirement) -> str | None:
    """Return the key of the distribution that ``requirement`` names, or that came from its URL or directory."""
    requested = requirement.requested
    if requested.name is not None:
        return installed.keys.find(requested.name)
    for key, distribution in installed.inventory.distributions.items():
        if source_match.is_from(installed.inventory, distribution, requested.url):
            return key
    directory = source_match.directory_of(requested.url)
    if directory is None:
        return None
    name = pyproject_file.project_name(directory)
    return installed.keys.find(name) if name is not None else None


def _absent(requirement: FileRequirement) -> Difference:
    if requirement.requested.name is None and not requirement.is_editable:
        return difference.nameless(requirement)
    return difference.missing(requirement)


def _judge(inventory: Inventory, distribution: Distribution, requirement: FileRequirement) -> Difference | None:
    """Return how ``distribution`` differs from ``requirement``, None if it does not."""
    if requirement.requested.url is not None:
        return _judge_source(inventory, distribution, requirement, requirement.requested.url)
    specifier = requirement.requested.specifier
    if not specifier or _satisfies(distribution, specifier):
        return None
    if distribution.version is None and not str(specifier).startswith("==="):
        return difference.not_comparable(distribution, requirement)
    return difference.other_version(distribution, requirement, "is installed")


def _satisfies(distribution: Distribution, specifier: SpecifierSet) -> bool:
    if distribution.version is None:  # compared as it is written, whatever its capitals (PEP 440)
        return str(specifier).lower() == f"==={distribution.raw_version}".lower()
    try:
        return specifier.contains(distribution.version, prereleases=True)
    except ValueError:  # more digits than int() takes (CVE-2020-10735), which no installed version has
        return False


def _judge_source(
    inventory: Inventory, distribution: Distribution, requirement: FileRequirement, url: str
) -> Difference | None:
    verdict = source_match.verdict(inventory, distribution, url, is_editable=requirement.is_editable)
    if verdict is None:
        return None
    is_certain, fact = verdict
    if is_certain:
        return difference.other_version(distribution, requirement, fact)
    return difference.other_revision(distribution, requirement, fact)


def _unknown_extras(
    installed: Installed, distribution: Distribution, key: str, requirement: FileRequirement
) -> list[Difference]:
    if not distribution.is_sound:  # its extras are not known either
        return []
    unknown = sorted(requirement.requested.extras - installed.declared[key].extras)
    return [difference.unknown_extra(distribution, requirement, extra) for extra in unknown]
