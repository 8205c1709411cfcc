"""What the checks of doctor look at, made by hand: a home, a folder, an environment of files, and variables."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from cleanenv.doctor.finding import Finding, Subject
from cleanenv.environments.environment import read_environment
from tests.support.freeze_rooms import Room

Variables = dict[str, str]


class Stage:
    """A place of a test's own; ``env`` is an environment of Python 3.11 that has lost its interpreter."""

    def __init__(self, top: Path, home: Path) -> None:
        self.top = top
        self.home = home
        self.folder = top / "folder"
        self.folder.mkdir()
        self.env = Room(top / "my_env")
        self.asked = True

    @property
    def bin(self) -> Path:
        return self.env.path / "bin"

    def write(self, path: str, text: str = "", *, mode: int | None = None) -> Path:
        """Write a file below the stage, its folders too, and return its path."""
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        if mode is not None:
            file.chmod(mode)
        return file

    def program(self, path: str) -> Path:
        return self.write(path, "#!/bin/sh\n", mode=0o755)

    def make(self, path: str, *, mode: int = 0o755) -> Path:
        """Make a folder below the stage and return its path."""
        folder = self.top / path
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
        return folder

    def subject(self, environ: Variables) -> Subject:
        environment = read_environment(str(self.env.path)) if self.asked else None
        return Subject(environ, environment, str(self.folder), str(self.home))


class Case(NamedTuple):
    """What shows a code, and what is near it and does not: each prepares the stage and returns the variables."""

    shows: Callable[[Stage], Variables]
    near: Callable[[Stage], Variables]


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def only(findings: Iterator[Finding], code: str) -> Finding:
    """Return the one finding of ``code``."""
    (found,) = [finding for finding in findings if finding.code == code]
    return found


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
    """Write a module of one file that tells its version itself."""
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
    """Return a Python of this machine that has pip, None where none has."""
    for python in (getattr(sys, "_base_executable", sys.executable), "/usr/bin/python3", sys.executable):
        asked = [python, "-I", "-m", "pip", "--version"]
        if os.path.exists(python) and subprocess.run(asked, env={}, capture_output=True, check=False).returncode == 0:
            return python
    return None
