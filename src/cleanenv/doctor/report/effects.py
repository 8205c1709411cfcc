"""What a leak does to packages: import names of one distribution together, other versions before equal ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleanenv.environments.names import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cleanenv.doctor.finding import Finding, Hidden


class Row(NamedTuple):
    """What a leak does to one distribution, or to a package of none.

    ``name`` and ``leaked_name`` are those of the distributions, or the
    package's; ``own`` is ENV's version, None if ENV has none; ``imports`` are
    the names by which it is imported.
    """

    name: str
    own: str | None
    leaked_name: str
    leaked: str
    location: str
    imports: list[str]

    @property
    def is_same_version(self) -> bool:
        """Whether the leak brings the version that ENV has."""
        return bool(self.leaked) and self.own == self.leaked and canonical(self.name) == canonical(self.leaked_name)

    @property
    def yours(self) -> str:
        """ENV's own, by name and version."""
        return _versioned(self.name, self.own or "")

    @property
    def brought(self) -> str:
        """What the leak brings, by name and version."""
        return _versioned(self.leaked_name, self.leaked)

    @property
    def imported_as(self) -> str:
        """The import names, if they are not simply the distribution's."""
        if [canonical(name) for name in self.imports] == [canonical(self.leaked_name)]:
            return ""
        return ", ".join(self.imports)


def rows(hides: Iterable[Hidden]) -> list[Row]:
    """Return a row for each distribution: those that ENV has first, of these the ones of another version first."""
    by_key: dict[tuple[str, ...], Row] = {}
    for hidden in hides:
        leaked_name = hidden.distribution or hidden.package
        name = leaked_name if hidden.own is None else hidden.own_distribution or hidden.package
        key = (name, str(hidden.own), leaked_name, hidden.leaked, hidden.location)
        row = by_key.setdefault(key, Row(name, hidden.own, leaked_name, hidden.leaked, hidden.location, []))
        row.imports.append(hidden.package)
    return sorted(by_key.values(), key=lambda row: (row.own is None, row.is_same_version))


def sentences(finding: Finding, most: int) -> Iterator[str]:
    """Yield what the leak of ``finding`` does, in at most ``most`` lines of a kind; in a line ``most`` are named."""
    hidden = []
    same = []
    added: dict[str, list[str]] = {}
    for row in rows(finding.hides):
        if row.own is None:
            added.setdefault(row.location, []).append(row.brought)
        elif row.is_same_version:
            same.append(row.yours)
        else:
            hidden.append(_hidden(row, finding.entries))
    yield from hidden[:most]
    if len(hidden) > most:
        yield f"and {len(hidden) - most} more, see --json"
    if same:
        yield f"hidden by the same version: {few(same, most)}"
    if list(added) == list(finding.entries) and len(added) == 1:
        return  # the fact names both the directory and what it adds
    left = len(added) - most
    more = f", and from {left} more {'directory' if left == 1 else 'directories'}" if left > 0 else ""
    is_in_fact = set(added) <= set(finding.entries)  # it says of all entries that they add packages
    for number, (location, names) in enumerate(list(added.items())[:most], 1):
        end = more if number == most else ""
        start = location if is_in_fact else f"importable only because of {location}"
        yield f"{start}: {few(names, most)}{end}"


def few(names: Sequence[str], most: int) -> str:
    """Return ``names`` in a line, cut after ``most``."""
    listed = ", ".join(names[:most])
    return listed if len(names) <= most else f"{listed} and {len(names) - most} more"


def _hidden(row: Row, entries: Sequence[str]) -> str:
    place = "" if list(entries) == [row.location] else f" in {row.location}"
    imports = f" (import {row.imported_as})" if row.imported_as else ""
    return f"{row.yours} of the environment is hidden by {row.brought}{place}{imports}"


def _versioned(name: str, version: str) -> str:
    return f"{name} {version}" if version else name
