"""Git repositories made by the real git, free of the user's configuration."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.command import run

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
