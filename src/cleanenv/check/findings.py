"""From verdicts on single imports to findings: those of one module and one manifest together, with their fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.check import codes
from cleanenv.check.facts import Facts
from cleanenv.check.packages import Package
from cleanenv.check.result import ImportFinding, Place, ordered
from cleanenv.doctor.finding import ERROR, WARNING, Finding, Hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleanenv.check.facts import Fact
    from cleanenv.check.needed import Needed
    from cleanenv.check.packages import Packages
    from cleanenv.check.remedy import Remedies
    from cleanenv.check.verdict import Verdict


class Writer:
    """Writes findings; with ``is_strict`` transitive imports are errors, and those for type checkers are reported."""

    def __init__(self, packages: Packages, remedies: Remedies, needed: Needed, *, is_strict: bool) -> None:
        self._packages = packages
        self._facts = Facts(packages, remedies, needed)
        self._is_strict = is_strict

    def findings(self, verdicts: Iterable[Verdict]) -> tuple[ImportFinding, ...]:
        """Return a finding for each module, leak and manifest that ``verdicts`` are about."""
        together: dict[tuple[str, str, str, str], list[Verdict]] = {}
        for verdict in verdicts:
            leak = verdict.resolution.leak
            manifests = ",".join(manifest.path for manifest in verdict.answering.manifests)
            name = verdict.resolution.name or verdict.source.shown
            key = (verdict.code, leak.path if leak is not None else "", name, manifests)
            together.setdefault(key, []).append(verdict)
        return ordered([self._finding(group) for group in together.values()])

    def _finding(self, verdicts: Sequence[Verdict]) -> ImportFinding:
        first = verdicts[0]
        module = first.resolution.module
        package = Package(first.distribution, "")
        if module is not None and first.resolution.leak is not None:
            package = self._packages.of(module)
        elif module is not None:
            package = Package(self._packages.name_of(module) or first.distribution, self._packages.version(module))
        fact = self._facts.write(first, package)
        return self._made(verdicts, package, fact)

    def _made(self, verdicts: Sequence[Verdict], package: Package, fact: Fact) -> ImportFinding:
        first = verdicts[0]
        leak = first.resolution.leak
        places = _places(verdicts)
        severity = codes.SEVERITY[first.code]
        if first.code == codes.TRANSITIVE and self._is_strict:
            severity = ERROR
        elif severity == ERROR and leak is not None and all(place.changes_path for place in places):
            severity = WARNING  # what the file puts on sys.path may well have it
        finding = Finding(
            first.code,
            severity,
            fact.sentence,
            fact.remedy.text,
            variable=leak.variable if leak is not None else "",
            value=leak.value if leak is not None else "",
            evidence=tuple(place.shown for place in places),
            hides=self._hides(first, package),
            line=fact.remedy.line,
            entries=(leak.text,) if leak is not None and leak.text else (),
        )
        name = first.resolution.name
        return ImportFinding(
            finding, fact.short, leak, name, package.distribution, package.version, fact.remedy.manifest, places
        )

    def _hides(self, verdict: Verdict, package: Package) -> tuple[Hidden, ...]:
        resolution = verdict.resolution
        if resolution.leak is None:
            return ()
        own = own_distribution = None
        if resolution.clean is not None:
            own = self._packages.version(resolution.clean)
            own_distribution = self._packages.name_of(resolution.clean)
        return (
            Hidden(
                resolution.name,
                resolution.leak.path,
                package.version,
                own,
                package.distribution,
                own_distribution or "",
            ),
        )


def _places(verdicts: Sequence[Verdict]) -> tuple[Place, ...]:
    places: dict[tuple[str, int, int], Place] = {}
    for verdict in verdicts:
        use = verdict.use
        place = Place(verdict.source.shown, use.line, use.cell, use.guard, use.is_lazy, use.changes_path)
        places.setdefault((place.file, place.cell, place.line), place)
    return tuple(places.values())
