"""ROS as it is set up: made-up prefixes of ROS 2 and of /opt/ros's kind, and a real catkin workspace."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cleanenv.doctor.checks import pythonpath, ros
from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Subject
from tests.conftest import find_shell
from tests.session.test_catkin import PYTHON, env, workspace
from tests.support.command import call
from tests.support.doctor_stage import Case, Stage, Variables, codes, only

__all__ = ["env", "workspace"]  # fixtures of the real workspace


def installed(stage: Stage, name: str, python: str = "python3.11", version: str = "2") -> Path:
    """Make the prefix of a distribution, as its package ros_environment leaves it."""
    prefix = stage.make(f"ros/{name}")
    hook = "share/ros_environment/environment" if version == "2" else "etc/catkin/profile.d"
    stage.write(f"ros/{name}/{hook}/1.ros_distro.sh", f"# generated\n\nexport ROS_DISTRO={name}\n")
    packages = "site-packages" if version == "2" else "dist-packages"
    stage.make(f"ros/{name}/lib/{python}/{packages}")
    stage.write(f"ros/{name}/setup.bash")
    return prefix


def workspace2(stage: Stage, *packages: str) -> Path:
    """Make an install folder of colcon's with a prefix a package."""
    stage.write("ws/install/.colcon_install_layout", "isolated\n")
    stage.write("ws/install/setup.bash")
    for name in packages:
        stage.make(f"ws/install/{name}/lib/python3.11/site-packages")
    return stage.top / "ws/install"


def set_up(prefix: Path, **more: str) -> Variables:
    return {"AMENT_PREFIX_PATH": str(prefix), "ROS_DISTRO": prefix.name, "ROS_VERSION": "2", **more}


def two(stage: Stage) -> Variables:
    humble, jazzy = installed(stage, "humble"), installed(stage, "jazzy")
    return set_up(jazzy, AMENT_PREFIX_PATH=f"{jazzy}:{humble}")


def overlaid(stage: Stage) -> Variables:
    """One distribution under a workspace: two prefixes, and no two distributions."""
    humble, over = installed(stage, "humble"), workspace2(stage, "a", "b")
    return set_up(humble, AMENT_PREFIX_PATH=f"{over}/b:{over}/a:{humble}", COLCON_PREFIX_PATH=str(over))


CASES = {
    "ros": Case(
        lambda stage: set_up(installed(stage, "humble")),
        lambda stage: {
            "ROS_DOMAIN_ID": "3",
            "RMW_IMPLEMENTATION": "rmw_fastrtps_cpp",
            "CMAKE_PREFIX_PATH": str(stage.make("local")),
        },
    ),
    "ros-two-distributions": Case(two, overlaid),
    "ros-python": Case(
        lambda stage: set_up(installed(stage, "humble", "python3.10")),
        lambda stage: set_up(installed(stage, "humble", "python3.11")),
    ),
    "ros-prefix-missing": Case(lambda stage: set_up(stage.top / "ros/humble"), overlaid),
}


@pytest.mark.parametrize("code", CASES)
def test_it_is_shown(code: str, stage: Stage) -> None:
    found = only(ros.findings(stage.subject(CASES[code].shows(stage))), code)
    assert found.severity == SEVERITY[code]
    assert found.variable


@pytest.mark.parametrize("code", CASES)
def test_what_is_near_is_not(code: str, stage: Stage) -> None:
    assert code not in codes(ros.findings(stage.subject(CASES[code].near(stage))))


def test_underlay_and_overlay_are_named(stage: Stage) -> None:
    found = only(ros.findings(stage.subject(overlaid(stage))), "ros")
    top = stage.top
    assert found.fact == f"ROS 2 humble is set up from '{top}/ros/humble', with '{top}/ws/install' over it"
    assert found.evidence == (
        f"overlay {top}/ws/install, packages for Python 3.11",
        f"underlay {top}/ros/humble, packages for Python 3.11",
        "humble is released for Python 3.10",
    )
    assert found.line == f"cleanenv shell {stage.env.path} --source {top}/ws/install/setup.bash"


def test_both_distributions_are_named(stage: Stage) -> None:
    found = only(ros.findings(stage.subject(two(stage))), "ros-two-distributions")
    assert found.fact == "ROS 2 jazzy and ROS 2 humble are set up at once"
    assert found.evidence == (
        f"jazzy: {stage.top}/ros/jazzy on AMENT_PREFIX_PATH",
        f"humble: {stage.top}/ros/humble on AMENT_PREFIX_PATH",
    )


def test_ros_1_beside_ros_2(stage: Stage) -> None:
    """The name of one and the prefix of both."""
    noetic, humble = installed(stage, "noetic", "python3", "1"), installed(stage, "humble")
    environ = set_up(humble, CMAKE_PREFIX_PATH=str(noetic), ROS_PACKAGE_PATH=f"{noetic}/share")
    found = only(ros.findings(stage.subject(environ)), "ros-two-distributions")
    assert found.fact == "ROS 2 humble and ROS 1 noetic are set up at once"


