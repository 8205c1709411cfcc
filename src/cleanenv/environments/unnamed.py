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


ACTIVE = ("VIRTUAL_ENV", "CONDA_PREFIX")  # what names the active environment, the first counts


def find(environ: Mapping[str, str], directory: str, advice: str = discovery.CREATE_ONE) -> Environment:
    """Return the active environment, else the nearest one, finished or not; raise EnvironmentUnusableError."""
    environment = active_or_nearest(environ, directory)
    if environment is not None:
        return environment
    fact = "no environment is active"
    own = next((path for path in _active(environ).values() if discovery.is_own(path)), None)
    if own is not None:
        fact = f"the active environment, '{own}', is the one that cleanenv is installed in"
    raise EnvironmentUnusableError(f"{fact} and there is no '.venv' or 'venv' in this directory or its parents", advice)


def active_or_nearest(environ: Mapping[str, str], directory: str) -> Environment | None:
    """Return the environment that the user made active, else the nearest ``.venv`` or ``venv``, None if there is none.

    Raises EnvironmentUnusableError if none can be used where the active one should be, and UntrustedError.
    """
    for variable, path in _active(environ).items():
        if discovery.is_own(path):
            continue
        environment = read_environment(path)
        if environment is None:
            raise EnvironmentUnusableError(
                f"{variable} names '{path}', where there is no virtual environment",
                f"name another, or unset {variable}",
            )
        return environment
    nearest = nearest_to(directory)
    if nearest is not None:
        _require_trusted(nearest, environ, directory)
    return nearest


def _active(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that name an active environment, the one that counts first."""
    return {variable: environ[variable] for variable in ACTIVE if environ.get(variable)}


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
