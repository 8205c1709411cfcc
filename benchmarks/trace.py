"""Tracing a startup: bash and zsh with a catkin workspace sourced, beside their plain start."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, NamedTuple

import measure
from measure import Command

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE_XML = """<package format="2">
  <name>demo</name><version>0.1.0</version><description>Nothing.</description>
  <maintainer email="me@example.org">Me</maintainer><license>MIT</license>
  <buildtool_depend>catkin</buildtool_depend>
</package>
"""
CMAKE_LISTS = "cmake_minimum_required(VERSION 3.0.2)\nproject(demo)\nfind_package(catkin REQUIRED)\ncatkin_package()\n"
SHELLS = {"bash": ".bashrc", "zsh": ".zshrc"}


class Place(NamedTuple):
    """Where to measure, how often, and the environment that the tool is installed in."""

    folder: Path
    runs: int
    tool: Path


def main(folder: Path, runs: int) -> int:
    """Measure, print the tables, and return how many goals are missed."""
    if shutil.which("catkin_make") is None:
        print("catkin_make is not installed: no trace is measured", file=sys.stderr)
        return 1
    setup = workspace(folder / "workspace")
    place = Place(folder, runs, measure.install(folder))
    missed = 0
    for name, file in SHELLS.items():
        if shutil.which(name) is None:
            print(f"{name} is not installed", file=sys.stderr)
            missed += 1
            continue
        missed += shell(name, file, setup, place)
    return missed


def workspace(folder: Path) -> Path:
    """Build a catkin workspace and return the folder of its setup files."""
    package = folder / "src/demo"
    package.mkdir(parents=True)
    (package / "package.xml").write_text(PACKAGE_XML, encoding="ascii")
    (package / "CMakeLists.txt").write_text(CMAKE_LISTS, encoding="ascii")
    environ = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}
    measure.run("catkin_make", "-DCMAKE_PREFIX_PATH=/usr", environ=environ, folder=folder)
    return folder / "devel"


def shell(name: str, file: str, setup: Path, place: Place) -> int:
    """Compare the start of one shell, plain and traced, with the workspace and with an empty startup file.

    What the tool itself costs (Python, reading the process table, the report)
    is in both traces; the startup's own cost is the difference.
    """
    commands = []
    for kind, text in (("nothing", ""), ("catkin", f"source {setup}/setup.{name}\n")):
        home = place.folder / f"home-{name}-{kind}"
        home.mkdir()
        (home / file).write_text(text, encoding="utf-8")
        at_home = ("env", f"HOME={home}")
        commands += [
            Command(f"{name}, {kind}", (*at_home, name, "-i", "-c", "exit 0")),
            Command(f"trace {name}, {kind}", (*at_home, str(place.tool / "bin/cleanenv"), "trace", "--shell", name)),
        ]
    environ = {"PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "xterm", "LANG": "C.UTF-8"}
    figures = measure.side_by_side(commands, environ, place.folder, place.runs)
    print(f"\nthe startup of {name}, medians of {place.runs}\n{measure.table(figures, f'{name}, catkin')}\n")
    plain = figures[f"{name}, catkin"].seconds
    startup = figures[f"{name}, catkin"].seconds - figures[f"{name}, nothing"].seconds
    traced = figures[f"trace {name}, catkin"].seconds - figures[f"trace {name}, nothing"].seconds
    print(f"       all of cleanenv trace / {name} with catkin: {figures[f'trace {name}, catkin'].seconds / plain:.2f}")
    return measure.judge([(f"the startup of {name} with catkin, traced / plain", traced / startup, 1.5)])
