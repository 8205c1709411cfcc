"""Other environments over or under ENV: conda, pyenv, modules, direnv, Spack, Nix and their like."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.doctor.finding import Subject

VENV = "VIRTUAL_ENV"
CONDA = "CONDA_PREFIX"
# Where one variable tells all: (code; variable; fact with its value; remedy; line).
SIMPLE = (
    (
        "pyenv",
        "PYENV_VERSION",
        "pyenv takes Python '{}' wherever its shims are asked",
        "unset it",
        "pyenv shell --unset",
    ),
    ("direnv", "DIRENV_DIR", "direnv has changed variables for '{}'", "look into its .envrc", "direnv edit"),
    ("spack", "SPACK_ENV", "the Spack environment '{}' is active", "leave it", "spack env deactivate"),
    ("spack", "SPACK_LOADED_HASHES", "Spack has loaded packages ({})", "unload them", "spack unload --all"),
    ("nix", "IN_NIX_SHELL", "this is a Nix shell ({})", "leave it", "exit"),
    ("guix", "GUIX_ENVIRONMENT", "this is a shell of Guix, '{}'", "leave it", "exit"),
    ("pipenv", "PIPENV_ACTIVE", "this is a shell of pipenv", "leave it", "exit"),
    ("poetry", "POETRY_ACTIVE", "this is a shell of poetry", "leave it", "exit"),
    ("app-bundle", "APPDIR", "this shell was started from the AppImage in '{}'", "use another terminal", ""),
    ("app-bundle", "SNAP", "this shell was started from the snap '{}'", "use another terminal", ""),
    ("app-bundle", "FLATPAK_ID", "this shell was started from the Flatpak '{}'", "use another terminal", ""),
)
LOADED = "LOADEDMODULES"
FILES = "_LMFILES_"


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield the other environments that are active."""
    yield from _virtual(subject)
    yield from _conda(subject)
    yield from _modules(subject)
    for code, variable, fact, remedy, line in SIMPLE:
        value = subject.environ.get(variable, "")
        if value:
            yield _finding(subject, code, variable, fact.format(value.removeprefix("-")), remedy, line=line)


def _finding(
    subject: Subject, code: str, variable: str, fact: str, remedy: str, *, line: str, evidence: tuple[str, ...] = ()
) -> Finding:
    return Finding(code, SEVERITY[code], fact, remedy, variable, subject.environ[variable], evidence, line=line)


def is_env(subject: Subject, path: str) -> bool:
    """Tell whether ``path`` is ENV, links followed."""
    return subject.environment is not None and os.path.realpath(path) == os.path.realpath(subject.environment.path)


def _virtual(subject: Subject) -> Iterator[Finding]:
    active = subject.environ.get(VENV, "")
    if not active:
        return
    if not os.path.isdir(active):
        fact = f"the active environment '{active}' is not there any more"
        yield _finding(subject, "venv-missing", VENV, fact, "leave it, or open a new shell", line="deactivate")
    elif subject.environment is not None and not is_env(subject, active):
        fact = f"another environment is active, '{active}'"
        yield _finding(subject, "other-venv", VENV, fact, "leave it before you use this one", line="deactivate")


def _conda(subject: Subject) -> Iterator[Finding]:
    """Yield conda's environment where it is active beside ENV, or beside another one."""
    active = subject.environ.get(CONDA, "")
    if not active or is_env(subject, active):
        return
    name = subject.environ.get("CONDA_DEFAULT_ENV") or os.path.basename(active)
    other = subject.environ.get(VENV, "")
    if subject.environment is None and not other:
        return
    fact = f"conda's environment '{name}' is active too, in '{active}'"
    remedy = "leave it; 'conda config --set auto_activate_base false' keeps base from coming back"
    stacked = tuple(
        f"{key}={value}" for key, value in sorted(subject.environ.items()) if key.startswith(f"{CONDA}_") and value
    )
    yield _finding(subject, "conda", CONDA, fact, remedy, line="conda deactivate", evidence=stacked)


def _modules(subject: Subject) -> Iterator[Finding]:
    """Yield the modules that are loaded, of Environment Modules or of Lmod."""
    loaded = [name for name in subject.environ.get(LOADED, "").split(":") if name]
    if loaded:
        files = tuple(path for path in subject.environ.get(FILES, "").split(":") if path)
        names = ", ".join(loaded)
        fact = f"environment modules are loaded: {names}"
        yield _finding(subject, "modules", LOADED, fact, "unload them", line="module purge", evidence=files)
