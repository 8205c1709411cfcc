"""A real leak that nobody here wrote: a catkin workspace of Debian's ROS packages, sourced in .bashrc."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.command import call
from tests.support.installed_shells import find_shell
from tests.support.surroundings import skip_or_fail
from tests.support.terminal import Terminal

PACKAGES = "python3-rospy catkin python3-roslib ros-core-python-dev"
PYTHON = "/usr/bin/python3"  # for which Debian's packages are built
PACKAGE_XML = """<package format="2">
  <name>demo</name>
  <version>0.1.0</version>
  <description>A package of the user's own.</description>
  <maintainer email="me@example.org">Me</maintainer>
  <license>MIT</license>
  <buildtool_depend>catkin</buildtool_depend>
</package>
"""
CMAKE_LISTS = """cmake_minimum_required(VERSION 3.0.2)
project(demo)
find_package(catkin REQUIRED)
catkin_python_setup()
catkin_package()
"""
SETUP_PY = """from distutils.core import setup
from catkin_pkg.python_setup import generate_distutils_setup
setup(**generate_distutils_setup(packages=["demo"], package_dir={"": "src"}))
"""
# Writes what can be imported, in a file that is there as a whole or not at all.
PROBE = """
import importlib, os, sys
found = []
for name in ("rospy", "demo"):
    try:
        importlib.import_module(name)
        found.append(name)
    except ImportError:
        pass
with open(sys.argv[1] + ".part", "w") as file:
    file.write(" ".join(found) + "\\n")
os.rename(sys.argv[1] + ".part", sys.argv[1])
"""


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with a Python package, built upon Debian's as one is upon /opt/ros."""
    if (
        shutil.which("catkin_make") is None
        or subprocess.run([PYTHON, "-c", "import rospy"], env={}, check=False).returncode
    ):
        skip_or_fail(f"Debian's packages {PACKAGES} are not installed")
    folder = tmp_path_factory.mktemp("catkin") / "workspace"
    package = folder / "src/demo"
    (package / "src/demo").mkdir(parents=True)
    (package / "src/demo/__init__.py").touch()
    (package / "package.xml").write_text(PACKAGE_XML, encoding="ascii")
    (package / "CMakeLists.txt").write_text(CMAKE_LISTS, encoding="ascii")
    (package / "setup.py").write_text(SETUP_PY, encoding="ascii")
    built = subprocess.run(
        ["catkin_make", "-DCMAKE_PREFIX_PATH=/usr"],
        cwd=folder,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="session")
def env(workspace: Path) -> Path:
    """Return an environment of the Python for which the packages are built."""
    path = workspace.parent / "my_env"
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", str(path)], env={}, check=True)
    return path


@pytest.fixture
def leaky(workspace: Path, caller: dict[str, str]) -> dict[str, str]:
    """Return the environment of somebody whose .bashrc sources the workspace."""
    Path(caller["HOME"], ".bashrc").write_text(
        f"source {workspace}/devel/setup.bash\nPS1='leaky> '\n", encoding="ascii"
    )
    return caller | {"PATH": os.environ["PATH"]}


@pytest.fixture
def probe(tmp_path: Path) -> Path:
    """Return the program that tells what can be imported."""
    path = tmp_path / "probe.py"
    path.write_text(PROBE, encoding="ascii")
    return path


def test_it_leaks_before_and_not_inside(
    workspace: Path, env: Path, leaky: dict[str, str], probe: Path, tool: list[str]
) -> None:
    """In an interactive bash, in the clean shell started from it, in ``run``, and with the workspace wanted."""
    reports = probe.parent

    def importable(terminal: Terminal, name: str, words: str) -> str:
        terminal.enter(f"{words} {probe} {reports}/{name}")
        terminal.wait((reports / name).exists, f"the report {name}")
        terminal.wait_prompt("")
        return (reports / name).read_text(encoding="ascii").strip()

    cleanenv = " ".join(tool)
    setup = f"--source {workspace}/devel/setup.bash"
    with Terminal([find_shell("bash").program, "-i"], leaky, reports) as terminal:
        terminal.wait_prompt("leaky>")
        assert importable(terminal, "before", f"{env}/bin/python") == "rospy demo"
        assert importable(terminal, "run", f"{cleanenv} run {env} -- python") == ""
        assert importable(terminal, "wanted", f"{cleanenv} run {env} {setup} -- python") == "rospy demo"
        terminal.enter(f"{cleanenv} shell {env}")
        terminal.wait_prompt(f"({env.name})")
        assert "PYTHONPATH with 2 directories" in terminal.text()
        assert importable(terminal, "inside", "python") == ""
        terminal.enter("exit")
        terminal.wait_prompt("leaky>")
        terminal.enter(f"{cleanenv} shell {env} {setup} --quiet")
        terminal.wait_prompt(f"({env.name})")
        assert importable(terminal, "inside-wanted", "python") == "rospy demo"


def test_from_fish_with_the_file_for_bash(
    workspace: Path, env: Path, caller: dict[str, str], probe: Path, tool: list[str]
) -> None:
    """``run`` from fish, and a clean fish: ENV's bin stays first, ROS' variables are there."""
    fish = find_shell("fish").program
    report = probe.parent / "report"
    cleanenv = [*tool, "run", str(env), "--source", f"{workspace}/devel/setup.bash", "--"]
    done = call([fish, "--no-config", "-c", " ".join([*cleanenv, "python", str(probe), str(report)])], caller)
    assert (done.status, done.err) == (0, "")
    assert report.read_text(encoding="ascii") == "rospy demo\n"
    report.unlink()
    script = f"python {probe} {report}\necho $PYTHONPATH\necho $PATH[1]\n"
    words = [*tool, "shell", str(env), "--shell", fish, "--source", f"{workspace}/devel/setup.bash"]
    done = call(words, caller, given=script)
    packages = "lib/python3/dist-packages"
    assert done == (0, f"{workspace}/devel/{packages} /usr/{packages}\n{env}/bin\n", "")
    assert report.read_text(encoding="ascii") == "rospy demo\n"


def test_without_it_nothing_of_ros_is_there(env: Path, workspace: Path, leaky: dict[str, str], tool: list[str]) -> None:
    """Of the variables that the setup file sets, only the one that says where the master is."""
    bash = find_shell("bash").program
    shown = ["/usr/bin/env", "-0"]
    script = 'source "$0" && exec "$@"'
    leaking = [bash, "--norc", "-c", script, f"{workspace}/devel/setup.bash"]

    def names(words: list[str]) -> set[str]:
        return {entry.partition("=")[0] for entry in call(words, leaky).out.split("\0") if entry}

    assert {"PYTHONPATH", "CMAKE_PREFIX_PATH", "LD_LIBRARY_PATH", "ROS_PACKAGE_PATH"} <= names([*leaking, *shown])
    clean = names([*tool, "run", str(env), "--", *shown])
    assert names([*leaking, *tool, "run", str(env), "--", *shown]) == clean | {"ROS_MASTER_URI"}
