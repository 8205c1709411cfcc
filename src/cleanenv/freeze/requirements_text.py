"""The lines of the requirements form: pip's, and the three differences."""

# On the way of `freeze`, run in hooks.
from __future__ import annotations

import os

from cleanenv.environments.names import canonical
from cleanenv.environments.problem import Problem
from cleanenv.system import credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory

# What pip never lists, and what it lists only with --all.
STANDARD = frozenset(("python", "wsgiref", "argparse"))
TOOLS = frozenset(("pip",))
OLD_TOOLS = frozenset(("pip", "setuptools", "distribute", "wheel"))
_WITHOUT_SETUPTOOLS = (3, 12)  # venv stopped installing it
# Debian and Ubuntu made environments with a distribution of this name (pypa/pip#4022).
_ARTEFACT = "pkg-resources"
_MOST_NAMES = 5


class Choice:
    """Which distributions to list, and how: the options of ``freeze``."""

    __slots__ = ("exact", "excluded", "tools")

    def __init__(
        self,
        *,
        exact: bool = False,
        tools: bool = False,
        excluded: Collection[str] = (),
    ) -> None:
        self.exact = exact
        self.tools = tools
        self.excluded = frozenset(map(canonical, excluded))


def choose(
    inventory: Inventory,
    choice: Choice,
    problems: list[Problem],
) -> list[Distribution]:
    """Return the distributions to list, in pip's order; add to ``problems`` what pip would list too."""
    skipped = STANDARD | choice.excluded
    if not choice.tools:
        skipped |= TOOLS if inventory.interpreter.version >= _WITHOUT_SETUPTOOLS else OLD_TOOLS
    chosen: dict[str, Distribution] = {}
    outside: list[Distribution] = []
    for key, distribution in inventory.distributions.items():
        name = key if distribution.name == key else distribution.canonical
        if name in skipped or name in chosen:
            continue
        if not choice.exact:
            if not distribution.place.inside and inventory.is_outside(distribution):
                outside.append(distribution)
                continue
            if name == _ARTEFACT and distribution.raw_version == "0.0.0":
                problems.append(_artefact(distribution))
                continue
        chosen[name] = distribution
    if outside:
        problems += _left_out(outside)
    if not choice.exact and inventory.environment.system_site_packages:
        problems.append(_system(inventory))
    return sorted(chosen.values(), key=_order)


def lines(
    inventory: Inventory,
    distribution: Distribution,
    choice: Choice,
    problems: list[Problem],
) -> list[str]:
    """Return the lines that list ``distribution``: the requirement last, before it the comments that pip prints too.

    They are raw: ``printed`` makes them safe for a terminal.
    """
    origin = distribution.origin
    if origin is None and not inventory.links:
        return [distribution.pin]
    project = inventory.project_of(distribution)
    if project is not None:
        return _editable(distribution, project, choice, problems)
    if origin is None:
        return [distribution.pin]
    if inventory.environment.kind == "conda":
        _check_build_machine(distribution, origin.url, problems)
    url = _mask(origin.url, distribution, choice, problems)
    return [f"{distribution.name} @ {origin.reference(url)}"]


def printed(line: str) -> str:
    """Return ``line`` with control characters made visible."""
    if line.isprintable():
        return line
    from cleanenv.system.console import readable

    return readable(line)


def _order(distribution: Distribution) -> str:
    return distribution.name.lower()


def _editable(
    distribution: Distribution,
    project: str,
    choice: Choice,
    problems: list[Problem],
) -> list[str]:
    from cleanenv.freeze import git_repository

    path_line = f"-e {project}"
    repository = git_repository.around(project)
    if repository is None:
        return [f"# Editable install with no version control ({distribution.pin})", path_line]
    try:
        url = git_repository.remote(repository)
    except git_repository.RemoteUnknownError as error:
        url = error.args[0]
        if url is None:
            return [f"# Editable Git install with no remote ({distribution.pin})", path_line]
        comment = f"# Editable Git install ({distribution.pin}) with either a deleted local remote or invalid URI:"
        return [comment, f"# '{_mask(url, distribution, choice, problems)}'", path_line]
    commit = git_repository.head(repository)
    if commit is None:
        fact = f"the repository '{repository.top}' of '{distribution.name}' has no commit that can be read"
        problems.append(Problem("editable", fact, "commit first", repository.top))
        return ["## !! Could not determine repository location", path_line]
    url = _mask(url, distribution, choice, problems)
    requirement = f"git+{url}@{commit}#egg={distribution.name.replace('-', '_')}"
    subdirectory = git_repository.subdirectory(repository, project)
    if subdirectory:
        requirement += f"&subdirectory={subdirectory}"
    return [f"-e {requirement}"]


def _mask(
    url: str,
    distribution: Distribution,
    choice: Choice,
    problems: list[Problem],
) -> str:
    if choice.exact:
        return url
    masked = credentials.masked(url)
    if masked != url:
        fact = f"the credentials in the URL of '{distribution.name}' are masked"
        problems.append(Problem("masked", fact, "--exact prints them", distribution.info))
    return masked


def _check_build_machine(
    distribution: Distribution,
    url: str,
    problems: list[Problem],
) -> None:
    """Add a problem if ``url`` is a path of the machine that built a package, as conda leaves it in direct_url.json."""
    from cleanenv.environments.direct_url import local_path

    try:
        path = local_path(url)
    except ValueError:
        return
    if not os.path.exists(path):
        fact = f"'{distribution.name}' has the path of the machine that built it, '{path}'"
        problems.append(Problem("conda", fact, f"write '{distribution.pin}'", distribution.info))


def _artefact(distribution: Distribution) -> Problem:
    fact = "'pkg_resources==0.0.0' is left out, which no index has"
    return Problem("left-out", fact, "--exact lists it", distribution.info)


def _left_out(outside: Iterable[Distribution]) -> list[Problem]:
    """Return a problem for each path outside the environment, with the first names of what is left out there."""
    by_path: dict[str, list[Distribution]] = {}
    for distribution in outside:
        by_path.setdefault(distribution.place.path, []).append(distribution)
    problems = []
    for path, distributions in by_path.items():
        listed = ", ".join([distribution.name for distribution in distributions[:_MOST_NAMES]])
        if len(distributions) > _MOST_NAMES:
            listed += f" and {len(distributions) - _MOST_NAMES} more"
        fact = f"left out, since '{path}' is outside the environment"
        pth = distributions[0].place.pth
        if pth is not None:
            fact += f" (named by '{pth}')"
        problems.append(Problem("left-out", fact, listed, path))
    return problems


def _system(inventory: Inventory) -> Problem:
    fact = "the environment sees the system's packages too (include-system-site-packages), which are not listed"
    return Problem("system-site-packages", fact, "--exact lists them", inventory.environment.path)
