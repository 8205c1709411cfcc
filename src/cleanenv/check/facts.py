"""The sentences of the findings: what is the case, and how it is fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleanenv.check import codes
from cleanenv.check.declared.manifest import PACKAGE_XML
from cleanenv.check.packages import Package
from cleanenv.check.resolution import BROKEN
from cleanenv.check.result import Remedy
from cleanenv.environments.names import canonical

if TYPE_CHECKING:
    from cleanenv.check.declared.declarations import Match
    from cleanenv.check.declared.manifest import Declared
    from cleanenv.check.needed import Needed
    from cleanenv.check.packages import Packages
    from cleanenv.check.remedy import Remedies
    from cleanenv.check.verdict import Verdict
    from cleanenv.doctor.imports.path_entry import Module


class Fact(NamedTuple):
    """What is the case: ``short`` below the heading of a leak, ``sentence`` by itself; and the remedy."""

    short: str
    sentence: str
    remedy: Remedy


class Facts:
    """Writes the facts of verdicts."""

    def __init__(self, packages: Packages, remedies: Remedies, needed: Needed) -> None:
        self._packages = packages
        self._remedies = remedies
        self._needed = needed

    def write(self, verdict: Verdict, package: Package) -> Fact:
        """Return what ``verdict`` says of ``package``, which its module comes from."""
        return _WRITERS[verdict.code](self, verdict, package)

    def leaked(self, verdict: Verdict, package: Package) -> Fact:
        """Write that only a leak has what no manifest names."""
        what = described(verdict.resolution.name, package)
        remedy = self._remedies.declare(verdict.answering, package, verdict.use.top)
        return Fact(f"leaked: {what}", f"{what} is found only in {_where(verdict)}", remedy)

    def optional(self, verdict: Verdict, package: Package) -> Fact:
        """Write that a guarded import succeeds only by a leak."""
        what = described(verdict.resolution.name, package)
        remedy = self._remedies.declare(verdict.answering, package, verdict.use.top)
        sentence = f"if the program is to have it, {remedy.text}"
        fact = (
            f"{what} is found only in {_where(verdict)}; its absence is handled, so a clean shell behaves differently"
        )
        return Fact(
            f"optional: {what}; its absence is handled, but changes what runs", fact, remedy._replace(text=sentence)
        )

    def stands_in(self, verdict: Verdict, package: Package) -> Fact:
        """Write that ENV lacks what a manifest names, and that the leak has it in its place."""
        match = self._match(verdict, package)
        declared = match.declared
        asked = f"{declared.asked} of {declared.where}"
        if declared.group:
            asked += f" ({declared.group})"
        if not _satisfies(package.version, declared):
            asked += ", which its version does not satisfy"
        what = described(verdict.resolution.name, package)
        short = f"stands in: {what} for {asked}; the environment has none"
        sentence = f"{what} of {_where(verdict)} stands in for {asked}; the environment has none"
        return Fact(short, sentence, self._remedies.install(match))

    def ros(self, verdict: Verdict, package: Package) -> Fact:
        """Write that a package.xml names what only a leak has."""
        leak = verdict.resolution.leak
        assert leak is not None  # noqa: S101  it is about one
        match = self._match(verdict, package)
        what = described(verdict.resolution.name, package)
        remedy = self._remedies.allow(leak, match.manifest.shown)
        return Fact(
            f"on purpose: {what}",
            f"{what} is found only in {_where(verdict)}, and {match.declared.where} names it",
            remedy,
        )

    def shadowed(self, verdict: Verdict, package: Package) -> Fact:
        """Write that a leak goes before ENV's own or the standard library's."""
        resolution = verdict.resolution
        leak = resolution.leak
        assert leak is not None  # noqa: S101
        assert resolution.clean is not None  # noqa: S101
        own = self._own(resolution.clean)
        what = described(resolution.name, package)
        ending = ""
        if resolution.status == BROKEN:
            ending = f", and it lacks {verdict.use.module}, so the import fails"
        short = f"hides: {what} is imported instead of {own}{ending}"
        sentence = f"{what} of {_where(verdict)} is imported instead of {own}{ending}"
        return Fact(short, sentence, Remedy(leak.remedy, leak.line))

    def hides_yours(self, verdict: Verdict, package: Package) -> Fact:
        """Write that a leak goes before the project's own module."""
        leak = verdict.resolution.leak
        assert leak is not None  # noqa: S101
        what = described(verdict.resolution.name, package)
        short = f"hides yours: {what} is imported instead of the project's own {verdict.resolution.name}"
        fact = f"{what} of {_where(verdict)} is imported instead of the project's own {verdict.resolution.name}"
        return Fact(short, fact, Remedy(leak.remedy, leak.line))

    def undeclared(self, verdict: Verdict, package: Package) -> Fact:
        """Write that no manifest names what ENV has."""
        what = described(verdict.resolution.name, package)
        remedy = self._remedies.declare(verdict.answering, package, verdict.use.top, is_installed=True)
        fact = f"{what} is installed in the environment, but {_no_manifest(verdict)} names it"
        return Fact(f"undeclared: {what}", fact, remedy)

    def transitive(self, verdict: Verdict, package: Package) -> Fact:
        """Write that only what is declared needs what is imported."""
        what = described(verdict.resolution.name, package)
        remedy = self._remedies.declare(verdict.answering, package, verdict.use.top, is_installed=True)
        fact = f"{what} is installed only because {verdict.reason} needs it, and {_no_manifest(verdict)} names it"
        return Fact(f"only because {verdict.reason} needs it: {what}", fact, remedy)

    def typing(self, verdict: Verdict, package: Package) -> Fact:
        """Write that only a leak has what a type checker imports."""
        what = described(verdict.resolution.name, package)
        remedy = self._remedies.declare(verdict.answering, package, verdict.use.top)
        fact = f"{what}, imported for type checkers, is found only in {_where(verdict)}"
        return Fact(f"for type checkers: {what}", fact, remedy)

    def nowhere(self, verdict: Verdict, package: Package) -> Fact:
        """Write that nothing has what is imported."""
        name = verdict.resolution.name
        matches = verdict.answering.find("", name.partition(".")[0])
        if matches:
            return Fact(f"not found: {name}", f"{name} is found nowhere", self._remedies.install(matches[0]))
        remedy = self._remedies.declare(verdict.answering, package, verdict.use.top)
        return Fact(f"not found: {name}", f"{name} is found nowhere", remedy)

    def unparsed(self, verdict: Verdict, package: Package) -> Fact:  # noqa: ARG002  as the others
        """Write that a file is known in part only."""
        shown = verdict.source.shown
        fact = f"'{shown}' was not read in full: {verdict.reason}"
        return Fact(fact, fact, Remedy("check its imports by eye, or leave it out with --exclude"))

    def _match(self, verdict: Verdict, package: Package) -> Match:
        matches = verdict.answering.find(package.distribution, verdict.use.top, package.debian)
        matches = [match for match in matches if self._needed.applies(match.declared)]
        if verdict.code == codes.ROS:
            matches = [match for match in matches if match.manifest.kind == PACKAGE_XML]
        # What is always needed says more than what an extra needs.
        return min(matches, key=lambda match: bool(match.declared.group))

    def _own(self, clean: Module) -> str:
        version = self._packages.version(clean)
        distribution = self._packages.name_of(clean)
        if not distribution:
            return (
                f"the standard library's {clean.name}" if not version else f"the environment's {clean.name} {version}"
            )
        return f"the environment's {described(clean.name, Package(distribution, version))}"


