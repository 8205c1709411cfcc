"""What is special about distributions that conda built: paths of the machine that built them, versions of its own."""

from __future__ import annotations

import os

from cleanenv.environments import conda_records
from cleanenv.environments.direct_url import local_path
from cleanenv.environments.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory

_MOST_NAMES = 5


def is_built_elsewhere(distribution: Distribution) -> bool:
    """Whether direct_url.json of ``distribution`` has a path that does not exist, as conda leaves it of its build."""
    origin = distribution.origin
    if origin is None or origin.editable or origin.kind == "vcs":
        return False
    try:
        path = local_path(origin.url)
    except ValueError:
        return False
    return not os.path.exists(path)


def remarks(inventory: Inventory, chosen: Iterable[Distribution], *, is_exact: bool) -> list[Problem]:
    """Return one problem for all of ``chosen`` that were built elsewhere, and one for each contradicted version."""
    environment = inventory.environment.path
    records = conda_records.read(environment)
    built: list[Distribution] = []
    problems: list[Problem] = []
    for distribution in chosen:
        if is_built_elsewhere(distribution):
            built.append(distribution)
        record = conda_records.contradicted(records, distribution, environment)
        if record is not None:
            fact = f"'{distribution.pin}' is version {record.version} for conda"
            problems.append(Problem("conda", fact, "listed as its metadata says", record.path))
    if built:
        problems.insert(0, _of_built(built, environment, is_exact=is_exact))
    return problems


def _of_built(built: list[Distribution], environment: str, *, is_exact: bool) -> Problem:
    names = ", ".join([distribution.name for distribution in built[:_MOST_NAMES]])
    if len(built) > _MOST_NAMES:
        names += f" and {len(built) - _MOST_NAMES} more"
    fact = f"the paths of the machine that built them are recorded for {names}"
    remedy = "without --exact they are listed by version" if is_exact else "listed by version; --exact prints the paths"
    return Problem("conda", fact, remedy, environment)
