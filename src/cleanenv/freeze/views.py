"""The other forms of a listing: top level, annotated, JSON."""

from __future__ import annotations

from cleanenv.environments import inventory
from cleanenv.environments.problem import Remark
from cleanenv.freeze import dependency_graph, json_document, requirements_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.inventory import Inventory
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
    home: str | None = None,
) -> tuple[str, list[Remark]]:
    """Return the listing of ``environment`` and the remarks that go to stderr; raise EnvironmentUnusableError."""
    held = inventory.read(environment, everywhere=choice.exact, home=home)
    remarks = held.remarks
    relations = dependency_graph.read(held, remarks)
    chosen = requirements_text.choose(held, choice, remarks)
    if top_level:
        chosen = only_roots(held, relations, chosen, remarks)
    if form == JSON:
        return json_document.render(held, chosen, relations, choice, remarks), remarks
    written: list[str] = []
    for found in chosen:
        lines = requirements_text.lines(held, found, choice, remarks)
        if annotate:
            lines[-1] += _annotation(held, found, relations)
        written += lines
    return "".join(f"{line}\n" for line in written), remarks


def only_roots(
    held: Inventory, relations: dependency_graph.Graph, chosen: list[Distribution], remarks: list[Remark]
) -> list[Distribution]:
    """Return those of ``chosen`` that nothing else in the environment needs; say so where a cycle hides which."""
    roots, cycles = dependency_graph.roots(relations)
    for cycle in cycles:
        names = [held.distributions[key].name for key in cycle]
        fact = f"{', '.join(names)} need each other and nothing else needs them: '{names[0]}' is listed for all"
        remarks.append(Remark("cycle", fact, held.distributions[cycle[0]].info))
    return [found for found in chosen if held.key_of(found) in roots]


def _annotation(held: Inventory, found: Distribution, relations: dependency_graph.Graph) -> str:
    via = sorted(relations.required_by[held.key_of(found)])
    return f"  # via {', '.join(held.distributions[name].name for name in via)}" if via else ""
