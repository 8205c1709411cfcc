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
from tests.session.test_catkin import PYTHON, env, workspace
from tests.support.command import call
from tests.support.doctor_scene import Scene, Variables, by_variables, codes, only
from tests.support.installed_shells import find_shell

__all__ = ["env", "workspace"]  # fixtures of the real workspace


def installed(scene: Scene, name: str, python: str = "python3.11", version: str = "2") -> Path:
    """Make the prefix of a distribution, as its package ros_environment leaves it."""
    prefix = scene.make(f"ros/{name}")
    hook = "share/ros_environment/environment" if version == "2" else "etc/catkin/profile.d"
    scene.write(f"ros/{name}/{hook}/1.ros_distro.sh", f"# generated\n\nexport ROS_DISTRO={name}\n")
    packages = "site-packages" if version == "2" else "dist-packages"
    scene.make(f"ros/{name}/lib/{python}/{packages}")
    scene.write(f"ros/{name}/setup.bash")
    return prefix


def workspace2(scene: Scene, *packages: str) -> Path:
    """Make an install folder of colcon's with a prefix a package."""
    scene.write("ws/install/.colcon_install_layout", "isolated\n")
    scene.write("ws/install/setup.bash")
    for name in packages:
        scene.make(f"ws/install/{name}/lib/python3.11/site-packages")
    return scene.top / "ws/install"


def set_up(prefix: Path, **more: str) -> Variables:
    return {"AMENT_PREFIX_PATH": str(prefix), "ROS_DISTRO": prefix.name, "ROS_VERSION": "2", **more}


def two(scene: Scene) -> Variables:
    humble, jazzy = installed(scene, "humble"), installed(scene, "jazzy")
    return set_up(jazzy, AMENT_PREFIX_PATH=f"{jazzy}:{humble}")


def overlaid(scene: Scene) -> Variables:
    """One distribution under a workspace: two prefixes, and no two distributions."""
    humble, over = installed(scene, "humble"), workspace2(scene, "a", "b")
    return set_up(humble, AMENT_PREFIX_PATH=f"{over}/b:{over}/a:{humble}", COLCON_PREFIX_PATH=str(over))


CASES = {
    "ros": by_variables(
        lambda scene: set_up(installed(scene, "humble")),
        lambda scene: {
            "ROS_DOMAIN_ID": "3",
            "RMW_IMPLEMENTATION": "rmw_fastrtps_cpp",
            "CMAKE_PREFIX_PATH": str(scene.make("local")),
        },
    ),
    "ros-two-distributions": by_variables(two, overlaid),
    "ros-python": by_variables(
        lambda scene: set_up(installed(scene, "humble", "python3.10")),
        lambda scene: set_up(installed(scene, "humble", "python3.11")),
    ),
    "ros-prefix-missing": by_variables(lambda scene: set_up(scene.top / "ros/humble"), overlaid),
}


@pytest.mark.parametrize("code", CASES)
def test_it_is_reported(code: str, tmp_path: Path) -> None:
    finding = only(ros.findings(CASES[code].reported[0](tmp_path)), code)
    assert finding.severity == SEVERITY[code]
    assert finding.variable


@pytest.mark.parametrize("code", CASES)
def test_a_near_miss_is_not(code: str, tmp_path: Path) -> None:
    assert code not in codes(ros.findings(CASES[code].near_misses[0](tmp_path)))


def test_underlay_and_overlay_are_named(scene: Scene) -> None:
    finding = only(ros.findings(scene.subject(overlaid(scene))), "ros")
    top = scene.top
    assert finding.fact == f"ROS 2 humble is set up from '{top}/ros/humble', with '{top}/ws/install' over it"
    assert finding.evidence == (
        f"overlay {top}/ws/install, packages for Python 3.11",
        f"underlay {top}/ros/humble, packages for Python 3.11",
        "humble is released for Python 3.10",
    )
    assert finding.remedy.endswith("and source it where you need it")  # which is what the line does
    assert finding.line == f"cleanenv shell {scene.env.path} --source {top}/ws/install/setup.bash"


def test_both_distributions_are_named(scene: Scene) -> None:
    finding = only(ros.findings(scene.subject(two(scene))), "ros-two-distributions")
    assert finding.fact == "ROS 2 jazzy and ROS 2 humble are set up at once"
    assert finding.evidence == (
        f"jazzy: {scene.top}/ros/jazzy on AMENT_PREFIX_PATH",
        f"humble: {scene.top}/ros/humble on AMENT_PREFIX_PATH",
    )


def test_ros_1_beside_ros_2(scene: Scene) -> None:
    """The name of one and the prefix of both."""
    noetic, humble = installed(scene, "noetic", "python3", "1"), installed(scene, "humble")
    environ = set_up(humble, CMAKE_PREFIX_PATH=str(noetic), ROS_PACKAGE_PATH=f"{noetic}/share")
    finding = only(ros.findings(scene.subject(environ)), "ros-two-distributions")
    assert finding.fact == "ROS 2 humble and ROS 1 noetic are set up at once"


