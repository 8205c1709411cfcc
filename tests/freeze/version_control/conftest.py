"""One environment with pip, into which each case installs one project in editable mode."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from cleanenv.environments.environment import read_environment
from cleanenv.freeze import plain
from cleanenv.freeze.requirements_text import Choice
from tests.support import working_copies
from tests.support.command import run


class Bench:
    """An environment with the newest pip; ``home`` is the user's directory, ``directory`` is free for the case."""

    def __init__(self, path: Path, directory: Path) -> None:
        self.path = path
        self.directory = directory
        self.home = directory / "home"
        self.home.mkdir()
        self.site_packages = next(path.glob("lib/python*/site-packages"))
        self.programs = working_copies.programs(directory / "programs")
        self.problems: list[str] = []

    def install(self, project: Path | str, name: str = "demo", version: str = "1.0") -> None:
        """Write what an editable install of ``project`` leaves behind (PEP 660)."""
        info = self.site_packages / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        url = f"file://{project}" if isinstance(project, str) else project.as_uri()
        (info / "direct_url.json").write_text(json.dumps({"url": url, "dir_info": {"editable": True}}))

    def pip(self) -> list[str]:
        """Return the lines of `pip freeze`, started where nothing else leaks in."""
        environ = {
            "PATH": self.programs,
            "HOME": str(self.home),
            "PIP_CONFIG_FILE": os.devnull,
            "LC_ALL": "C.UTF-8",
        }
        return run(self.path / "bin" / "python", "-m", "pip", "freeze", env=environ).decode().splitlines()

    def cleanenv(self) -> list[str]:
        """Return the lines of `cleanenv freeze --exact`; ``problems`` has the codes of what it reports."""
        environment = read_environment(str(self.path))
        assert environment is not None
        environ = {"HOME": str(self.home)}
        text, problems = plain.freeze(environment, Choice(exact=True), environ)
        self.problems = [problem.code for problem in problems]
        return text.splitlines()

    def agreed(self, *expected: str) -> list[str]:
        """Return what both print, which begins with ``expected``."""
        lines = self.cleanenv()
        assert lines == self.pip()
        for line, start in zip(lines, expected, strict=False):
            assert line.startswith(start)
        return lines


@pytest.fixture(scope="session")
def with_pip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment with the newest pip."""
    path = tmp_path_factory.mktemp("with_pip") / "env"
    run(sys.executable, "-m", "venv", path)
    run(path / "bin" / "python", "-m", "pip", "install", "-q", "-U", "pip")
    run(path / "bin" / "python", "-m", "pip", "uninstall", "-q", "-y", "setuptools")
    return path


@pytest.fixture
def bench(with_pip: Path, tmp_path: Path) -> Bench:
    """Return the environment with nothing but pip in it."""
    site_packages = next(with_pip.glob("lib/python*/site-packages"))
    for info in site_packages.glob("*.dist-info"):
        if not info.name.startswith("pip-"):
            shutil.rmtree(info)
    return Bench(with_pip, tmp_path)
