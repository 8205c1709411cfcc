"""ENV itself: what in it is broken, leaves it, or runs unasked."""

from __future__ import annotations

import os
from shlex import quote
from typing import TYPE_CHECKING

from cleanenv.doctor.checks import relocated, site_hooks, visible_packages
from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding
from cleanenv.environments import inventory
from cleanenv.environments.environment import PYVENV_CFG, interpreter_fault
from cleanenv.errors import EnvironmentUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.doctor.finding import Subject
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.inventory import Inventory

MAKE_ANEW = "make the environment anew"
# Problems of the inventory: (its code; ours; the fact about one, the fact about more; the remedy).
REMARKED = (
    (
        "python",
        "env-python-mismatch",
        "the environment's packages lie in the folder of another Python version than its interpreter's",
        f"{MAKE_ANEW} with the Python that it shall have, and install its packages again",
    ),
    ("duplicate", "env-duplicate", "the environment holds two versions of one package", "install it again, once"),
    ("broken", "env-metadata", "the environment holds a package whose metadata is broken", "install it again"),
)


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what is wrong inside the environment; nothing where none was asked for."""
    environment = subject.environment
    if environment is None:
        return
    yield from _interpreter(environment)
    yield from relocated.findings(environment)
    try:
        held = inventory.read(environment)
    except EnvironmentUnusableError as error:
        yield Finding("env-packages-missing", SEVERITY["env-packages-missing"], error.fact, error.remedy)
        return
    yield from _remarked(held)
    yield from _leftovers(held)
    yield from site_hooks.findings(held, visible_packages.sees_user_site(subject, held))
    yield from visible_packages.findings(subject, held)


def _interpreter(environment: Environment) -> Iterator[Finding]:
    if ":" in environment.path:
        yield Finding(
            "env-path-colon",
            SEVERITY["env-path-colon"],
            f"the environment '{environment.path}' cannot stand on PATH, which ':' separates",
            "move it to a path without ':', and make it anew there",
        )
    wrong = interpreter_fault(environment)
    home = environment.config.get("home")
    if wrong:
        fact = f"the environment '{environment.path}' {wrong}"
        remedy = f"{MAKE_ANEW} with a Python that is there"
        yield Finding("env-python-missing", SEVERITY["env-python-missing"], fact, remedy)
    elif home and not os.path.isdir(home):
        evidence = (f"{environment.path}/{PYVENV_CFG}: home = {home}",)
        fact = f"the folder of the Python that the environment was made from, '{home}', is gone"
        remedy = f"{MAKE_ANEW}: its standard library may be gone too"
        yield Finding("env-base-missing", SEVERITY["env-base-missing"], fact, remedy, evidence=evidence)


def _remarked(held: Inventory) -> Iterator[Finding]:
    for theirs, code, fact, remedy in REMARKED:
        evidence = tuple(problem.fact for problem in held.problems if problem.code == theirs)
        if evidence:
            yield Finding(code, SEVERITY[code], fact, remedy, evidence=evidence)


def _leftovers(held: Inventory) -> Iterator[Finding]:
    """Find what pip renames when it begins to remove a package, and deletes at the end."""
    paths = tuple(
        f"{place.path}/{name}"
        for place in held.places
        if place.inside
        for name in place.names or ()
        if name.startswith("~")
    )
    if paths:
        yield Finding(
            "env-leftover",
            SEVERITY["env-leftover"],
            "the environment holds the remains of a package whose removal was broken off",
            "delete them",
            evidence=paths,
            line=f"rm -r {' '.join(map(quote, paths))}",
        )
