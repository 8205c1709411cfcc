"""The line that greets who enters a clean shell: what it is, and what stayed outside."""

# On the way of `shell`: no typing (7 ms).
from __future__ import annotations

from cleanenv.clean import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cleanenv.environments.environment import Environment

FOLDER_LISTS = ("PYTHONPATH", "LD_LIBRARY_PATH")
ALONE = ("PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE", "PYTHONINSPECT", "LD_PRELOAD", "PIP_TARGET", "PIP_PREFIX")


def line(shell: str, environment: Environment, dropped: Mapping[str, str], caller: Mapping[str, str]) -> str:
    """Return one line for a person: ``shell``, the environment, and what of ``caller`` was ``dropped``."""
    named = list(_named({name: caller[name] for name in dropped if name in caller}, environment))
    counted = [name for name, kind in dropped.items() if kind not in (policy.OWN, policy.SHELLS_OWN)]
    outside = f"{len(counted)} variable{'s' * (len(counted) != 1)} stayed outside"
    among = f", among them {', '.join(named)}" if named else ""
    python = environment.version
    with_python = f" (Python {python})" if python else ""
    return f"Clean {shell} with only {environment.name}{with_python} active; {outside}{among}. Leave with 'exit'."


def _named(outside: Mapping[str, str], environment: Environment) -> Iterator[str]:
    """Yield those that would have changed what Python imports, in a person's words."""
    for name in FOLDER_LISTS:
        folders = [folder for folder in outside.get(name, "").split(":") if folder]
        if folders:
            yield f"{name} with {len(folders)} folder{'s' * (len(folders) != 1)}"
    yield from (name for name in ALONE if outside.get(name))
    if outside.get("ROS_DISTRO"):
        yield f"ROS {outside['ROS_DISTRO']}"
    elif any(policy.hazard(name) == policy.ROS for name in outside):
        yield "a ROS workspace"
    other = outside.get("VIRTUAL_ENV") or outside.get("CONDA_PREFIX")
    if other and other != environment.path:
        yield f"the environment {other}"
