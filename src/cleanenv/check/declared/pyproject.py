"""pyproject.toml as a manifest: PEP 621, PEP 735, PEP 518, and the tables of Poetry, PDM, Hatch and uv."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleanenv.check.declared.manifest import BUILD, PYPROJECT, Declared, Manifest, line_of
from cleanenv.environments import metadata
from cleanenv.environments.names import canonical
from cleanenv.errors import UsageError
from cleanenv.system.toml_document import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 20  # groups that include each other
Table = dict[str, object]
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


def read(path: str, shown: str) -> Manifest | None:
    """Return what the file declares, None if it is only a tool's configuration.

    ``is_computed`` is set if its build backend adds dependencies. Raises UsageError if it is not TOML.
    """
    try:
        content = metadata.read_whole(path)
    except OSError as error:
        raise UsageError(f"cannot read '{shown}' ({(error.strerror or 'unreadable').lower()})") from error
    document = Document(shown, content)
    reader = _Reader(Manifest(path, shown, PYPROJECT), document.text)
    reader.project(document.table())
    return reader.manifest if reader.declares else None


def dynamic_files(path: str) -> list[str]:
    """Return the requirements files that setuptools reads the dependencies from, as pyproject.toml writes them."""
    try:
        root = Document(path, metadata.read_whole(path)).table()
    except (OSError, UsageError):
        return []
    dynamic = _table(root, "tool", "setuptools", "dynamic")
    tables = [_table(dynamic, "dependencies"), *_tables(_table(dynamic, "optional-dependencies"))]
    files: list[str] = []
    for table in tables:
        named = table.get("file")
        files += [named] if isinstance(named, str) else _texts(named)
    return files


class _Reader:
    """Fills a manifest; ``declares`` is False for a file that is only a tool's configuration."""

    def __init__(self, manifest: Manifest, text: str) -> None:
        self.manifest = manifest
        self.declares = False
        self._text = text

    def project(self, root: Table) -> None:
        """Add what all tables that anyone reads declare."""
        project = _table(root, "project")
        name = project.get("name")
        if isinstance(name, str):
            self.manifest.project = name
        self.declares = bool(project)
        self._add(_texts(project.get("dependencies")))
        for extra, texts in _table(project, "optional-dependencies").items():
            self._add(_texts(texts), f"extra {extra}")
        if "dependencies" in _texts(project.get("dynamic")):
            self.manifest.is_computed = True
        self._groups(_table(root, "dependency-groups"))
        self._add(_texts(_table(root, "build-system").get("requires")), BUILD)
        self._poetry(_table(root, "tool", "poetry"))
        for group, texts in _table(root, "tool", "pdm", "dev-dependencies").items():
            self._add(_texts(texts), f"group {group}")
        self._add(_texts(_table(root, "tool", "uv").get("dev-dependencies")), "group dev")
        for name, table in _table(root, "tool", "hatch", "envs").items():
            if isinstance(table, dict):
                for key in ("dependencies", "extra-dependencies"):
                    self._add(_texts(table.get(key)), f"group {name}")

    def _groups(self, groups: Table) -> None:
        """Add dependency groups; what one includes counts for itself, so it is added once (PEP 735)."""
        for group, entries in groups.items():
            self.declares = True
            for text in _texts(entries):
                self._add([text], f"group {group}")

    def _poetry(self, poetry: Table) -> None:
        """Add Poetry's tables, which have names as keys and versions in a form of their own."""
        if not poetry:
            return
        self.declares = True
        name = poetry.get("name")
        if isinstance(name, str) and not self.manifest.project:
            self.manifest.project = name
        self._add_names(_table(poetry, "dependencies"), "")
        self._add_names(_table(poetry, "dev-dependencies"), "group dev")
        for group, table in _table(poetry, "group").items():
            if isinstance(table, dict):
                self._add_names(_table(table, "dependencies"), f"group {group}")

    def _add_names(self, table: Table, group: str) -> None:
        for name in table:
            if name.lower() != "python":
                where = f"{self.manifest.shown}:{line_of(self._text, name)}"
                self.manifest.add(Declared(name, name, where, group))

    def _add(self, texts: list[str], group: str = "") -> None:
        for text in texts:
            match = _NAME.match(text.strip())
            needle = text if text in self._text else match[0] if match else text
            self.manifest.add_text(text, f"{self.manifest.shown}:{line_of(self._text, needle)}", group)


def group_names(root: Table) -> Iterator[str]:
    """Yield the names of the dependency groups."""
    yield from map(canonical, _table(root, "dependency-groups"))


def _table(root: Table, *keys: str) -> Table:
    """Return the table under ``keys``, empty if there is none."""
    table = root
    for key in keys:
        below = table.get(key)
        if not isinstance(below, dict):
            return {}
        table = below
    return table


def _tables(root: Table) -> list[Table]:
    return [table for table in root.values() if isinstance(table, dict)]


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
