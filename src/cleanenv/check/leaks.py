"""The places through which an environment's Python finds more than the environment holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.imports import editable, stdlib, sys_path
from cleanenv.doctor.imports.path_entry import Entry
from cleanenv.environments import inventory, search_path
from cleanenv.environments.environment import PYVENV_CFG
from cleanenv.errors import EnvironmentUnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cleanenv.doctor.finding import Subject
    from cleanenv.doctor.imports.path_entry import Module
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.interpreter import Interpreter
    from cleanenv.environments.search_path import Place

PYTHONPATH, USER_SITE, SYSTEM_SITE, PTH = "PYTHONPATH", "user site", "system site", "pth"
NO_USER_SITE = "PYTHONNOUSERSITE"
USER_BASE = "PYTHONUSERBASE"
OLD_CLOSED = "no-global-site-packages.txt"  # of virtualenv before 20


class Leak(NamedTuple):
    """One place: its ``kind``, the directory's ``path``, and what people are told of it.

    ``heading`` names it as the subject of a sentence, ``remedy`` and ``line``
    close it (see Finding). ``text`` is the entry as it is written in
    ``variable``, whose whole value is ``value``; empty if none is about it.
    """

    kind: str
    path: str
    heading: str
    remedy: str
    line: str = ""
    variable: str = ""
    value: str = ""
    text: str = ""


class Root(NamedTuple):
    """An entry of the search path; ``leak`` is None if it belongs to ENV or to the standard library."""

    entry: Entry
    leak: Leak | None = None


class ImportPath(NamedTuple):
    """The search path of ENV's Python, the ``roots`` in its order.

    ``standard`` are the standard library's among them; ``editable`` what finders add after all of these.
    """

    python: Interpreter
    roots: Sequence[Root]
    standard: Sequence[Entry]
    editable: dict[str, Module]

    @property
    def leaks(self) -> list[Leak]:
        """The places that leak, in the order of the search."""
        return [root.leak for root in self.roots if root.leak is not None]


def read(subject: Subject, is_own: Callable[[str], bool]) -> ImportPath:
    """Return the search path of ENV's Python as ``subject`` would start it.

    Relative entries begin at the subject's directory. ``is_own`` tells whether
    a directory is the project's: it is no leak then. Raises
    EnvironmentUnusableError.
    """
    environment, python = subject.environment, subject.python
    if environment is None or python is None:
        path = environment.path if environment is not None else ""
        raise EnvironmentUnusableError(f"the environment '{path}' has no lib/pythonX.Y directory", "recreate it")
    roots = _pythonpath(subject, is_own)
    standard = [Entry(directory, python) for directory in stdlib.directories(environment, python)]
    roots += [Root(entry) for entry in standard]
    user = _user_site(subject, environment, python)
    is_conda = environment.kind == "conda"
    if is_conda:  # to site.py it is no environment, so the user's directory goes first
        roots += user
    own, front = _own(environment, python, is_own)
    roots = front + roots + own
    if not is_conda:
        roots += user
    if _is_open(environment, python):
        roots += _system_site(environment, python)
    editables: dict[str, Module] = {}
    for root in own:
        editables.update(editable.modules(root.entry))
    return ImportPath(python, roots, standard, editables)


def _pythonpath(subject: Subject, is_own: Callable[[str], bool]) -> list[Root]:
    is_wanted = sys_path.VARIABLE in subject.wanted
    roots = []
    for given in sys_path.given(subject):
        if is_wanted or is_own(given.entry.path):
            roots.append(Root(given.entry))
            continue
        shown = f"'{given.text}'" if given.text else "the empty entry, this directory,"
        leak = Leak(
            PYTHONPATH,
            given.entry.path,
            f"{shown} on PYTHONPATH",
            f"remove {shown if given.text else 'the empty entry'} from PYTHONPATH, or unset it",
            f"unset {sys_path.VARIABLE}",
            sys_path.VARIABLE,
            given.whole,
            given.text,
        )
        roots.append(Root(given.entry, leak))
    return roots


def _own(environment: Environment, python: Interpreter, is_own: Callable[[str], bool]) -> tuple[list[Root], list[Root]]:
    """Return the entries below ENV, and those of them that go before everything else."""
    own: list[Root] = []
    front: list[Root] = []
    places = search_path.read(environment, python, [])
    outside = [place for place in places if not place.inside and place.pth is not None and not is_own(place.path)]
    projects = _editable_projects(environment, python) if outside else []
    for place in places:
        leak = None
        if place in outside and not any(_is_below(place.path, project) for project in projects):
            leak = _pth(place)
        part = front if sys_path.is_in_front(place) else own
        part.append(Root(Entry(place.path, python), leak))
    return own, front


def _editable_projects(environment: Environment, python: Interpreter) -> list[str]:
    """Return the directories of what was installed editable: a .pth file leads there on purpose."""
    try:
        installed = inventory.read(environment, python=python)
    except EnvironmentUnusableError:
        return []
    projects = [installed.project_of(distribution) for distribution in installed.distributions.values()]
    return [project for project in projects if project is not None]


def _pth(place: Place) -> Leak:
    return Leak(
        PTH,
        place.path,
        f"'{place.path}', added by '{place.pth}'",
        f"delete the line from '{place.pth}', or the whole file",
    )


def _user_site(subject: Subject, environment: Environment, python: Interpreter) -> list[Root]:
    """Return the user's site-packages directory if ENV's Python searches it (PEP 370)."""
    if subject.environ.get(NO_USER_SITE):
        return []
    if environment.kind != "conda" and not _is_open(environment, python):
        return []
    base = subject.environ.get(USER_BASE) or (f"{subject.home}/.local" if subject.home else "")
    path = f"{base}/lib/{python.folder}/site-packages"
    if not base or not os.path.isdir(path):
        return []
    leak = Leak(
        USER_SITE,
        path,
        f"your user site-packages, '{path}'",
        f"set {NO_USER_SITE} when you use the environment",
        f"export {NO_USER_SITE}=1",
    )
    return [Root(Entry(path, python), leak)]


def _system_site(environment: Environment, python: Interpreter) -> list[Root]:
    file = f"{environment.path}/{PYVENV_CFG}"
    remedy = f"set 'include-system-site-packages = false' in '{file}'"
    if not environment.config:
        remedy = f"create an empty file '{environment.path}/lib/{python.folder}/{OLD_CLOSED}'"
    roots = []
    for place in search_path.base_places(environment, python, None):
        heading = f"'{place.path}', packages of the Python that the environment was created from"
        roots.append(Root(Entry(place.path, python), Leak(SYSTEM_SITE, place.path, heading, remedy)))
    return roots


def _is_open(environment: Environment, python: Interpreter) -> bool:
    """Tell whether the packages of the base Python are seen, by pyvenv.cfg or as in virtualenv before 20."""
    if environment.config or environment.kind != "virtualenv":
        return environment.system_site_packages
    return not os.path.exists(f"{environment.path}/lib/{python.folder}/{OLD_CLOSED}")


def _is_below(path: str, directory: str) -> bool:
    return (os.path.realpath(path) + "/").startswith(os.path.realpath(directory).rstrip("/") + "/")
