"""The lines of the requirements form: pip's, and the three differences."""

# On the way of `freeze`, run in hooks.
from __future__ import annotations

import os

from cleanenv.environments.names import canonical
from cleanenv.environments.problem import Remark, printable
from cleanenv.freeze import credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory

STANDARD = frozenset(("python", "wsgiref", "argparse"))
TOOLS = frozenset(("pip",))
OLD_TOOLS = frozenset(("pip", "setuptools", "distribute", "wheel"))
_WITHOUT_SETUPTOOLS = (3, 12)  # venv stopped installing it
_ARTEFACT = "pkg-resources"
_SHOWN = 5


class Choice:
    """Which distributions to list, and how: the options of ``freeze``."""

    __slots__ = ("exact", "excluded", "tools")

    def __init__(self, *, exact: bool = False, tools: bool = False, excluded: Collection[str] = ()) -> None:
        self.exact = exact
        self.tools = tools
        self.excluded = frozenset(map(canonical, excluded))


def choose(inventory: Inventory, choice: Choice, remarks: list[Remark]) -> list[Distribution]:
    """Return the distributions to list, in pip's order; add to ``remarks`` what was left out against pip."""
    skipped = STANDARD | choice.excluded
    if not choice.tools:
        skipped |= TOOLS if inventory.interpreter.version >= _WITHOUT_SETUPTOOLS else OLD_TOOLS
    chosen: dict[str, Distribution] = {}
    outside: list[Distribution] = []
    for key, found in inventory.distributions.items():
        name = key if found.name == key else found.canonical
        if name in skipped or name in chosen:
            continue
        if not choice.exact:
            if not found.place.inside and inventory.is_outside(found):
                outside.append(found)
                continue
            if name == _ARTEFACT and found.raw_version == "0.0.0":
                remarks.append(_artefact(found))
                continue
        chosen[name] = found
    if outside:
        remarks.extend(_left_out(outside))
    if not choice.exact and inventory.environment.system_site_packages:
        remarks.append(_system(inventory))
    return sorted(chosen.values(), key=lambda found: found.name.lower())


def lines(inventory: Inventory, found: Distribution, choice: Choice, remarks: list[Remark]) -> list[str]:
    """Return the lines that list ``found``: the requirement last, before it the comments that pip prints too."""
    origin = found.origin
    if origin is None and not inventory.links:
        return [found.pin if found.version is not None else printable(found.pin)]
    project = inventory.project_of(found)
    if project is not None:
        written = _editable(found, project, choice, remarks)
    elif origin is not None:
        _remark_on_build_machine(inventory, found, remarks)
        written = [f"{found.name} @ {origin.reference(_mask(origin.url, found, choice, remarks))}"]
    else:
        written = [found.pin]
    return [printable(line) for line in written]


def _editable(found: Distribution, project: str, choice: Choice, remarks: list[Remark]) -> list[str]:
    from cleanenv.freeze import git_repository

    around = git_repository.around(project)
    if around is None:
        return [f"# Editable install with no version control ({found.pin})", f"-e {project}"]
    try:
        requirement = git_repository.requirement(
            around, project, found.name, lambda url: _mask(url, found, choice, remarks)
        )
    except git_repository.RemoteUnknownError as error:
        url = error.args[0]
        if url is None:
            return [f"# Editable Git install with no remote ({found.pin})", f"-e {project}"]
        told = f"# Editable Git install ({found.pin}) with either a deleted local remote or invalid URI:"
        return [told, f"# '{_mask(url, found, choice, remarks)}'", f"-e {project}"]
    if requirement is not None:
        return [f"-e {requirement}"]
    fact = f"the repository '{printable(around.top)}' of '{found.name}' has no commit that can be read: commit first"
    remarks.append(Remark("editable", fact, around.top))
    return ["## !! Could not determine repository location", f"-e {project}"]


def _mask(url: str, found: Distribution, choice: Choice, remarks: list[Remark]) -> str:
    if choice.exact:
        return url
    masked = credentials.masked(url)
    if masked != url:
        fact = f"the URL of '{found.name}' holds credentials, masked here: --exact prints them"
        remarks.append(Remark("masked", fact, found.info))
    return masked


def _remark_on_build_machine(inventory: Inventory, found: Distribution, remarks: list[Remark]) -> None:
    """Conda leaves the paths of the machine that built a package in direct_url.json."""
    if inventory.environment.kind != "conda" or found.origin is None:
        return
    from cleanenv.environments.direct_url import local_path

    try:
        path = local_path(found.origin.url)
    except ValueError:
        return
    if not os.path.exists(path):
        fact = f"'{found.name}' names a path of the machine that built it, '{printable(path)}': write '{found.pin}'"
        remarks.append(Remark("conda", fact, found.info))


def _artefact(found: Distribution) -> Remark:
    return Remark("left-out", "left out 'pkg_resources==0.0.0', which no index has: --exact lists it", found.info)


def _left_out(outside: Iterable[Distribution]) -> list[Remark]:
    by_place: dict[str, list[Distribution]] = {}
    for found in outside:
        by_place.setdefault(found.place.path, []).append(found)
    remarks = []
    for path, held in by_place.items():
        names = [found.name for found in held[:_SHOWN]]
        more = f" and {len(held) - _SHOWN} more" if len(held) > _SHOWN else ""
        by = f" through '{printable(held[0].place.pth)}'" if held[0].place.pth else ""
        fact = f"left out, since '{printable(path)}' lies outside the environment{by}: {', '.join(names)}{more}"
        remarks.append(Remark("left-out", fact, path))
    return remarks


def _system(inventory: Inventory) -> Remark:
    return Remark(
        "system-site-packages",
        "the environment sees the system's packages too (include-system-site-packages), which are not listed here: "
        "--exact lists them",
        inventory.environment.path,
    )
