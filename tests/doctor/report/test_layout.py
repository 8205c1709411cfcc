"""The report on a screen: what is about one variable together, the place first, the origin and the fix once."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanenv.doctor import diagnosis as examination
from cleanenv.doctor.diagnosis import Diagnosis
from cleanenv.doctor.finding import Finding
from cleanenv.doctor.report import groups, terminal
from tests.support.doctor_scene import Scene, Variables, package

ORIGIN = "bash (pid 15602) started without it: its own startup or a command in it set it"
SCREEN = 24  # lines
MACHINE = ("pip-choice", "path-outside")  # what the machine that the tests run on may add


def ros_user(scene: Scene) -> Variables:
    """Make a ROS 1 distribution, a workspace over it and the system's packages; return what their setup files set."""
    system = scene.top / "usr/lib/python3/dist-packages"
    for name in ("pip", "setuptools", "wheel", "six", "idna"):
        package(scene.env.site_packages, name, "2.0")
        package(system, name, "1.15.0" if name == "six" else "2.0")
    for number in range(140):
        package(system, f"extra{number}", "1.0")
    workspace = scene.home / "catkin_ws/devel"
    distribution = scene.top / "opt/ros/noetic"
    for prefix in ("home/catkin_ws/devel", "opt/ros/noetic"):
        for name in (".catkin", "setup.bash", "lib/libroscpp.so"):
            scene.write(f"{prefix}/{name}")
    package(workspace / "lib/python3/dist-packages", "my_robot", "0.1")
    package(distribution / "lib/python3/dist-packages", "rospy", "1.16.0")
    return {
        "HOME": str(scene.home),
        "VIRTUAL_ENV": str(scene.env.path),
        "PATH": f"{scene.bin}:/usr/bin:/bin",
        "PYTHONPATH": f"{workspace}/lib/python3/dist-packages:{distribution}/lib/python3/dist-packages:{system}",
        "LD_LIBRARY_PATH": f"{workspace}/lib:{distribution}/lib",
        "CMAKE_PREFIX_PATH": f"{workspace}:{distribution}",
        "ROS_PACKAGE_PATH": f"{scene.home}/catkin_ws/src:{distribution}/share",
        "ROS_DISTRO": "noetic",
        "ROS_VERSION": "1",
    }


def test_a_ros_user_reads_it_on_one_screen(scene: Scene) -> None:
    environ = ros_user(scene)
    examined = examination.without(examination.diagnose(scene.subject(environ)), MACHINE)
    examined = examined._replace(origins=dict.fromkeys(examined.variables, ORIGIN), ignored=())
    report = terminal.plain(examined, environ)
    lines = report.splitlines()
    assert len(lines) <= SCREEN, report
    assert lines[2] == "PYTHONPATH"
    assert "        six 2.0 of the environment is hidden by six 1.15.0" in lines
    assert "        hidden by the same version: idna 2.0, pip 2.0 and 2 more" in lines
    assert "    fix: remove them from PYTHONPATH, or unset it: unset PYTHONPATH" in lines
    assert report.count(ORIGIN) == 1
    assert lines[-1].startswith("each of PYTHONPATH, LD_LIBRARY_PATH, ROS_PACKAGE_PATH: bash (pid 15602)")
    command = f"        cleanenv shell {scene.env.path} --source {scene.home}/catkin_ws/devel/setup.bash"
    assert [line for line in lines if str(scene.home) in line] == [command]  # which is to be copied
    for code in ("pythonpath-shadows", "pythonpath-adds", "ld-path", "ros"):
        assert f"[{code}]" in report


def findings(*rows: tuple[str, str, str]) -> tuple[Finding, ...]:
    """Return findings of (code, variable, entry)."""
    made = []
    for code, variable, entry in rows:
        remedy = f"remove '{entry}' from {variable}"
        entries = (entry,) if entry else ()
        made.append(Finding(code, "warning", f"'{entry}' on {variable} is bad", remedy, variable, entries=entries))
    return tuple(made)


def report(diagnosis: Diagnosis) -> list[str]:
    return terminal.plain(diagnosis, {}).splitlines()


