"""What a clean shell was asked to let in is no finding, unless it hides something of ENV's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cleanenv.doctor.checks import registry
from cleanenv.doctor.finding import Finding, Subject
from tests.support.doctor_scene import Case, Scene, Situation, Variables, module, package


def let_in(scene: Scene, environ: Variables, *names: str) -> Subject:
    """Return the scene in a clean shell that was asked to let in ``names``."""
    environment = scene.subject(environ).environment
    wanted = frozenset(names or environ)
    return Subject(environ, environment, str(scene.directory), str(scene.home), wanted)


def old_package(scene: Scene) -> Variables:
    package(scene.env.site_packages, "idna", "3.10")
    module(scene.top / "old", "idna", "0")
    return {"PYTHONPATH": str(scene.top / "old")}


def other_program(scene: Scene) -> Variables:
    for path in ("my_env/bin/pytest", "front/pytest"):
        scene.program(path)
    return {"PATH": f"{scene.top}/front:{scene.bin}"}


def new_package(scene: Scene) -> Variables:
    module(scene.top / "more", "rospy", "1")
    return {"PYTHONPATH": str(scene.top / "more")}


def situation(variables: Callable[[Scene], Variables]) -> Situation:
    def make(top: Path) -> Subject:
        scene = Scene(top)
        return let_in(scene, variables(scene))

    return make


CASES = {"allowed-hides": Case((situation(old_package), situation(other_program)), (situation(new_package),))}


def allowed(subject: Subject) -> list[Finding]:
    return [finding for finding in registry.findings(subject) if finding.code == "allowed-hides"]


def test_a_package_is_named_with_both_versions(scene: Scene) -> None:
    (finding,) = allowed(let_in(scene, old_package(scene)))
    (hidden,) = finding.hides
    assert (hidden.package, hidden.own, hidden.leaked) == ("idna", "3.10", "0")
    assert (finding.severity, finding.line, finding.command) == ("note", "", None)
    assert finding.remedy == "start the clean shell without PYTHONPATH if you do not want that"


def test_a_program_too(scene: Scene) -> None:
    (finding,) = allowed(let_in(scene, other_program(scene)))
    assert finding.fact.endswith("hides 'pytest' of the environment (PATH was explicitly allowed)")


def test_the_standard_library_too(scene: Scene) -> None:
    scene.write("base/lib/python3.11/json/__init__.py")
    module(scene.top / "old", "json", "0")
    environ = {"PYTHONPATH": str(scene.top / "old")}
    outside = [finding.code for finding in registry.findings(scene.subject(environ))]
    expected = 1 if "pythonpath-shadows-standard" in outside else 0
    assert len(allowed(let_in(scene, environ))) == expected


@pytest.mark.parametrize("names", [("ROS_DISTRO",), ("PATH", "ROS_DISTRO")])
def test_what_was_not_asked_for_is_what_it_is_outside(names: tuple[str, ...], scene: Scene) -> None:
    codes = [finding.code for finding in registry.findings(let_in(scene, old_package(scene), *names))]
    assert "pythonpath-shadows" in codes
    assert "allowed-hides" not in codes


def test_without_env_nothing_is_hidden(scene: Scene, tmp_path: Path) -> None:
    environ = old_package(scene)
    subject = Subject(environ, None, str(tmp_path), str(scene.home), frozenset(environ))
    assert registry.findings(subject) == []
