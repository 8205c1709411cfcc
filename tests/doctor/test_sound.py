"""A sound shell and environment, and a clean shell within a leaking one, give no finding from any family."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cleanenv.doctor.checks import pip_config, registry
from cleanenv.doctor.finding import Finding, Subject
from cleanenv.environments.environment import read_environment
from cleanenv.shell import detect
from cleanenv.system.credentials import masked
from tests.doctor.checks import (
    test_kept_paths,
    test_linker,
    test_other_environments,
    test_outside_programs,
    test_path,
    test_pip,
    test_plugins,
    test_python_variables,
    test_ros,
    test_shell_hooks,
)
from tests.support import seen
from tests.support.command import call
from tests.support.doctor_scene import Case, Scene, Variables, codes, package


@pytest.fixture(autouse=True)
def no_system_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what this machine tells pip in /etc."""
    monkeypatch.setattr(pip_config, "_system", lambda _: iter(()))


LEAKS: dict[str, str] = {
    "PYTHONHOME": "/opt/python",
    "PYTHONSTARTUP": "/opt/startup.py",
    "PYTHONPATH": "/opt/packages:",
    "PIP_TARGET": "/opt/packages",
    "UV_SYSTEM_PYTHON": "1",
    "LD_LIBRARY_PATH": "/opt/lib:",
    "LD_PRELOAD_": "x",
    "GTK_PATH": "/snap/code/1/gtk",
    "OPENSSL_MODULES": "/opt/ossl",
    "PIP_FIND_LINKS": "/srv/wheels",
    "UV_INDEX_STRATEGY": "unsafe-best-match",
    "ROS_DISTRO": "noetic",
    "AMENT_PREFIX_PATH": "/opt/ros/humble",
    "CONDA_PREFIX": "/opt/conda",
    "VIRTUAL_ENV": "/opt/env",
    "LOADEDMODULES": "gcc/12",
    "DIRENV_DIR": "-/opt",
    "SNAP": "/snap/code/1",
    "BASH_ENV": "/opt/bash_env",
    "PROMPT_COMMAND": "true",
    "BASH_FUNC_python%%": "() {  :\n}",
}


def faults(subject: Subject) -> list[Finding]:
    """Return all findings but the note that a machine's own pip is on PATH and ENV has none."""
    return [finding for finding in registry.findings(subject) if finding.code != "path-outside"]


@pytest.mark.parametrize("is_active", [True, False])
def test_a_sound_shell(is_active: bool, venv: Path, caller: Variables) -> None:
    activated = {"VIRTUAL_ENV": str(venv), "PATH": f"{venv}/bin:{caller['PATH']}"} if is_active else {}
    subject = Subject(caller | activated, read_environment(str(venv)), caller["HOME"], caller["HOME"])
    assert faults(subject) == []


def test_a_sound_shell_alone(caller: Variables) -> None:
    assert registry.findings(Subject(caller, None, caller["HOME"], caller["HOME"])) == []


def test_what_is_kept_from_outside_is_no_finding(venv: Path, caller: Variables, tmp_path: Path) -> None:
    """Everything that the policy lets into a clean shell, if it exists."""
    (tmp_path / "ca.pem").touch()
    (tmp_path / "agent").touch()
    kept = {
        "LC_ALL": "C.UTF-8",
        "SSH_AUTH_SOCK": f"{tmp_path}/agent",
        "https_proxy": "http://proxy.example.org:3128",
        "PIP_INDEX_URL": "https://example.org/simple",
        "PIP_CERT": f"{tmp_path}/ca.pem",
        "UV_INDEX_INTERNAL": "https://example.org/simple",
        "UV_NATIVE_TLS": "1",
        "TMPDIR": "/tmp",  # noqa: S108 - a value, no file
        "EDITOR": "vi",
    }
    subject = Subject(caller | kept, read_environment(str(venv)), caller["HOME"], caller["HOME"])
    assert registry.findings(subject) == []


def test_a_clean_shell_within_a_leaking_one(venv: Path, caller: Variables, tool: list[str], tmp_path: Path) -> None:
    """What `run` hands on, judged by the same checks that find each leak outside."""
    report = tmp_path / "report"
    outside = Subject(caller | LEAKS, read_environment(str(venv)), caller["HOME"], caller["HOME"])
    reported = {finding.variable for finding in registry.findings(outside)}
    assert reported == LEAKS.keys() - {"LD_PRELOAD_"}
    done = call([*tool, "run", str(venv), "--", "python", str(seen.DUMP), str(report)], caller | LEAKS)
    assert (done.status, done.err) == (0, "")
    inside = seen.load(report).environ
    assert faults(Subject(inside, outside.environment, caller["HOME"], caller["HOME"])) == []


