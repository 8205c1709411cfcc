"""The Python interpreters of this machine, as they were found before the tests had a home of their own."""

from __future__ import annotations

import glob
import os
import shlex
import shutil
import subprocess
import sys

from tests.support.surroundings import REAL_HOME

VERSIONS = ("2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
# What pip needs to reach its index: a home of the test's own, and what the caller says about the network.
NETWORK = {
    name: value
    for name, value in os.environ.items()
    if name in ("HOME", "PATH") or name.startswith("PIP_") or "proxy" in name.lower()
}
ROOTS = tuple(filter(None, (os.environ.get("PYENV_ROOT"), os.path.join(REAL_HOME, ".pyenv"))))


def find(version: str) -> str | None:
    """Return an interpreter of ``version``, ``3.8``, on PATH or of pyenv's; None where there is none."""
    places = [shutil.which(f"python{version}")]
    for root in ROOTS:
        places += sorted(glob.glob(os.path.join(glob.escape(root), "versions", f"{version}.*", "bin", "python")))
    for place in filter(None, places):
        if _is_of(place, version):
            return place
    return None


def as_a_python(instead_of_venv: str) -> str:
    """Return a script that is the Python of the tests, by its own path, but does something else for ``-m venv``.

    That is in the language of bash, with the path of the environment in ``$it``.
    """
    python = getattr(sys, "_base_executable", sys.executable)
    answer = f'case $* in *"-m venv"*) ;; *) exec -a "$0" {shlex.quote(python)} "$@" ;; esac\n'
    return f"#!/bin/bash\n{answer}for it; do :; done\n{instead_of_venv}"


def _is_of(python: str, version: str) -> bool:
    """Tell whether it starts; pyenv's shims are there for versions that are not."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", code], env={}, capture_output=True, text=True, check=False)
    return done.stdout.strip() == version
