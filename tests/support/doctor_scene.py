"""What the checks of doctor look at, made by hand: a home, a directory, an environment of files, and variables."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from cleanenv.doctor.finding import Finding, Subject
from tests.support.fake_environment import FakeEnvironment

Variables = dict[str, str]
Situation = Callable[[Path], Subject]


class Scene:
    """A place of a test's own, with an environment of Python 3.11; ``is_alone`` if no ENV is asked for."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.env = FakeEnvironment(top)
        self.home = self.env.home
        self.directory = self.make("directory")
        self.is_alone = False

    @property
    def bin(self) -> Path:
        return self.env.path / "bin"

    def write(self, path: str, text: str = "", *, mode: int | None = None) -> Path:
        """Write a file in the scene, its directories too, and return its path."""
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        if mode is not None:
            file.chmod(mode)
        return file

    def program(self, path: str) -> Path:
        return self.write(path, "#!/bin/sh\n", mode=0o755)

    def make(self, path: str, *, mode: int = 0o755) -> Path:
        """Make a directory in the scene and return its path."""
        directory = self.top / path
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(mode)
        return directory

    def subject(self, environ: Variables) -> Subject:
        environment = None if self.is_alone else self.env.subject().environment
        return Subject(environ, environment, str(self.directory), str(self.home))


class Case(NamedTuple):
    """Situations in which a code is reported, and near misses in which it is not.

    Each makes what is looked at in an empty directory.
    """

    reported: tuple[Situation, ...]
    near_misses: tuple[Situation, ...]


def by_variables(reported: Callable[[Scene], Variables], near_miss: Callable[[Scene], Variables]) -> Case:
    """Return a case of one situation and one near miss; each function prepares a scene and returns the variables."""
    return Case((_situation(reported),), (_situation(near_miss),))


def _situation(variables: Callable[[Scene], Variables]) -> Situation:
    def make(top: Path) -> Subject:
        scene = Scene(top)
        environ = variables(scene)
        return scene.subject(environ)

    return make


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def only(findings: Iterator[Finding], code: str) -> Finding:
    """Return the one finding of ``code``."""
    (match,) = [finding for finding in findings if finding.code == code]
    return match


def package(folder: Path, name: str, version: str) -> Path:
    """Write a package with its metadata, as an installer does."""
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(f'__version__ = "{version}"\n', encoding="ascii")
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="ascii")
    (info / "RECORD").write_text(f"{name}/__init__.py,,\n", encoding="ascii")
    return folder / name


def module(folder: Path, name: str, version: str) -> Path:
    """Write a module of one file that has its version in itself."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.py"
    path.write_text(f'__version__ = "{version}"\n', encoding="ascii")
    return path


def zipped(path: Path, files: dict[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def with_pip() -> str | None:
    """Return a Python of this machine that has pip, None if none has."""
    for python in (getattr(sys, "_base_executable", sys.executable), "/usr/bin/python3", sys.executable):
        asked = [python, "-I", "-m", "pip", "--version"]
        if os.path.exists(python) and subprocess.run(asked, env={}, capture_output=True, check=False).returncode == 0:
            return python
    return None
