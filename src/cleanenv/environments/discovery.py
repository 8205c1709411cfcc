"""Finding the environment that the user means: by path, by name, or left out."""

from __future__ import annotations

import os

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
UNNAMED = (".venv", "venv")


# What to do where there is none at a path: the second where the command can make it.
NAME_ANOTHER = "name one that is there"
CREATE = "create it with --create"


def find(name: str | None, environ: Mapping[str, str], folder: str, advice: str = NAME_ANOTHER) -> Environment:
    """Return the environment called ``name``, seen from ``folder``.

    A ``name`` with a separator is a path only; without one it is a folder
    here or in one of NAMED_PLACES; None means the active environment, else
    ``.venv`` or ``venv`` in ``folder`` or above it.

    Raises EnvironmentUnusableError where there is none or more than one.
    """
    if name is None:
        return _unnamed(environ, folder)
    if os.sep in name or name in ("", ".", ".."):
        return at_path(os.path.join(folder, name), name, advice)
    found = candidates(name, environ, folder)
    if len(found) > 1:
        listed = "', '".join(environment.path for environment in found)
        raise EnvironmentUnusableError(f"'{name}' names more than one environment, '{listed}': give the path of one")
    return found[0] if found else at_path(os.path.join(folder, name), name, advice)


def candidates(name: str, environ: Mapping[str, str], folder: str) -> list[Environment]:
    """Return the different environments called ``name`` in ``folder`` and in NAMED_PLACES.

    A place that may not be read is passed over: after sudo, HOME is often another user's.
    """
    found: dict[str, Environment] = {}
    for place in (folder, *_named_places(environ)):
        path = os.path.join(place, name)
        if place is not folder and not os.path.isdir(path):
            continue
        try:
            environment = read_environment(path)
        except EnvironmentUnusableError:
            if place is folder:
                raise
            continue
        if environment is not None:
            found.setdefault(os.path.realpath(environment.path), environment)
    return list(found.values())


def at_path(path: str, named: str, advice: str = NAME_ANOTHER) -> Environment:
    """Return the environment at ``path``, which the user called ``named``; raise if it is none."""
    environment = read_environment(path) if named else None
    if environment is not None:
        return environment
    if not os.path.lexists(path) or not named:
        raise EnvironmentUnusableError(f"no virtual environment at '{named}': {advice}")
    if not os.path.isdir(path):
        raise EnvironmentUnusableError(f"'{named}' is no folder: name the folder of a virtual environment")
    raise EnvironmentUnusableError(
        f"'{named}' is a folder but no virtual environment (no {PYVENV_CFG}, no {CONDA_META}): name another"
    )


def _named_places(environ: Mapping[str, str]) -> Iterator[str]:
    home = environ.get("HOME")
    for place in NAMED_PLACES:
        start, _, rest = place.partition("/")
        base = home if start == "~" else _conda_root(environ) if start == "$CONDA_ROOT" else environ.get(start[1:])
        if base:
            yield os.path.join(base, rest)
    yield from filter(None, environ.get("CONDA_ENVS_PATH", "").split(":"))


def _conda_root(environ: Mapping[str, str]) -> str | None:
    executable = environ.get("CONDA_EXE")
    return os.path.dirname(os.path.dirname(executable)) if executable else None


def _unnamed(environ: Mapping[str, str], folder: str) -> Environment:
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        path = environ.get(variable)
        if path:
            environment = read_environment(path)
            if environment is not None:
                return environment
            raise EnvironmentUnusableError(
                f"{variable} names '{path}', where no virtual environment is: name one, or unset {variable}"
            )
    above = folder
    while True:
        for name in UNNAMED:
            environment = read_environment(os.path.join(above, name))
            if environment is not None:
                return environment
        parent = os.path.dirname(above)
        if parent == above:
            break
        above = parent
    raise EnvironmentUnusableError(
        "no environment is active and no '.venv' or 'venv' stands here or above: "
        "name one, as in 'cleanenv shell my_env'"
    )
