"""One manifest with the requirements in it, whatever its format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement

from cleanenv.environments.names import canonical

if TYPE_CHECKING:
    from packaging.markers import Marker
    from packaging.specifiers import SpecifierSet

REQUIREMENTS, PYPROJECT, SETUP_CFG, SETUP_PY = "requirements file", "pyproject.toml", "setup.cfg", "setup.py"
PACKAGE_XML = "package.xml"
BUILD = "build"  # the group of what only building needs


class Declared:
    """One requirement: ``name`` and ``text`` as written, ``where`` file and line, ``requirements.txt:4``.

    ``group`` is empty, or names an extra, a dependency group or BUILD.
    ``specifier`` is None if it does not name versions, ``marker`` if it has no condition.
    """

    __slots__ = ("extras", "group", "marker", "name", "specifier", "text", "where")

    def __init__(
        self,
        name: str,
        text: str,
        where: str,
        group: str = "",
        *,
        specifier: SpecifierSet | None = None,
        marker: Marker | None = None,
        extras: frozenset[str] = frozenset(),
    ) -> None:
        self.name = name
        self.text = text
        self.where = where
        self.group = group
        self.specifier = specifier
        self.marker = marker
        self.extras = extras

    def __repr__(self) -> str:
        return f"Declared({self.text!r}, {self.where!r})"


class Manifest:
    """A file that declares requirements.

    ``path`` is absolute, ``shown`` what messages call it, ``kind`` one of the
    words above. ``requirements`` by canonical name, for package.xml by name as
    it is; ``project`` the name of the project that it describes, empty if it
    names none. ``is_computed`` if a program makes its requirements, so that
    they are not known.
    """

    def __init__(self, path: str, shown: str, kind: str) -> None:
        self.path = path
        self.shown = shown
        self.kind = kind
        self.project = ""
        self.requirements: dict[str, list[Declared]] = {}
        self.is_computed = False

    def __repr__(self) -> str:
        return f"Manifest({self.path!r})"

    def add(self, declared: Declared) -> None:
        """Add a requirement."""
        key = declared.name if self.kind == PACKAGE_XML else canonical(declared.name)
        self.requirements.setdefault(key, []).append(declared)

    def add_text(self, text: str, where: str, group: str = "") -> None:
        """Add a requirement as PEP 508 writes it; what is none is left out."""
        try:
            requirement = Requirement(text)
        except (InvalidRequirement, RecursionError):
            return
        specifier = requirement.specifier if requirement.url is None else None
        extras = frozenset(map(canonical, requirement.extras))
        self.add(
            Declared(
                requirement.name,
                text,
                where,
                group,
                specifier=specifier,
                marker=requirement.marker,
                extras=extras,
            )
        )


def line_of(text: str, needle: str) -> int:
    """Return the number of the first line of ``text`` that has ``needle``, 1 if none has."""
    at = text.find(needle)
    return text.count("\n", 0, at) + 1 if at >= 0 else 1
