"""What the declared requirements need in turn, by the metadata of what ENV holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.environments import metadata
from cleanenv.environments.names import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from packaging.markers import Marker
    from packaging.requirements import Requirement

    from cleanenv.check.declared.manifest import Declared
    from cleanenv.doctor.imports.path_entry import Entry
    from cleanenv.environments.interpreter import Interpreter


class Needed:
    """The requirements of the distributions in ``entries``, each read when it is first asked for."""

    def __init__(self, entries: Sequence[Entry], python: Interpreter) -> None:
        self._entries = entries
        self._python = python
        self._markers: dict[str, str] | None = None
        self._places: dict[str, str] | None = None
        self._requirements: dict[str, list[Requirement]] = {}

    def applies(self, declared: Declared) -> bool:
        """Tell whether pip installs ``declared`` in ENV: it has no condition, or one that holds there."""
        if ";" not in declared.text:
            return True
        requirement = declared.requirement
        return requirement is None or self._holds(requirement.marker, ("",))

    def by(self, declared: Iterable[tuple[str, frozenset[str]]]) -> dict[str, str]:
        """Return what the declared distributions need, directly or not, each with the declared one that needs it.

        ``declared`` are canonical names with the extras that are asked for.
        """
        reasons: dict[str, str] = {}
        done: set[tuple[str, frozenset[str]]] = set()
        waiting = [(name, extras, name) for name, extras in declared]
        while waiting:
            name, extras, reason = waiting.pop()
            if (name, extras) in done:
                continue
            done.add((name, extras))
            for requirement in self._of(name):
                if not self._holds(requirement.marker, ("", *extras)):
                    continue
                needed = canonical(requirement.name)
                reasons.setdefault(needed, reason)
                waiting.append((needed, frozenset(map(canonical, requirement.extras)), reason))
        return reasons

    def _of(self, name: str) -> list[Requirement]:
        known = self._requirements.get(name)
        if known is None:
            known = self._requirements[name] = self._read(name)
        return known

    def _read(self, name: str) -> list[Requirement]:
        from packaging.requirements import InvalidRequirement, Requirement

        info = self._known().get(name)
        if info is None:
            return []
        requirements = []
        for file in ("METADATA", "PKG-INFO"):
            try:
                head = metadata.read_whole(f"{info}/{file}")
            except OSError:
                continue
            for key, value in metadata.fields(head):
                if key != "requires-dist":
                    continue
                try:
                    requirements.append(Requirement(" ".join(value.split())))
                except (InvalidRequirement, RecursionError):
                    continue
            break
        return requirements

    def _known(self) -> dict[str, str]:
        """Return the metadata directories in ENV by the canonical name that their own names have."""
        if self._places is None:
            self._places = {}
            for entry in self._entries:
                for name in entry.names:
                    if name.endswith((".dist-info", ".egg-info")):
                        project = canonical(name.rpartition(".")[0].partition("-")[0])
                        self._places.setdefault(project, f"{entry.path}/{name}")
        return self._places

    def _holds(self, marker: Marker | None, extras: Iterable[str]) -> bool:
        if marker is None:
            return True
        from packaging.markers import UndefinedComparison, UndefinedEnvironmentName

        if self._markers is None:
            from cleanenv.freeze import marker_environment

            self._markers = marker_environment.markers(self._python)
        values = self._markers
        try:
            return any(marker.evaluate({**values, "extra": extra}) for extra in extras)
        except (UndefinedComparison, UndefinedEnvironmentName):
            return False
