"""The lines that greet who enters a clean shell: what it is, what was not passed on, what is not loaded."""

# On the way of `shell`: no typing (7 ms), no textwrap (10 ms).
from __future__ import annotations

import os

from cleanenv.clean import policy
from cleanenv.system.console import with_tilde

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.clean.plan import Plan
    from cleanenv.environments.environment import Environment

DIRECTORY_LISTS = ("PYTHONPATH", "LD_LIBRARY_PATH")
ALONE = ("PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE", "PYTHONINSPECT", "LD_PRELOAD", "PIP_TARGET", "PIP_PREFIX")
WORKSPACE = ("AMENT_PREFIX_PATH", "CMAKE_PREFIX_PATH", "COLCON_PREFIX_PATH", "ROS_PACKAGE_PATH")
UNREMARKABLE = (policy.OWN, policy.SHELLS_OWN, policy.SCREEN_SIZE)
MOST_DIRECTORIES = 2  # of PATH that are named
NOT_LOADED = "Aliases and prompt are not loaded. 'exit' leaves. More: cleanenv env --explain"


def lines(
    shell: str,
    environment: Environment,
    plan: Plan,
    caller: Mapping[str, str],
    sources: Sequence[str],
) -> list[str]:
    """Return lines for a person.

    They name ``shell``, the environment and the setup files ``sources``, then what ``plan`` does not pass on of
    ``caller``, then what a newcomer misses.
    """
    home = caller.get("HOME", "")
    python = f" (Python {environment.version})" if environment.version else ""
    sourced = "".join(f" + {os.path.basename(source)}" for source in sources)
    replaced = _replaced(environment, caller)
    instead = f", instead of {with_tilde(replaced, home)}" if replaced else ""
    sentences = [f"Clean {shell} with {with_tilde(environment.path, home)}{python}{sourced}{instead}"]
    left_out = _left_out(plan, caller)
    directories = _directories(plan, caller, home)
    parts = [f"Not passed on: {left_out}"] if left_out else []
    if directories:
        parts.append(f"left out of PATH: {directories}" if parts else f"Left out of PATH: {directories}")
    if parts:
        sentences.append("; ".join(parts))
    sentences.append(NOT_LOADED)
    return sentences


def _replaced(environment: Environment, caller: Mapping[str, str]) -> str:
    """Return the path of the environment that was active before, empty if none was or it is this one."""
    active = caller.get("VIRTUAL_ENV") or caller.get("CONDA_PREFIX") or ""
    return "" if os.path.realpath(active) == os.path.realpath(environment.path) else active


def _left_out(plan: Plan, caller: Mapping[str, str]) -> str:
    """Return the variables that are not passed on, those that change what Python imports first, in a person's words."""
    dropped = plan.dropped
    remaining = {name for name, kind in dropped.items() if name in caller and kind not in UNREMARKABLE}
    remaining -= {"PATH", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "CONDA_PREFIX"}
    words = []
    for name in DIRECTORY_LISTS:
        number = len([entry for entry in caller.get(name, "").split(":") if entry])
        if name in remaining and number:
            words.append(f"{name} ({number} {'directory' if number == 1 else 'directories'})")
            remaining.discard(name)
    for name in ALONE:
        if name in remaining and caller[name]:
            words.append(name)
            remaining.discard(name)
    ros = {name for name in remaining if dropped[name] == policy.ROS or name in WORKSPACE}
    if "ROS_DISTRO" in ros:
        words.append(f"ROS {caller['ROS_DISTRO']}")
        remaining -= ros
    elif any(name in ros for name in WORKSPACE):
        words.append("a ROS workspace")
        remaining -= ros
    if remaining:
        more = "more " if words else ""
        words.append(f"{len(remaining)} {more}{'variable' if len(remaining) == 1 else 'variables'}")
    return ", ".join(words)


def _directories(plan: Plan, caller: Mapping[str, str], home: str) -> str:
    """Return the directories of the caller's PATH that exist and are left out, the first of them by name."""
    kept = {os.path.realpath(directory) for directory in plan.environ["PATH"].split(":")}
    active = caller.get("VIRTUAL_ENV", "")
    left_out = []
    for directory in dict.fromkeys(caller.get("PATH", "").split(":")):
        is_of_active = bool(active) and directory == f"{active}/bin"
        if os.path.isdir(directory) and os.path.realpath(directory) not in kept and not is_of_active:
            left_out.append(with_tilde(directory, home))
    named = ", ".join(left_out[:MOST_DIRECTORIES])
    more = len(left_out) - MOST_DIRECTORIES
    return f"{named} and {more} more" if more > 0 else named
