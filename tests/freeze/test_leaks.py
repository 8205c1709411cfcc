"""Whatever leaks around an environment, its listing stays the same; and nothing of it runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.fake_environment import FakeEnvironment
from tests.support.freezing import freeze

if TYPE_CHECKING:
    from pathlib import Path

LINES = "lib==1.0\nmine==1.0\n"


@pytest.fixture
def home(tmp_path: Path) -> FakeEnvironment:
    """Make an environment of the Python that runs the tests, which could start."""
    fake = FakeEnvironment.bare(tmp_path / "env", f"{sys.version_info[0]}.{sys.version_info[1]}")
    (fake.path / "bin" / "python").unlink()
    (fake.path / "bin" / "python").symlink_to(sys.executable)
    fake.add("mine", requires=["lib"])
    fake.add("lib")
    return fake


def leaks(tmp_path: Path) -> dict[str, dict[str, str]]:
    """Return environments that lead Python and pip astray."""
    shadow = FakeEnvironment.bare(tmp_path / "shadow")
    shadow.add("mine", "9.9")
    shadow.add("stranger")
    for name in ("click.py", "re.py", "sitecustomize.py", "zipfile.py", "json.py", "packaging.py"):
        (shadow.site_packages / name).write_text("raise SystemExit('leaked')\n")
    user = tmp_path / "user" / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    user.mkdir(parents=True)
    info = user / "mine-8.8.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 8.8\n")
    (tmp_path / "pip.conf").write_text("[freeze\nbroken")
    ros = {
        "ROS_DISTRO": "noetic",
        "ROS_ETC_DIR": "/opt/ros/noetic/etc/ros",
        "CMAKE_PREFIX_PATH": f"{shadow.path}:/opt/ros/noetic",
        "LD_LIBRARY_PATH": "/opt/ros/noetic/lib",
        "PYTHONPATH": f"{shadow.site_packages}:/opt/ros/noetic/lib/python3/dist-packages",
    }
    return {
        "PYTHONPATH": {"PYTHONPATH": str(shadow.site_packages)},
        "PYTHONHOME": {"PYTHONHOME": "/nonexistent"},
        "user site": {"PYTHONUSERBASE": str(tmp_path / "user"), "HOME": str(tmp_path)},
        "catkin": ros,
        "pip": {"PIP_TARGET": "/nonexistent", "PIP_PREFIX": "/nonexistent", "PIP_USER": "1", "PIP_ALL": "1"},
        "pip.conf": {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf")},
        "git": {"GIT_DIR": "/nonexistent", "GIT_CONFIG_COUNT": "x"},
        "locale": {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
    }


def test_the_listing_is_the_same_under_every_leak(home: FakeEnvironment, tmp_path: Path) -> None:
    for name, environ in leaks(tmp_path).items():
        outcome = freeze(home.path, env=environ)
        assert (outcome.status, outcome.out, outcome.err) == (0, LINES, ""), name


def test_system_site_packages_change_a_warning_alone(home: FakeEnvironment) -> None:
    config = home.path / "pyvenv.cfg"
    config.write_text(config.read_text().replace("= false", "= true"))
    outcome = freeze(home.path)
    assert outcome.out == LINES
    assert "include-system-site-packages" in outcome.err


def test_nothing_of_the_environment_runs(home: FakeEnvironment, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    touch = f"open({str(marker)!r}, 'w').close()"
    site = home.site_packages
    (site / "print.pth").write_text("import sys; sys.stdout.write('leaked==1\\n')\n")
    (site / "write.pth").write_text(f"import os; {touch}\n")
    (site / "sleep.pth").write_text("import time; time.sleep(60)\n")
    (site / "start.start").write_text("leaked:main\n")
    for name in ("sitecustomize", "usercustomize", "_virtualenv", "json", "zipfile", "packaging"):
        (site / f"{name}.py").write_text(f"{touch}\nraise SystemExit(5)\n")
    (home.path / "bin" / "python").unlink()
    (home.path / "bin" / "python").write_text(f"#!/bin/sh\ntouch '{marker}'\n")
    (home.path / "bin" / "python").chmod(0o755)
    for words in ([], ["--top-level"], ["--format", "json"], ["--annotate", "--all"]):
        outcome = freeze(home.path, *words, cwd=site)
        assert outcome.status == 0, outcome.err
        assert "leaked" not in outcome.out
    assert freeze(home.path, cwd=site).out == LINES
    assert not marker.exists()


def test_from_inside_a_clean_shell_the_active_environment_is_meant(home: FakeEnvironment, tmp_path: Path) -> None:
    outcome = freeze(env={"VIRTUAL_ENV": str(home.path)}, cwd=tmp_path)
    assert outcome.out == LINES
