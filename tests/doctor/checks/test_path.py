"""PATH: what stands in front of ENV's programs, and folders that anybody may fill."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleanenv.doctor.checks import path
from cleanenv.doctor.codes import SEVERITY
from tests.support.command import call, write_program
from tests.support.doctor_scene import Scene, Variables, by_variables, codes, only
from tests.support.environments import make_venv

SYSTEM = "/usr/bin:/bin"


def with_python(scene: Scene) -> Scene:
    """Give ENV an interpreter, and a pip and a program beside it."""
    (scene.bin / "python").unlink()
    for name in ("python", "python3", "pip", "pytest", "activate"):
        scene.program(f"my_env/bin/{name}")
    return scene


def in_front(scene: Scene, *names: str) -> Variables:
    """Return a PATH with ``names`` in a folder before ENV's bin."""
    for name in names:
        scene.program(f"front/{name}")
    return {"PATH": f"{scene.make('front')}:{with_python(scene).bin}:{SYSTEM}"}


def active(scene: Scene, *folders: object) -> Variables:
    return {"VIRTUAL_ENV": str(scene.env.path), "PATH": ":".join([*map(str, folders), SYSTEM])}


CASES = {
    "path-hides-python": by_variables(
        lambda scene: in_front(scene, "python3"), lambda scene: in_front(scene, "pythonic", "activate")
    ),
    "path-hides-program": by_variables(lambda scene: in_front(scene, "pytest"), lambda scene: in_front(scene, "mypy")),
    "path-without-env": by_variables(
        lambda scene: active(with_python(scene)), lambda scene: active(with_python(scene), scene.bin)
    ),
    "path-current": by_variables(lambda _: {"PATH": f"{SYSTEM}:"}, lambda _: {"PATH": ""}),
    "path-relative": by_variables(lambda _: {"PATH": f"{SYSTEM}:node_modules/.bin"}, lambda _: {"PATH": SYSTEM}),
    "path-writable": by_variables(
        lambda scene: {"PATH": str(scene.make("open", mode=0o777))},
        lambda scene: {"PATH": str(scene.make("closed", mode=0o775))},
    ),
    "path-missing": by_variables(
        lambda scene: {"PATH": str(scene.top / "gone")}, lambda scene: {"PATH": str(scene.make("there"))}
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_it_is_reported(code: str, tmp_path: Path) -> None:
    finding = only(path.findings(CASES[code].reported[0](tmp_path)), code)
    assert (finding.severity, finding.variable) == (SEVERITY[code], "PATH")


@pytest.mark.parametrize("code", CASES)
def test_a_near_miss_is_not(code: str, tmp_path: Path) -> None:
    assert codes(path.findings(CASES[code].near_misses[0](tmp_path))) == []


def test_not_active_nothing_is_hidden(scene: Scene) -> None:
    """ENV was only named: that python is another one is no news."""
    with_python(scene)
    assert codes(path.findings(scene.subject({"PATH": SYSTEM}))) == []


def test_env_by_another_name_is_env(scene: Scene) -> None:
    with_python(scene)
    (scene.top / "link").symlink_to(scene.env.path)
    assert codes(path.findings(scene.subject(active(scene, scene.top / "link/bin")))) == []


def test_what_is_hidden_is_what_a_shell_runs(scene: Scene) -> None:
    """A shell in that environment finds what doctor says."""
    env = make_venv(scene.top / "real_env")
    write_program(scene.top / "front/python", "#!/bin/sh\necho front\n")
    scene.env.path = env
    environ = {"PATH": f"{scene.top}/front:{env}/bin:{SYSTEM}"}
    finding = only(path.findings(scene.subject(environ)), "path-hides-python")
    assert finding.evidence == (f"python is {scene.top}/front/python, not {env}/bin/python",)
    assert call(["/bin/sh", "-c", "command -v python; python"], environ).out == f"{scene.top}/front/python\nfront\n"
    assert call(["/bin/sh", "-c", f"{finding.line}; command -v python"], environ).out == f"{env}/bin/python\n"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("python", True),
        ("python3", True),
        ("python3.11", True),
        ("python3.13t", True),
        ("pip3.11", True),
        ("pipx", False),
        ("python-config", False),
        ("pipenv", False),
        ("ipython", False),
    ],
)
def test_names_of_pythons(name: str, expected: bool) -> None:
    assert path.is_pythons(name) == expected


def test_many_are_one_finding(scene: Scene) -> None:
    environ = {"PATH": os.pathsep.join(f"/nonexistent/{number}" for number in range(5))}
    finding = only(path.findings(scene.subject(environ)), "path-missing")
    assert finding.fact == (
        "PATH names 5 directories that do not exist: '/nonexistent/0', '/nonexistent/1', '/nonexistent/2' and 2 more"
    )
