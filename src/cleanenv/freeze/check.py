"""`cleanenv freeze --check FILE`: the report, as text and as JSON.

Version 1 of the JSON schema::

    version      1
    environment  its path
    file         as it was named
    drift        whether there is a difference that counts: exit status 1
    differences  each with kind (missing, extra, other version, unpinned, cannot be judged), name, installed, wanted,
                 where, message
    warnings     code, message and path of each problem
"""

from __future__ import annotations

import os

from cleanenv.environments import inventory
from cleanenv.errors import CleanenvError, UsageError
from cleanenv.freeze import (
    declared_requirements,
    dependency_graph,
    difference,
    drift,
    json_document,
    marker_environment,
    pylock_file,
    pyproject_file,
    requirements_file,
    requirements_text,
    views,
)
from cleanenv.freeze.request import Request
from cleanenv.system import credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.environments.environment import Environment
    from cleanenv.environments.inventory import Inventory
    from cleanenv.environments.problem import Problem
    from cleanenv.freeze.difference import Difference
    from cleanenv.freeze.needs import Need
    from cleanenv.freeze.requirements_text import Choice

VERSION = 1


class Options:
    """How to compare: the options of ``freeze --check``.

    ``extras`` and ``groups`` are those of a pyproject.toml or a lock file that
    count. With ``top_level`` only what nothing else needs can be extra; without
    ``dependencies`` the file is all that counts, and what its lines need is
    neither missing nor accounted for; if ``strict``, what is not pinned counts
    as a difference.
    """

    __slots__ = ("dependencies", "extras", "groups", "strict", "top_level")

    def __init__(
        self,
        *,
        extras: Sequence[str] = (),
        groups: Sequence[str] = (),
        top_level: bool = False,
        dependencies: bool = True,
        strict: bool = False,
    ) -> None:
        self.extras = extras
        self.groups = groups
        self.top_level = top_level
        self.dependencies = dependencies
        self.strict = strict


DEFAULT = Options()


class Report:
    """The outcome of a check: ``is_drift`` and ``differences``; ``problems`` go to stderr."""

    __slots__ = ("differences", "environment", "file", "is_drift", "problems", "strict")

    def __init__(
        self,
        environment: Environment,
        file: str,
        differences: list[Difference],
        problems: list[Problem],
        *,
        strict: bool,
    ) -> None:
        self.environment = environment
        self.file = file
        self.differences = differences
        self.problems = problems
        self.strict = strict
        self.is_drift = difference.is_drift(differences, strict=strict)


def check(
    environment: Environment,
    file: str,
    directory: str,
    choice: Choice,
    environ: Mapping[str, str],
    *,
    options: Options = DEFAULT,
) -> Report:
    """Compare ``environment`` with what ``file`` asks for, seen from ``directory``.

    ``environ`` is the user's: it has the variables that the file names, and
    HOME. Raises EnvironmentUnusableError, and UsageError if the file cannot be
    read.
    """
    try:
        return _check(environment, file, directory, choice, environ, options=options)
    except CleanenvError as error:
        # The file may have passwords, in whatever part of it is quoted.
        error.fact = credentials.masked(error.fact)
        error.remedy = credentials.masked(error.remedy)
        error.args = (error.fact, error.remedy)
        raise


def _check(
    environment: Environment,
    file: str,
    directory: str,
    choice: Choice,
    environ: Mapping[str, str],
    *,
    options: Options,
) -> Report:
    contents = inventory.read(environment, everywhere=choice.exact, environ=environ)
    problems = contents.problems
    values = marker_environment.markers(contents.interpreter)
    request = _read(file, directory, environ, options, contents=contents, values=values)
    listed = requirements_text.choose(contents, choice, problems)

    visible = contents
    if environment.system_site_packages and not choice.exact:
        # They are not listed, but what a line asks for may be among them, as it may for pip.
        visible = inventory.read(environment, python=contents.interpreter, everywhere=True, environ=environ)
    declared = declared_requirements.read(visible, problems if visible is contents else [])
    installed = drift.Installed(visible, declared, values)

    lines = drift.compare_lines(installed, request, file)
    differences = lines.differences
    accounted: dict[str, Need | None] = {}
    if request.follows and options.dependencies:
        more, reasons = drift.compare_needs(installed, lines)
        differences += more
        accounted.update(reasons)
    accounted.update(dict.fromkeys(lines.named))
    if request.project is not None:
        accounted[request.project] = None

    chosen = listed
    if options.top_level:
        if visible is not contents:
            declared = declared_requirements.read(contents, problems)
        graph = dependency_graph.whole(declared, values, lines.extras)
        chosen = views.only_roots(contents, graph, listed, problems)
    in_listing = set(map(id, listed))
    tools = [distribution for distribution in contents.distributions.values() if id(distribution) not in in_listing]
    differences += drift.compare_rest(installed, chosen, tools, accounted, file)
    return Report(environment, file, differences, problems, strict=options.strict)


def _read(
    file: str,
    directory: str,
    environ: Mapping[str, str],
    options: Options,
    *,
    contents: Inventory,
    values: Mapping[str, str],
) -> Request:
    """Read ``file`` by what its name says that it is."""
    path = os.path.join(directory, file)
    name = os.path.basename(file)
    if name == pyproject_file.NAME:
        return pyproject_file.read(path, file, options.extras, options.groups, values)
    if pylock_file.is_name(name):
        return pylock_file.read(path, file, options.extras, options.groups, values)
    if options.extras or options.groups:
        remedy = "check one of these, or remove the option"
        raise UsageError("--extra and --group are options for a pyproject.toml or a pylock.toml", remedy)
    projects = set()
    for distribution in contents.distributions.values():
        project = contents.project_of(distribution)
        if project is not None:
            projects.add(project)
    return Request(requirements_file.read(file, directory, environ, projects))


def words(report: Report) -> str:
    """Return the report for a person: a line for each difference, none if there is none.

    What is not pinned is reported only if that counts.
    """
    text = ""
    for found in report.differences:
        if found.kind != difference.UNPINNED or report.strict:
            text += f"{found.kind}: {requirements_text.printed(found.message)}\n"
    return text


def render(report: Report) -> str:
    """Return the report as JSON, ending in a newline."""
    import json

    differences = [_as_json(found) for found in report.differences]
    value = {
        "version": VERSION,
        "environment": report.environment.path,
        "file": report.file,
        "drift": report.is_drift,
        "differences": differences,
        "warnings": json_document.warnings(report.problems),
    }
    return json.dumps(value, indent=2) + "\n"


def _as_json(found: Difference) -> dict[str, str | None]:
    return {
        "kind": found.kind,
        "name": found.name,
        "installed": found.installed,
        "wanted": found.wanted,
        "where": found.where,
        "message": found.message,
    }
