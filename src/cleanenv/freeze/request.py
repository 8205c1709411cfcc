"""What a file asks for, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packaging.markers import Marker
    from packaging.specifiers import SpecifierSet

    from cleanenv.freeze.requirement_line import Requested


@dataclass(frozen=True)
class FileRequirement:
    """One requirement of a file.

    ``text`` as it is written there, variables not replaced; ``where`` file and
    line, ``requirements.txt:3``; ``requested`` what it asks for;
    ``is_constraint`` whether it only limits what others ask for.
    """

    text: str
    where: str
    requested: Requested
    is_constraint: bool = False
    is_editable: bool = False


@dataclass
class Request:
    """The ``requirements`` of a file in their order, and what it says about the environment.

    ``follows`` is whether what the requirements need comes with them, as it does
    unless the file is a lock file, which names everything. ``project`` is the
    name of the project itself, which may be installed besides, in normal form.
    ``pythons`` are the versions of Python, and ``environments`` the markers of
    which one has to be true; None and empty for any.
    """

    requirements: list[FileRequirement] = field(default_factory=list)
    follows: bool = True
    project: str | None = None
    pythons: SpecifierSet | None = None
    environments: list[Marker] = field(default_factory=list)
