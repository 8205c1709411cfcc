"""An installation of cleanenv as pip leaves it, made of links to the packages with which the tests run."""

from __future__ import annotations

import shutil
from importlib import metadata
from pathlib import Path

import click

from tests.support.environments import make_venv
from tests.support.surroundings import CHECKOUT

PACKAGES = Path(click.__file__).resolve().parents[1]


def make(path: Path, without: str = "") -> Path:
    """Install cleanenv in a new environment at ``path`` and return the command; ``without`` one distribution.

    There is no pip in it, as with uv.
    """
    site_packages = next(make_venv(path).glob("lib/python*/site-packages"))
    left_out = {"pip", "__pycache__"} | (_files(without) if without else set())
    for entry in PACKAGES.iterdir():
        is_editable = entry.name.startswith("__editable__") or entry.suffix == ".pth"
        if entry.name not in left_out and not is_editable:
            (site_packages / entry.name).symlink_to(entry)
    package = site_packages / "cleanenv"
    shutil.copytree(CHECKOUT / "src/cleanenv", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(CHECKOUT / "shells", package / "shells")
    launcher = path / "bin/cleanenv"
    shutil.copy(CHECKOUT / "src/bin/cleanenv", launcher)
    launcher.chmod(0o755)
    return launcher


def _files(distribution: str) -> set[str]:
    """Return the names in site-packages that belong to a distribution; its metadata stay, as after a broken repair."""
    files = metadata.distribution(distribution).files or []
    names = {file.parts[0] for file in files if file.parts[0] != ".."}
    return {name for name in names if not name.endswith(".dist-info")}
