"""The directories and archives that an environment's Python searches, read without starting it."""

# On the way of `freeze`, run in hooks: no site, no pathlib.
from __future__ import annotations

import os

from cleanenv.environments import metadata
from cleanenv.environments.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.environments.environment import Environment
    from cleanenv.environments.interpreter import Interpreter

# How the lines of a .pth file begin that site.py runs as code.
IMPORT_LINES = ("import ", "import\t")
# Old setuptools ends easy-install.pth with a line that moves its eggs in front of everything.
EGG_INSERT = "__egginsert"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Place:
    """One entry of the search path.

    ``path`` is absolute; ``names`` are those in a directory, None for an
    archive or a directory not read yet; ``inside`` whether it belongs to the
    environment; ``pth`` the .pth file that names it, None for site-packages
    itself.
    """

    __slots__ = ("inside", "names", "path", "pth")

    def __init__(
        self,
        path: str,
        names: Sequence[str] | None,
        *,
        inside: bool = True,
        pth: str | None = None,
    ) -> None:
        self.path = path
        self.names = names
        self.inside = inside
        self.pth = pth


def read(
    environment: Environment,
    interpreter: Interpreter,
    problems: list[Problem],
) -> list[Place]:
    """Return the entries of the search path below ``environment``, first one first.

    Lines of .pth files that run code are not run; the paths in the others are entries as site.py makes them.
    """
    places: list[Place] = []
    front: list[Place] = []
    known: set[str] = set()
    for directory in site_packages(environment, interpreter):
        if directory in known:
            continue
        try:
            names = sorted(os.listdir(directory))
        except FileNotFoundError:
            continue
        except OSError as error:
            reason = (error.strerror or "unreadable").lower()
            problems.append(Problem("broken", f"cannot read '{directory}' ({reason})", "left out", directory))
            continue
        added, in_front = site_directory(environment, Place(directory, names), known, problems)
        places += added
        front += in_front
    if environment.kind == "conda":
        from cleanenv.environments import path_code

        problems += path_code.of_conda(environment, interpreter)
    return front + places


def site_directory(
    environment: Environment, place: Place, known: set[str], problems: list[Problem]
) -> tuple[list[Place], list[Place]]:
    """Return ``place`` and what its .pth files add, and besides what they add in front of everything.

    ``known`` are the paths that are entries already.
    """
    known.add(place.path)
    places = [place]
    front: list[Place] = []
    names = place.names or ()
    for name in names:
        if name.endswith(".pth") and not name.startswith("."):
            added, goes_in_front = _from_pth(environment, place, name, known, problems)
            if goes_in_front:
                front += added
            else:
                places += added
    if place.inside and ("sitecustomize.py" in names or "usercustomize.py" in names or "sitecustomize" in names):
        from cleanenv.environments import path_code

        problems += path_code.customized(place.path, names, with_user=environment.system_site_packages)
    return places, front


def site_packages(environment: Environment, interpreter: Interpreter) -> Iterator[str]:
    """Yield the site-packages directories of ``environment``: lib64's first if it is not a link to lib (Fedora)."""
    if not os.path.islink(f"{environment.path}/lib64"):
        yield f"{environment.path}/lib64/{interpreter.folder}/site-packages"
    yield f"{environment.path}/lib/{interpreter.folder}/site-packages"
    if interpreter.is_pypy:  # before PyPy 3.8
        yield f"{environment.path}/site-packages"


def base_places(
    environment: Environment,
    interpreter: Interpreter,
    home: str | None,
) -> list[Place]:
    """Return what include-system-site-packages adds: the directories of the user and of the base Python.

    With what their .pth files name.
    """
    from cleanenv.environments import base_python

    return base_python.places(environment, interpreter, home)


def _from_pth(
    environment: Environment,
    place: Place,
    name: str,
    known: set[str],
    problems: list[Problem],
) -> tuple[list[Place], bool]:
    """Return what the .pth file ``name`` of ``place`` adds, and whether that goes in front."""
    places = []
    goes_in_front = False
    file = f"{place.path}/{name}"
    for line in lines(file):
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith(IMPORT_LINES):
            if EGG_INSERT in line:
                goes_in_front = True
            else:
                from cleanenv.environments import path_code

                if path_code.may_add(line, place.path, place.names or ()):
                    problems.append(path_code.problem(file))
                places += path_code.entries(environment, file, line, known, problems)
            continue
        path = os.path.abspath(os.path.join(place.path, line.rstrip()))
        if "\0" in path or path in known or not os.path.exists(path):
            continue
        known.add(path)
        places.append(Place(path, None, inside=is_inside(environment, path), pth=file))
    return places, goes_in_front


def lines(path: str) -> list[str]:
    """Return the lines of the .pth file at ``path``, none if it cannot be read."""
    try:
        data = metadata.read_whole(path)
    except OSError:
        return []
    # Not the codec "utf-8-sig", which is one import more.
    return data.removeprefix(_BYTE_ORDER_MARK).decode("utf-8", "surrogateescape").splitlines()


def is_inside(environment: Environment, path: str) -> bool:
    """Whether ``path`` lies in ``environment``, links followed."""
    real = os.path.realpath(path)
    if path.startswith(f"{environment.path}/") and real.startswith(f"{environment.path}/"):
        return True
    return real.startswith(os.path.realpath(environment.path) + "/")
