"""Environments other than ENV that are active: conda, pyenv, modules, direnv, Spack, Nix and their like."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.doctor import codes
from cleanenv.doctor.checks import library_path
from cleanenv.doctor.checks.plugin_variables import SNAP_ORIGINAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cleanenv.doctor.finding import Finding, Subject

VENV = "VIRTUAL_ENV"
CONDA = "CONDA_PREFIX"
CONDA_NAME = "CONDA_DEFAULT_ENV"
# One variable shows all: (code; variable; fact with its value; remedy; line).
SIMPLE = (
    ("pyenv", "PYENV_VERSION", "PYENV_VERSION makes pyenv use Python '{}'", "unset it", "pyenv shell --unset"),
    ("direnv", "DIRENV_DIR", "direnv has changed variables for '{}'", "check its .envrc", "direnv edit"),
    ("spack", "SPACK_ENV", "the Spack environment '{}' is active", "deactivate it", "spack env deactivate"),
    ("spack", "SPACK_LOADED_HASHES", "Spack packages are loaded ({})", "unload them", "spack unload --all"),
    ("nix", "IN_NIX_SHELL", "this is a Nix shell ({})", "leave it", "exit"),
    ("guix", "GUIX_ENVIRONMENT", "this is a Guix shell ('{}')", "leave it", "exit"),
    ("pipenv", "PIPENV_ACTIVE", "this is a pipenv shell", "leave it", "exit"),
    ("poetry", "POETRY_ACTIVE", "this is a poetry shell", "leave it", "exit"),
    ("app-bundle", "APPDIR", "this shell was started from the AppImage in '{}'", "use another terminal", ""),
    ("app-bundle", "SNAP", "this shell was started from the snap '{}'", "use another terminal", ""),
    ("app-bundle", "FLATPAK_ID", "this shell was started from the Flatpak '{}'", "use another terminal", ""),
)
MODULES = "LOADEDMODULES"
MODULE_FILES = "_LMFILES_"
FEW = 3  # names that fit a line


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield the other environments that are active."""
    yield from _virtual(subject)
    yield from _conda(subject)
    yield from _modules(subject)
    yield from _vscode_snap(subject)
    for code, variable, fact, remedy, line in SIMPLE:
        value = subject.environ.get(variable, "")
        if value:
            directory = value.removeprefix("-")  # DIRENV_DIR has a '-' before the directory
            yield _finding(subject, code, variable, fact.format(directory), remedy, line=line)


def _vscode_snap(subject: Subject) -> Iterator[Finding]:
    """Yield the terminal of VS Code's snap: it has no SNAP, but what the snap changed, with the values from before."""
    environ = subject.environ
    changed = []
    for original, value in sorted(environ.items()):
        name = original.removesuffix(SNAP_ORIGINAL)
        if name != original and environ.get(name, "") != value:
            changed.append(name)
    if changed and not environ.get("SNAP"):
        few = f"{', '.join(changed[:FEW])}{f' and {len(changed) - FEW} more' if len(changed) > FEW else ''}"
        yield codes.finding(
            "app-bundle",
            f"this shell was started from VS Code's snap, which changed {few}",
            "use another terminal, or VS Code from a package of your distribution or of Microsoft's",
            variable=changed[0],
            value=environ.get(changed[0], ""),
            evidence=[f"{name}={environ.get(name, '')}" for name in changed],
        )


def is_env(subject: Subject, path: str) -> bool:
    """Tell whether ``path`` is ENV, links followed."""
    if subject.environment is None:
        return False
    return os.path.realpath(path) == os.path.realpath(subject.environment.path)


def _finding(
    subject: Subject, code: str, variable: str, fact: str, remedy: str, *, line: str, evidence: Iterable[str] = ()
) -> Finding:
    value = subject.environ[variable]
    return codes.finding(code, fact, remedy, variable=variable, value=value, evidence=evidence, line=line)


def _virtual(subject: Subject) -> Iterator[Finding]:
    active = subject.environ.get(VENV, "")
    if not active:
        return
    if not os.path.isdir(active):
        fact = f"the active environment '{active}' does not exist"
        yield _finding(subject, "venv-missing", VENV, fact, "deactivate it, or open a new shell", line="deactivate")
    elif subject.environment is not None and not is_env(subject, active):
        fact = f"another environment is active, '{active}'"
        remedy = "deactivate it before you use this one"
        yield _finding(subject, "other-venv", VENV, fact, remedy, line="deactivate")


def _conda(subject: Subject) -> Iterator[Finding]:
    """Yield conda's environment if it is active and ENV is another one, or if a virtual environment is active too."""
    active = subject.environ.get(CONDA, "")
    virtual = subject.environ.get(VENV, "")
    if not active or is_env(subject, active):
        return
    if subject.environment is None and not virtual:
        return
    name = subject.environ.get(CONDA_NAME) or os.path.basename(active)
    also = " too" if virtual else ""
    # CONDA_PREFIX_1 and so on are what `conda deactivate` goes back to.
    stacked = []
    for variable, value in sorted(subject.environ.items()):
        if variable.startswith(f"{CONDA}_") and value:
            stacked.append(f"{variable}={value}")
    yield _finding(
        subject,
        "conda",
        CONDA,
        f"the conda environment '{name}' is active{also}, in '{active}'",
        _conda_remedy(name, len(stacked)),
        line="conda deactivate",
        evidence=stacked,
    )


def _conda_remedy(name: str, below: int) -> str:
    """Return how to leave the environment ``name``, which as many as ``below`` are stacked under."""
    if name == "base":
        return "deactivate it ('conda config --set auto_activate_base false' stops base from coming back)"
    if below > 1:  # base is activated by conda itself, the others by a 'conda activate' each
        return f"deactivate it, {below + 1} times, as it lies over {below} others"
    return "deactivate it, and remove the line 'conda activate' from the file that activates it, if one does"


def _modules(subject: Subject) -> Iterator[Finding]:
    """Yield the modules that are loaded, of Environment Modules or of Lmod."""
    names = [name for name in subject.environ.get(MODULES, "").split(":") if name]
    if names:
        files = [path for path in subject.environ.get(MODULE_FILES, "").split(":") if path]
        fact = f"environment modules are loaded: {', '.join(names)}"
        remedy, line = "unload them", "module purge"
        libraries = library_path.needed(subject)
        if libraries:  # without their LD_LIBRARY_PATH ENV would not start
            remedy, line = f"unload those that ENV does not need; it needs one with {libraries[0]}", "module list"
        yield _finding(subject, "modules", MODULES, fact, remedy, line=line, evidence=files)
