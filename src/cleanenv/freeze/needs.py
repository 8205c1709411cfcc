"""What comes with the requirements of a file: what they need, and what that needs in turn."""

from __future__ import annotations

from cleanenv.environments.names import canonical

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from packaging.requirements import Requirement

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory
    from cleanenv.freeze.request import FileRequirement


class Need:
    """A ``requirement`` of the distribution ``parent``, which comes with ``line`` of the file.

    ``distribution`` is what is installed for it, None if nothing is.
    """

    __slots__ = ("distribution", "line", "parent", "requirement")

    def __init__(
        self,
        requirement: Requirement,
        parent: Distribution,
        line: FileRequirement,
        distribution: Distribution | None,
    ) -> None:
        self.requirement = requirement
        self.parent = parent
        self.line = line
        self.distribution = distribution


class Keys:
    """The keys of the distributions in an inventory by every name that they have.

    The name in the metadata may be another than that of its directory, by which they are sorted.
    """

    __slots__ = ("_keys",)

    def __init__(self, inventory: Inventory) -> None:
        self._keys: dict[str, str] = {}
        for key, distribution in inventory.distributions.items():
            self._keys.setdefault(distribution.canonical, key)
        for key in inventory.distributions:
            self._keys[key] = key

    def find(self, name: str) -> str | None:
        """Return the key of the distribution called ``name``, None if there is none."""
        return self._keys.get(canonical(name))


def find(
    inventory: Inventory,
    keys: Keys,
    active: Mapping[str, list[Requirement]],
    named: Mapping[str, FileRequirement],
    missing: AbstractSet[str],
) -> list[Need]:
    """Return what comes with ``named``, the lines of a file by the key of what is installed for them.

    Of each distribution the first need, the nearest to the file first, and
    every further one with which its version does not agree; nothing of those
    that the file names, nor of ``missing``, the names of those among them that
    are not installed. ``active`` has the requirements that apply, by key.
    """
    needs: list[Need] = []
    absent = set(missing)
    lines = dict(named)
    queue = list(named)
    for key in queue:  # grows on the way
        parent = inventory.distributions[key]
        for requirement in active.get(key, ()):
            needed = keys.find(requirement.name)
            if needed is None:
                name = canonical(requirement.name)
                if name not in absent:
                    absent.add(name)
                    needs.append(Need(requirement, parent, lines[key], None))
                continue
            distribution = inventory.distributions[needed]
            if needed not in lines:
                lines[needed] = lines[key]
                queue.append(needed)
                needs.append(Need(requirement, parent, lines[key], distribution))
            elif needed not in named and not agrees(distribution, requirement):
                needs.append(Need(requirement, parent, lines[key], distribution))
    return needs


def agrees(distribution: Distribution, requirement: Requirement) -> bool:
    """Whether the version of ``distribution`` is one that ``requirement`` allows, as one that is unknown is."""
    if distribution.version is None or not requirement.specifier:
        return True
    try:
        return requirement.specifier.contains(distribution.version, prereleases=True)
    except ValueError:  # more digits than int() takes (CVE-2020-10735)
        return False
