"""The JSON form of a listing.

Version 1 of the schema; a later version only adds keys, or counts up ``version``::

    version        1
    environment    path; kind (venv, virtualenv, uv, conda); python, "3.11.7", or "3.11" if no more is known
    distributions  in the order of the requirements form, each with
        name          as its metadata spells it
        version       in normal form (PEP 440), or as written if it is not a version
        location      the directory or archive that its metadata is in
        requirement   the line of the requirements form, without its comments
        direct_url    null, or where it came from, as in direct_url.json (PEP 610), credentials masked
        editable      null, or the directory of the project that it is installed from
        installer     what installed it ("pip", "uv", …), or null
        digest        one hash over the paths and hashes in its RECORD, or null if it has none
        requires      its requirements that apply in the environment, as PEP 508 writes them
        required_by   the names of those in the environment that need it
        root          whether nothing else in the environment needs it
    warnings       code, message and path of each problem
"""

from __future__ import annotations

import json

from cleanenv.environments import metadata, record
from cleanenv.freeze import dependency_graph, requirements_text
from cleanenv.system import credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory
    from cleanenv.environments.problem import Problem
    from cleanenv.freeze.dependency_graph import Graph
    from cleanenv.freeze.requirements_text import Choice

VERSION = 1


def render(
    inventory: Inventory, chosen: Sequence[Distribution], graph: Graph, choice: Choice, problems: list[Problem]
) -> str:
    """Return the document that lists ``chosen``, ending in a newline."""
    roots, _ = dependency_graph.roots(graph)
    rows = []
    for distribution in chosen:
        line = requirements_text.lines(inventory, distribution, choice, problems)[-1]
        row = _row(inventory, distribution, requirements_text.printed(line), choice)
        row.update(_relations(inventory, distribution, graph, roots))
        rows.append(row)
    environment = inventory.environment
    document = {
        "version": VERSION,
        "environment": {
            "path": environment.path,
            "kind": environment.kind,
            "python": inventory.interpreter.full,
        },
        "distributions": rows,
        "warnings": warnings(problems),
    }
    return json.dumps(document, indent=2) + "\n"


def warnings(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Return ``problems`` as they are in a document: raw, since JSON escapes control characters itself, but masked."""
    return [
        {"code": problem.code, "message": credentials.masked(problem.message), "path": problem.path}
        for problem in problems
    ]


def _row(
    inventory: Inventory,
    distribution: Distribution,
    requirement: str,
    choice: Choice,
) -> dict[str, object]:
    origin = distribution.origin
    direct_url = None
    if origin is not None:
        url = origin.url if choice.exact else credentials.masked(origin.url)
        direct_url = origin.as_json(url)
    return {
        "name": distribution.name,
        "version": distribution.version or distribution.raw_version,
        "location": distribution.place.path,
        "requirement": requirement,
        "direct_url": direct_url,
        "editable": inventory.project_of(distribution),
        "installer": _installer(distribution),
        "digest": record.digest(distribution),
    }


def _relations(
    inventory: Inventory,
    distribution: Distribution,
    graph: Graph,
    roots: set[str],
) -> dict[str, object]:
    key = inventory.key_of(distribution)
    required_by = [inventory.distributions[name].name for name in sorted(graph.required_by[key])]
    requires = [str(requirement) for requirement in graph.active[key]]
    return {"requires": requires, "required_by": required_by, "root": key in roots}


def _installer(distribution: Distribution) -> str | None:
    try:
        data = metadata.read(f"{distribution.info}/INSTALLER")
    except OSError:
        return None
    words = data.decode("utf-8", "replace").split()
    return words[0] if words else None
