"""The search path of ENV's Python, in its order: what goes first, PYTHONPATH, the standard library, ENV's packages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.imports import editable, stdlib
from cleanenv.doctor.imports.path_entry import Entry
from cleanenv.environments import metadata, search_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.doctor.finding import Subject
    from cleanenv.doctor.imports.path_entry import Module
    from cleanenv.environments.interpreter import Interpreter
    from cleanenv.environments.search_path import Place

VARIABLE = "PYTHONPATH"


class Given(NamedTuple):
    """One entry of PYTHONPATH: ``text`` as it is written in ``whole``, the variable; ``entry`` as Python takes it."""

    text: str
    entry: Entry
    whole: str


class SearchPath(NamedTuple):
    """The search path of ENV's Python in parts.

    ``front`` are eggs that a .pth file puts before all else, ``given``
    PYTHONPATH's, ``standard`` the standard library's directories, ``own`` ENV's
    and those that ENV sees, ``editable`` what finders add to all of these;
    ``has_user_site`` whether the user's site-packages are among them (PEP 370).
    """

    python: Interpreter | None
    front: list[Entry]
    given: list[Given]
    standard: list[Entry]
    own: list[Entry]
    editable: dict[str, Module]
    has_user_site: bool


def given(subject: Subject) -> list[Given]:
    """Return the entries of PYTHONPATH; an empty one is the current directory, an empty variable has none."""
    value = subject.environ.get(VARIABLE, "")
    if not value:
        return []
    entries = []
    for text in value.split(":"):
        path = os.path.normpath(os.path.join(subject.directory, text))
        entries.append(Given(text, Entry(path, subject.python), value))
    return entries


def read(subject: Subject) -> SearchPath:
    """Return the search path of ENV's Python; without ENV, PYTHONPATH alone."""
    environment = subject.environment
    python = subject.python
    is_open = environment is None or environment.system_site_packages
    has_user_site = is_open and not subject.environ.get("PYTHONNOUSERSITE")
    entries = given(subject)
    if environment is None or python is None:
        return SearchPath(python, [], entries, [], [], {}, has_user_site)

    places = search_path.read(environment, python, [])
    if is_open:
        places += search_path.base_places(environment, python, subject.home if has_user_site else None)
    front: list[Entry] = []
    own: list[Entry] = []
    for place in places:
        part = front if is_in_front(place) else own
        part.append(Entry(place.path, python))
    standard = [Entry(directory, python) for directory in stdlib.directories(environment, python)]
    # Without a PYTHONPATH nothing is compared with them.
    editables = _editables(own) if entries else {}
    return SearchPath(python, front, entries, standard, own, editables, has_user_site)


def _editables(entries: Sequence[Entry]) -> dict[str, Module]:
    modules: dict[str, Module] = {}
    for entry in entries:
        modules.update(editable.modules(entry))
    return modules


def is_in_front(place: Place) -> bool:
    """Tell whether an old easy-install.pth moves ``place`` to the start of sys.path."""
    if place.pth is None or not place.path.endswith(".egg"):
        return False
    try:
        return search_path.EGG_INSERT.encode() in metadata.read_whole(place.pth)
    except OSError:
        return False
