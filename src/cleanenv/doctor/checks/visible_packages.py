"""The packages that ENV's Python sees beside ENV's own: those of the Python it was made from, and the user's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding, Hidden
from cleanenv.environments import inventory, search_path
from cleanenv.environments.inventory import Inventory
from cleanenv.environments.search_path import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.finding import Subject

# Virtualenv before 20 had a site.py of its own, which looks for this file beside itself.
OLD_CLOSED = "no-global-site-packages.txt"


def findings(subject: Subject, held: Inventory) -> Iterator[Finding]:
    """Yield what the environment's Python sees of the system's and of the user's packages."""
    if _is_open(held):
        yield _system(held)
    folder = sees_user_site(subject, held)
    place = _place(folder) if folder else None
    hides = hidden(held, [place], goes_first=_is_own_python(held)) if place is not None else ()
    if hides:
        yield Finding(
            "env-user-site",
            SEVERITY["env-user-site"],
            f"the environment sees the packages in your own '{folder}'",
            "set PYTHONNOUSERSITE where the environment is used",
            evidence=(f"{folder} is a folder and PYTHONNOUSERSITE is not set",),
            hides=hides,
            line="export PYTHONNOUSERSITE=1",
        )


def _system(held: Inventory) -> Finding:
    environment = held.environment
    if environment.config:
        said = environment.config.get("include-system-site-packages", "not said, which means true")
        evidence = f"{environment.path}/pyvenv.cfg: include-system-site-packages = {said}"
        remedy = f"write 'include-system-site-packages = false' into '{environment.path}/pyvenv.cfg'"
    else:
        closed = f"{environment.path}/lib/{held.interpreter.folder}/{OLD_CLOSED}"
        evidence, remedy = f"no '{closed}'", f"make an empty file '{closed}'"
    return Finding(
        "env-system-site",
        SEVERITY["env-system-site"],
        "the environment sees the packages of the Python that it was made from",
        f"{remedy}, and install what is missing then",
        evidence=(evidence,),
        hides=hidden(held, search_path.base_places(environment, held.interpreter, None), goes_first=False),
    )


def sees_user_site(subject: Subject, held: Inventory) -> str | None:
    """Return the user's site-packages folder where the environment's Python searches it (PEP 370), else None."""
    if subject.environ.get("PYTHONNOUSERSITE") or not (_is_open(held) or _is_own_python(held)):
        return None
    base = subject.environ.get("PYTHONUSERBASE") or (f"{subject.home}/.local" if subject.home else "")
    return f"{base}/lib/{held.interpreter.folder}/site-packages" if base else None


def hidden(held: Inventory, places: Sequence[Place], *, goes_first: bool) -> tuple[Hidden, ...]:
    """Return what ``places`` do to the packages of ``held``: provide them, or shadow them where they go first."""
    leaked = Inventory(held.environment, held.interpreter)
    inventory.fill(leaked, places)
    hides = []
    for key, found in sorted(leaked.distributions.items()):
        own = held.distributions.get(key)
        if own is None or not own.place.inside:
            hides.append(Hidden(found.name, found.place.path, found.raw_version))
        elif goes_first:
            hides.append(Hidden(found.name, found.place.path, found.raw_version, own.raw_version))
    return tuple(hides)


def _is_open(held: Inventory) -> bool:
    """Whether the packages of the Python it was made from are seen, by pyvenv.cfg or as virtualenv had it before 20."""
    environment = held.environment
    if environment.config or environment.kind != "virtualenv":
        return environment.system_site_packages
    return not os.path.exists(f"{environment.path}/lib/{held.interpreter.folder}/{OLD_CLOSED}")


def _is_own_python(held: Inventory) -> bool:
    """Whether site.py takes its Python for none of an environment, as conda's: then the user's folder goes first."""
    return held.environment.kind == "conda"


def _place(folder: str) -> Place | None:
    try:
        return Place(folder, sorted(os.listdir(folder)), inside=False)
    except OSError:
        return None
