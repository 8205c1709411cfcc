"""The greeting: short lines, each fact once, in a person's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanenv.clean.plan import Overrides, activate, build_plan
from cleanenv.environments.environment import Environment
from cleanenv.shell import banner

NOT_LOADED = "Aliases and prompt are not loaded. 'exit' leaves. More: cleanenv env --explain"


def greeting(caller: dict[str, str], *, sources: tuple[str, ...] = ()) -> list[str]:
    """Return the lines for the environment ~/proj/my_env."""
    environment = Environment("/home/me/proj/my_env", "venv", {"version": "3.11.2"})
    caller = {"HOME": "/home/me", "PATH": "/usr/bin:/bin"} | caller
    plan = activate(build_plan(caller, Overrides(), environment=environment), environment)
    return banner.lines("zsh", environment, plan, caller, sources)


def test_nothing_left_out() -> None:
    assert greeting({}) == ["Clean zsh with ~/proj/my_env (Python 3.11.2)", NOT_LOADED]


@pytest.mark.parametrize(
    ("caller", "line"),
    [
        ({"PYTHONPATH": "/a"}, "Not passed on: PYTHONPATH (1 directory)"),
        ({"PYTHONPATH": "/a::/b"}, "Not passed on: PYTHONPATH (2 directories)"),
        ({"PYTHONPATH": "/a", "FOO": "1"}, "Not passed on: PYTHONPATH (1 directory), 1 more variable"),
        ({"FOO": "1"}, "Not passed on: 1 variable"),
        ({"FOO": "1", "BAR": "1", "LINES": "40", "OLDPWD": "/"}, "Not passed on: 2 variables"),
        ({"PYTHONHOME": "/x", "LD_PRELOAD": "a.so"}, "Not passed on: PYTHONHOME, LD_PRELOAD"),
        ({"ROS_DISTRO": "humble", "AMENT_PREFIX_PATH": "/opt/ros/humble"}, "Not passed on: ROS humble"),
        ({"AMENT_PREFIX_PATH": "/ws"}, "Not passed on: a ROS workspace"),
        ({"ROS_PACKAGE_PATH": "/ws", "ROS_ETC_DIR": "/x"}, "Not passed on: a ROS workspace"),
        ({"ROS_ETC_DIR": "/x"}, "Not passed on: 1 variable"),
    ],
)
def test_what_is_not_passed_on(caller: dict[str, str], line: str) -> None:
    assert greeting(caller)[1] == line


def test_addresses_of_ros_are_no_workspace() -> None:
    assert greeting({"ROS_DOMAIN_ID": "7", "ROS_MASTER_URI": "http://robot:11311"}) == greeting({})


def test_directories_left_out_of_path(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
    path = f"/usr/bin:{tmp_path}/one:{tmp_path}/gone:{tmp_path}/two:{tmp_path}/one"
    assert greeting({"PATH": path, "HOME": str(tmp_path)})[1] == "Left out of PATH: ~/one, ~/two"
    path += f":{tmp_path}/three"
    lines = greeting({"PATH": path, "HOME": str(tmp_path), "PYTHONPATH": "/a"})
    assert lines[1] == "Not passed on: PYTHONPATH (1 directory); left out of PATH: ~/one, ~/two and 1 more"


def test_the_environment_that_it_replaces(tmp_path: Path) -> None:
    old = tmp_path / "old"
    (old / "bin").mkdir(parents=True)
    lines = greeting({"VIRTUAL_ENV": str(old), "PATH": f"{old}/bin:/usr/bin"})
    assert lines == [f"Clean zsh with ~/proj/my_env (Python 3.11.2), instead of {old}", NOT_LOADED]
    assert "instead of" not in greeting({"VIRTUAL_ENV": "/home/me/proj/my_env"})[0]


def test_setup_files_are_named() -> None:
    lines = greeting({}, sources=("/opt/ros/humble/setup.bash", "/ws/local_setup.bash"))
    assert lines[0] == "Clean zsh with ~/proj/my_env (Python 3.11.2) + setup.bash + local_setup.bash"
