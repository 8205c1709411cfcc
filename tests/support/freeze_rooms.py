"""Environments of files alone, and the programs that tests compare with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from cleanenv.environments.environment import Environment, read_environment
from cleanenv.freeze import plain
from cleanenv.freeze.requirements_text import Choice
from cleanenv.system.console import readable
from tests.conftest import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Sequence

# Removes root's permission to read and write anything, if it is installed.
UNPRIVILEGED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
GIT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z",
}


class Room:
    """An environment of files alone, which needs no Python."""

    def __init__(self, path: Path, python: str = "3.11", *, system: bool = False) -> None:
        self.path = path
        self.site_packages = path / "lib" / f"python{python}" / "site-packages"
        self.site_packages.mkdir(parents=True)
        (path / "bin").mkdir()
        (path / "bin" / "python").symlink_to(f"/nonexistent/bin/python{python}")
        (path / "pyvenv.cfg").write_text(
            f"home = /nonexistent/bin\ninclude-system-site-packages = {str(system).lower()}\nversion = {python}.5\n"
        )

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


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None, limit: float = 300) -> bytes:
    """Run ``command`` and return its standard output; show both streams if it fails."""
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=env, capture_output=True, timeout=limit, check=False
    )
    if done.returncode:
        pytest.fail(f"{command}: {done.returncode}\n{done.stdout.decode()}\n{done.stderr.decode()}")
    return done.stdout


def git(folder: Path, *words: str) -> str:
    """Run git in ``folder``, free of the user's configuration."""
    return run("git", *words, cwd=folder, env=GIT).decode().strip()


def commit(folder: Path, remote: str | None = None) -> str:
    """Make ``folder`` a repository with one commit, and a remote if one is named; return the commit."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "all")
    if remote:
        git(folder, "remote", "add", "origin", remote)
    return git(folder, "rev-parse", "HEAD")


def clean_freeze(environment: Path, *options: str) -> bytes:
    """Return what pip prints in ``environment`` in an empty environment."""
    path = f"{Path(shutil.which('git') or '/usr/bin/git').parent}:/usr/bin:/bin"
    env = {"PATH": path, "PIP_CONFIG_FILE": os.devnull}  # an old pip prints the find-links of the machine's pip.conf
    return run(environment / "bin" / "python", "-m", "pip", "freeze", *options, env=env)


class Outcome(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


def freeze(
    *words: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None, within: Sequence[str] = ()
) -> Outcome:
    """Run `cleanenv freeze` in a process of its own, isolated as the launcher starts it, by the command ``within``."""
    command = [*within, sys.executable, "-I", "-m", "cleanenv", "freeze", *map(str, words)]
    done = subprocess.run(command, env=env or {}, cwd=cwd, capture_output=True, timeout=60, check=False)
    return Outcome(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode())


def unprivileged() -> tuple[str, ...]:
    """Return the words before a command that may not read and write what modes forbid."""
    if os.geteuid() != 0:
        return ()
    if not shutil.which("setpriv"):
        skip_or_fail("root may read and write anything, and setpriv, which prevents that, is not installed")
    return UNPRIVILEGED
