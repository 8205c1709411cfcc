"""What Python searches, in its order: what goes before ENV, PYTHONPATH, the standard library, ENV's packages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.imports import editable, stdlib
from cleanenv.doctor.imports.path_entry import Entry
from cleanenv.environments import interpreter, metadata, search_path

if TYPE_CHECKING:
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


class Searched(NamedTuple):
    """The search path of ENV's Python in parts.

    ``front`` are eggs that a .pth file puts before all, ``given`` PYTHONPATH's,
    ``standard`` the standard library's folders, ``own`` ENV's and what ENV sees,
    ``editable`` what it finds when all of these have nothing;
    ``has_user_site`` whether the user's packages below home are among them (PEP 370).
    """

    python: Interpreter | None
    front: list[Entry]
    given: list[Given]
    standard: list[Entry]
    own: list[Entry]
    editable: dict[str, Module]
    has_user_site: bool


def given(subject: Subject, python: Interpreter | None) -> list[Given]:
    """Return the entries of PYTHONPATH; an empty one is the current folder, an empty variable none at all."""
    value = subject.environ.get(VARIABLE, "")
    if not value:
        return []
    return [
        Given(text, Entry(os.path.normpath(os.path.join(subject.folder, text)), python), value)
        for text in value.split(":")
    ]


def python_of(subject: Subject) -> Interpreter | None:
    """Return the Python of ENV, None where there is none or none can be told."""
    return interpreter.read(subject.environment) if subject.environment is not None else None


def read(subject: Subject) -> Searched:
    """Return the search path of ENV's Python; without ENV, PYTHONPATH alone."""
    environment = subject.environment
    python = python_of(subject)
    entries = given(subject, python)
    has_user_site = not subject.environ.get("PYTHONNOUSERSITE") and (
        environment is None or environment.system_site_packages
    )
    if environment is None or python is None:
        return Searched(python, [], entries, [], [], {}, has_user_site)
    places = search_path.read(environment, python, [])
    if environment.system_site_packages:
        places += search_path.base_places(environment, python, subject.home if has_user_site else None)
    front = [place for place in places if _is_in_front(place)]
    own = [Entry(place.path, python) for place in places if place not in front]
    return Searched(
        python,
        [Entry(place.path, python) for place in front],
        entries,
        [Entry(folder, python) for folder in stdlib.folders(environment, python)],
        own,
        {name: module for entry in own for name, module in editable.modules(entry).items()} if entries else {},
        has_user_site,
    )


def _is_in_front(place: Place) -> bool:
    """Tell whether an old easy-install.pth moves ``place`` to the start of sys.path."""
    if place.pth is None or not place.path.endswith(".egg"):
        return False
    try:
        return search_path.EGG_INSERT.encode() in metadata.read_whole(place.pth)
    except OSError:
        return False
