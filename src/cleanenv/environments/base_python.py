"""What the Python that an environment was created from adds to its search path."""

from __future__ import annotations

import os

from cleanenv.environments import metadata
from cleanenv.environments.environment import PYVENV_CFG, parse_pyvenv_cfg
from cleanenv.environments.search_path import Place, site_directory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.interpreter import Interpreter

_MOST_ENVIRONMENTS = 10  # one made from another, and that from a third


def places(
    environment: Environment,
    interpreter: Interpreter,
    home: str | None,
) -> list[Place]:
    """Return what include-system-site-packages adds: the directories of the user and of the base Python.

    With what their .pth files name.
    """
    prefix = base_prefix(environment)
    name = interpreter.folder
    major = interpreter.version[0]
    directories = [f"{home}/.local/lib/{name}/site-packages"] if home else []
    directories += [
        f"{prefix}/local/lib/{name}/dist-packages",  # Debian's, with its three neighbours
        f"{prefix}/lib/{name}/site-packages",
        f"{prefix}/lib/python{major}/dist-packages",
        f"{prefix}/lib/{name}/dist-packages",
    ]
    found = []
    known: set[str] = set()
    for directory in directories:
        place = outside(directory)
        if place is not None and directory not in known:
            added, in_front = site_directory(environment, place, known, [])
            found += in_front + added
    return found


def library(environment: Environment, interpreter: Interpreter) -> Place | None:
    """Return the directory of the base Python's own modules, which PyPy has distributions in; None if it is unknown.

    It is the first entry of the search path.
    """
    return outside(f"{base_prefix(environment)}/lib/{interpreter.folder}")


def base_prefix(environment: Environment) -> str:
    """Return the directory that the base Python is installed in.

    Before Python 3.11 an environment made by the Python of another one names
    that as its home; the Python of neither searches it.
    """
    config = environment.config
    prefix = ""
    for _ in range(_MOST_ENVIRONMENTS):
        prefix = os.path.dirname(config.get("home", "/nonexistent/bin"))
        try:
            text = metadata.read_whole(f"{prefix}/{PYVENV_CFG}").decode("utf-8", "surrogateescape")
        except OSError:
            break
        config = parse_pyvenv_cfg(text)
    return prefix


def outside(directory: str) -> Place | None:
    """Return ``directory``, which does not belong to the environment, None if it cannot be read."""
    try:
        return Place(directory, sorted(os.listdir(directory)), inside=False)
    except OSError:
        return None
