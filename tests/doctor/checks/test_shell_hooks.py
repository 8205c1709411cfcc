"""What shells run unasked, and functions in the place of programs."""

from __future__ import annotations

import subprocess

import pytest

from cleanenv.doctor.checks import shell_hooks
from cleanenv.doctor.codes import SEVERITY
from tests.conftest import find_shell
from tests.support.doctor_stage import Case, Stage, codes, only

CASES = {
    "shell-startup": Case(
        lambda stage: {"BASH_ENV": str(stage.write("env.sh"))}, lambda _: {"BASH_ENV": "", "ENV": ""}
    ),
    "shell-prompt": Case(lambda _: {"PROMPT_COMMAND": "history -a"}, lambda _: {"PS4": "+ ", "PROMPT_DIRTRIM": "2"}),
    "shell-function": Case(
        lambda _: {"BASH_FUNC_python3%%": "() {  command python2\n}"},
        lambda _: {"BASH_FUNC_module%%": "() {  eval `modulecmd bash $*`\n}", "BASH_FUNC_which%%": "() {  :\n}"},
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_it_is_shown(code: str, stage: Stage) -> None:
    found = only(shell_hooks.findings(stage.subject(CASES[code].shows(stage))), code)
    assert found.severity == SEVERITY[code]


@pytest.mark.parametrize("code", CASES)
def test_what_is_near_is_not(code: str, stage: Stage) -> None:
    assert codes(shell_hooks.findings(stage.subject(CASES[code].near(stage)))) == []


def test_a_function_named_as_a_program_of_envs(stage: Stage) -> None:
    environ = {"BASH_FUNC_pytest%%": "() {  :\n}"}
    assert codes(shell_hooks.findings(stage.subject(environ))) == []
    stage.program("my_env/bin/pytest")
    found = only(shell_hooks.findings(stage.subject(environ)), "shell-function")
    assert (found.variable, found.line) == ("BASH_FUNC_pytest%%", "unset -f pytest")


def test_bash_exports_it_so(stage: Stage) -> None:
    """The name is bash's own spelling of an exported function."""
    bash = find_shell("bash").program
    script = "pip() { :; }; export -f pip; env -0"
    told = subprocess.run(
        [bash, "--norc", "-c", script], env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=True
    )
    pairs = [entry.partition("=") for entry in told.stdout.decode().split("\0") if entry]
    assert codes(shell_hooks.findings(stage.subject({name: value for name, _, value in pairs}))) == ["shell-function"]


def test_a_file_that_is_not_there_is_told(stage: Stage) -> None:
    found = only(shell_hooks.findings(stage.subject({"ENV": "/nonexistent/shrc"})), "shell-startup")
    assert found.evidence == ("'/nonexistent/shrc' does not exist",)
