"""What shells run unasked, and functions in the place of programs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cleanenv.doctor.checks import shell_hooks
from cleanenv.doctor.codes import SEVERITY
from tests.support.doctor_scene import Scene, by_variables, codes, only
from tests.support.installed_shells import find_shell

CASES = {
    "shell-startup": by_variables(
        lambda scene: {"BASH_ENV": str(scene.write("env.sh"))}, lambda _: {"BASH_ENV": "", "ENV": ""}
    ),
    "shell-prompt": by_variables(
        lambda _: {"PROMPT_COMMAND": "history -a"}, lambda _: {"PS4": "+ ", "PROMPT_DIRTRIM": "2"}
    ),
    "shell-function": by_variables(
        lambda _: {"BASH_FUNC_python3%%": "() {  command python2\n}"},
        lambda _: {"BASH_FUNC_module%%": "() {  eval `modulecmd bash $*`\n}", "BASH_FUNC_which%%": "() {  :\n}"},
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_it_is_reported(code: str, tmp_path: Path) -> None:
    finding = only(shell_hooks.findings(CASES[code].reported[0](tmp_path)), code)
    assert finding.severity == SEVERITY[code]


@pytest.mark.parametrize("code", CASES)
def test_a_near_miss_is_not(code: str, tmp_path: Path) -> None:
    assert codes(shell_hooks.findings(CASES[code].near_misses[0](tmp_path))) == []


def test_a_function_named_as_a_program_of_envs(scene: Scene) -> None:
    environ = {"BASH_FUNC_pytest%%": "() {  :\n}"}
    assert codes(shell_hooks.findings(scene.subject(environ))) == []
    scene.program("my_env/bin/pytest")
    finding = only(shell_hooks.findings(scene.subject(environ)), "shell-function")
    assert (finding.variable, finding.line) == ("BASH_FUNC_pytest%%", "unset -f pytest")


def test_bash_exports_it_so(scene: Scene) -> None:
    """The name is bash's own spelling of an exported function."""
    bash = find_shell("bash").program
    script = "pip() { :; }; export -f pip; env -0"
    output = subprocess.run(
        [bash, "--norc", "-c", script], env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=True
    )
    pairs = [entry.partition("=") for entry in output.stdout.decode().split("\0") if entry]
    assert codes(shell_hooks.findings(scene.subject({name: value for name, _, value in pairs}))) == ["shell-function"]


def test_a_file_that_is_not_there_is_told(scene: Scene) -> None:
    finding = only(shell_hooks.findings(scene.subject({"ENV": "/nonexistent/shrc"})), "shell-startup")
    assert finding.evidence == ("'/nonexistent/shrc' does not exist",)
