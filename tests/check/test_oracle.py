"""The imports that only a leak satisfies are those that a type checker stops resolving without it, on real projects.

Two kinds of differences are right: what is the project's own, which a leak
hides, is no leak to us; and the checker is silent on some imports behind
``except``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.support import type_checker
from tests.support.doctor_scene import with_pip
from tests.support.interpreters import NETWORK
from tests.support.surroundings import skip_or_fail

LEAK = Path("/usr/lib/python3/dist-packages")
OUTRIGHT = ("import-leaked", "import-stands-in", "import-ros")
OTHERWISE = ("import-leaked-optional", "import-hides-yours")
# Packages of Debian's, installed by ./dev, of which each depends on others in that directory.
INSTALLED = (
    "rosbag",
    "rosdistro",
    "rosinstall",
    "rosinstall_generator",
    "roslaunch",
    "rosmaster",
    "rosmsg",
    "rosnode",
    "rospkg",
    "rospy",
    "rostopic",
    "roswtf",
)
FROM_INDEX = ("httpie", "scrapy", "mavproxy", "flask", "rich", "httpx", "black")

# What they really do not declare, looked up by hand.
UNDECLARED = {"mavproxy": {"pkg_resources"}}


def compare(project: Path, environment: Path, tool: list[str], caller: dict[str, str]) -> None:
    """Hold check's findings against what the type checker resolves."""
    expected = type_checker.only_by_leak(project, environment, LEAK, caller)
    done = subprocess.run(
        [*tool, "check", str(environment), "--json"],
        env={**caller, "PYTHONPATH": str(LEAK)},
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    findings = json.loads(done.stdout)["findings"]
    ours: dict[str, set[str]] = {}
    guarded = set()
    for finding in findings:
        if finding["leak"] is None:
            continue
        module = finding["module"].partition(".")[0]
        ours.setdefault(finding["code"], set()).add(module)
        if all(use["guard"] for use in finding["uses"]):
            guarded.add(module)
    outright = set[str]().union(*(ours.get(code, set()) for code in OUTRIGHT))
    otherwise = set[str]().union(*(ours.get(code, set()) for code in OTHERWISE))
    assert expected - outright - otherwise == set()
    assert outright - expected - guarded == set()


@pytest.mark.parametrize("name", INSTALLED)
def test_installed_projects(name: str, tmp_path: Path, venv: Path, tool: list[str], caller: dict[str, str]) -> None:
    if not Path("/etc/debian_version").exists():
        pytest.skip("these projects are Debian's packages")
    if not (LEAK / name).is_dir():
        skip_or_fail(f"'{LEAK / name}' is not installed")
    project = tmp_path / "project"
    shutil.copytree(LEAK / name, project / "src" / name, ignore=shutil.ignore_patterns("__pycache__"))
    (project / "requirements.txt").write_text("rospkg\n")
    compare(project, venv, tool, caller)


@pytest.mark.trial
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", FROM_INDEX)
def test_projects_of_the_index(name: str, tmp_path: Path, tool: list[str], caller: dict[str, str]) -> None:
    """With all that they declare installed: without a leak nothing is found either."""
    project, environment = unpacked(name, tmp_path), tmp_path / "my_env"
    subprocess.run([base_python(), "-I", "-m", "venv", str(environment)], env=NETWORK, check=True)
    # A wheel of the same version: to build the source would take what this machine may lack.
    install = [str(environment / "bin/python"), "-m", "pip", "install", "--quiet", "--prefer-binary", name]
    subprocess.run(install, env=NETWORK, check=True)
    compare(project, environment, tool, caller)
    words = [*tool, "check", str(environment), "--json"]
    done = subprocess.run(words, env=caller, cwd=project, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    findings = json.loads(done.stdout)["findings"]
    serious = {finding["module"] for finding in findings if finding["severity"] != "note"}
    assert serious <= UNDECLARED.get(name, set())


def base_python() -> str:
    """Return a Python with pip and venv."""
    python = with_pip()
    if python is None:
        skip_or_fail("no Python here has pip")
    assert python is not None
    return python


def unpacked(name: str, directory: Path) -> Path:
    """Return the directory of the source distribution of ``name``."""
    words = [base_python(), "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", name, name]
    done = subprocess.run(words, env=NETWORK, cwd=directory, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"no source distribution of {name} to be had: {done.stderr[-300:]}")
    (archive,) = directory.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(directory / "sources", filter="data")
    (project,) = (directory / "sources").iterdir()
    return project
