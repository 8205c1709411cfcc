"""One difference between an environment and a file, and how it is put in words."""

from __future__ import annotations

from cleanenv.freeze import requirements_text
from cleanenv.system import credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from packaging.markers import Marker
    from packaging.specifiers import SpecifierSet

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory
    from cleanenv.freeze.needs import Need
    from cleanenv.freeze.request import FileRequirement

MISSING = "missing"
EXTRA = "extra"
OTHER = "other version"
UNPINNED = "unpinned"
UNJUDGED = "cannot be judged"
KINDS = (MISSING, EXTRA, OTHER, UNPINNED, UNJUDGED)


class Difference:
    """One difference: ``kind`` is one of KINDS, ``fact`` and ``remedy`` are for a person.

    ``name`` and ``installed``, the version, are those of the distribution, None
    if there is none; ``wanted`` the requirement that is not met and ``where``
    the place of the line of the file that asks for it, both None for an extra
    one. ``message`` joins fact and remedy.
    """

    __slots__ = ("fact", "installed", "kind", "name", "remedy", "wanted", "where")

    def __init__(
        self,
        kind: str,
        fact: str,
        remedy: str,
        distribution: Distribution | None = None,
        requirement: FileRequirement | None = None,
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
            self.wanted = credentials.masked(requirement.text)
            self.where = requirement.where
        if distribution is not None:
            self.name = distribution.name
            self.installed = distribution.version or distribution.raw_version

    @property
    def message(self) -> str:
        """The fact and the remedy as one sentence."""
        return f"{self.fact}: {self.remedy}"


def is_drift(differences: Sequence[Difference], *, strict: bool = False) -> bool:
    """Whether one of ``differences`` is more than something that cannot be judged, or unless ``strict`` unpinned."""
    harmless = (UNJUDGED,) if strict else (UNJUDGED, UNPINNED)
    return any(difference.kind not in harmless for difference in differences)


def not_evaluated(requirement: FileRequirement) -> Difference:
    """Return that the marker of ``requirement`` has no value in the environment."""
    fact = f"{_quoted(requirement)} has a condition that cannot be evaluated"
    return Difference(UNJUDGED, fact, "correct the line", None, requirement)


def nameless(requirement: FileRequirement) -> Difference:
    """Return that nothing was installed from the URL of ``requirement``, which may have a name all the same."""
    fact = f"{_quoted(requirement)} does not say what it installs"
    return Difference(UNJUDGED, fact, "write 'NAME @ URL'", None, requirement)


def missing(requirement: FileRequirement) -> Difference:
    """Return that ``requirement`` is not installed."""
    fact = f"{_quoted(requirement)} is not installed"
    return Difference(MISSING, fact, "install it, or remove the line", None, requirement)


def other_version(distribution: Distribution, requirement: FileRequirement, fact: str, kind: str = OTHER) -> Difference:
    """Return that ``distribution``, of which ``fact`` is true, is not what ``requirement`` asks for."""
    fact = f"{_shown(distribution)} {fact}, but {_quoted(requirement)} asks for another"
    return Difference(kind, fact, "install that one, or change the line", distribution, requirement)


def other_revision(distribution: Distribution, requirement: FileRequirement, fact: str) -> Difference:
    """Return that ``distribution``, of which ``fact`` is true, may be what ``requirement`` asks for or not."""
    fact = f"{_shown(distribution)} {fact}, and {_quoted(requirement)} may have become another commit since"
    return Difference(UNJUDGED, fact, "write the commit, or compare them yourself", distribution, requirement)


def not_comparable(distribution: Distribution, requirement: FileRequirement) -> Difference:
    """Return that the version of ``distribution`` is none that could be compared."""
    fact = f"{_shown(distribution)} has a version that cannot be compared with {_quoted(requirement)}"
    return Difference(UNJUDGED, fact, "compare them yourself", distribution, requirement)


def unknown_extra(distribution: Distribution, requirement: FileRequirement, extra: str) -> Difference:
    """Return that ``requirement`` asks for an extra that ``distribution`` does not have."""
    fact = f"{_shown(distribution)} has no extra '{extra}', for which {_quoted(requirement)} asks"
    return Difference(UNJUDGED, fact, "correct the line", distribution, requirement)


def missing_need(need: Need) -> Difference:
    """Return that what comes with a line of the file is not installed."""
    fact = f"'{_wanted(need)}', which {need.parent.name} needs for {_quoted(need.line)}, is not installed"
    difference = Difference(MISSING, fact, "install it")
    difference.name = need.requirement.name
    return _placed(difference, need)


def other_need(distribution: Distribution, need: Need) -> Difference:
    """Return that what comes with a line of the file has another version."""
    wanted = f"'{_wanted(need)}', which {need.parent.name} needs for {_quoted(need.line)}"
    fact = f"{_shown(distribution)} is installed, but {wanted}, is another"
    return _placed(Difference(OTHER, fact, "install that one", distribution), need)


def unpinned(inventory: Inventory, distribution: Distribution, need: Need | None, file: str) -> Difference:
    """Return that ``distribution`` comes with what ``file`` names, and that it does not name it itself."""
    parent = f"{need.parent.name} needs it" if need is not None else "a tool needs it"
    fact = f"{_line(inventory, distribution)} is installed, since {parent}, but not in {file}"
    difference = Difference(UNPINNED, fact, "add the line to pin it", distribution)
    if need is not None:
        _placed(difference, need)
    return difference


def not_in_file(inventory: Inventory, distribution: Distribution, file: str) -> Difference:
    """Return that ``distribution`` is in the environment and not in ``file``."""
    fact = f"{_line(inventory, distribution)} is installed but not in {file}"
    remedy = "uninstall it, or add the line"
    if file.endswith(".toml"):
        remedy = "uninstall it, add it, or count its extra or group too with --extra or --group"
    return Difference(EXTRA, fact, remedy, distribution)


def other_python(version: str, wanted: SpecifierSet, file: str) -> Difference:
    """Return that the environment's Python is none that ``file`` is for."""
    difference = Difference(
        OTHER, f"Python is {version}, but {file} asks for {wanted}", "recreate ENV with such a Python"
    )
    difference.name = "python"
    difference.installed = version
    difference.wanted = str(wanted)
    difference.where = file
    return difference


def other_environment(markers: Sequence[Marker], file: str) -> Difference:
    """Return that the environment is none of those that ``file`` is for."""
    wanted = " or ".join(f"'{marker}'" for marker in markers)
    difference = Difference(OTHER, f"{file} is for other environments, {wanted}", "create the file again for this one")
    difference.wanted = wanted
    difference.where = file
    return difference


def _placed(difference: Difference, need: Need) -> Difference:
    difference.wanted = _wanted(need)
    difference.where = need.line.where
    return difference


def _wanted(need: Need) -> str:
    """Return the requirement without its condition, which is true here."""
    requirement = need.requirement
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    if requirement.url is not None:
        return f"{requirement.name}{extras} @ {credentials.masked(requirement.url)}"
    return f"{requirement.name}{extras}{requirement.specifier}"


def _line(inventory: Inventory, distribution: Distribution) -> str:
    return requirements_text.lines(inventory, distribution, requirements_text.Choice(), [])[-1]


def _shown(distribution: Distribution) -> str:
    return f"{distribution.name} {distribution.version or distribution.raw_version}"


def _quoted(requirement: FileRequirement) -> str:
    return f"'{credentials.masked(requirement.text)}' ({requirement.where})"
