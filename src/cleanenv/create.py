"""Making an environment that is not there yet, with venv, in the clean environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from cleanenv import locate, venv
from cleanenv.errors import EnvironmentUnusableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.session import Recipe


def find_or_make(
    name: str | None, recipe: Recipe, clean: Mapping[str, str], caller: Mapping[str, str], folder: str
) -> tuple[venv.Environment, list[str]]:
    """Return the environment ``name``, made first where it is missing, and what was done about it.

    Raises UsageError for an interpreter that is not there, and
    EnvironmentUnusableError where something else stands at ``name``.
    """
    if name is None:
        try:
            return locate.find(None, caller, folder), []
        except EnvironmentUnusableError:
            name = locate.UNNAMED[0]
    path = os.path.abspath(os.path.join(folder, name))
    if not name or not _is_free(path) or _is_named_elsewhere(name, caller, folder):
        return locate.find(name, caller, folder), []
    python = _interpreter(recipe.python, caller.get("PATH", ""), folder)
    _make(python, path, clean)
    return locate.at_path(path, path), [f"made the environment '{path}' with {python}"]


def _is_free(path: str) -> bool:
    if os.path.isdir(path):
        return not os.listdir(path)
    return not os.path.lexists(path)


def _is_named_elsewhere(name: str, caller: Mapping[str, str], folder: str) -> bool:
    if os.sep in name:
        return False
    return bool(locate.candidates(name, caller, folder))


def _interpreter(python: str | None, path: str, folder: str) -> str:
    if python is None:
        return getattr(sys, "_base_executable", sys.executable)
    names = (python, f"python{python}") if python[:1].isdigit() else (python,)
    for name in names:
        found = os.path.join(folder, name) if os.sep in name else shutil.which(name, path=path)
        if found and os.path.isfile(found) and os.access(found, os.X_OK):
            return found
    raise UsageError(f"no Python '{python}': give --python the path of an interpreter, or install it")


def _make(python: str, path: str, clean: Mapping[str, str]) -> None:
    was_there = os.path.isdir(path)
    try:
        made = subprocess.run(
            [python, "-I", "-m", "venv", "--", path],
            env=dict(clean),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        status, said = made.returncode, made.stdout.decode(errors="replace")
    except OSError as error:
        status, said = 126, error.strerror or "error"
    except KeyboardInterrupt:
        _clear(path, was_there=was_there)
        raise
    if status:
        _clear(path, was_there=was_there)
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        raise EnvironmentUnusableError(
            f"'{python} -m venv' could not make '{path}' ({' / '.join(lines[-3:]) or f'status {status}'}): "
            "install its venv module (Debian: python3-venv), or name another with --python"
        )


def _clear(path: str, *, was_there: bool) -> None:
    """Remove what a failed attempt left, so that nothing stands there half made."""
    if not was_there:
        shutil.rmtree(path, ignore_errors=True)
        return
    for name in os.listdir(path):
        left = os.path.join(path, name)
        if os.path.isdir(left) and not os.path.islink(left):
            shutil.rmtree(left, ignore_errors=True)
        else:
            os.unlink(left)
