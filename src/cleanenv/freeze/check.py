"""`cleanenv freeze --check FILE`: the report, in words and as JSON.

Version 1 of the JSON schema::

    version      1
    environment  its path
    file         as it was named
    drift        whether there is a difference other than those that cannot be judged
    differences  each with kind (missing, extra, other version, cannot be judged), name, installed, wanted, where,
                 message
    warnings     code, message and path of each remark
"""

from __future__ import annotations

from cleanenv.environments import inventory
from cleanenv.freeze import (
    dependency_graph,
    drift,
    json_document,
    marker_environment,
    requirements_file,
    requirements_text,
    views,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.environments.environment import Environment
    from cleanenv.environments.problem import Remark
    from cleanenv.freeze.drift import Difference
    from cleanenv.freeze.requirements_text import Choice

VERSION = 1


class Report:
    """The outcome of a check: ``is_drift`` and ``differences``; ``remarks`` go to stderr."""

    __slots__ = ("differences", "environment", "file", "is_drift", "remarks")

    def __init__(self, environment: Environment, file: str, found: list[Difference], remarks: list[Remark]) -> None:
        self.environment = environment
        self.file = file
        self.differences = found
        self.remarks = remarks
        self.is_drift = drift.is_drift(found)


def check(
    environment: Environment,
    file: str,
    folder: str,
    choice: Choice,
    environ: Mapping[str, str],
    *,
    top_level: bool = False,
) -> Report:
    """Compare ``environment`` with the requirements in ``file``, seen from ``folder``.

    ``environ`` is the user's: it has the variables that the file names, and
    HOME. With ``top_level`` only what nothing else needs can be extra. Raises
    EnvironmentUnusableError, and UsageError where the file cannot be read.
    """
    requirements = requirements_file.read(file, folder, environ)
    held = inventory.read(environment, everywhere=choice.exact, home=environ.get("HOME"))
    remarks = held.remarks
    chosen = requirements_text.choose(held, choice, remarks)
    if top_level:
        chosen = views.only_roots(held, dependency_graph.read(held, remarks), chosen, remarks)
    found = drift.compare(held, chosen, requirements, marker_environment.markers(held.interpreter), file)
    return Report(environment, file, found, remarks)


def words(report: Report) -> str:
    """Return the report for a person: a line for each difference, none where there is none."""
    return "".join(f"{difference.kind}: {difference.message}\n" for difference in report.differences)


def render(report: Report) -> str:
    """Return the report as JSON, ending in a newline."""
    import json

    value = {
        "version": VERSION,
        "environment": report.environment.path,
        "file": report.file,
        "drift": report.is_drift,
        "differences": [
            {
                "kind": difference.kind,
                "name": difference.name,
                "installed": difference.installed,
                "wanted": difference.wanted,
                "where": difference.where,
                "message": difference.message,
            }
            for difference in report.differences
        ],
        "warnings": json_document.warnings(report.remarks),
    }
    return json.dumps(value, indent=2) + "\n"