_WRITERS = {
    codes.LEAKED: Facts.leaked,
    codes.STANDS_IN: Facts.stands_in,
    codes.HIDES_YOURS: Facts.hides_yours,
    codes.UNDECLARED: Facts.undeclared,
    codes.SHADOWED: Facts.shadowed,
    codes.OPTIONAL: Facts.optional,
    codes.NOWHERE: Facts.nowhere,
    codes.ROS: Facts.ros,
    codes.TRANSITIVE: Facts.transitive,
    codes.TYPING: Facts.typing,
    codes.UNPARSED: Facts.unparsed,
}


def described(name: str, package: Package) -> str:
    """Return ``yaml (PyYAML 6.0, Debian's python3-yaml)`` or ``rospkg 1.4.0``."""
    details = []
    shown = name
    if package.is_ros:
        details.append(f"ROS package {package.version}".rstrip())
    elif package.distribution and canonical(package.distribution) != canonical(name):
        details.append(f"{package.distribution} {package.version}".rstrip())
    elif package.version:
        shown = f"{name} {package.version}"
    if package.debian:
        details.append(f"Debian's {package.debian}")
    return f"{shown} ({', '.join(details)})" if details else shown


def _where(verdict: Verdict) -> str:
    leak = verdict.resolution.leak
    return leak.heading if leak is not None else "the environment"


def _no_manifest(verdict: Verdict) -> str:
    shown = [manifest.shown for manifest in verdict.answering.manifests]
    if len(shown) == 1:
        return f"no line of {shown[0]}"
    return f"none of {', '.join(shown)}"


def _satisfies(version: str, declared: Declared) -> bool:
    """Tell whether ``version`` is one that ``declared`` allows; one that is not known, or no version, is."""
    from packaging.version import InvalidVersion

    requirement = declared.requirement
    if requirement is None or requirement.url is not None or not version:
        return True
    try:
        return requirement.specifier.contains(version, prereleases=True)
    except InvalidVersion:
        return True
