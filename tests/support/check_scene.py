"""A project, an environment of files alone, and leaks, for check to look at."""

from __future__ import annotations

import json
from pathlib import Path

from cleanenv.check import command
from cleanenv.check.command import Options
from cleanenv.check.result import ImportFinding, Result
from cleanenv.doctor import diagnosis
from cleanenv.doctor.finding import Subject
from tests.support.fake_environment import FakeEnvironment

Variables = dict[str, str]


class CheckScene:
    """The ``project`` is where the user is; ``env`` is ENV, with a home and a base Python beside it."""

    def __init__(self, top: Path, kind: str = "venv") -> None:
        self.top = top
        self.env = FakeEnvironment(top, kind=kind)
        self.project = top / "project"
        self.project.mkdir()
        self.leak = top / "leak"
        self.leak.mkdir()
        self.warnings: list[str] = []

    def write(self, path: str, text: str | bytes = "", *, mode: int | None = None) -> Path:
        """Write a file of the project and return its path."""
        file = self.project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        if mode is not None:
            file.chmod(mode)
        return file

    def check(self, environ: Variables | None = None, options: Options | None = None) -> Result:
        """Check the project, by default with the leak on PYTHONPATH; ``warnings`` are kept."""
        if environ is None:
            environ = {"PYTHONPATH": str(self.leak)}
        environment = self.env.environment
        options = options or Options()
        subject = Subject(
            environ, environment, str(self.project), str(self.env.home), diagnosis.wanted(environ), ancestors=()
        )
        paths = [str(self.project / path) for path in options.paths or (".",)]
        paths = [path.removesuffix("/.") for path in paths]
        result, self.warnings = command.check(options, subject, str(self.project), paths, str(self.project))
        return result

    def found(self, environ: Variables | None = None, **options: object) -> list[tuple[str, str]]:
        """Return code and module of each finding."""
        result = self.check(environ, Options(**options))  # type: ignore[arg-type]
        return [(found.code, found.module) for found in result.findings]


def install(directory: Path, name: str, version: str = "1.0", *, module: str = "", requires: str = "") -> Path:
    """Install a distribution as pip does, with one package called ``module``, by default like it."""
    module = module or name.replace("-", "_")
    package = directory.joinpath(*module.split("."))
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").touch()
    info = directory / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    needs = f"Requires-Dist: {requires}\n" if requires else ""
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}\n")
    (info / "RECORD").write_text(f"{module.replace('.', '/')}/__init__.py,,\n")
    return package


def ros_package(prefix: Path, name: str, version: str = "1.2.3") -> Path:
    """Install a ROS package below ``prefix`` as catkin does; return the directory for PYTHONPATH."""
    packages = prefix / "lib/python3/dist-packages"
    (packages / name).mkdir(parents=True)
    (packages / name / "__init__.py").touch()
    description = prefix / f"share/{name}/package.xml"
    description.parent.mkdir(parents=True)
    description.write_text(f"<package><name>{name}</name><version>{version}</version></package>\n")
    return packages


def package_xml(name: str, *depends: str) -> str:
    """Return a manifest of ROS's; ``depends`` are whole elements."""
    lines = "".join(f"  {depend}\n" for depend in depends)
    head = f'<?xml version="1.0"?>\n<package format="3">\n  <name>{name}</name>\n  <version>0.1.0</version>\n'
    return f"{head}{lines}</package>\n"


def notebook(*cells: str, language: str = "python") -> str:
    """Return a notebook: a text cell, then ``cells``."""
    parts: list[dict[str, object]] = [{"cell_type": "markdown", "source": ["# import nothing\n"]}]
    parts += [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    metadata = {"kernelspec": {"language": language}}
    return json.dumps({"cells": parts, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def only(result: Result, code: str) -> ImportFinding:
    """Return the one finding of ``code``."""
    (found,) = result.of_code(code)
    return found