def test_the_name_of_another_than_the_prefix(stage: Stage) -> None:
    environ = set_up(installed(stage, "humble"), ROS_DISTRO="foxy")
    assert "ros-two-distributions" in codes(ros.findings(stage.subject(environ)))


def test_ros_1_says_only_python3(stage: Stage) -> None:
    """Its packages lie in python3/dist-packages, whichever Python 3 it is: the distribution tells."""
    noetic = installed(stage, "noetic", "python3", "1")
    environ = {"CMAKE_PREFIX_PATH": str(noetic), "ROS_DISTRO": "noetic", "ROS_VERSION": "1"}
    found = only(ros.findings(stage.subject(environ)), "ros-python")
    assert found.fact == f"ROS 1 noetic in '{noetic}' was built for Python 3.8, the environment has 3.11.5"


def test_without_an_environment_no_python_is_wrong(stage: Stage) -> None:
    stage.asked = False
    assert codes(ros.findings(stage.subject(set_up(installed(stage, "humble", "python3.10"))))) == ["ros"]


@pytest.fixture(scope="module")
def sourced(workspace: Path) -> Variables:
    """Return what the workspace's setup.bash makes of a plain environment."""
    script = 'source "$0" && exec "$1" -c "import json, os; print(json.dumps(dict(os.environ)))"'
    words = [find_shell("bash").program, "--norc", "-c", script, f"{workspace}/devel/setup.bash", PYTHON]
    plain = {"PATH": "/usr/bin:/bin", "HOME": str(workspace), "USER": "me"}
    done = subprocess.run(words, env=plain, capture_output=True, text=True, check=True)
    found: Variables = json.loads(done.stdout)
    return found


def test_a_real_workspace(workspace: Path, env: Path, sourced: Variables) -> None:
    """Debian's ROS 1 below /usr, a workspace over it, and what both let ENV import."""
    from cleanenv.environments.environment import read_environment

    subject = Subject(sourced, read_environment(str(env)), str(workspace), str(workspace))
    (found,) = ros.findings(subject)
    assert found.code == "ros"
    assert found.fact == f"ROS 1 Debian is set up from '/usr', with '{workspace}/devel' over it"
    assert found.line == f"cleanenv shell {env} --source {workspace}/devel/setup.bash"
    hidden = {hidden.package: hidden for finding in pythonpath.findings(subject) for hidden in finding.hides}
    assert {"demo", "rospy"} <= hidden.keys()
    for name in ("demo", "rospy"):
        told = call([f"{env}/bin/python", "-c", f"import {name}; print({name}.__file__)"], sourced).out.strip()
        assert told == f"{hidden[name].location}/{name}/__init__.py"
        assert hidden[name].own is None
    assert call([f"{env}/bin/python", "-c", "import rospy"], {"PATH": sourced["PATH"]}).status == 1


def test_wanted_it_is_no_finding(workspace: Path, env: Path, sourced: Variables) -> None:
    """In a clean shell that was told to source it, nothing is found."""
    from cleanenv.doctor.checks import registry
    from cleanenv.environments.environment import read_environment

    plain = {"PATH": f"{env}/bin:/usr/bin:/bin", "VIRTUAL_ENV": str(env)}
    wanted = frozenset(sourced)
    subject = Subject(sourced | plain, read_environment(str(env)), str(workspace), str(workspace), wanted)
    assert registry.findings(subject) == []


def test_the_interpreter_is_not_started(stage: Stage) -> None:
    """Neither ENV's, which is not there, nor any: no process is made."""
    script = (
        "import subprocess, sys\n"
        "from cleanenv.environments.environment import read_environment\n"
        "from cleanenv.doctor.checks import registry\n"
        "from cleanenv.doctor.finding import Subject\n"
        "def refuse(event, arguments):\n"
        "    if event in ('subprocess.Popen', 'os.system', 'os.exec', 'os.posix_spawn', 'os.fork'):\n"
        "        raise SystemExit(event)\n"
        "sys.addaudithook(refuse)\n"
        "environ = {'PYTHONPATH': sys.argv[2], 'LD_LIBRARY_PATH': sys.argv[2], 'AMENT_PREFIX_PATH': sys.argv[2]}\n"
        "registry.findings(Subject(environ, read_environment(sys.argv[1]), '/', sys.argv[2]))\n"
        "print(*sorted(name for name in sys.modules if name in ('evil', 'subprocess')))\n"
    )
    (stage.make("leak") / "evil.py").write_text("raise SystemExit('imported')\n", encoding="ascii")
    words = [sys.executable, "-I", "-c", script, str(stage.env.path), f"{stage.top}/leak"]
    done = call(words, {"PATH": "/usr/bin:/bin"})
    assert (done.status, done.err) == (0, "")
    assert "evil" not in done.out
