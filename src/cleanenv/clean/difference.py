"""What turns one environment into another."""

# Imported by those who compare alone: building a plan needs none of it.
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Difference:
    """What turns one environment into another: ``added`` and ``changed`` hold new values, ``removed`` names."""

    __slots__ = ("added", "changed", "removed")

    def __init__(self, added: dict[str, str], changed: dict[str, str], removed: tuple[str, ...]) -> None:
        self.added = added
        self.changed = changed
        self.removed = removed

    def apply(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return ``environ`` with the difference made in it: ``between(a, b).apply(a) == b``."""
        kept = {name: value for name, value in environ.items() if name not in self.removed}
        return kept | self.added | self.changed


def between(old: Mapping[str, str], new: Mapping[str, str]) -> Difference:
    """Compare two environments; an empty value is a value."""
    added = {}
    changed = {}
    for name, value in new.items():
        if name not in old:
            added[name] = value
        elif old[name] != value:
            changed[name] = value
    removed = tuple(name for name in old if name not in new)
    return Difference(added, changed, removed)
