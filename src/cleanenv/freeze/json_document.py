"""The JSON form of a listing.

Version 1 of the schema; a later version only adds keys, or counts up ``version``::

    version        1
    environment    path; kind (venv, virtualenv, uv, conda); python, "3.11.7", or "3.11" where no more is known
    distributions  in the order of the requirements form, each with
        name          as its metadata spells it
        version       in normal form (PEP 440), or as written where it is no version
        location      the folder or archive that holds its metadata
        requirement   the line of the requirements form, without its comments
        direct_url    null, or where it came from, as direct_url.json has it (PEP 610), credentials masked
        editable      null, or the folder of the project that it is installed from
        installer     what installed it ("pip", "uv", …), or null
        requires      its requirements that hold in the environment, as PEP 508 writes them
        required_by   the names of those in the environment that need it
        root          whether nothing else in the environment needs it
    warnings       code, message and path of each remark
"""

from __future__ import annotations

import json

from cleanenv.environments import metadata
from cleanenv.freeze import credentials, dependency_graph, requirements_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory
    from cleanenv.environments.problem import Remark
    from cleanenv.freeze.requirements_text import Choice

VERSION = 1


def render(
    inventory: Inventory,
    chosen: Sequence[Distribution],
    relations: dependency_graph.Graph,
    choice: Choice,
    remarks: list[Remark],
) -> str:
    """Return the document that lists ``chosen``, ending in a newline."""
    roots, _ = dependency_graph.roots(relations)
    listed = [_distribution(inventory, found, relations, roots, choice, remarks) for found in chosen]
    environment = inventory.environment
    document = {
        "version": VERSION,
        "environment": {
            "path": environment.path,
            "kind": environment.kind,
            "python": inventory.interpreter.full,
        },
        "distributions": listed,
        "warnings": warnings(remarks),
    }
    return json.dumps(document, indent=2) + "\n"


def warnings(remarks: Sequence[Remark]) -> list[dict[str, str]]:
    """Return ``remarks`` as they stand in a document."""
    return [{"code": remark.code, "message": remark.message, "path": remark.path} for remark in remarks]


def _distribution(  # noqa: PLR0917 - what a row is made of
    inventory: Inventory,
    found: Distribution,
    relations: dependency_graph.Graph,
    roots: set[str],
    choice: Choice,
    remarks: list[Remark],
) -> dict[str, object]:
    key = inventory.key_of(found)
    origin = found.origin
    return {
        "name": found.name,
        "version": found.version or found.raw_version,
        "location": found.place.path,
        "requirement": requirements_text.lines(inventory, found, choice, remarks)[-1],
        "direct_url": origin and origin.as_json(origin.url if choice.exact else credentials.masked(origin.url)),
        "editable": inventory.project_of(found),
        "installer": _installer(found),
        "requires": relations.active[key],
        "required_by": [inventory.distributions[name].name for name in sorted(relations.required_by[key])],
        "root": key in roots,
    }


def _installer(found: Distribution) -> str | None:
    try:
        text = metadata.read(f"{found.info}/INSTALLER")
    except OSError:
        return None
    return next(iter(text.decode("utf-8", "replace").split()), None)
