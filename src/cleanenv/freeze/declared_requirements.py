"""What the distributions of an environment say that they require, and the extras that they have."""

from __future__ import annotations

import re

from packaging.requirements import InvalidRequirement, Requirement

from cleanenv.environments import metadata
from cleanenv.environments.distribution import EGG_INFO
from cleanenv.environments.names import canonical
from cleanenv.environments.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory

_EXTRA_MARKER = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")


class Declared:
    """The ``requirements`` of a distribution in the order of its metadata, and its ``extras`` in normal form."""

    __slots__ = ("extras", "requirements")

    def __init__(self) -> None:
        self.requirements: list[Requirement] = []
        self.extras: set[str] = set()


def read(inventory: Inventory, problems: list[Problem]) -> dict[str, Declared]:
    """Read what each distribution in ``inventory`` declares, by its key there.

    Adds the requirements that cannot be read to ``problems``.
    """
    declared = {}
    for key, distribution in inventory.distributions.items():
        declared[key] = _declared(distribution, problems)
    python = inventory.interpreter
    if python.full.count(".") < 2 and _needs_full_version(declared):  # noqa: PLR2004 - X.Y.Z
        fact = f"of the environment's Python no more than '{python.full}' is known"
        problems.append(Problem("python", fact, f"it counts as {python.full}.0", inventory.environment.path))
    return declared


def _needs_full_version(declared: Mapping[str, Declared]) -> bool:
    for one in declared.values():
        for requirement in one.requirements:
            if requirement.marker is not None and "python_full_version" in str(requirement.marker):
                return True
    return False


def _declared(distribution: Distribution, problems: list[Problem]) -> Declared:
    declared = Declared()
    for line in _lines(distribution, declared.extras):
        requirement = _parsed(line)
        if requirement is None:
            fact = f"'{distribution.name}' has a requirement that cannot be read, '{line}'"
            problems.append(Problem("broken", fact, "ignored", distribution.info))
            continue
        declared.requirements.append(requirement)
        if requirement.marker is not None:
            declared.extras.update(map(canonical, _EXTRA_MARKER.findall(str(requirement.marker))))
    return declared


def _parsed(line: str) -> Requirement | None:
    try:
        return Requirement(line)
    except (InvalidRequirement, RecursionError):  # older packaging follows any number of brackets
        return None


def _lines(distribution: Distribution, extras: set[str]) -> Iterator[str]:
    """Yield the requirements as PEP 508 writes them, from METADATA, else from an egg's requires.txt.

    Adds the extras that are declared beside them to ``extras``.
    """
    is_dist_info = distribution.entry.endswith(".dist-info")
    head = _content(distribution, "METADATA" if is_dist_info else "PKG-INFO")
    has_requirements = False
    for key, value in metadata.fields(head):
        if key == "requires-dist":
            has_requirements = True
            yield " ".join(value.split())
        elif key == "provides-extra":
            extras.add(canonical(value.strip()))
    if not is_dist_info and not has_requirements:
        yield from _from_sections(_content(distribution, "requires.txt").decode("utf-8", "replace"), extras)


def _from_sections(text: str, extras: set[str]) -> Iterator[str]:
    """Yield the requirements of a requires.txt: those below ``[EXTRA:MARKER]`` have it as their condition."""
    condition = ""
    for raw_line in text.splitlines():
        line = raw_line.strip()
        if line.startswith("[") and line.endswith("]"):
            extra, _, marker = line[1:-1].partition(":")
            tests = []
            if marker:
                tests.append(f"({marker})")
            if extra:
                extras.add(canonical(extra))
                tests.append(f'extra == "{canonical(extra)}"')
            condition = " and ".join(tests)
        elif line and not line.startswith("#"):
            yield f"{line} ; {condition}" if condition else line


def _content(distribution: Distribution, file: str) -> bytes:
    """Return the content of ``file`` in the metadata, empty if it does not exist or cannot be read."""
    try:
        return metadata.read_whole(f"{distribution.info}/{file}")
    except NotADirectoryError:  # a zipped egg, or the file that distutils wrote instead of a directory
        pass
    except OSError:
        return b""
    if distribution.entry == EGG_INFO or distribution.place.names is None:
        from cleanenv.environments import eggs

        return eggs.requires(distribution.place, distribution.entry, file)
    if file == "requires.txt":
        return b""
    try:
        return metadata.read_whole(distribution.info)
    except OSError:
        return b""
