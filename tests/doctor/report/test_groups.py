"""Many findings that say the same are read as one; JSON keeps each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleanenv.doctor import diagnosis
from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding
from cleanenv.doctor.report import groups, html, json_document, terminal
from tests.support.doctor_scene import Scene

PACKAGES = 60


def workspace(scene: Scene, name: str, packages: int) -> dict[str, str]:
    """Make what colcon's isolated layout leaves, a prefix a package; return the variables of its setup file."""
    scene.write(f"{name}/install/.colcon_install_layout", "isolated\n")
    scene.write(f"{name}/install/setup.bash")
    python, libraries, prefixes = [], [], []
    for number in range(packages):
        prefix = f"{name}/install/pkg_{number}"
        scene.write(f"{prefix}/lib/python3.11/site-packages/pkg_{number}/__init__.py")
        scene.write(f"{prefix}/lib/libpkg_{number}.so")
        scene.write(f"{prefix}/share/ament_index/resource_index/packages/pkg_{number}")
        top = scene.top / prefix
        python.append(f"{top}/lib/python3.11/site-packages")
        libraries.append(f"{top}/lib")
        prefixes.append(str(top))
    return {
        "PYTHONPATH": ":".join(python),
        "LD_LIBRARY_PATH": ":".join(libraries),
        "AMENT_PREFIX_PATH": ":".join(prefixes),
        "COLCON_PREFIX_PATH": str(scene.top / name / "install"),
        "ROS_DISTRO": "humble",
        "PATH": "/usr/bin:/bin",
    }


def test_a_workspace_of_sixty_isolated_packages_is_read_at_a_glance(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    found = diagnosis.diagnose(scene.subject(workspace(scene, "ws", PACKAGES)))
    report = terminal.plain(found, {"HOME": str(scene.home)})
    lines = report.splitlines()
    assert len(lines) < 40
    assert max(map(len, lines)) < 700
    assert lines[0].endswith(": 3 warnings")
    install = tmp_path / "ws/install"
    adds = f"{PACKAGES} entries of PYTHONPATH in '{install}' add packages that are importable only because of them"
    assert f"warning: {adds} [pythonpath-adds]" in lines
    searched = f"{PACKAGES} entries of LD_LIBRARY_PATH in '{install}' are searched by every program before the system's"
    assert f"warning: {searched} libraries [ld-path]" in lines
    assert "    fix: remove them from PYTHONPATH, or unset it:" in lines
    assert report.count("and 58 more, see --json") == 2
    on_terminal = terminal.styled(found, {"HOME": str(scene.home), "COLUMNS": "120", "NO_COLOR": "1"})
    assert len(on_terminal.splitlines()) < 40
    page = html.render(found, str(scene.home))
    assert page.count("<article") == 3
    assert page.count("importable only because of") == PACKAGES + 1
    findings = json.loads(json_document.render(found))["findings"]
    assert [finding["code"] for finding in findings].count("pythonpath-adds") == PACKAGES
    assert [finding["code"] for finding in findings].count("ld-path") == PACKAGES


@pytest.mark.parametrize(("packages", "shown"), [(1, 1), (2, 2), (3, 1), (4, 1)])
def test_two_are_read_as_two(packages: int, shown: int, tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    found = diagnosis.diagnose(scene.subject(workspace(scene, "ws", packages)))
    report = terminal.plain(found, {"HOME": str(scene.home)})
    assert report.count("[pythonpath-adds]") == shown
    assert report.count("[ld-path]") == shown


def finding(code: str, variable: str, entry: str) -> Finding:
    return Finding(code, SEVERITY[code], f"'{entry}' is wrong", "remedy", variable, entries=(entry,))


def test_only_what_says_the_same_of_one_variable_is_put_together() -> None:
    """The place of the first of them is that of all, and nothing is lost or counted twice."""
    findings = [
        finding("pythonpath-missing", "PYTHONPATH", "/a"),
        finding("ld-path-missing", "LD_LIBRARY_PATH", "/a"),
        finding("pythonpath-missing", "PYTHONPATH", "/b"),
        finding("pythonpath-needless", "PYTHONPATH", "/c"),
        finding("pythonpath-missing", "PYTHONPATH", "/d"),
        finding("shell-startup", "ENV", "/x"),
        finding("shell-startup", "ENV", "/y"),
        finding("shell-startup", "ENV", "/z"),
    ]
    grouped = groups.groups(findings)
    assert [(group.shown.code, group.size) for group in grouped] == [
        ("pythonpath-missing", 3),
        ("ld-path-missing", 1),
        ("pythonpath-needless", 1),
        *[("shell-startup", 1)] * 3,
    ]
    assert grouped[0].shown.fact == "3 entries of PYTHONPATH do not exist"
    assert grouped[0].shown.entries == ("/a", "/b", "/d")
    assert sum(group.size for group in grouped) == len(findings)


@pytest.mark.parametrize(
    ("paths", "common"),
    [
        (["/ws/install/a/lib", "/ws/install/b/lib"], "/ws/install"),
        (["/ws/install", "/ws/install2"], "/ws"),
        (["/ws1/a", "/ws2/a"], ""),
        (["/ws/a", "b"], ""),
        ([], ""),
    ],
)
def test_the_directory_in_common(paths: list[str], common: str) -> None:
    assert groups.common_directory(paths) == common


@pytest.mark.parametrize("code", groups.FACTS)
def test_every_fact_is_of_a_code(code: str) -> None:
    assert code in SEVERITY
