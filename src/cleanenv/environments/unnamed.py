"""The environment that is meant if none is named: the active one, else the nearest ``.venv`` or ``venv``."""

# On the way of `run` and `freeze` without ENV.
from __future__ import annotations

import os

from cleanenv.environments import discovery
from cleanenv.environments.environment import Environment, read_environment
from cleanenv.errors import EnvironmentUnusableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class UntrustedError(EnvironmentUnusableError):
    """The environment that was found is in the hands of others."""


def find(environ: Mapping[str, str], directory: str, advice: str = discovery.CREATE_ONE) -> Environment:
    """Return the active environment, else the nearest one, finished or not; raise EnvironmentUnusableError."""
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        path = environ.get(variable)
        if path:
            return _active(variable, path)
    nearest = nearest_to(directory)
    if nearest is None:
        raise EnvironmentUnusableError(
            "no environment is active and there is no '.venv' or 'venv' in this directory or its parents",
            advice,
        )
    _require_trusted(nearest, environ, directory)
    return nearest


def _require_trusted(environment: Environment, environ: Mapping[str, str], directory: str) -> None:
    """Raise UntrustedError if others may put programs into ``environment``, which is in ``directory`` or above.

    The search stops there: to pass over what others made, and take the next one above, would surprise as much.
    """
    from cleanenv.system import ownership

    path = environment.path
    for checked in (path, f"{path}/bin", *ownership.directories(os.path.dirname(path), directory)):
        objection = ownership.objection(checked, environ)
        if objection is not None:
            raise UntrustedError(
                f"the environment '{path}' is not used, since '{checked}' {objection}",
                "if you trust it, name it as ENV",
            )


def _active(variable: str, path: str) -> Environment:
    environment = read_environment(path)
    if environment is None:
        raise EnvironmentUnusableError(
            f"{variable} names '{path}', where there is no virtual environment", f"name another, or unset {variable}"
        )
    return environment


def nearest_to(directory: str) -> Environment | None:
    """Return ``.venv`` or ``venv`` in ``directory``, else in the nearest of its parents that has one."""
    while True:
        environment = discovery.beside_project(directory) if discovery.may_enter(directory) else None
        if environment is not None:
            return environment
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
