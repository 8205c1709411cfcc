"""The other forms of a listing: top level, annotated, JSON."""

from __future__ import annotations

from cleanenv.environments import inventory
from cleanenv.environments.problem import Problem
from cleanenv.freeze import dependency_graph, json_document, requirements_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.inventory import Inventory
    from cleanenv.freeze.dependency_graph import Graph
    from cleanenv.freeze.requirements_text import Choice

REQUIREMENTS = "requirements"
JSON = "json"
FORMATS = (REQUIREMENTS, JSON)


def freeze(
    environment: Environment,
    choice: Choice,
    *,
    top_level: bool = False,
    annotate: bool = False,
    form: str = REQUIREMENTS,
    environ: Mapping[str, str] | None = None,
) -> tuple[str, list[Problem]]:
    """Return the listing of ``environment`` and the problems that go to stderr; raise EnvironmentUnusableError."""
    contents = inventory.read(environment, everywhere=choice.exact, environ=environ)
    problems = contents.problems
    graph = dependency_graph.read(contents, problems)
    chosen = requirements_text.choose(contents, choice, problems)
    if top_level:
        chosen = only_roots(contents, graph, chosen, problems)
    if form == JSON:
        return json_document.render(contents, chosen, graph, choice, problems), problems
    text = ""
    for distribution in chosen:
        lines = requirements_text.lines(contents, distribution, choice, problems)
        if annotate:
            lines[-1] += _annotation(contents, distribution, graph)
        for line in lines:
            text += f"{requirements_text.printed(line)}\n"
    return text, problems


def only_roots(
    contents: Inventory, graph: Graph, chosen: Sequence[Distribution], problems: list[Problem]
) -> list[Distribution]:
    """Return those of ``chosen`` that nothing else in the environment needs.

    Adds a problem for each cycle, of which one member is listed for all.
    """
    roots, cycles = dependency_graph.roots(graph)
    for cycle in cycles:
        names = [contents.distributions[key].name for key in cycle]
        fact = f"{', '.join(names)} need each other and nothing else needs them"
        info = contents.distributions[cycle[0]].info
        problems.append(Problem("cycle", fact, f"'{names[0]}' is listed for all", info))
    return [distribution for distribution in chosen if contents.key_of(distribution) in roots]


def _annotation(contents: Inventory, distribution: Distribution, graph: Graph) -> str:
    """Return the comment that names what needs ``distribution``, empty if nothing does."""
    keys = sorted(graph.required_by[contents.key_of(distribution)])
    if not keys:
        return ""
    names = [contents.distributions[key].name for key in keys]
    return f"  # via {', '.join(names)}"