def test_a_variable_is_named_once_and_the_worst_stands_first() -> None:
    found = findings(("a", "X", "/1"), ("b", "Y", "/2"), ("c", "X", "/3"))
    assert report(Diagnosis(None, "", found))[1:] == [
        "",
        "X",
        "    warning: '/1' is bad [a]",
        "    warning: '/3' is bad [c]",
        "    fix: remove them from X",
        "",
        "warning: '/2' on Y is bad [b]",
        "    fix: remove '/2' from Y",
    ]


def test_what_is_about_no_variable_stands_alone() -> None:
    found = findings(("a", "", "/1"), ("b", "", "/2"))
    assert [block.findings for block in groups.blocks(found)] == [[finding] for finding in found]


def test_fixes_that_differ_stand_with_their_findings() -> None:
    one, two, three = findings(("a", "X", "/1"), ("b", "X", "/2"), ("c", "X", "/3"))
    found = (one._replace(remedy="leave it"), two._replace(remedy="leave it"), three)
    lines = report(Diagnosis(None, "", found))
    assert [line.strip() for line in lines if "fix:" in line] == ["fix: leave it", "fix: remove '/3' from X"]
    assert lines.index("        fix: leave it") == lines.index("    warning: '/2' is bad [b]") + 1


@pytest.mark.parametrize(
    ("remedy", "line", "expected"),
    [
        ("unset it", "unset X", ["    fix: unset it: unset X"]),
        ("unset X, or set it only there", "unset X", ["    fix: unset X, or set it only there"]),
        ("unset X, or set it only there", "set -e X", ["    fix: unset X, or set it only there: set -e X"]),
        ("leave it", "", ["    fix: leave it"]),
        ("do this", "long " * 20, ["    fix: do this:", f"        {'long ' * 20}"]),
    ],
)
def test_a_short_command_stands_on_the_line_of_its_fix(remedy: str, line: str, expected: list[str]) -> None:
    found = Finding("a", "note", "fact", remedy, "X", line=line)
    assert report(Diagnosis(None, "", (found,)))[3:] == expected


def test_the_origin_is_said_once_for_all_that_it_brought() -> None:
    found = findings(("a", "X", "/1"), ("b", "Y", "/2"), ("c", "Z", "/3"), ("d", "X", "/4"))
    origins = {"X": "bash set it", "Y": "bash set it", "Z": "systemd set it"}
    assert report(Diagnosis(None, "", found, (), origins))[-2:] == [
        "each of X, Y: bash set it",
        "Z: systemd set it (--trace shows the line)",
    ]


def test_what_was_ignored_and_allowed_is_said_in_a_line() -> None:
    lines = report(Diagnosis(None, "", (), ("ROS_DISTRO",), ignored=("path-missing", "ros")))
    assert lines == [
        "this shell: nothing found",
        "",
        "explicitly allowed, not reported: ROS_DISTRO",
        "ignored: path-missing, ros",
    ]


def test_what_is_allowed_and_reported_is_not_called_unreported() -> None:
    found = Finding("allowed-hides", "note", "fact", "remedy", "PYTHONPATH")
    assert report(Diagnosis(None, "", (found,), ("PYTHONPATH", "ROS_DISTRO")))[-1] == (
        "explicitly allowed, not reported: ROS_DISTRO"
    )
    assert report(Diagnosis(None, "", (found,), ("PYTHONPATH",)))[-1] == "    fix: remedy"


def test_a_long_list_is_cut_and_says_so() -> None:
    found = Finding("a", "note", "fact", "remedy", evidence=tuple(f"line {number}" for number in range(10)))
    lines = report(Diagnosis(None, "", (found,)))
    assert "    line 3" in lines
    assert "    line 4" not in lines
    assert "    and 6 more, see --json" in lines


def test_evidence_that_the_fact_says_is_not_said_again(tmp_path: Path) -> None:
    found = Finding("a", "note", f"'{tmp_path}' is bad", "remedy", evidence=(f"3 libraries in {tmp_path}", "it is old"))
    lines = report(Diagnosis(None, "", (found,)))
    assert lines[3:] == ["    it is old", "    fix: remedy"]
