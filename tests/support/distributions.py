"""The distributions of this checkout, built as a release is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.support.surroundings import CHECKOUT

# What a checkout gathers by being used; a fresh clone and an unpacked sdist have none of it.
CACHES = ("__pycache__", "*.egg-info", ".git", ".venv*", ".shells", ".coverage*", ".*_cache", ".hypothesis")
BUILT = ("build", "dist")
NETWORK = ("PIP_", "UV_", "SSL_", "REQUESTS_", "CURL_", "HTTP", "http", "NO_PROXY", "no_proxy")


class Distributions(NamedTuple):
    """A wheel and the sdist that it was built from, and all that the build printed."""

    wheel: Path
    sdist: Path
    output: str


def network() -> dict[str, str]:
    """Return the variables of this process that say how to reach the network."""
    return {name: value for name, value in os.environ.items() if name.startswith(NETWORK)}


def copy_checkout(target: Path) -> Path:
    """Copy the checkout's own files to ``target``, which must not exist: building writes beside them."""

    def ignored(folder: str, names: list[str]) -> set[str]:
        patterns = (*CACHES, *BUILT) if Path(folder) == CHECKOUT else CACHES
        return shutil.ignore_patterns(*patterns)(folder, names)

    return Path(shutil.copytree(CHECKOUT, target, symlinks=True, ignore=ignored))


def files_of(folder: Path) -> set[str]:
    """Return the paths of all files below ``folder``, relative to it."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def build(source: Path, home: Path) -> Distributions:
    """Build an sdist from ``source``, and a wheel from the sdist, into its ``dist``."""
    environ = network() | {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-I", "-m", "build", str(source)], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = source.glob("dist/*.whl")
    (sdist,) = source.glob("dist/*.tar.gz")
    return Distributions(wheel, sdist, done.stdout + done.stderr)
