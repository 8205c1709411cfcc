"""The git repository around an editable project, read from its files.

git itself is not started: a repository's configuration can name programs that git runs (fsmonitor, hooks, filters),
and reading is not running. The result is what `pip freeze` makes of git's answers.
"""

# On the way of `freeze`, run in hooks: no subprocess, re or urllib.parse.
from __future__ import annotations

import os

from cleanenv.environments import metadata
from cleanenv.freeze.git_config import values

PROJECT_FILES = ("pyproject.toml", "setup.py")
_HEX = frozenset("0123456789abcdef")
_DEEPEST = 10
_COMMIT_LENGTHS = (40, 64)  # SHA-1, SHA-256


class Repository:
    """A git working tree.

    ``top`` is its directory; ``git`` the one that .git is or names; ``common``
    the one that worktrees share.
    """

    __slots__ = ("common", "git", "top")

    def __init__(self, top: str, git: str) -> None:
        self.top = top
        self.git = git
        shared = _text(f"{git}/commondir")
        self.common = git
        if shared:
            self.common = os.path.normpath(os.path.join(git, shared))


class RemoteUnknownError(Exception):
    """The repository has no remote, or one that pip does not understand: its URL is the argument, else None."""


def around(location: str) -> Repository | None:
    """Return the repository that ``location`` lies in, None if it lies in none.

    A ``.git`` in ``location`` itself counts even if it is damaged, as it does for pip.
    """
    directory = location
    while True:
        git = _git_directory(directory)
        if git is not None and (directory == location or os.path.isfile(f"{git}/HEAD")):
            return Repository(directory, git)
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent


def remote(repository: Repository) -> str:
    """Return the URL of origin, else of the first remote, in the form that pip takes; raise RemoteUnknownError."""
    remotes = values(f"{repository.common}/config", "remote", "url")
    if not remotes:
        raise RemoteUnknownError(None)
    _, url = remotes[0]
    for name, other in remotes:
        if name == "origin":
            url = other
            break
    return _as_pip_takes_it(url.split(" ")[0].strip())


def head(repository: Repository) -> str | None:
    """Return the commit that is checked out, None if there is none or it cannot be read."""
    content = _text(f"{repository.git}/HEAD")
    for _ in range(_DEEPEST):  # symbolic references may lead to others
        if content is None or _is_commit(content):
            return content
        if not content.startswith("ref:"):
            return None
        reference = content.removeprefix("ref:").strip()
        if ".." in reference:
            return None
        content = _text(f"{repository.git}/{reference}")
        if content is None:
            content = _text(f"{repository.common}/{reference}")
        if content is None:
            content = _packed(repository, reference)
    return None


def subdirectory(repository: Repository, location: str) -> str | None:
    """Return the project's directory below the repository, None if it is the repository's own.

    As for pip: of a worktree, whose git directory lies elsewhere, seen from there.
    """
    project = _project(location)
    if project is None:
        return None
    if repository.top == location and repository.git == f"{location}/.git":
        root = location
    else:
        root = os.path.dirname(os.path.realpath(repository.git))
    if os.path.realpath(root) == os.path.realpath(project):
        return None
    return os.path.relpath(project, root)


def _project(location: str) -> str | None:
    """Return ``location`` or the nearest of its parents that has a project's file."""
    directory = location
    while True:
        for file in PROJECT_FILES:
            if os.path.isfile(f"{directory}/{file}"):
                return directory
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent


def _git_directory(directory: str) -> str | None:
    """Return what .git in ``directory`` is or, as the file of a worktree or submodule, names."""
    path = f"{directory}/.git"
    if os.path.isdir(path):
        return path
    text = _text(path)
    if text is None:
        return None
    return os.path.normpath(os.path.join(directory, text.removeprefix("gitdir:").strip()))


def _packed(repository: Repository, reference: str) -> str | None:
    text = _text(f"{repository.common}/packed-refs") or ""
    for line in text.splitlines():
        commit, _, name = line.partition(" ")
        if name == reference and _is_commit(commit):
            return commit
    return None


def _is_commit(text: str) -> bool:
    return len(text) in _COMMIT_LENGTHS and _HEX.issuperset(text)


def _as_pip_takes_it(url: str) -> str:
    """Return a URL as it is, and a path or a ``user@host:path`` as one (pip's Git._git_remote_to_pip_url)."""
    scheme, mark, _ = url.partition("://")
    if mark and _is_word(scheme):
        return url
    if os.path.isabs(url) and os.path.exists(url):
        from cleanenv.environments.direct_url import file_url

        return file_url(url)
    host, colon, path = url.partition(":")
    user, at, server = host.rpartition("@")
    is_host = server != "" and "/" not in server and (not at or _is_word(user))
    is_path = _is_word(path[:1]) and ":" not in path
    if colon and is_host and is_path:
        return f"ssh://{host}/{path}"
    raise RemoteUnknownError(url)


def _is_word(text: str) -> bool:
    return text.replace("_", "a").isalnum()


def _text(path: str) -> str | None:
    try:
        return metadata.read_whole(path).decode("utf-8", "surrogateescape").strip() or None
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return None
