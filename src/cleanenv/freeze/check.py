"""`cleanenv freeze --check FILE`: the report, as text and as JSON.

Version 1 of the JSON schema::

    version      1
    environment  its path
    file         as it was named
    drift        whether there is a difference besides those that cannot be judged
    differences  each with kind (missing, extra, other version, cannot be judged), name, installed, wanted, where,
                 message
    warnings     code, message and path of each problem
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
    from cleanenv.environments.problem import Problem
    from cleanenv.freeze.drift import Difference
    from cleanenv.freeze.requirements_text import Choice

VERSION = 1


class Report:
    """The outcome of a check: ``is_drift`` and ``differences``; ``problems`` go to stderr."""

    __slots__ = ("differences", "environment", "file", "is_drift", "problems")

    def __init__(
        self, environment: Environment, file: str, differences: list[Difference], problems: list[Problem]
    ) -> None:
        self.environment = environment
        self.file = file
        self.differences = differences
        self.problems = problems
        self.is_drift = drift.is_drift(differences)


def check(
    environment: Environment,
    file: str,
    directory: str,
    choice: Choice,
    environ: Mapping[str, str],
    *,
    top_level: bool = False,
) -> Report:
    """Compare ``environment`` with the requirements in ``file``, seen from ``directory``.

    ``environ`` is the user's: it has the variables that the file names, and
    HOME. With ``top_level`` only what nothing else needs can be extra. Raises
    EnvironmentUnusableError, and UsageError if the file cannot be read.
    """
    requirements = requirements_file.read(file, directory, environ)
    contents = inventory.read(environment, everywhere=choice.exact, home=environ.get("HOME"))
    problems = contents.problems
    chosen = requirements_text.choose(contents, choice, problems)
    if top_level:
        graph = dependency_graph.read(contents, problems)
        chosen = views.only_roots(contents, graph, chosen, problems)
    values = marker_environment.markers(contents.interpreter)
    differences = drift.compare(contents, chosen, requirements, values, file)
    return Report(environment, file, differences, problems)


def words(report: Report) -> str:
    """Return the report for a person: a line for each difference, none if there is none."""
    text = ""
    for difference in report.differences:
        text += f"{difference.kind}: {requirements_text.printed(difference.message)}\n"
    return text


def render(report: Report) -> str:
    """Return the report as JSON, ending in a newline."""
    import json

    differences = [_as_json(difference) for difference in report.differences]
    value = {
        "version": VERSION,
        "environment": report.environment.path,
        "file": report.file,
        "drift": report.is_drift,
        "differences": differences,
        "warnings": json_document.warnings(report.problems),
    }
    return json.dumps(value, indent=2) + "\n"


def _as_json(difference: Difference) -> dict[str, str | None]:
    return {
        "kind": difference.kind,
        "name": difference.name,
        "installed": difference.installed,
        "wanted": difference.wanted,
        "where": difference.where,
        "message": difference.message,
    }
