"""The other forms of a listing: top level, annotated, JSON."""

from __future__ import annotations

from cleanenv.freeze import document, graph, inventory, listing
from cleanenv.freeze.remark import Remark

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.freeze.distribution import Distribution
    from cleanenv.freeze.inventory import Inventory
    from cleanenv.freeze.listing import Choice
    from cleanenv.venv import Environment

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
    relations = graph.read(held, remarks)
    chosen = listing.choose(held, choice, remarks)
    if top_level:
        chosen = only_roots(held, relations, chosen, remarks)
    if form == JSON:
        return document.render(held, chosen, relations, choice, remarks), remarks
    written: list[str] = []
    for found in chosen:
        lines = listing.lines(held, found, choice, remarks)
        if annotate:
            lines[-1] += _annotation(held, found, relations)
        written += lines
    return "".join(f"{line}\n" for line in written), remarks


def only_roots(
    held: Inventory, relations: graph.Graph, chosen: list[Distribution], remarks: list[Remark]
) -> list[Distribution]:
    """Return those of ``chosen`` that nothing else in the environment needs; say so where a cycle hides which."""
    roots, cycles = graph.roots(relations)
    for cycle in cycles:
        names = [held.distributions[key].name for key in cycle]
        fact = f"{', '.join(names)} need each other and nothing else needs them: '{names[0]}' is listed for all"
        remarks.append(Remark("cycle", fact, held.distributions[cycle[0]].info))
    return [found for found in chosen if held.key_of(found) in roots]


def _annotation(held: Inventory, found: Distribution, relations: graph.Graph) -> str:
    via = sorted(relations.required_by[held.key_of(found)])
    return f"  # via {', '.join(held.distributions[name].name for name in via)}" if via else ""