def test_the_name_of_another_than_the_prefix(scene: Scene) -> None:
    environ = set_up(installed(scene, "humble"), ROS_DISTRO="foxy")
    assert "ros-two-distributions" in codes(ros.findings(scene.subject(environ)))


def test_ros_1_says_only_python3(scene: Scene) -> None:
    """Its packages lie in python3/dist-packages, whichever Python 3 it is: the distribution tells."""
    noetic = installed(scene, "noetic", "python3", "1")
    environ = {"CMAKE_PREFIX_PATH": str(noetic), "ROS_DISTRO": "noetic", "ROS_VERSION": "1"}
    finding = only(ros.findings(scene.subject(environ)), "ros-python")
    assert finding.fact == f"ROS 1 noetic in '{noetic}' was built for Python 3.8, the environment has 3.11.5"


# The Pythons of REP 3 and REP 2000.
@pytest.mark.parametrize(
    ("distribution", "python"),
    [
        ("melodic", "2.7"),
        ("noetic", "3.8"),
        ("ardent", "3.5"),
        ("bouncy", "3.6"),
        ("dashing", "3.6"),
        ("foxy", "3.8"),
        ("galactic", "3.8"),
        ("humble", "3.10"),
        ("iron", "3.10"),
        ("jazzy", "3.12"),
        ("kilted", "3.12"),
    ],
)
def test_the_python_of_a_distribution(distribution: str, python: str, scene: Scene) -> None:
    """By its name, if its directories say nothing more than Python 3."""
    version = "1" if distribution in ("melodic", "noetic") else "2"
    prefix = installed(scene, distribution, "python3", version)
    findings = list(ros.findings(scene.subject(set_up(prefix))))
    assert f" was built for Python {python}, " in only(iter(findings), "ros-python").fact
    assert f"{distribution} is released for Python {python}" in only(iter(findings), "ros").evidence


def test_without_an_environment_no_python_is_wrong(scene: Scene) -> None:
    scene.is_alone = True
    assert codes(ros.findings(scene.subject(set_up(installed(scene, "humble", "python3.10"))))) == ["ros"]


@pytest.fixture(scope="module")
def sourced(workspace: Path) -> Variables:
    """Return what the workspace's setup.bash makes of a plain environment."""
    script = 'source "$0" && exec "$1" -c "import json, os; print(json.dumps(dict(os.environ)))"'
    words = [find_shell("bash").program, "--norc", "-c", script, f"{workspace}/devel/setup.bash", PYTHON]
    plain = {"PATH": "/usr/bin:/bin", "HOME": str(workspace), "USER": "me"}
    done = subprocess.run(words, env=plain, capture_output=True, text=True, check=True)
    variables: Variables = json.loads(done.stdout)
    return variables


def test_a_real_workspace(workspace: Path, env: Path, sourced: Variables) -> None:
    """Debian's ROS 1 below /usr, a workspace over it, and what both let ENV import."""
    from cleanenv.environments.environment import read_environment

    subject = Subject(sourced, read_environment(str(env)), str(workspace), str(workspace))
    (reported,) = ros.findings(subject)
    assert reported.code == "ros"
    assert reported.fact == f"ROS 1 Debian is set up from '/usr', with '{workspace}/devel' over it"
    assert reported.line == f"cleanenv shell {env} --source {workspace}/devel/setup.bash"
    hidden = {hidden.package: hidden for finding in pythonpath.findings(subject) for hidden in finding.hides}
    assert {"demo", "rospy"} <= hidden.keys()
    for name in ("demo", "rospy"):
        output = call([f"{env}/bin/python", "-c", f"import {name}; print({name}.__file__)"], sourced).out.strip()
        assert output == f"{hidden[name].location}/{name}/__init__.py"
        assert hidden[name].own is None
    assert call([f"{env}/bin/python", "-c", "import rospy"], {"PATH": sourced["PATH"]}).status == 1


def test_wanted_it_is_no_finding(workspace: Path, env: Path, sourced: Variables) -> None:
    """In a clean shell that was told to source it, nothing is found."""
    from cleanenv.doctor.checks import registry
    from cleanenv.environments.environment import read_environment

    plain = {"PATH": f"{env}/bin:/usr/bin:/bin", "VIRTUAL_ENV": str(env)}
    wanted = frozenset(sourced)
    subject = Subject(sourced | plain, read_environment(str(env)), str(workspace), str(workspace), wanted)
    found = [finding.code for finding in registry.findings(subject)]
    assert [code for code in found if code != "path-outside"] == []  # the machine's own pip, if it has one


def test_the_interpreter_is_not_started(scene: Scene) -> None:
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
    (scene.make("leak") / "evil.py").write_text("raise SystemExit('imported')\n", encoding="ascii")
    words = [sys.executable, "-I", "-c", script, str(scene.env.path), f"{scene.top}/leak"]
    done = call(words, {"PATH": "/usr/bin:/bin"})
    assert (done.status, done.err) == (0, "")
    assert "evil" not in done.out
