"""Python programs of another installation that answer for the active ENV."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cleanenv.doctor.checks import outside_programs
from cleanenv.doctor.checks.outside_programs import PROGRAMS
from tests.support.doctor_scene import Scene, Variables, by_variables, codes, only

PYTHON = "#!/usr/bin/python3\n"


def outside(scene: Scene, *names: str, text: str = PYTHON, is_active: bool = True) -> Variables:
    """Return a PATH with programs called ``names`` in a directory after ENV's bin."""
    for name in names:
        scene.write(f"other/bin/{name}", text, mode=0o755)
    directories = [*([scene.bin] if is_active else []), scene.make("other/bin")]
    return {"PATH": ":".join(map(str, directories))}


def with_own(scene: Scene) -> Variables:
    scene.program("my_env/bin/pytest")
    return outside(scene, "pytest")


CASES = {"path-outside": by_variables(lambda scene: outside(scene, "pytest"), with_own)}


@pytest.mark.parametrize("name", ["pip", "pytest", "ipython", "mypy", "sphinx-build", "jupyter", "py.test"])
@pytest.mark.parametrize("ending", ["", "3", "-3"])
def test_each_is_named(name: str, ending: str, scene: Scene) -> None:
    environ = outside(scene, name + ending)
    finding = only(outside_programs.findings(scene.subject(environ)), "path-outside")
    assert finding.severity == "note"
    assert finding.evidence == (f"{name}{ending} is {scene.top}/other/bin/{name}{ending}",)


@pytest.mark.parametrize(
    "text",
    [
        "#!/usr/bin/env python3\n",
        "#!/opt/conda/bin/python3.12\n",
        f"#!/bin/sh\n'''exec' {sys.executable} \"$0\" \"$@\"\n' '''\n",
    ],
)
def test_of_any_python(text: str, scene: Scene) -> None:
    assert codes(outside_programs.findings(scene.subject(outside(scene, "pip", text=text)))) == ["path-outside"]


@pytest.mark.parametrize("text", ["#!/bin/sh\n", "#!/usr/bin/perl\n", "\x7fELF", "", "#!/bin/sh\nexec pip\n"])
def test_what_is_no_python_program_is_not(text: str, scene: Scene) -> None:
    """A shim of pyenv's is not, either: it starts whichever Python is chosen."""
    assert codes(outside_programs.findings(scene.subject(outside(scene, "pip", text=text)))) == []


@pytest.mark.parametrize("own", ["pip", "pip3", "pip-3"])
def test_env_has_it_by_another_name(own: str, scene: Scene) -> None:
    scene.program(f"my_env/bin/{own}")
    assert codes(outside_programs.findings(scene.subject(outside(scene, "pip", "pip3")))) == []


@pytest.mark.parametrize("name", ["black", "tox", "uv", "apt-add-repository", "pipx", "pytest-benchmark"])
def test_what_works_the_same_from_anywhere_is_not(name: str, scene: Scene) -> None:
    assert codes(outside_programs.findings(scene.subject(outside(scene, name)))) == []


def test_env_that_is_only_named_is_not(scene: Scene) -> None:
    assert codes(outside_programs.findings(scene.subject(outside(scene, "pip", is_active=False)))) == []
    scene.is_alone = True
    assert codes(outside_programs.findings(scene.subject(outside(scene, "pip")))) == []


def test_active_by_a_variable_alone(scene: Scene) -> None:
    environ = outside(scene, "pip", is_active=False) | {"VIRTUAL_ENV": str(scene.env.path)}
    assert codes(outside_programs.findings(scene.subject(environ))) == ["path-outside"]


def test_the_environment_that_cleanenv_runs_from_is_not_another(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook has it on PATH to start cleanenv."""
    environ = outside(scene, "pip")
    monkeypatch.setattr(sys, "executable", f"{scene.top}/other/bin/python")
    assert codes(outside_programs.findings(scene.subject(environ))) == []


def test_many_are_one_finding(scene: Scene) -> None:
    names = ("pip", "pytest", "ipython", "mypy", "pylint", "coverage3", "jupyter")
    finding = only(outside_programs.findings(scene.subject(outside(scene, *names))), "path-outside")
    assert finding.fact == (
        "pip, pytest, ipython, mypy and 3 more on PATH are of another Python installation, the environment has none"
    )
    assert len(finding.evidence) == len(names)


@pytest.mark.parametrize(
    ("kind", "names", "expected"),
    [
        ("venv", ("pytest", "sphinx-build"), "{path}/bin/python -m pip install pytest sphinx"),
        ("venv", ("pip", "pytest"), "{path}/bin/python -m ensurepip"),
        ("uv", ("pip", "py.test"), "uv pip install --python {path} pip pytest"),
        ("conda", ("mypy",), "conda install --prefix {path} mypy"),
    ],
)
def test_the_command_installs_them(kind: str, names: tuple[str, ...], expected: str, scene: Scene) -> None:
    subject = scene.subject(outside(scene, *names))
    assert subject.environment is not None
    subject.environment.kind = kind
    finding = only(outside_programs.findings(subject), "path-outside")
    assert finding.line == expected.format(path=scene.env.path)


def test_names_are_of_distributions() -> None:
    assert all(name and distribution for name, distribution in PROGRAMS.items())
    assert not any(name.endswith(("3", "-3")) for name in PROGRAMS)


def test_a_directory_that_is_missing_or_relative(scene: Scene, tmp_path: Path) -> None:
    environ = {"PATH": f"{scene.bin}:/nonexistent::bin:{tmp_path}"}
    scene.write("directory/bin/pip", PYTHON, mode=0o755)
    assert codes(outside_programs.findings(scene.subject(environ))) == ["path-outside"]
