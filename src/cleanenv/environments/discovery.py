"""Finding the environment that the user means: by path, by name, or the active or nearest one."""

from __future__ import annotations

import os
import sys

from cleanenv.environments.environment import CONDA_META, PYVENV_CFG, Environment, read_environment
from cleanenv.errors import EnvironmentUnusableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Where tools keep environments by name; '~' is HOME, a leading '$NAME' a variable that must be set.
NAMED_PLACES = (
    "$WORKON_HOME",
    "~/.virtualenvs",
    "~/.venvs",
    "~/.local/share/virtualenvs",
    "$XDG_DATA_HOME/virtualenvs",
    "$POETRY_VIRTUALENVS_PATH",
    "$POETRY_CACHE_DIR/virtualenvs",
    "~/.cache/pypoetry/virtualenvs",
    "$XDG_CACHE_HOME/pypoetry/virtualenvs",
    "~/Library/Caches/pypoetry/virtualenvs",
    "$PYENV_ROOT/versions",
    "~/.pyenv/versions",
    "$CONDA_ROOT/envs",
    "$MAMBA_ROOT_PREFIX/envs",
    "~/.conda/envs",
    "~/miniconda3/envs",
    "~/anaconda3/envs",
    "~/miniforge3/envs",
    "~/mambaforge/envs",
    "~/micromamba/envs",
)
PLACES = "CLEANENV_PLACES"  # what a clean shell says of them, for lack of the variables: directories, ':' between them
# The variables in NAMED_PLACES, and those read besides.
VARIABLES = (
    *("WORKON_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "POETRY_VIRTUALENVS_PATH", "POETRY_CACHE_DIR", "PYENV_ROOT"),
    *("CONDA_EXE", "MAMBA_ROOT_PREFIX", "CONDA_ENVS_PATH", PLACES),
)
# What an environment beside a project is called.
UNNAMED = (".venv", "venv")

# In an environment that --create has not finished: locked by the process that creates it, and removed at the end.
UNFINISHED = ".cleanenv-unfinished"

# What to do if there is none at a path: the second if the command can create it.
NAME_ANOTHER = "name an existing one, or create it with 'cleanenv shell ENV --create'"
CREATE = "create it with --create"
# The same if none was named.
NAME_ONE = "name one ('cleanenv ls' lists them), or create .venv with 'cleanenv shell --create'"
CREATE_ONE = "name one ('cleanenv ls' lists them), or create .venv with --create"


def find(
    name: str | None,
    environ: Mapping[str, str],
    directory: str,
    advice: str = NAME_ANOTHER,
) -> Environment:
    """Return the environment called ``name``, seen from ``directory``.

    A ``name`` with a separator is only a path; without one it is a directory
    here or in one of NAMED_PLACES. That may be a project, with the
    environment in its ``.venv`` or ``venv``. None means the active
    environment unless it is cleanenv's own, else ``.venv`` or ``venv`` in
    ``directory`` or one of its parents; one that others may write to is
    refused unless it was named.

    Raises EnvironmentUnusableError if there is none or more than one, or if
    its creation was not finished.
    ``advice`` is what to do then: NAME_ANOTHER, or CREATE for a command that has --create.
    """
    environment = _find(name, environ, directory, advice)
    if is_unfinished(environment.path):
        raise EnvironmentUnusableError(
            f"the environment '{environment.path}' is not finished, its creation is under way or was interrupted",
            "finish it with 'cleanenv shell ENV --create'" if advice == NAME_ANOTHER else "finish it with --create",
        )
    return environment


def is_unfinished(path: str) -> bool:
    """Whether the environment at ``path`` was not wholly created: what is missing would be taken from the system."""
    return os.path.lexists(f"{path}/{UNFINISHED}")


def _find(name: str | None, environ: Mapping[str, str], directory: str, advice: str) -> Environment:
    if name is None:
        from cleanenv.environments import unnamed

        return unnamed.find(environ, directory, NAME_ONE if advice == NAME_ANOTHER else CREATE_ONE)
    if os.sep in name or name in ("", ".", ".."):
        return at_path(os.path.join(directory, name), name, advice)
    environments = candidates(name, environ, directory)
    if len(environments) > 1:
        paths = "', '".join([environment.path for environment in environments])
        raise EnvironmentUnusableError(f"'{name}' names more than one environment, '{paths}'", "give the path of one")
    if environments:
        return environments[0]
    path = os.path.join(directory, name)
    if os.path.lexists(path):
        return at_path(path, name, advice)
    similar = _similar(name, environ, directory)
    return at_path(path, name, f"did you mean '{similar}'? If not, {advice}" if similar else advice)


def _similar(name: str, environ: Mapping[str, str], directory: str) -> str | None:
    """Return the name of an environment that ``name`` may be a misspelling of."""
    from difflib import get_close_matches

    from cleanenv.environments import listing

    known = [listed.name for listed in listing.environments(environ, directory)]
    return next(iter(get_close_matches(name, known, n=1)), None)


def candidates(name: str, environ: Mapping[str, str], directory: str) -> list[Environment]:
    """Return the different environments called ``name`` in ``directory`` and in NAMED_PLACES.

    Raises EnvironmentUnusableError if that in ``directory`` may not be read; a
    ``directory`` that may not be entered, as after su -m, is passed over.
    """
    environments: dict[str, Environment] = {}
    here = read_environment(os.path.join(directory, name)) if may_enter(directory) else None
    if here is not None:
        environments[os.path.realpath(here.path)] = here
    for place in named_places(environ):
        path = os.path.join(place, name)
        if not os.path.isdir(path):
            continue
        try:
            environment = read_environment(path)
        except EnvironmentUnusableError:  # after sudo, HOME is often another user's
            continue
        if environment is not None:
            environments.setdefault(os.path.realpath(environment.path), environment)
    return list(environments.values())


def at_path(path: str, named: str, advice: str = NAME_ANOTHER) -> Environment:
    """Return the environment at ``path``, which the user called ``named``.

    Raises EnvironmentUnusableError, with ``advice`` if nothing exists there.
    """
    environment = read_environment(path) if named else None
    environment = environment or (beside_project(path) if named else None)
    if environment is not None:
        return environment
    if not named or not os.path.lexists(path):
        raise EnvironmentUnusableError(f"no virtual environment at '{named}'", advice)
    if not os.path.isdir(path):
        raise EnvironmentUnusableError(f"'{named}' is not a directory", "name that of a virtual environment")
    raise EnvironmentUnusableError(
        f"'{named}' is a directory but not a virtual environment (no {PYVENV_CFG}, no {CONDA_META})", "name another"
    )


def beside_project(directory: str) -> Environment | None:
    """Return ``.venv`` or ``venv`` in ``directory``, None if neither is an environment."""
    for name in UNNAMED:
        environment = read_environment(os.path.join(directory, name))
        if environment is not None:
            return environment
    return None


def places_to_carry(outer: Mapping[str, str], inner: Mapping[str, str]) -> str:
    """Return the places that only ``outer`` names and that exist, for PLACES in ``inner``.

    A place with a ':' in its path cannot be carried.
    """
    if not any(name in outer for name in VARIABLES):
        return ""
    known = [*named_places(inner)]
    carried = []
    for place in named_places(outer):
        path = os.path.abspath(place)
        if place not in known and ":" not in path and path not in carried and os.path.isdir(path):
            carried.append(path)
    return ":".join(carried)


def named_places(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the directories in which tools keep environments by name, whether they exist or not."""
    for place in NAMED_PLACES:
        start, _, rest = place.partition("/")
        if start == "~":
            base = environ.get("HOME")
        elif start == "$CONDA_ROOT":
            base = _conda_root(environ)
        else:
            base = environ.get(start[1:])
        if base:
            yield os.path.join(base, rest)
    for name in ("CONDA_ENVS_PATH", PLACES):
        for place in environ.get(name, "").split(":"):
            if place:
                yield place


def _conda_root(environ: Mapping[str, str]) -> str | None:
    """Return the installation that CONDA_EXE, ``…/bin/conda``, belongs to."""
    executable = environ.get("CONDA_EXE")
    return os.path.dirname(os.path.dirname(executable)) if executable else None


def is_own(path: str) -> bool:
    """Tell whether the environment at ``path`` is the one that cleanenv itself is installed in.

    It is not the user's choice if it is active: pre-commit, tox and ``uv run --with`` activate it to start cleanenv.
    """
    # Not sys.prefix: without site, as the launcher starts Python, that is the base Python's.
    own = os.path.dirname(os.path.dirname(sys.executable))
    return bool(path and own) and os.path.realpath(path) == os.path.realpath(own)


def may_enter(directory: str) -> bool:
    """Tell whether anything in ``directory`` can be looked at."""
    return os.access(directory, os.X_OK)
