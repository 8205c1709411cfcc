"""The folders and archives that an environment's Python searches, told without starting it."""

# On the way of `freeze`, run in hooks: no site, no pathlib.
from __future__ import annotations

import os

from cleanenv.environments import metadata
from cleanenv.environments.problem import Remark, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cleanenv.environments.environment import Environment
    from cleanenv.environments.interpreter import Interpreter

IMPORT_LINES = ("import ", "import\t")
# Old setuptools ends easy-install.pth with a line that moves its eggs in front of everything.
EGG_INSERT = "__egginsert"


class Place:
    """One entry of the search path.

    ``path`` is absolute; ``names`` what a folder holds, None for an archive or
    a folder not read yet; ``inside`` whether it belongs to the environment;
    ``pth`` the .pth file that names it, None for site-packages itself.
    """

    __slots__ = ("inside", "names", "path", "pth")

    def __init__(self, path: str, names: Sequence[str] | None, *, inside: bool = True, pth: str | None = None) -> None:
        self.path = path
        self.names = names
        self.inside = inside
        self.pth = pth


def read(environment: Environment, interpreter: Interpreter, remarks: list[Remark]) -> list[Place]:
    """Return the entries of the search path below ``environment``, first one first.

    Lines of .pth files that run code are not run; the paths in the others are entries as site.py makes them.
    """
    places: list[Place] = []
    front: list[Place] = []
    known: set[str] = set()
    for folder in site_packages(environment, interpreter):
        if folder in known:
            continue
        known.add(folder)
        try:
            names = os.listdir(folder)
        except FileNotFoundError:
            continue
        except OSError as error:
            reason = (error.strerror or "unreadable").lower()
            remarks.append(Remark("broken", f"cannot read '{printable(folder)}' ({reason}): left out", folder))
            continue
        names.sort()
        places.append(Place(folder, names))
        for name in names:
            if name.endswith(".pth") and not name.startswith("."):
                named, in_front = _from_pth(environment, folder, name, known)
                (front if in_front else places).extend(named)
    return front + places


def site_packages(environment: Environment, interpreter: Interpreter) -> Iterator[str]:
    """Yield the site-packages folders of ``environment``: lib64's first where that is a folder of its own (Fedora)."""
    for lib in ("lib64", "lib"):
        if lib == "lib64" and (os.path.islink(f"{environment.path}/lib64")):
            continue
        yield f"{environment.path}/{lib}/{interpreter.folder}/site-packages"
    if interpreter.is_pypy:  # before PyPy 3.8
        yield f"{environment.path}/site-packages"


def base_places(environment: Environment, interpreter: Interpreter, home: str | None) -> list[Place]:
    """Return what include-system-site-packages adds: the user's and the base Python's folders."""
    prefix = os.path.dirname(environment.config.get("home", "/nonexistent/bin"))
    folder = interpreter.folder
    major = interpreter.version[0]
    candidates = [
        f"{home}/.local/lib/{folder}/site-packages" if home else "",
        f"{prefix}/local/lib/{folder}/dist-packages",
        f"{prefix}/lib/{folder}/site-packages",
        f"{prefix}/lib/python{major}/dist-packages",
        f"{prefix}/lib/{folder}/dist-packages",
    ]
    return list(_listed(candidates))


def _listed(paths: Iterable[str]) -> Iterator[Place]:
    for path in filter(None, paths):
        try:
            names = sorted(os.listdir(path))
        except OSError:
            continue
        yield Place(path, names, inside=False)


def _from_pth(environment: Environment, folder: str, name: str, known: set[str]) -> tuple[list[Place], bool]:
    """Return the paths that the .pth file ``name`` adds, and whether they go in front."""
    places = []
    in_front = False
    for line in lines(f"{folder}/{name}"):
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith(IMPORT_LINES):
            in_front = in_front or EGG_INSERT in line
            continue
        path = os.path.abspath(os.path.join(folder, line.rstrip()))
        if "\0" not in path and path not in known and os.path.exists(path):
            known.add(path)
            places.append(Place(path, None, inside=is_inside(environment, path), pth=f"{folder}/{name}"))
    return places, in_front


def lines(path: str) -> list[str]:
    """Return the lines of the .pth file at ``path``, none where it cannot be read."""
    try:
        data = metadata.read_whole(path).removeprefix(b"\xef\xbb\xbf")  # not "utf-8-sig", one import more
        return data.decode("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []


def is_inside(environment: Environment, path: str) -> bool:
    """Whether ``path`` lies in ``environment``, links followed."""
    root = environment.path + "/"
    if not path.startswith(root):
        root = os.path.realpath(environment.path) + "/"
    return os.path.realpath(path).startswith((root, os.path.realpath(environment.path) + "/"))
