"""The differences between an environment and what a requirements file asks for."""

from __future__ import annotations

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName

from cleanenv.environments.names import canonical
from cleanenv.freeze import credentials, requirements_text, source_match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from packaging.markers import Marker
    from packaging.specifiers import SpecifierSet

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory
    from cleanenv.freeze.requirements_file import FileRequirement

MISSING = "missing"
EXTRA = "extra"
OTHER = "other version"
UNJUDGED = "cannot be judged"
KINDS = (MISSING, EXTRA, OTHER, UNJUDGED)


class Difference:
    """One difference: ``kind`` is one of KINDS, ``fact`` and ``remedy`` are for a person.

    ``name`` and ``installed``, the version, are those of the distribution, None
    if there is none; ``wanted`` the line of the file and ``where`` its place,
    None for an extra one. ``message`` joins fact and remedy.
    """

    __slots__ = ("fact", "installed", "kind", "name", "remedy", "wanted", "where")

    def __init__(
        self,
        kind: str,
        fact: str,
        remedy: str,
        distribution: Distribution | None,
        requirement: FileRequirement | None,
    ) -> None:
        self.kind = kind
        self.fact = fact
        self.remedy = remedy
        self.name: str | None = None
        self.installed: str | None = None
        self.wanted: str | None = None
        self.where: str | None = None
        if requirement is not None:
            self.name = requirement.requested.name
            self.wanted = credentials.masked_in(requirement.text)
            self.where = requirement.where
        if distribution is not None:
            self.name = distribution.name
            self.installed = distribution.version or distribution.raw_version

    @property
    def message(self) -> str:
        """The fact and the remedy as one sentence."""
        return f"{self.fact}: {self.remedy}"


def compare(
    inventory: Inventory,
    chosen: Sequence[Distribution],
    requirements: Sequence[FileRequirement],
    markers: Mapping[str, str],
    file: str,
) -> list[Difference]:
    """Return how ``inventory`` differs from ``requirements``, in their order, then what is extra.

    ``chosen`` are those distributions that count as extra if ``file`` does not
    name them; ``markers`` are the marker variables of the environment.
    """
    differences: list[Difference] = []
    named: set[str] = set()
    for requirement in requirements:
        applies = _applies(requirement.requested.marker, markers)
        if applies is None:
            fact = f"{_quoted(requirement)} has a condition that cannot be evaluated"
            differences.append(Difference(UNJUDGED, fact, "correct the line", None, requirement))
        if not applies:
            continue
        distribution = _installed(inventory, requirement)
        if distribution is not None and not requirement.is_constraint:
            named.add(distribution.canonical)
        difference = _judge(inventory, distribution, requirement)
        if difference is not None:
            differences.append(difference)
    extra = [distribution for distribution in chosen if distribution.canonical not in named]
    return differences + [_extra(inventory, distribution, file) for distribution in extra]


def is_drift(differences: Sequence[Difference]) -> bool:
    """Whether one of ``differences`` is more than something that cannot be judged."""
    return any(difference.kind != UNJUDGED for difference in differences)


def _applies(marker: Marker | None, values: Mapping[str, str]) -> bool | None:
    """Whether the requirement with ``marker`` counts in the environment; None if that cannot be known."""
    if marker is None:
        return True
    try:
        return marker.evaluate({**values, "extra": ""})
    except (UndefinedComparison, UndefinedEnvironmentName):
        return None


def _installed(inventory: Inventory, requirement: FileRequirement) -> Distribution | None:
    """Return the distribution that ``requirement`` names, or that came from its URL."""
    name = requirement.requested.name
    if name is None:
        for distribution in inventory.distributions.values():
            if source_match.is_from(inventory, distribution, requirement.requested.url):
                return distribution
        return None
    key = canonical(name)
    if key in inventory.distributions:
        return inventory.distributions[key]
    # The name in the metadata may be another than that of its directory, by which they are sorted.
    for distribution in inventory.distributions.values():
        if distribution.canonical == key:
            return distribution
    return None


def _judge(
    inventory: Inventory,
    distribution: Distribution | None,
    requirement: FileRequirement,
) -> Difference | None:
    """Return how ``distribution``, None if nothing is installed, differs from ``requirement``; None if it does not."""
    if distribution is None:
        return _judge_absent(requirement)
    if requirement.requested.url is not None:
        return _judge_source(inventory, distribution, requirement)
    specifier = requirement.requested.specifier
    if not specifier or _satisfies(distribution, specifier):
        return None
    if distribution.version is None and not str(specifier).startswith("==="):
        fact = f"{_shown(distribution)} has a version that cannot be compared with {_quoted(requirement)}"
        return Difference(UNJUDGED, fact, "compare them yourself", distribution, requirement)
    return _other(f"{_shown(distribution)} is installed", distribution, requirement)


def _satisfies(distribution: Distribution, specifier: SpecifierSet) -> bool:
    if distribution.version is None:
        return str(specifier) == f"==={distribution.raw_version}"
    try:
        return specifier.contains(distribution.version, prereleases=True)
    except ValueError:  # more digits than int() takes (CVE-2020-10735), which no installed version has
        return False


def _judge_absent(requirement: FileRequirement) -> Difference | None:
    if requirement.is_constraint:
        return None
    if requirement.requested.name is None and not requirement.is_editable:
        fact = f"{_quoted(requirement)} does not say what it installs"
        return Difference(UNJUDGED, fact, "write 'NAME @ URL'", None, requirement)
    fact = f"{_quoted(requirement)} is not installed"
    return Difference(MISSING, fact, "install it, or remove the line", None, requirement)


def _judge_source(
    inventory: Inventory,
    distribution: Distribution,
    requirement: FileRequirement,
) -> Difference | None:
    verdict = source_match.verdict(inventory, distribution, requirement.requested.url or "")
    if verdict is None:
        return None
    is_known, fact = verdict
    return _other(f"{_shown(distribution)} {fact}", distribution, requirement, OTHER if is_known else UNJUDGED)


def _other(
    fact: str,
    distribution: Distribution,
    requirement: FileRequirement,
    kind: str = OTHER,
) -> Difference:
    fact = f"{fact}, but {_quoted(requirement)} asks for another"
    return Difference(kind, fact, "install that one, or change the line", distribution, requirement)


def _extra(inventory: Inventory, distribution: Distribution, file: str) -> Difference:
    line = requirements_text.lines(inventory, distribution, requirements_text.Choice(), [])[-1]
    fact = f"{line} is installed but not in {file}"
    return Difference(EXTRA, fact, "uninstall it, or add the line", distribution, None)


def _shown(distribution: Distribution) -> str:
    return f"{distribution.name} {distribution.version or distribution.raw_version}"


def _quoted(requirement: FileRequirement) -> str:
    return f"'{credentials.masked_in(requirement.text)}' ({requirement.where})"
