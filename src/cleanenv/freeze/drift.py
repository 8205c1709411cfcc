"""What an environment holds against what a requirements file asks for."""

from __future__ import annotations

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName

from cleanenv.environments.names import canonical
from cleanenv.environments.problem import printable
from cleanenv.freeze import credentials, requirements_text, source_match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory
    from cleanenv.freeze.requirements_file import Wanted

MISSING = "missing"
EXTRA = "extra"
OTHER = "other version"
UNJUDGED = "cannot be judged"
KINDS = (MISSING, EXTRA, OTHER, UNJUDGED)


class Difference:
    """One point where environment and file part: ``kind`` one of KINDS, ``message`` one sentence.

    ``name`` of the distribution where one is known; ``installed`` its version;
    ``wanted`` the line of the file and ``where`` its place, None for an extra one.
    """

    __slots__ = ("installed", "kind", "message", "name", "wanted", "where")

    def __init__(self, kind: str, message: str, found: Distribution | None, wanted: Wanted | None) -> None:
        self.kind = kind
        self.message = message
        self.name = found.name if found else wanted.name if wanted else None
        self.installed = (found.version or found.raw_version) if found else None
        self.wanted = credentials.masked(wanted.text) if wanted else None
        self.where = wanted.where if wanted else None


def compare(
    inventory: Inventory,
    chosen: Sequence[Distribution],
    wanted: Sequence[Wanted],
    markers: Mapping[str, str],
    file: str,
) -> list[Difference]:
    """Return where ``inventory`` parts from ``wanted``, in the order of the file, then what is extra.

    ``chosen`` are those distributions that count as extra where ``file`` does
    not name them; ``markers`` the marker variables of the environment.
    """
    differences: list[Difference] = []
    named: set[str] = set()
    for one in wanted:
        try:
            if one.marker is not None and not one.marker.evaluate({**markers, "extra": ""}):
                continue
        except (UndefinedComparison, UndefinedEnvironmentName):
            fact = f"{_asked(one)} has a condition that cannot be evaluated: mend the line"
            differences.append(Difference(UNJUDGED, fact, None, one))
            continue
        found = _installed(inventory, one)
        if found is not None and not one.is_constraint:
            named.add(found.canonical)
        difference = _judge(inventory, found, one)
        if difference is not None:
            differences.append(difference)
    for found in chosen:
        if found.canonical not in named:
            line = requirements_text.lines(inventory, found, requirements_text.Choice(), [])[-1]
            fact = f"{line} is installed and not in {printable(file)}: uninstall it, or add the line"
            differences.append(Difference(EXTRA, fact, found, None))
    return differences


def is_drift(differences: Sequence[Difference]) -> bool:
    """Whether ``differences`` hold more than what cannot be judged."""
    return any(difference.kind != UNJUDGED for difference in differences)


def _installed(inventory: Inventory, one: Wanted) -> Distribution | None:
    if one.name is not None:
        key = canonical(one.name)
        found = inventory.distributions.get(key)
        return found or next((each for each in inventory.distributions.values() if each.canonical == key), None)
    return next(
        (each for each in inventory.distributions.values() if source_match.is_from(inventory, each, one.url)), None
    )


def _judge(inventory: Inventory, found: Distribution | None, one: Wanted) -> Difference | None:
    """Return how ``found``, None for nothing installed, differs from what ``one`` asks for; None for not at all."""
    if found is None:
        return _judge_absent(one)
    if one.url is not None:
        return _judge_source(inventory, found, one)
    if not one.specifier or _satisfies(found, one):
        return None
    if found.version is None and not str(one.specifier).startswith("==="):
        fact = f"{_shown(found)} has a version that cannot be compared with {_asked(one)}: look yourself"
        return Difference(UNJUDGED, fact, found, one)
    fact = f"{_shown(found)} is installed, {_asked(one)} asks for another: install that, or mend the line"
    return Difference(OTHER, fact, found, one)


def _judge_absent(one: Wanted) -> Difference | None:
    if one.is_constraint:
        return None
    if one.name is None and not one.is_editable:
        return Difference(UNJUDGED, f"{_asked(one)} names no distribution: write 'NAME @ URL'", None, one)
    return Difference(MISSING, f"{_asked(one)} is not installed: install it, or take the line out", None, one)


def _judge_source(inventory: Inventory, found: Distribution, one: Wanted) -> Difference | None:
    verdict = source_match.verdict(inventory, found, one)
    if verdict is None:
        return None
    is_known, fact = verdict
    message = f"{_shown(found)} {printable(fact)}, {_asked(one)} asks for another: install that, or mend the line"
    return Difference(OTHER if is_known else UNJUDGED, message, found, one)


def _shown(found: Distribution) -> str:
    return f"{printable(found.name)} {printable(found.version or found.raw_version)}"


def _asked(one: Wanted) -> str:
    return f"'{printable(credentials.masked(one.text))}' ({one.where})"


def _satisfies(found: Distribution, one: Wanted) -> bool:
    specifier = one.specifier
    if specifier is None:
        return True
    if found.version is None:
        return str(specifier) == f"==={found.raw_version}"
    return specifier.contains(found.version, prereleases=True)
