"""ROS prefixes on disk: which distribution, ROS 1 or 2, and for which Python they were built."""

from __future__ import annotations

import glob
import os
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# (name; ROS 1 or 2; the Python of the system that it is released for: REP 3, REP 2000).
DISTRIBUTIONS = (
    ("indigo", "1", "2.7"),
    ("jade", "1", "2.7"),
    ("kinetic", "1", "2.7"),
    ("lunar", "1", "2.7"),
    ("melodic", "1", "2.7"),
    ("noetic", "1", "3.8"),
    ("ardent", "2", "3.5"),
    ("bouncy", "2", "3.6"),
    ("crystal", "2", "3.6"),
    ("dashing", "2", "3.6"),
    ("eloquent", "2", "3.6"),
    ("foxy", "2", "3.8"),
    ("galactic", "2", "3.8"),
    ("humble", "2", "3.10"),
    ("iron", "2", "3.10"),
    ("jazzy", "2", "3.12"),
    ("kilted", "2", "3.12"),
)
VERSIONS = {"debian": "1", "rolling": "2"} | {name: ros for name, ros, _ in DISTRIBUTIONS}  # Debian packages ROS 1
PYTHONS = {name: python for name, _, python in DISTRIBUTIONS}
# The files by which an installed distribution sets its name, the newest kind first (package ros_environment).
HOOKS = (
    "share/ros_environment/environment/1.ros_distro.sh",
    "etc/catkin/profile.d/1.ros_distro.sh",
    "share/ros_environment/catkin_env_hook/1.ros_distro.sh",
)
CATKIN = ".catkin"
COLCON = ".colcon_install_layout"
AMENT = "share/ament_index"
MARKERS = (CATKIN, COLCON, AMENT, *HOOKS)
INSTALLED = "/opt/ros/"
PREFIXES = ("AMENT_PREFIX_PATH", "COLCON_PREFIX_PATH", "CMAKE_PREFIX_PATH")
PACKAGES = "ROS_PACKAGE_PATH"
_NAME = re.compile(r"^\s*export ROS_DISTRO=[\"']?([\w-]+)", re.MULTILINE)
_PYTHON = re.compile(r"/python(\d(?:\.\d+)?)/(?:site|dist)-packages$")


class Prefix(NamedTuple):
    """A directory with ROS packages: an installed distribution if ``distribution`` is a name, else an overlay.

    ``pythons`` are the versions that the directories of its packages name, ``3`` or ``3.10``.
    """

    path: str
    variable: str
    distribution: str
    ros: str
    pythons: tuple[str, ...]


def named(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the prefixes that variables name, and the first variable that names it; the topmost overlay goes first.

    A colcon workspace that has a prefix for each package counts as one.
    """
    variables: dict[str, str] = {}
    workspaces = [path.rstrip("/") for path in _entries(environ, "COLCON_PREFIX_PATH")]
    for variable in PREFIXES:
        for path in _entries(environ, variable):
            prefix = path.rstrip("/") or "/"
            for workspace in workspaces:
                if prefix.startswith(f"{workspace}/"):
                    prefix = workspace
                    break
            variables.setdefault(prefix, variable)
    for path in _entries(environ, PACKAGES):
        parent, name = os.path.split(path.rstrip("/"))
        if name in ("share", "stacks"):  # where catkin installs packages
            variables.setdefault(parent or "/", PACKAGES)
    return list(variables.items())


def read(path: str, variable: str) -> Prefix | None:
    """Return what the prefix at ``path`` is, None if it is not one of ROS's."""
    if not path.startswith(INSTALLED) and not any(os.path.exists(f"{path}/{marker}") for marker in MARKERS):
        return None
    distribution = _distribution(path)
    ros = version(distribution)
    if not ros and os.path.exists(f"{path}/{CATKIN}"):
        ros = "1"
    elif not ros and (os.path.exists(f"{path}/{COLCON}") or os.path.exists(f"{path}/{AMENT}")):
        ros = "2"
    return Prefix(path, variable, distribution, ros, tuple(sorted(set(_pythons(path)))))


def version(distribution: str) -> str:
    """Return '1' or '2' for a distribution's name, empty if it is not known."""
    return VERSIONS.get(distribution.lower(), "")


def python(distribution: str) -> str:
    """Return the Python that ``distribution`` is released for, empty if it is not known."""
    return PYTHONS.get(distribution.lower(), "")


def _entries(environ: Mapping[str, str], variable: str) -> list[str]:
    return [path for path in environ.get(variable, "").split(":") if path]


def _distribution(path: str) -> str:
    """Return the name that the prefix sets ROS_DISTRO to, else that of its directory in /opt/ros."""
    for hook in HOOKS:
        try:
            with open(f"{path}/{hook}", encoding="utf-8", errors="replace") as file:
                assignment = _NAME.search(file.read())
        except OSError:
            continue
        if assignment is not None:
            return assignment[1]
    if path.startswith(INSTALLED):
        return path.removeprefix(INSTALLED).partition("/")[0]
    return ""


def _pythons(path: str) -> Iterator[str]:
    """Yield the versions in the names of package directories; colcon may have a prefix for each package."""
    libs = ["lib", "local/lib"]
    if os.path.exists(f"{path}/{COLCON}"):
        libs += ["*/lib", "*/local/lib"]
    for lib in libs:
        for directory in glob.glob(f"{glob.escape(path)}/{lib}/python*/*-packages"):
            versioned = _PYTHON.search(directory)
            if versioned is not None:
                yield versioned[1]
