"""Working copies of Mercurial, Subversion and Breezy, made by the real programs, free of the user's configuration."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.support.command import run
from tests.support.git_repositories import GIT
from tests.support.surroundings import skip_or_fail

ENVIRON = {
    **GIT,
    "HGRCPATH": "",
    "HGPLAIN": "1",
    "HGUSER": "a",
    "BRZ_EMAIL": "a <a@example.org>",
    "HOME": "/nonexistent",
    "LC_ALL": "C.UTF-8",
}


def require(*programs: str) -> None:
    """Skip the test on a laptop that lacks one of ``programs``."""
    for program in programs:
        if shutil.which(program) is None:
            skip_or_fail(f"{program} is not installed")


def hg(directory: Path, *words: str) -> str:
    """Run Mercurial in ``directory``."""
    return run("hg", *words, cwd=directory, env=ENVIRON).decode().strip()


def svn(directory: Path, *words: str) -> str:
    """Run Subversion in ``directory``."""
    return run("svn", "--non-interactive", *words, cwd=directory, env=ENVIRON).decode().strip()


def brz(directory: Path, *words: str) -> str:
    """Run Breezy in ``directory``; its home, where it logs, is beside it."""
    home = directory.parent / "brz-home"
    home.mkdir(exist_ok=True)
    return run("brz", *words, cwd=directory, env={**ENVIRON, "HOME": str(home)}).decode().strip()


def programs(directory: Path) -> str:
    """Return a PATH on which pip finds every program, Breezy by the name that it looks for."""
    directory.mkdir(exist_ok=True)
    breezy = shutil.which("brz")
    if breezy is not None and not (directory / "bzr").exists():
        (directory / "bzr").symlink_to(breezy)
    return f"{directory}:{os.environ.get('PATH', os.defpath)}"


def subversion_repository(directory: Path) -> str:
    """Create a repository at ``directory``; return its URL."""
    run("svnadmin", "create", directory, env=ENVIRON)
    return directory.as_uri()
