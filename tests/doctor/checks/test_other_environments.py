"""Other environments that are active over or under ENV."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from cleanenv.doctor.checks import other_environments
from cleanenv.doctor.codes import SEVERITY
from tests.conftest import find_shell, skip_or_fail
from tests.support.doctor_stage import Case, Stage, Variables, codes, only


def conda(stage: Stage, *, asked: bool) -> Variables:
    stage.asked = asked
    return {"CONDA_PREFIX": "/opt/conda", "CONDA_DEFAULT_ENV": "base", "CONDA_SHLVL": "1"}


CASES = {
    "other-venv": Case(
        lambda stage: {"VIRTUAL_ENV": str(stage.make("other"))}, lambda stage: {"VIRTUAL_ENV": str(stage.env.path)}
    ),
    "venv-missing": Case(lambda _: {"VIRTUAL_ENV": "/nonexistent"}, lambda _: {"VIRTUAL_ENV": ""}),
    "conda": Case(lambda stage: conda(stage, asked=True), lambda stage: conda(stage, asked=False)),
    "pyenv": Case(
        lambda _: {"PYENV_VERSION": "3.8.18"}, lambda _: {"PYENV_ROOT": "/home/me/.pyenv", "PYENV_SHELL": "bash"}
    ),
    "modules": Case(
        lambda _: {"LOADEDMODULES": "gcc/12:python/3.9", "_LMFILES_": "/m/gcc/12:/m/python/3.9"},
        lambda _: {"LOADEDMODULES": "", "MODULEPATH": "/m", "MODULESHOME": "/usr/share/modules"},
    ),
    "direnv": Case(lambda _: {"DIRENV_DIR": "-/home/me/project"}, lambda _: {"DIRENV_LOG_FORMAT": ""}),
    "spack": Case(lambda _: {"SPACK_ENV": "/opt/spack/env"}, lambda _: {"SPACK_ROOT": "/opt/spack"}),
    "nix": Case(lambda _: {"IN_NIX_SHELL": "impure"}, lambda _: {"NIX_SSL_CERT_FILE": "/etc/ssl/ca.pem"}),
    "guix": Case(lambda _: {"GUIX_ENVIRONMENT": "/gnu/store/x"}, lambda _: {"GUIX_LOCPATH": "/gnu/store/y"}),
    "pipenv": Case(lambda _: {"PIPENV_ACTIVE": "1"}, lambda _: {"PIPENV_VENV_IN_PROJECT": "1"}),
    "poetry": Case(lambda _: {"POETRY_ACTIVE": "1"}, lambda _: {"WORKON_HOME": "/home/me/.virtualenvs"}),
    "app-bundle": Case(lambda _: {"SNAP": "/snap/code/1"}, lambda _: {"SNAP": ""}),
}


@pytest.mark.parametrize("code", CASES)
def test_it_is_shown(code: str, stage: Stage) -> None:
    found = only(other_environments.findings(stage.subject(CASES[code].shows(stage))), code)
    assert found.severity == SEVERITY[code]
    assert found.variable


@pytest.mark.parametrize("code", CASES)
def test_what_is_near_is_not(code: str, stage: Stage) -> None:
    assert codes(other_environments.findings(stage.subject(CASES[code].near(stage)))) == []


def test_conda_is_told_beside_another_environment(stage: Stage) -> None:
    """Without ENV, one active environment is how it should be, two are not."""
    environ = conda(stage, asked=False) | {"VIRTUAL_ENV": str(stage.env.path), "CONDA_PREFIX_1": "/opt/conda"}
    found = only(other_environments.findings(stage.subject(environ)), "conda")
    assert found.fact == "the conda environment 'base' is active too, in '/opt/conda'"
    assert found.evidence == ("CONDA_PREFIX_1=/opt/conda",)


def test_a_conda_environment_that_was_asked_for(stage: Stage) -> None:
    environ = conda(stage, asked=True) | {"CONDA_PREFIX": str(stage.env.path)}
    assert codes(other_environments.findings(stage.subject(environ))) == []


def test_modules_are_named_with_their_files(stage: Stage) -> None:
    found = only(other_environments.findings(stage.subject(CASES["modules"].shows(stage))), "modules")
    assert found.fact == "environment modules are loaded: gcc/12, python/3.9"
    assert found.evidence == ("/m/gcc/12", "/m/python/3.9")


def shown(words: list[str], environ: Variables) -> Variables:
    """Return the environment that a command has when it is run by ``words``."""
    told = subprocess.run([*words, "env", "-0"], env=environ, capture_output=True, text=True, check=True).stdout
    pairs = [entry.partition("=") for entry in told.split("\0") if entry]
    return {name: value for name, _, value in pairs}


def test_a_real_module(stage: Stage, caller: Variables) -> None:
    """Environment Modules, as Debian ships it, before and after `module load`."""
    init = "/usr/share/modules/init/bash"
    if not os.path.isfile(init):
        skip_or_fail("environment-modules is not installed")
    packages = stage.make("packages")
    file = stage.write("modulefiles/tools/1.0", f"#%Module\nprepend-path PYTHONPATH {packages}\n")
    bash = find_shell("bash").program
    script = f'. {init}; module use {stage.top}/modulefiles; $0; exec "$@"'
    before = shown([bash, "--norc", "-c", script, ":"], caller)
    assert codes(other_environments.findings(stage.subject(before))) == []
    after = shown([bash, "--norc", "-c", script.replace("$0;", "module load tools/1.0;"), ":"], caller)
    found = only(other_environments.findings(stage.subject(after)), "modules")
    assert found.fact == "environment modules are loaded: tools/1.0"
    assert found.evidence == (str(file),)
    assert after["PYTHONPATH"] == str(packages)


def test_a_real_direnv(stage: Stage, caller: Variables) -> None:
    if shutil.which("direnv") is None:
        skip_or_fail("direnv is not installed")
    project = stage.write("project/.envrc", "export PYTHONPATH=$PWD/src\n").parent
    subprocess.run(["direnv", "allow", str(project)], env=caller, check=True, capture_output=True)
    environ = shown(["direnv", "exec", str(project)], caller)
    found = only(other_environments.findings(stage.subject(environ)), "direnv")
    assert found.fact == f"direnv has changed variables for '{project}'"
