"""One manifest with the requirements in it, whatever its format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleanenv.environments.names import canonical

if TYPE_CHECKING:
    from packaging.requirements import Requirement

REQUIREMENTS, PYPROJECT, SETUP_CFG, SETUP_PY = "requirements file", "pyproject.toml", "setup.cfg", "setup.py"
PACKAGE_XML = "package.xml"
BUILD = "build"  # the group of what only building needs
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_OPTIONS = re.compile(r"\s--[a-z]")  # pip's for a single requirement, such as its hashes


class Declared:
    """One requirement: ``name`` and ``text`` as written, ``where`` file and line, ``requirements.txt:4``.

    ``group`` is empty, or names an extra, a dependency group or BUILD.
    """

    __slots__ = ("group", "name", "text", "where")

    def __init__(self, name: str, text: str, where: str, group: str = "") -> None:
        self.name = name
        self.text = text
        self.where = where
        self.group = group

    def __repr__(self) -> str:
        return f"Declared({self.text!r}, {self.where!r})"

    @property
    def asked(self) -> str:
        """The requirement without its condition and its hashes."""
        return _OPTIONS.split(self.text, maxsplit=1)[0].partition(";")[0].strip()

    @property
    def requirement(self) -> Requirement | None:
        """What the text says by PEP 508, None if it is a form of another tool's."""
        # Not at the top: most projects are checked without a look at a version.
        from packaging.requirements import InvalidRequirement, Requirement

        try:
            return Requirement(_OPTIONS.split(self.text, maxsplit=1)[0])
        except (InvalidRequirement, RecursionError):
            return None

    @property
    def extras(self) -> frozenset[str]:
        """The extras that it asks for, in canonical form."""
        requirement = self.requirement if "[" in self.text else None
        return frozenset(map(canonical, requirement.extras)) if requirement is not None else frozenset()


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
        """Add a requirement as PEP 508 writes it; what does not begin with a name is left out."""
        match = _NAME.match(text)
        if match is not None:
            self.add(Declared(match[0], text, where, group))


def line_of(text: str, needle: str) -> int:
    """Return the number of the first line of ``text`` that has ``needle``, 1 if none has."""
    at = text.find(needle)
    return text.count("\n", 0, at) + 1 if at >= 0 else 1
