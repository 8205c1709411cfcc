"""What a pyproject.toml asks for: dependencies, extras (PEP 621) and dependency groups (PEP 735)."""

from __future__ import annotations

import os

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from cleanenv.environments.names import canonical
from cleanenv.errors import UsageError
from cleanenv.freeze import marker_environment, named_file, requirement_line
from cleanenv.freeze.request import FileRequirement, Request
from cleanenv.freeze.requirement_line import Requested
from cleanenv.system import credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME = "pyproject.toml"


def read(
    path: str,
    shown: str,
    extras: Sequence[str],
    groups: Sequence[str],
    values: Mapping[str, str],
) -> Request:
    """Return what the pyproject.toml at ``path``, which messages call ``shown``, asks for.

    ``extras`` and ``groups`` are those that count besides its dependencies;
    ``values`` the marker variables of the environment. Raises UsageError if the
    file cannot be read, or has no such extra or group.
    """
    return _Reader(path, shown, values).read(extras, groups)


def project_name(directory: str) -> str | None:
    """Return the name of the project in ``directory``, None if no pyproject.toml says it."""
    path = f"{directory}/{NAME}"
    try:
        _, document = named_file.read_toml(path, path)
    except UsageError:
        return None
    project = document.get("project")
    name = project.get("name") if isinstance(project, dict) else None
    return name if isinstance(name, str) else None


class _Reader:
    """Collects the requirements of one file into ``_request``."""

    def __init__(self, path: str, shown: str, values: Mapping[str, str]) -> None:
        self._shown = shown
        self._directory = os.path.dirname(path)
        self._values = values
        self._text, self._document = named_file.read_toml(path, shown)
        self._project = self._table(self._document, "project")
        self._request = Request()
        self._done: set[tuple[str, str]] = set()  # the extras and groups that were read
        self._above: list[str] = []  # the groups that are being read

    def read(self, extras: Sequence[str], groups: Sequence[str]) -> Request:
        if not self._project and not groups:
            remedy = "write the dependencies there (PEP 621), name a group with --group, or check an exported file"
            raise UsageError(f"'{self._shown}' has no [project] table", remedy)
        if self._project:
            self._read_project()
        for extra in extras:
            self._add_extra(extra)
        for group in groups:
            self._add_group(group)
        return self._request

    def _read_project(self) -> None:
        name = self._project.get("name")
        if not isinstance(name, str):
            raise UsageError(f"'{self._shown}' has no name in its [project] table", "add it")
        self._request.project = canonical(name)
        pythons = self._project.get("requires-python")
        if isinstance(pythons, str):
            try:
                self._request.pythons = SpecifierSet(pythons)
            except InvalidSpecifier as error:
                raise self._malformed("requires-python", "a version specifier") from error
        if self._is_dynamic("dependencies"):
            self._add_project(name, "")
        for line in self._strings(self._project.get("dependencies", []), "dependencies"):
            self._add(line, "dependencies")

    def _add_project(self, name: str, extra: str) -> None:
        """Ask for the project itself, whose metadata then say what a build backend found out."""
        text = f"{name}[{extra}]" if extra else name
        requested = Requested(name, SpecifierSet(), extras=frozenset((extra,)) if extra else frozenset())
        self._request.requirements.append(FileRequirement(text, self._where("dependencies", "dynamic"), requested))

    def _add_extra(self, extra: str) -> None:
        name = canonical(extra)
        table = self._by_name(self._table(self._project, "optional-dependencies"), "extra")
        if name not in table:
            if self._is_dynamic("optional-dependencies") and self._request.project is not None:
                self._add_project(str(self._project["name"]), name)
                return
            raise self._unknown("extra", extra, table)
        if ("extra", name) in self._done:
            return
        self._done.add(("extra", name))
        for line in self._strings(table[name], name):
            self._add(line, name)

    def _add_group(self, group: str) -> None:
        name = canonical(group)
        table = self._by_name(self._table(self._document, "dependency-groups"), "dependency group")
        if name not in table:
            raise self._unknown("dependency group", group, table)
        if name in self._above:
            raise UsageError(f"the dependency group '{group}' of '{self._shown}' includes itself", "correct it")
        if ("group", name) in self._done:
            return
        self._above.append(name)
        items = table[name]
        if not isinstance(items, list):
            raise self._malformed(name, "a list")
        for item in items:
            if isinstance(item, str):
                self._add(item, name)
            elif isinstance(item, dict) and list(item) == ["include-group"]:
                self._add_group(str(item["include-group"]))
            else:
                raise self._malformed(name, "a list of requirements and include-group")
        self._above.pop()
        self._done.add(("group", name))

    def _add(self, line: str, section: str) -> None:
        where = self._where(line, section)
        try:
            requirement = Requirement(line)
            requested = requirement_line.requested(requirement, self._directory)
        except (InvalidRequirement, RecursionError) as error:
            reason, _, _ = str(error).partition("\n")
            fact = f"'{credentials.masked(line)}' ({where}) is not a requirement ({credentials.masked(reason)})"
            raise UsageError(fact, "correct it") from error
        if canonical(requirement.name) != self._request.project or requirement.url is not None:
            self._request.requirements.append(FileRequirement(line, where, requested))
            return
        # The project asks for extras of its own.
        if marker_environment.applies(requirement.marker, {**self._values, "extra": ""}):
            for extra in sorted(requirement.extras):  # a set, which has no order
                self._add_extra(extra)

    def _is_dynamic(self, field: str) -> bool:
        return field in self._strings(self._project.get("dynamic", []), "dynamic")

    def _table(self, table: Mapping[str, object], key: str) -> Mapping[str, object]:
        below = table.get(key, {})
        if not isinstance(below, dict):
            raise self._malformed(key, "a table")
        return below

    def _by_name(self, table: Mapping[str, object], kind: str) -> Mapping[str, object]:
        """Return ``table`` with its keys in normal form."""
        named: dict[str, object] = {}
        for key, value in table.items():
            name = canonical(key)
            if name in named:
                raise UsageError(f"'{self._shown}' has the {kind} '{name}' twice", "remove one of them")
            named[name] = value
        return named

    def _strings(self, value: object, key: str) -> list[str]:
        if not isinstance(value, list):
            raise self._malformed(key, "a list of strings")
        strings = [item for item in value if isinstance(item, str)]
        if len(strings) != len(value):
            raise self._malformed(key, "a list of strings")
        return strings

    def _where(self, line: str, section: str) -> str:
        """Return file and line of the string ``line``, or file and section if it is not written out."""
        number = named_file.line_of(self._text, f'"{line}"') or named_file.line_of(self._text, f"'{line}'")
        return f"{self._shown}:{number or section}"

    def _malformed(self, key: str, kind: str) -> UsageError:
        return UsageError(f"'{key}' in '{self._shown}' is not {kind}", "correct it")

    def _unknown(self, kind: str, name: str, table: Mapping[str, object]) -> UsageError:
        names = ", ".join(sorted(table))
        remedy = f"name one of {names}" if names else "remove the option"
        return UsageError(f"'{self._shown}' has no {kind} '{name}'", remedy)
