"""Whether a clone is equal to its original: by freeze, by RECORD, and file by file."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.freeze import plain
from cleanenv.integrity import comparison, comparison_report, report, verification

if TYPE_CHECKING:
    from cleanenv.environments.environment import Environment
    from cleanenv.integrity.comparison import Comparison, Difference, Side
    from cleanenv.integrity.verification import Verification

ORIGINAL = "ENV"
CLONE = "NEW"


class State(NamedTuple):
    """An environment before it was cloned."""

    listing: str
    side: Side
    verification: Verification


class Proof(NamedTuple):
    """What came of it: the lines of freeze that differ, the comparison, and the verification of both."""

    listing: list[str]
    comparison: Comparison
    original: Verification
    clone: Verification
    is_other_python: bool

    @property
    def is_equal(self) -> bool:
        """Whether the clone has what the original has, and each file as it was installed."""
        if self.listing or self.original.faults or not self.clone.is_sound:
            return False
        return not self.differences

    @property
    def differences(self) -> list[Difference]:
        """The differences that count: another Python was asked for, and has other files."""
        found = [one for one in self.comparison.differences if one.kind != comparison.PYTHON]
        if self.is_other_python:
            found = [one for one in found if one.kind != comparison.FILES]
        return found


def state_of(environment: Environment) -> State:
    """Return the state of ``environment``; raise EnvironmentUnusableError."""
    return State(
        plain.freeze(environment)[0],
        comparison.read(environment, ORIGINAL),
        verification.verify(environment),
    )


def prove(before: State, new: Environment) -> Proof:
    """Compare the clone ``new`` with the state of its original."""
    listing = plain.freeze(new)[0]
    places = {"- ": ORIGINAL, "+ ": CLONE}
    lines = difflib.ndiff(before.listing.splitlines(), listing.splitlines())
    differing = [f"freeze: only in {places[line[:2]]}: {line[2:]}" for line in lines if line[:2] in places]
    compared = comparison.compare(before.side, comparison.read(new, CLONE))
    is_other = any(one.kind == comparison.PYTHON for one in compared.differences)
    return Proof(differing, compared, before.verification, verification.verify(new), is_other)


def differences(proof: Proof) -> list[str]:
    """Return a line for each way in which the clone is not equal."""
    lines = list(proof.listing)
    counted = proof.comparison._replace(differences=proof.differences, editables=[], without_record=[])
    lines += comparison_report.words(counted).splitlines()[:-1]
    lines += _faults(proof.original, ORIGINAL) + _faults(proof.clone, CLONE)
    unowned = [report.shown(proof.clone.inventory, entry.path) for entry in proof.clone.unowned]
    return lines + [f"unowned in {CLONE}: {path}" for path in unowned]


def _faults(result: Verification, name: str) -> list[str]:
    contents = result.inventory
    return [
        f"{report.HEADINGS.get(one.kind, one.kind)} in {name}: {report.fault_words(contents, one)}"
        for one in result.faults
    ]


def not_cloned(proof: Proof) -> list[str]:
    """Return the paths in the original that no distribution has installed, and that the clone does not have."""
    return [report.shown(proof.original.inventory, entry.path) for entry in proof.original.unowned]
