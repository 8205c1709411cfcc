"""ROS prefixes on disk: which distribution, ROS 1 or 2, and for which Python they were made."""

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
# The files by which an installed distribution sets its name, the newest kind first (package ros_environment).
HOOKS = (
    "share/ros_environment/environment/1.ros_distro.sh",
    "etc/catkin/profile.d/1.ros_distro.sh",
    "share/ros_environment/catkin_env_hook/1.ros_distro.sh",
)
MARKERS = (".catkin", ".colcon_install_layout", "share/ament_index", *HOOKS)
INSTALLED = "/opt/ros/"
PREFIXES = ("AMENT_PREFIX_PATH", "COLCON_PREFIX_PATH", "CMAKE_PREFIX_PATH")
PACKAGES = "ROS_PACKAGE_PATH"
_NAME = re.compile(r"^\s*export ROS_DISTRO=[\"']?([\w-]+)", re.MULTILINE)
_PYTHON = re.compile(r"/python(\d(?:\.\d+)?)/(?:site|dist)-packages$")


class Prefix(NamedTuple):
    """A folder with ROS packages: an installed distribution where ``distribution`` is a name, else an overlay.

    ``pythons`` are the versions that its packages' folders name, ``3`` or ``3.10``.
    """

    path: str
    variable: str
    distribution: str
    ros: str
    pythons: tuple[str, ...]


def named(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the prefixes that variables name, each with the first of these: the overlay that counts first leads.

    A workspace of colcon's with a prefix a package counts as one.
    """
    found: dict[str, str] = {}
    roots = [path.rstrip("/") for path in environ.get("COLCON_PREFIX_PATH", "").split(":") if path]
    for variable in PREFIXES:
        for path in filter(None, environ.get(variable, "").split(":")):
            whole = path.rstrip("/") or "/"
            root = next((root for root in roots if whole.startswith(f"{root}/")), whole)
            found.setdefault(root, variable)
    for path in filter(None, environ.get(PACKAGES, "").split(":")):
        parent, name = os.path.split(path.rstrip("/"))
        if name in ("share", "stacks"):
            found.setdefault(parent or "/", PACKAGES)
    return list(found.items())


def read(path: str, variable: str) -> Prefix | None:
    """Return what the prefix at ``path`` is, None where it is none of ROS's."""
    if not (path.startswith(INSTALLED) or any(os.path.exists(f"{path}/{marker}") for marker in MARKERS)):
        return None
    distribution = _distribution(path)
    ros = version(distribution) or ("1" if os.path.exists(f"{path}/.catkin") else "2" if _is_ament(path) else "")
    return Prefix(path, variable, distribution, ros, tuple(sorted(set(_pythons(path)))))


def version(distribution: str) -> str:
    """Return '1' or '2' for a distribution's name; Debian packages ROS 1 under its own."""
    known = {name: ros for name, ros, _ in DISTRIBUTIONS} | {"debian": "1", "rolling": "2"}
    return known.get(distribution.lower(), "")


def python(distribution: str) -> str:
    """Return the Python that ``distribution`` is released for, empty where it is not known."""
    return next((python for name, _, python in DISTRIBUTIONS if name == distribution.lower()), "")


def _distribution(path: str) -> str:
    for hook in HOOKS:
        try:
            with open(f"{path}/{hook}", encoding="utf-8", errors="replace") as file:
                told = _NAME.search(file.read())
        except OSError:
            continue
        if told:
            return told[1]
    return path.removeprefix(INSTALLED).partition("/")[0] if path.startswith(INSTALLED) else ""


def _is_ament(path: str) -> bool:
    return any(os.path.exists(f"{path}/{marker}") for marker in (".colcon_install_layout", "share/ament_index"))


def _pythons(path: str) -> Iterator[str]:
    """Yield the versions in the names of package folders; colcon may have a prefix a package."""
    start = glob.escape(path)
    for lib in ("lib", "local/lib", "*/lib", "*/local/lib"):
        for folder in glob.glob(f"{start}/{lib}/python*/*-packages"):
            told = _PYTHON.search(folder)
            if told:
                yield told[1]
        if lib == "local/lib" and not os.path.exists(f"{path}/.colcon_install_layout"):
            return
