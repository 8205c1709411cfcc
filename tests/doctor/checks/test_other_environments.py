"""Other environments that are active over or under ENV."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cleanenv.doctor.checks import other_environments
from cleanenv.doctor.codes import SEVERITY
from tests.support.doctor_scene import Scene, Variables, by_variables, codes, only
from tests.support.installed_shells import find_shell
from tests.support.surroundings import skip_or_fail


def conda(scene: Scene, *, is_alone: bool = False) -> Variables:
    scene.is_alone = is_alone
    prefix = scene.make("conda/conda-meta").parent
    return {"CONDA_PREFIX": str(prefix), "CONDA_DEFAULT_ENV": "base", "CONDA_SHLVL": "1"}


CASES = {
    "other-venv": by_variables(
        lambda scene: {"VIRTUAL_ENV": str(scene.make("other"))}, lambda scene: {"VIRTUAL_ENV": str(scene.env.path)}
    ),
    "venv-missing": by_variables(lambda _: {"VIRTUAL_ENV": "/nonexistent"}, lambda _: {"VIRTUAL_ENV": ""}),
    "conda": by_variables(conda, lambda scene: conda(scene, is_alone=True)),
    "pyenv": by_variables(
        lambda _: {"PYENV_VERSION": "3.8.18"}, lambda _: {"PYENV_ROOT": "/home/me/.pyenv", "PYENV_SHELL": "bash"}
    ),
    "modules": by_variables(
        lambda _: {"LOADEDMODULES": "gcc/12:python/3.9", "_LMFILES_": "/m/gcc/12:/m/python/3.9"},
        lambda _: {"LOADEDMODULES": "", "MODULEPATH": "/m", "MODULESHOME": "/usr/share/modules"},
    ),
    "direnv": by_variables(lambda _: {"DIRENV_DIR": "-/home/me/project"}, lambda _: {"DIRENV_LOG_FORMAT": ""}),
    "spack": by_variables(lambda _: {"SPACK_ENV": "/opt/spack/env"}, lambda _: {"SPACK_ROOT": "/opt/spack"}),
    "nix": by_variables(lambda _: {"IN_NIX_SHELL": "impure"}, lambda _: {"NIX_SSL_CERT_FILE": "/etc/ssl/ca.pem"}),
    "guix": by_variables(lambda _: {"GUIX_ENVIRONMENT": "/gnu/store/x"}, lambda _: {"GUIX_LOCPATH": "/gnu/store/y"}),
    "pipenv": by_variables(lambda _: {"PIPENV_ACTIVE": "1"}, lambda _: {"PIPENV_VENV_IN_PROJECT": "1"}),
    "poetry": by_variables(lambda _: {"POETRY_ACTIVE": "1"}, lambda _: {"WORKON_HOME": "/home/me/.virtualenvs"}),
    "app-bundle": by_variables(lambda _: {"SNAP": "/snap/code/1"}, lambda _: {"SNAP": ""}),
}


@pytest.mark.parametrize("code", CASES)
def test_it_is_reported(code: str, tmp_path: Path) -> None:
    finding = only(other_environments.findings(CASES[code].reported[0](tmp_path)), code)
    assert finding.severity == SEVERITY[code]
    assert finding.variable


@pytest.mark.parametrize("code", CASES)
def test_a_near_miss_is_not(code: str, tmp_path: Path) -> None:
    assert codes(other_environments.findings(CASES[code].near_misses[0](tmp_path))) == []


def test_conda_is_told_beside_another_environment(scene: Scene) -> None:
    """Without ENV, one active environment is how it should be, two are not."""
    environ = conda(scene, is_alone=True) | {"VIRTUAL_ENV": str(scene.env.path), "CONDA_PREFIX_1": "/opt/conda"}
    finding = only(other_environments.findings(scene.subject(environ)), "conda")
    assert finding.fact == f"the conda environment 'base' is active too, in '{environ['CONDA_PREFIX']}'"
    assert finding.evidence == ("CONDA_PREFIX_1=/opt/conda",)


def test_conda_alone_is_not_active_too(scene: Scene) -> None:
    finding = only(other_environments.findings(scene.subject(conda(scene))), "conda")
    assert finding.fact == f"the conda environment 'base' is active, in '{scene.top}/conda'"


def test_a_conda_environment_that_was_asked_for(scene: Scene) -> None:
    environ = conda(scene) | {"CONDA_PREFIX": str(scene.env.path)}
    assert codes(other_environments.findings(scene.subject(environ))) == []


def test_modules_are_named_with_their_files(tmp_path: Path) -> None:
    finding = only(other_environments.findings(CASES["modules"].reported[0](tmp_path)), "modules")
    assert finding.fact == "environment modules are loaded: gcc/12, python/3.9"
    assert finding.evidence == ("/m/gcc/12", "/m/python/3.9")


def shown(words: list[str], environ: Variables) -> Variables:
    """Return the environment that a command has when it is run by ``words``."""
    output = subprocess.run([*words, "env", "-0"], env=environ, capture_output=True, text=True, check=True).stdout
    pairs = [entry.partition("=") for entry in output.split("\0") if entry]
    return {name: value for name, _, value in pairs}


def test_a_real_module(scene: Scene, caller: Variables) -> None:
    """Environment Modules, as Debian ships it, before and after `module load`."""
    init = "/usr/share/modules/init/bash"
    if not os.path.isfile(init):
        skip_or_fail("environment-modules is not installed")
    packages = scene.make("packages")
    file = scene.write("modulefiles/tools/1.0", f"#%Module\nprepend-path PYTHONPATH {packages}\n")
    bash = find_shell("bash").program
    script = f'. {init}; module use {scene.top}/modulefiles; $0; exec "$@"'
    before = shown([bash, "--norc", "-c", script, ":"], caller)
    assert codes(other_environments.findings(scene.subject(before))) == []
    after = shown([bash, "--norc", "-c", script.replace("$0;", "module load tools/1.0;"), ":"], caller)
    finding = only(other_environments.findings(scene.subject(after)), "modules")
    assert finding.fact == "environment modules are loaded: tools/1.0"
    assert finding.evidence == (str(file),)
    assert after["PYTHONPATH"] == str(packages)


def test_a_real_direnv(scene: Scene, caller: Variables) -> None:
    if shutil.which("direnv") is None:
        skip_or_fail("direnv is not installed")
    project = scene.write("project/.envrc", "export PYTHONPATH=$PWD/src\n").parent
    subprocess.run(["direnv", "allow", str(project)], env=caller, check=True, capture_output=True)
    environ = shown(["direnv", "exec", str(project)], caller)
    finding = only(other_environments.findings(scene.subject(environ)), "direnv")
    assert finding.fact == f"direnv has changed variables for '{project}'"
