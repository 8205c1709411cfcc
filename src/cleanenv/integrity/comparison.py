"""Whether two environments hold the same distributions with the same files, by what their RECORDs say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleanenv.environments import inventory, record
from cleanenv.environments.names import canonical
from cleanenv.freeze import requirements_text
from cleanenv.freeze.requirements_text import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.environments.environment import Environment

# The kinds of differences; they are part of the JSON and stay what they are.
ONLY_HERE = "only here"
ONLY_THERE = "only there"
VERSION = "version"
FILES = "files"
EDITABLE = "editable"
PYTHON = "python"


class Installed(NamedTuple):
    """A distribution of a side.

    ``digest`` as ``record.digest`` has it, None if there is no RECORD;
    ``files`` what it is made of, None if only the digest is known; ``project``
    the directory of an editable one, else None.
    """

    name: str
    version: str
    digest: str | None
    files: Mapping[str, str] | None
    project: str | None


class Side(NamedTuple):
    """What is compared: ``label`` is what the user calls it, ``python`` its version, the keys are canonical names."""

    label: str
    python: str
    distributions: dict[str, Installed]


class Difference(NamedTuple):
    """One difference: what ``here`` and ``there`` have, and the ``files`` that differ as far as they are known."""

    kind: str
    name: str
    here: str
    there: str
    files: Sequence[str] = ()


class Comparison(NamedTuple):
    """What came of it; ``equal`` counts the distributions whose digests are the same.

    ``without_record`` and ``editables`` are the names of those that are in both
    and of which nothing but the version can be compared.
    """

    here: Side
    there: Side
    differences: list[Difference]
    equal: int
    without_record: list[str]
    editables: list[str]

    @property
    def is_equal(self) -> bool:
        """Whether there is no difference."""
        return not self.differences


def read(environment: Environment, label: str) -> Side:
    """Return what `freeze` lists of ``environment``; raise EnvironmentUnusableError."""
    contents = inventory.read(environment)
    distributions = {}
    for distribution in requirements_text.choose(contents, Choice(), []):
        try:
            rows = record.read(distribution)
        except record.RecordError:
            rows = None
        files = None if rows is None else record.content(distribution, rows)
        digest = None if files is None else record.digest_of(files)
        version = distribution.version or distribution.raw_version
        project = contents.project_of(distribution)
        distributions[distribution.canonical] = Installed(distribution.name, version, digest, files, project)
    return Side(label, contents.interpreter.full, distributions)


def compare(here: Side, there: Side) -> Comparison:
    """Compare two sides; the tools that `freeze` leaves out on the first are left out on the second."""
    result = Comparison(here, there, [], 0, [], [])
    differences = result.differences
    if _minor(here.python) != _minor(there.python):
        differences.append(Difference(PYTHON, "Python", here.python, there.python))
    equal = 0
    skipped = _tools(here.python)
    for key in sorted({*here.distributions, *there.distributions}):
        ours = here.distributions.get(key)
        theirs = there.distributions.get(key)
        if ours is None and theirs is not None:
            if key not in skipped:
                differences.append(Difference(ONLY_THERE, theirs.name, "", theirs.version))
        elif theirs is None and ours is not None:
            differences.append(Difference(ONLY_HERE, ours.name, ours.version, ""))
        elif ours is not None and theirs is not None:
            equal += _compare_one(ours, theirs, result)
    return result._replace(equal=equal)


def _compare_one(ours: Installed, theirs: Installed, result: Comparison) -> bool:
    """Add what differs to ``result``; return whether the two are equal by RECORD."""
    if canonical(ours.version) != canonical(theirs.version):
        result.differences.append(Difference(VERSION, ours.name, ours.version, theirs.version))
    elif (ours.project is None) != (theirs.project is None):
        here, there = (side.project or "not editable" for side in (ours, theirs))
        result.differences.append(Difference(EDITABLE, ours.name, here, there))
    elif ours.project is not None:
        result.editables.append(ours.name)
    elif ours.digest is None or theirs.digest is None:
        result.without_record.append(ours.name)
    elif ours.digest == theirs.digest:
        return True
    else:
        files = _differing(ours, theirs)
        result.differences.append(Difference(FILES, ours.name, ours.version, theirs.version, files))
    return False


def _differing(ours: Installed, theirs: Installed) -> list[str]:
    """Return the files that only one has, or whose hashes differ; none if one side knows only its digest."""
    if ours.files is None or theirs.files is None:
        return []
    paths = {*ours.files, *theirs.files}
    return sorted(path for path in paths if ours.files.get(path) != theirs.files.get(path))


def _minor(python: str) -> list[str]:
    return python.split(".")[:2]


def _tools(python: str) -> frozenset[str]:
    """Return what `freeze` leaves out for a Python of this version."""
    numbers = [int(part) for part in _minor(python) if part.isdecimal()]
    return requirements_text.TOOLS if numbers >= [3, 12] else requirements_text.OLD_TOOLS
