"""PATH: what stands in front of ENV's programs, and folders that anybody may fill."""

from __future__ import annotations

import os

import pytest

from cleanenv.doctor.checks import path
from cleanenv.doctor.codes import SEVERITY
from tests.conftest import make_venv
from tests.support.command import call, write_program
from tests.support.doctor_stage import Case, Stage, Variables, codes, only

SYSTEM = "/usr/bin:/bin"


def with_python(stage: Stage) -> Stage:
    """Give ENV an interpreter, and a pip and a program beside it."""
    (stage.bin / "python").unlink()
    for name in ("python", "python3", "pip", "pytest", "activate"):
        stage.program(f"my_env/bin/{name}")
    return stage


def in_front(stage: Stage, *names: str) -> Variables:
    """Return a PATH with ``names`` in a folder before ENV's bin."""
    for name in names:
        stage.program(f"front/{name}")
    return {"PATH": f"{stage.make('front')}:{with_python(stage).bin}:{SYSTEM}"}


def active(stage: Stage, *folders: object) -> Variables:
    return {"VIRTUAL_ENV": str(stage.env.path), "PATH": ":".join([*map(str, folders), SYSTEM])}


CASES = {
    "path-hides-python": Case(
        lambda stage: in_front(stage, "python3"), lambda stage: in_front(stage, "pythonic", "activate")
    ),
    "path-hides-program": Case(lambda stage: in_front(stage, "pytest"), lambda stage: in_front(stage, "mypy")),
    "path-without-env": Case(
        lambda stage: active(with_python(stage)), lambda stage: active(with_python(stage), stage.bin)
    ),
    "path-current": Case(lambda _: {"PATH": f"{SYSTEM}:"}, lambda _: {"PATH": ""}),
    "path-relative": Case(lambda _: {"PATH": f"{SYSTEM}:node_modules/.bin"}, lambda _: {"PATH": SYSTEM}),
    "path-writable": Case(
        lambda stage: {"PATH": str(stage.make("open", mode=0o777))},
        lambda stage: {"PATH": str(stage.make("closed", mode=0o775))},
    ),
    "path-missing": Case(
        lambda stage: {"PATH": str(stage.top / "gone")}, lambda stage: {"PATH": str(stage.make("there"))}
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_it_is_shown(code: str, stage: Stage) -> None:
    found = only(path.findings(stage.subject(CASES[code].shows(stage))), code)
    assert (found.severity, found.variable) == (SEVERITY[code], "PATH")


@pytest.mark.parametrize("code", CASES)
def test_what_is_near_is_not(code: str, stage: Stage) -> None:
    assert codes(path.findings(stage.subject(CASES[code].near(stage)))) == []


def test_not_active_nothing_is_hidden(stage: Stage) -> None:
    """ENV was only named: that python is another one is no news."""
    with_python(stage)
    assert codes(path.findings(stage.subject({"PATH": SYSTEM}))) == []


def test_env_by_another_name_is_env(stage: Stage) -> None:
    with_python(stage)
    (stage.top / "link").symlink_to(stage.env.path)
    assert codes(path.findings(stage.subject(active(stage, stage.top / "link/bin")))) == []


def test_what_is_hidden_is_what_a_shell_runs(stage: Stage) -> None:
    """A shell in that environment finds what doctor says."""
    env = make_venv(stage.top / "real_env")
    write_program(stage.top / "front/python", "#!/bin/sh\necho front\n")
    stage.env.path = env
    environ = {"PATH": f"{stage.top}/front:{env}/bin:{SYSTEM}"}
    found = only(path.findings(stage.subject(environ)), "path-hides-python")
    assert found.evidence == (f"python is {stage.top}/front/python, not {env}/bin/python",)
    assert call(["/bin/sh", "-c", "command -v python; python"], environ).out == f"{stage.top}/front/python\nfront\n"
    assert call(["/bin/sh", "-c", f"{found.line}; command -v python"], environ).out == f"{env}/bin/python\n"


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


def test_many_are_one_finding(stage: Stage) -> None:
    environ = {"PATH": os.pathsep.join(f"/nonexistent/{number}" for number in range(5))}
    found = only(path.findings(stage.subject(environ)), "path-missing")
    assert found.fact == (
        "PATH names 5 directories that do not exist: '/nonexistent/0', '/nonexistent/1', '/nonexistent/2' and 2 more"
    )
