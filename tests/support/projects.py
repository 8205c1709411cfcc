"""Small projects to install: a build backend of one file, so that nothing has to be fetched to build them."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from tests.support.git_repositories import commit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Python 2.7 runs it too.
BACKEND = """
import os, zipfile

NAME, VERSION, REQUIRES = open("project").read().split("\\n")[:3]
INFO = "%s-%s.dist-info" % (NAME.replace("-", "_").replace(".", "_"), VERSION)

def _wheel(folder, module):
    file = INFO.replace(".dist-info", "-py2.py3-none-any.whl")
    with zipfile.ZipFile(os.path.join(folder, file), "w") as archive:
        archive.writestr(module[0], module[1])
        needs = "".join("Requires-Dist: %s\\n" % need for need in REQUIRES.split(",") if need)
        metadata = "Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n%s\\n" % (NAME, VERSION, needs)
        archive.writestr(INFO + "/METADATA", metadata)
        archive.writestr(
            INFO + "/WHEEL",
            "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py2-none-any\\nTag: py3-none-any\\n",
        )
        recorded = [module[0], INFO + "/METADATA", INFO + "/WHEEL", INFO + "/RECORD"]
        archive.writestr(INFO + "/RECORD", "".join("%s,,\\n" % name for name in recorded))
    return file

def build_wheel(folder, settings=None, metadata=None):
    return _wheel(folder, ("%s_module.py" % NAME.replace("-", "_"), ""))

def build_editable(folder, settings=None, metadata=None):
    return _wheel(folder, ("__editable__.%s.pth" % NAME, os.getcwd() + "\\n"))
"""
SETUP = "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n"


def project(folder: Path, name: str, version: str = "1.0", requires: str = "") -> Path:
    """Write a project called ``name``."""
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(SETUP)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "project").write_text(f"{name}\n{version}\n{requires}\n")
    return folder


def legacy_project(folder: Path, name: str, version: str = "1.0") -> Path:
    """Write a project of the time before pyproject.toml."""
    folder.mkdir(parents=True)
    (folder / "setup.py").write_text(f"from setuptools import setup\nsetup(name='{name}', version='{version}')\n")
    return folder


def repository(folder: Path, name: str, remote: str | None, below: str = "") -> Path:
    """Write a project in a repository of its own, in the directory ``below`` of it; return the project's directory."""
    made = project(folder / below, name)
    commit(folder, remote)
    return made


def wheel(folder: Path, name: str, version: str = "1.0", requires: Sequence[str] = ()) -> Path:
    """Write the wheel of an empty distribution."""
    folder.mkdir(exist_ok=True, parents=True)
    stem = f"{name.replace('-', '_')}-{version}"
    needs = "".join(f"Requires-Dist: {need}\n" for need in requires if need)
    needs += "Provides-Extra: async\n" * ("async" in needs)
    info = f"{stem}.dist-info"
    path = folder / f"{stem}-py2.py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}\n")
        tags = "Tag: py2-none-any\nTag: py3-none-any\n"
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n{tags}")
        archive.writestr(f"{info}/RECORD", f"{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return path


def archive(project_folder: Path, target: Path) -> Path:
    """Write the project as a zip archive."""
    with zipfile.ZipFile(target, "w") as made:
        for file in sorted(project_folder.iterdir()):
            if file.is_file():
                made.write(file, f"{project_folder.name}/{file.name}")
    return target


def zipped_egg(folder: Path, name: str, version: str = "1.0") -> Path:
    """Write a zipped egg."""
    path = folder / f"{name}-{version}-py3.8.egg"
    with zipfile.ZipFile(path, "w") as egg:
        egg.writestr("EGG-INFO/PKG-INFO", f"Metadata-Version: 1.0\nName: {name}\nVersion: {version}\n")
        egg.writestr(f"{name}.py", "")
    return path