def test_every_clean_shell(found: detect.Found, venv: Path, caller: Variables, tool: list[str], tmp_path: Path) -> None:
    """What each shell's init leaves behind is no finding either."""
    report = tmp_path / "report"
    words = [*tool, "shell", str(venv), "--quiet", "--shell", found.program]
    done = call(words, caller | LEAKS | {"PATH": os.environ["PATH"]}, given=f"python {seen.DUMP} {report}\n")
    assert (done.status, done.err) == (0, "")
    inside = seen.load(report).environ
    assert inside["VIRTUAL_ENV"] == str(venv)
    subject = Subject(inside, read_environment(str(venv)), caller["HOME"], caller["HOME"])
    assert faults(subject) == []


TABLES = (
    test_shell_hooks,
    test_kept_paths,
    test_linker,
    test_other_environments,
    test_outside_programs,
    test_path,
    test_pip,
    test_plugins,
    test_python_variables,
    test_ros,
)


@pytest.mark.parametrize(("code", "case"), [row for table in TABLES for row in table.CASES.items()])
def test_a_value_is_the_whole_variable(code: str, case: Case, tmp_path: Path) -> None:
    """Reports print it as ``NAME=value``, without passwords; and what is to be done is no sentence of its own."""
    subject = case.reported[0](tmp_path)
    for finding in registry.findings(subject):
        if finding.variable:
            assert finding.value in ("", masked(subject.environ[finding.variable])), code
        assert finding.remedy[0].islower()
        assert not finding.remedy.endswith(".")


def test_what_is_wanted_is_no_finding(scene: Scene) -> None:
    leak = package(scene.top / "leak", "thing", "1.0").parent
    subject = scene.subject({"PYTHONPATH": str(leak)})
    assert "pythonpath-adds" in codes(registry.findings(subject))
    wanted = Subject(subject.environ, subject.environment, subject.directory, subject.home, frozenset({"PYTHONPATH"}))
    assert "pythonpath-adds" not in codes(registry.findings(wanted))


def test_hostile_values_are_no_errors(scene: Scene) -> None:
    """Whatever a variable holds, each family comes to its end."""
    hostile = (
        "\udcff",
        "\x1b[31m",
        "a" * 5000,
        "/" * 300,
        "::::",
        "~",
        "-",
        "$(x)",
        "[",
        "*",
        "\n",
        "/dev/null",
        "/proc",
    )
    names = (
        "PYTHONPATH",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
        "AMENT_PREFIX_PATH",
        "CMAKE_PREFIX_PATH",
        "PATH",
        "VIRTUAL_ENV",
    )
    others = (
        "CONDA_PREFIX",
        "PIP_CONFIG_FILE",
        "XDG_CONFIG_HOME",
        "PYTHONUSERBASE",
        "PYTHONPLATLIBDIR",
        "ROS_PACKAGE_PATH",
    )
    more = ("COLCON_PREFIX_PATH", "BASH_ENV", "UV_PYTHON", "PIP_TARGET", "LOADEDMODULES", "ROS_DISTRO")
    newer = ("GTK_PATH", "GTK_MODULES", "APPDIR", "GTK_PATH_VSCODE_SNAP_ORIG", "SSL_CERT_DIR", "TMPDIR", "UV_INDEX")
    for value in hostile:
        for finding in registry.findings(scene.subject(dict.fromkeys((*names, *others, *more, *newer), value))):
            assert finding.fact


def test_nothing_is_written(scene: Scene) -> None:
    leak = package(scene.top / "leak", "thing", "1.0").parent
    before = sorted(scene.top.rglob("*"))
    registry.findings(scene.subject({"PYTHONPATH": str(leak), "LD_LIBRARY_PATH": str(leak)}))
    assert sorted(scene.top.rglob("*")) == before


def test_an_environment_that_is_broken(scene: Scene) -> None:
    """No lib folder at all: the leak is judged as without ENV."""
    subprocess.run(["rm", "-r", str(scene.env.path / "lib")], check=True)
    leak = package(scene.top / "leak", "thing", "1.0").parent
    assert "pythonpath-adds" in codes(registry.findings(scene.subject({"PYTHONPATH": str(leak)})))


def test_python_itself_takes_no_notice(scene: Scene) -> None:
    """The checks run in a Python of their own that the leaks do not reach."""
    (scene.make("leak") / "zipfile.py").write_text("raise SystemExit('leaked')\n", encoding="ascii")
    words = [sys.executable, "-I", "-c", "from cleanenv.doctor import checks"]
    assert call(words, {"PYTHONPATH": f"{scene.top}/leak"}) == (0, "", "")
