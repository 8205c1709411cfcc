"""The line that greets who enters a clean shell: what it is, and what was not passed on."""

# On the way of `shell`: no typing (7 ms).
from __future__ import annotations

from cleanenv.clean import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.environments.environment import Environment

DIRECTORY_LISTS = ("PYTHONPATH", "LD_LIBRARY_PATH")
ALONE = ("PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE", "PYTHONINSPECT", "LD_PRELOAD", "PIP_TARGET", "PIP_PREFIX")
UNREMARKABLE = (policy.OWN, policy.SHELLS_OWN)


def line(shell: str, environment: Environment, dropped: Mapping[str, str], caller: Mapping[str, str]) -> str:
    """Return one line for a person: ``shell``, the environment, and what of ``caller`` was ``dropped``."""
    python = f" (Python {environment.version})" if environment.version else ""
    number = sum(kind not in UNREMARKABLE for kind in dropped.values())
    variables, were = ("variable", "was") if number == 1 else ("variables", "were")
    left_out = {name: caller[name] for name in dropped if name in caller}
    harmful = _harmful(left_out, environment)
    including = ""
    if harmful:
        *others, last = harmful
        including = f", including {', '.join(others)} and {last}" if others else f", including {last}"
    left = f"; {number} {variables} {were} not passed on{including}" if number else ""
    return f"Clean {shell} with only {environment.name}{python} active{left}. Leave with 'exit'."


def _harmful(left_out: Mapping[str, str], environment: Environment) -> list[str]:
    """Return those that would have changed what Python imports, in a person's words."""
    named = []
    for name in DIRECTORY_LISTS:
        number = len([entry for entry in left_out.get(name, "").split(":") if entry])
        if number:
            named.append(f"{name} with {number} {'directory' if number == 1 else 'directories'}")
    named += [name for name in ALONE if left_out.get(name)]
    if left_out.get("ROS_DISTRO"):
        named.append(f"ROS {left_out['ROS_DISTRO']}")
    elif any(policy.hazard(name) == policy.ROS for name in left_out):
        named.append("a ROS workspace")
    other = left_out.get("VIRTUAL_ENV") or left_out.get("CONDA_PREFIX")
    if other and other != environment.path:
        named.append(f"the environment {other}")
    return named
