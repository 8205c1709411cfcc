"""The packages that ENV's Python sees besides ENV's own: those of the Python it was created from, and the user's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.doctor import codes
from cleanenv.doctor.finding import Hidden
from cleanenv.environments import inventory, search_path
from cleanenv.environments.environment import PYVENV_CFG
from cleanenv.environments.inventory import Inventory
from cleanenv.environments.search_path import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.finding import Finding, Subject

# virtualenv before 20 had a site.py of its own, which looks for this file beside itself.
OLD_CLOSED = "no-global-site-packages.txt"
SETTING = "include-system-site-packages"
NO_USER_SITE = "PYTHONNOUSERSITE"


def findings(subject: Subject, installed: Inventory) -> Iterator[Finding]:
    """Yield what the environment's Python sees of the system's and of the user's packages."""
    if _is_open(installed):
        yield _system(installed)
    directory = user_site(subject, installed)
    if directory is None:
        return
    hides = effects(installed, _listed(directory), goes_first=_has_own_python(installed))
    if hides:
        yield codes.finding(
            "env-user-site",
            f"the environment sees the packages in your user site-packages, '{directory}'",
            f"set {NO_USER_SITE} when you use the environment",
            evidence=[f"{directory} exists and {NO_USER_SITE} is not set"],
            hides=hides,
            line=f"export {NO_USER_SITE}=1",
        )


def user_site(subject: Subject, installed: Inventory) -> str | None:
    """Return the user's site-packages directory if the environment's Python searches it (PEP 370), else None."""
    if subject.environ.get(NO_USER_SITE):
        return None
    if not _is_open(installed) and not _has_own_python(installed):
        return None
    base = subject.environ.get("PYTHONUSERBASE")
    if not base and subject.home:
        base = f"{subject.home}/.local"
    return f"{base}/lib/{installed.interpreter.folder}/site-packages" if base else None


def effects(installed: Inventory, places: Sequence[Place], *, goes_first: bool) -> list[Hidden]:
    """Return what ``places`` do to the packages in ``installed``: add to them, or hide them if they go first."""
    others = Inventory(installed.environment, installed.interpreter)
    inventory.fill(others, places)
    hides = []
    for key, other in sorted(others.distributions.items()):
        own = installed.distributions.get(key)
        is_own = own is not None and own.place.inside
        if is_own and not goes_first:  # ENV's is found first
            continue
        own_version = own.raw_version if own is not None and is_own else None
        hides.append(Hidden(other.name, other.place.path, other.raw_version, own_version))
    return hides


def _system(installed: Inventory) -> Finding:
    environment = installed.environment
    if environment.config:
        file = f"{environment.path}/{PYVENV_CFG}"
        setting = environment.config.get(SETTING)
        evidence = f"{file}: {SETTING} = {setting}"
        if setting is None:
            evidence = f"{file}: {SETTING} is not set, which means true"
        remedy = f"set '{SETTING} = false' in '{file}'"
    else:
        file = f"{environment.path}/lib/{installed.interpreter.folder}/{OLD_CLOSED}"
        evidence = f"'{file}' does not exist"
        remedy = f"create an empty file '{file}'"
    base = search_path.base_places(environment, installed.interpreter, None)
    return codes.finding(
        "env-system-site",
        "the environment sees the packages of the Python that it was created from",
        f"{remedy}, and install what is missing then",
        evidence=[evidence],
        hides=effects(installed, base, goes_first=False),
    )


def _is_open(installed: Inventory) -> bool:
    """Tell whether the packages of its base Python are seen, by pyvenv.cfg or as in virtualenv before 20."""
    environment = installed.environment
    if environment.config or environment.kind != "virtualenv":
        return environment.system_site_packages
    return not os.path.exists(f"{environment.path}/lib/{installed.interpreter.folder}/{OLD_CLOSED}")


def _has_own_python(installed: Inventory) -> bool:
    """Tell whether to site.py it is no environment, as conda's: then the user's directory goes before its packages."""
    return installed.environment.kind == "conda"


def _listed(directory: str) -> list[Place]:
    """Return ``directory`` as an entry of the search path, nothing if it cannot be read."""
    try:
        return [Place(directory, sorted(os.listdir(directory)), inside=False)]
    except OSError:
        return []
