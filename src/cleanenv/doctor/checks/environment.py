"""ENV itself: what in it is broken, leaves it, or runs unasked."""

from __future__ import annotations

import os
from shlex import quote
from typing import TYPE_CHECKING

from cleanenv.doctor import codes
from cleanenv.doctor.checks import relocated, site_hooks, visible_packages
from cleanenv.environments import inventory
from cleanenv.environments.environment import PYVENV_CFG, interpreter_fault
from cleanenv.errors import EnvironmentUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.doctor.finding import Finding, Subject
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.inventory import Inventory

# Of the problems that the inventory has, those that doctor reports: (its code; ours; the fact; the remedy).
PROBLEMS = (
    (
        "python",
        "env-python-mismatch",
        "the environment's packages are installed for another Python version than its interpreter's",
        "recreate the environment with the Python version that you want, and install its packages again",
    ),
    ("duplicate", "env-duplicate", "the environment contains two versions of one package", "reinstall it"),
    ("broken", "env-metadata", "the environment contains a package with broken metadata", "reinstall it"),
)
LEFTOVER = "~"  # pip renames what it uninstalls to ~ackage, and deletes it at the end


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what is wrong inside the environment; nothing if none was asked for."""
    environment = subject.environment
    if environment is None:
        return
    yield from _interpreter(environment)
    yield from relocated.findings(environment)
    try:
        installed = inventory.read(environment, python=subject.python)
    except EnvironmentUnusableError as error:
        yield codes.finding("env-packages-missing", error.fact, error.remedy)
        return
    yield from _problems(installed)
    yield from _leftovers(installed)
    yield from site_hooks.findings(installed, visible_packages.user_site(subject, installed))
    yield from visible_packages.findings(subject, installed)


def _interpreter(environment: Environment) -> Iterator[Finding]:
    if ":" in environment.path:
        yield codes.finding(
            "env-path-colon",
            f"the environment '{environment.path}' cannot be put on PATH, where ':' separates entries",
            "move it to a path without ':', and recreate it there",
        )
    fault = interpreter_fault(environment)
    if fault:
        yield codes.finding(
            "env-python-missing",
            f"the environment '{environment.path}' {fault}",
            "recreate the environment with a Python that exists",
        )
        return
    home = environment.config.get("home")
    if home and not os.path.isdir(home):
        yield codes.finding(
            "env-base-missing",
            f"the directory of the Python that the environment was created from, '{home}', does not exist",
            "recreate the environment: its standard library may be missing too",
            evidence=[f"{environment.path}/{PYVENV_CFG}: home = {home}"],
        )


def _problems(installed: Inventory) -> Iterator[Finding]:
    for problem_code, code, fact, remedy in PROBLEMS:
        evidence = [problem.fact for problem in installed.problems if problem.code == problem_code]
        if evidence:
            yield codes.finding(code, fact, remedy, evidence=evidence)


def _leftovers(installed: Inventory) -> Iterator[Finding]:
    paths = []
    for place in installed.places:
        if place.inside:
            paths += [f"{place.path}/{name}" for name in place.names or () if name.startswith(LEFTOVER)]
    if paths:
        yield codes.finding(
            "env-leftover",
            "the environment contains leftovers of an interrupted uninstall",
            "delete them",
            evidence=paths,
            line=f"rm -r {' '.join(map(quote, paths))}",
        )
