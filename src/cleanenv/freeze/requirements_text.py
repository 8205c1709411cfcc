"""The lines of the requirements form: pip's, and the three differences."""

# On the way of `freeze`, run in hooks.
from __future__ import annotations

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
    if inventory.environment.kind == "conda":
        from cleanenv.freeze import conda_packages

        problems += conda_packages.remarks(inventory, chosen.values(), is_exact=choice.exact)
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
        return _editable(inventory, distribution, project, choice, problems)
    if origin is None:
        return [distribution.pin]
    if not choice.exact and inventory.environment.kind == "conda":
        from cleanenv.freeze import conda_packages

        if conda_packages.is_built_elsewhere(distribution):
            return [distribution.pin]
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
    inventory: Inventory,
    distribution: Distribution,
    project: str,
    choice: Choice,
    problems: list[Problem],
) -> list[str]:
    from cleanenv.freeze.version_control import registry
    from cleanenv.freeze.version_control.source import RemoteUnknownError, UnreadableError

    path_line = f"-e {project}"
    system = registry.owner(project)
    if system is None:
        return [f"# Editable install with no version control ({distribution.pin})", path_line]
    try:
        source = system.source(project, inventory.environ)
    except RemoteUnknownError as error:
        url = error.args[0]
        if url is None:
            return [f"# Editable {system.label} install with no remote ({distribution.pin})", path_line]
        comment = f"# Editable {system.label} install ({distribution.pin}) with either a deleted local remote or "
        return [f"{comment}invalid URI:", f"# '{_mask(url, distribution, choice, problems)}'", path_line]
    except UnreadableError as error:
        fact, remedy, path = error.args
        problems.append(Problem("editable", f"{fact}, from which '{distribution.name}' is installed", remedy, path))
        return ["## !! Could not determine repository location", path_line]
    url = _mask(source.url, distribution, choice, problems)
    requirement = f"{url}@{source.revision}#egg={distribution.name.replace('-', '_')}"
    if source.subdirectory:
        requirement += f"&subdirectory={source.subdirectory}"
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
