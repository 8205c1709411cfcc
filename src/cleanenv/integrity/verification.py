"""Whether the files of an environment are those that were installed."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.checks import relocated
from cleanenv.environments import inventory, record
from cleanenv.integrity import fault, file_check, recorded_files, unowned_files
from cleanenv.integrity.fault import Expected, Fault, Owner, Unowned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.environments.environment import Environment
    from cleanenv.environments.inventory import Inventory
    from cleanenv.integrity.recorded_files import RecordedFiles

_PART = 200  # files that a thread takes at once
_MOST_THREADS = 8
_ATTEMPTS = 3  # readings of an environment that is being installed into


class Overwritten(NamedTuple):
    """A file that two distributions have installed: it is as ``winner`` recorded it, and not as ``loser`` did."""

    path: str
    loser: Owner
    winner: Owner


class Verification(NamedTuple):
    """What came of it; ``owners`` is the number of owners, ``files`` that of the files compared.

    ``unverifiable`` are owners without hashes; ``unjudged`` files that the
    maker of the environment wrote and recorded nowhere.
    """

    inventory: Inventory
    is_quick: bool
    owners: int
    files: int
    faults: list[Fault]
    unowned: list[Unowned]
    overwritten: list[Overwritten]
    unverifiable: list[Owner]
    unjudged: list[str]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults and not self.unowned


def verify(environment: Environment, *, quick: bool = False) -> Verification:
    """Compare the files of ``environment`` with what is recorded of them; raise EnvironmentUnusableError.

    ``quick`` compares presence and sizes. If distributions came or went
    meanwhile, as when pip is running, it begins again.
    """
    for _ in range(_ATTEMPTS - 1):
        contents = inventory.read(environment)
        result = _verify(contents, quick=quick)
        if result.is_sound or not _has_changed(contents):
            return result
    return _verify(inventory.read(environment), quick=quick)


def _has_changed(contents: Inventory) -> bool:
    for place in contents.places:
        if place.names is None or place.pth is not None:
            continue
        try:
            names = os.listdir(place.path)
        except OSError:
            return True
        if sorted(names) != sorted(place.names):
            return True
    return False


def _verify(contents: Inventory, *, quick: bool) -> Verification:
    recorded = recorded_files.read(contents)
    expected = [file for files in recorded.expected.values() for file in files]
    found = _check(expected, quick=quick)
    found = _confirm(found, recorded, quick=quick)
    faults, overwritten = _without_overwritten(found, expected, quick=quick)
    faults += recorded.faults
    environment = contents.environment
    faults = _with_interpreters(faults, expected, environment)
    if not quick:
        faults += unowned_files.bytecode(contents)
    unowned = [*unowned_files.modules(contents, recorded), *unowned_files.programs(environment, recorded)]
    # What runs by itself first.
    unowned.sort(key=lambda entry: entry.effect != unowned_files.AT_START)
    count = len(set(recorded.expected) | set(recorded.unverifiable) | {one.owner for one in recorded.faults})
    return Verification(
        contents,
        quick,
        count,
        len(expected),
        faults,
        unowned,
        overwritten,
        recorded.unverifiable,
        list(_unjudged(contents)),
    )


def _check(expected: Sequence[Expected], *, quick: bool) -> list[Fault]:
    """Check files, in threads: hashing and system calls let the others run."""

    def check_part(start: int) -> list[Fault]:
        part = []
        for file in expected[start : start + _PART]:
            found = file_check.check(file, quick=quick)
            if found is not None:
                part.append(found)
        return part

    faults = []
    with ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1)) as pool:
        for part in pool.map(check_part, range(0, len(expected), _PART)):
            faults += part
    return faults


def _confirm(faults: list[Fault], recorded: RecordedFiles, *, quick: bool) -> list[Fault]:
    """Return the faults that are there at a second look, by the RECORD as it is then: pip may be running."""
    confirmed = []
    for owner in dict.fromkeys([one.owner for one in faults]):
        files = recorded.expected[owner]
        distribution = recorded.distributions.get(owner)
        if distribution is not None and owner not in recorded.unverifiable:
            try:
                rows = record.read(distribution)
            except record.RecordError:
                rows = None
            if rows is None:  # uninstalled meanwhile
                continue
            files = recorded_files.of_distribution(distribution, rows)
        confirmed += _check(files, quick=quick)
    return confirmed


def _without_overwritten(
    faults: list[Fault], expected: Sequence[Expected], *, quick: bool
) -> tuple[list[Fault], list[Overwritten]]:
    """Take away the changed files that are as another distribution has recorded them; return both."""
    changed = {one.path for one in faults if one.kind == fault.CHANGED}
    claims: dict[str, list[Expected]] = {}
    for file in expected:
        if file.path in changed:
            claims.setdefault(file.path, []).append(file)
    kept = []
    overwritten = []
    for one in faults:
        winner = None
        for claim in claims.get(one.path, ()):
            if claim.owner != one.owner and claim.value and file_check.check(claim, quick=quick) is None:
                winner = claim.owner
        if one.kind == fault.CHANGED and winner is not None:
            overwritten.append(Overwritten(one.path, one.owner, winner))
        else:
            kept.append(one)
    return kept, overwritten


def _with_interpreters(faults: list[Fault], expected: Sequence[Expected], environment: Environment) -> list[Fault]:
    """Say of each program in ENV's bin that another Python starts it, in its fault or in one of its own."""
    start = f"{environment.bin}/"
    own = os.path.realpath(environment.bin)
    foreign = {}
    for file in expected:
        if file.path.startswith(start) and not os.path.islink(file.path):
            python = relocated.interpreter(file.path)
            if python is not None and os.path.realpath(os.path.dirname(python)) != own:
                foreign[file.path] = (file.owner, f"its first line is '#!{python}' and not ENV's Python")
    result = []
    for one in faults:
        _, detail = foreign.pop(one.path, (None, one.detail))
        result.append(one._replace(detail=detail))
    for path, (owner, detail) in foreign.items():
        result.append(Fault(fault.SCRIPT, owner, path, detail))
    return result


def _unjudged(contents: Inventory) -> Iterator[str]:
    for place in contents.places:
        for name in unowned_files.MAKERS:
            if place.inside and name in (place.names or ()):
                yield f"{place.path}/{name}"
