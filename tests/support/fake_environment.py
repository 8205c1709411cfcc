"""Environments of files alone that have nothing wrong with them, for a case to break."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from cleanenv.doctor.finding import Subject
from cleanenv.environments.environment import Environment, read_environment
from cleanenv.freeze import plain
from cleanenv.freeze.requirements_text import Choice
from cleanenv.system.console import readable
from tests.support.command import write_program

ACTIVATE = 'VIRTUAL_ENV="{}"\nexport VIRTUAL_ENV\n'
ACTIVATE_CSH = 'setenv VIRTUAL_ENV "{}"\n'
ACTIVATE_FISH = 'set -gx VIRTUAL_ENV "{}"\n'


class FakeEnvironment:
    """A sound environment in ``directory``, its base Python and a home beside it; ``kind`` as an Environment has it.

    ``"old"`` is what virtualenv created before version 20: no pyvenv.cfg, but a file that closes it. One that
    ``is_bare`` has only what a listing needs: no base Python, no home, no programs.
    """

    def __init__(
        self,
        directory: Path,
        python: str = "3.11",
        kind: str = "venv",
        name: str = "my_env",
        *,
        is_bare: bool = False,
    ) -> None:
        self.directory = directory
        self.path = directory / name
        self.home = directory / "home"
        self.version = f"python{python}"
        self.library = self.path / "lib" / self.version
        self.site_packages = self.library / "site-packages"
        self.site_packages.mkdir(parents=True)
        self.base = Path("/nonexistent") if is_bare else directory / "base"
        self.base_packages = self.base / "lib" / self.version / "site-packages"
        self.bin = self.path / "bin"
        self.python = self.bin / self.version
        if is_bare:
            self.bin.mkdir()
            (self.bin / "python").symlink_to(self.base / "bin" / self.version)
            self.configure(kind, python)
            return
        self.home.mkdir(exist_ok=True)
        self.base_packages.mkdir(parents=True)
        if kind == "conda":
            (self.path / "conda-meta").mkdir()
            write_program(self.python, "#!/bin/sh\n")
        else:
            write_program(self.base / "bin" / self.version, "#!/bin/sh\n")
            self.bin.mkdir()
            self.python.symlink_to(self.base / "bin" / self.version)
            self.write_scripts(self.path)
        (self.bin / "python").symlink_to(self.version)
        if kind == "old":
            (self.library / "no-global-site-packages.txt").touch()
            (self.bin / "activate_this.py").touch()
        elif kind != "conda":
            self.configure(kind, python)
        self.program("tool", f"#!{self.bin}/python")

    @classmethod
    def bare(cls, path: Path, python: str = "3.11", *, system: bool = False) -> FakeEnvironment:
        """Return a bare environment at ``path``, with the system's packages visible if ``system`` says so."""
        fake = cls(path.parent, python, name=path.name, is_bare=True)
        if system:
            fake.configure(python=python, include_system_site_packages="true")
        return fake

    def configure(self, kind: str = "venv", python: str = "3.11", **keys: str) -> None:
        """Write pyvenv.cfg again, with ``keys`` in place of its own; an empty value removes a key."""
        keys = {
            "home": str(self.base / "bin"),
            "include-system-site-packages": "false",
            "version": f"{python}.5",
            **({} if kind == "venv" else {kind: "1.0"}),
            **{name.replace("_", "-"): value for name, value in keys.items()},
        }
        lines = (f"{name} = {value}\n" for name, value in keys.items() if value)
        (self.path / "pyvenv.cfg").write_bytes(os.fsencode("".join(lines)))

    def write_scripts(self, place: Path | str) -> None:
        """Write activate scripts that name ``place``."""
        for name, text in (("", ACTIVATE), (".csh", ACTIVATE_CSH), (".fish", ACTIVATE_FISH)):
            (self.bin / f"activate{name}").write_bytes(os.fsencode(text.format(place)))

    def program(self, name: str, shebang: str) -> Path:
        """Write a program that begins with ``shebang``."""
        path = self.bin / name
        path.write_bytes(os.fsencode(f"{shebang}\nimport sys\n"))
        path.chmod(0o755)
        return path

    def pth(self, name: str, *lines: str) -> Path:
        """Write a .pth file."""
        path = self.site_packages / name
        path.write_text("".join(f"{line}\n" for line in lines))
        return path

    def make(self, name: str) -> Path:
        """Make a directory beside the environment."""
        path = self.directory / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def move(self, name: str) -> None:
        """Move the environment to ``name`` beside it."""
        self.path = self.path.rename(self.directory / name)

    def link(self, name: str) -> None:
        """Reach the environment through a link."""
        (self.directory / name).symlink_to(self.path)
        self.path = self.directory / name

    def add(self, name: str, version: str = "1.0", requires: Sequence[str] = (), **files: str | bytes) -> Path:
        """Install a distribution of metadata alone; ``files`` are further ones, ``__`` for the dot."""
        info = self.site_packages / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        needs = "".join(f"Requires-Dist: {line}\n" for line in requires)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}\nAbout it.\n")
        for file, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (info / file.replace("__", ".")).write_bytes(data)
        return info

    @property
    def environment(self) -> Environment:
        environment = read_environment(str(self.path))
        assert environment is not None
        return environment

    def freeze(self, **options: object) -> tuple[list[str], list[str]]:
        """Return the lines and the warnings of the plain form, as they are printed."""
        text, problems = plain.freeze(self.environment, Choice(**options))  # type: ignore[arg-type]
        return text.splitlines(), [readable(problem.message) for problem in problems]

    def codes(self) -> list[str]:
        """Return the codes of the warnings of the plain form."""
        return [problem.code for problem in plain.freeze(self.environment)[1]]

    def subject(self, environ: Mapping[str, str] | None = None) -> Subject:
        """Return the environment as the checks get it."""
        return Subject(dict(environ or {}), self.environment, str(self.directory), str(self.home))


def add(directory: Path, name: str, version: str = "1.0", **files: str) -> Path:
    """Install a distribution of metadata alone in ``directory``; ``files`` are further ones of its .dist-info."""
    info = directory / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nAbout it.\n")
    for file, text in files.items():
        (info / file.replace("__", ".")).write_text(text)
    return info
