"""The git repository around an editable project, read from its files.

git itself is not started: a repository's configuration can name programs that git runs (fsmonitor, hooks, filters),
and reading is not running. What `pip freeze` makes of git's answers is followed to the letter.
"""

# On the way of `freeze`, run in hooks: no subprocess, re or urllib.parse.
from __future__ import annotations

import os

from cleanenv.environments import metadata
from cleanenv.freeze.git_config import values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT_FILES = ("pyproject.toml", "setup.py")
_HEX = frozenset("0123456789abcdef")
_DEPTH = 10


class Repository:
    """A git working tree.

    ``top`` is its folder; ``git`` the folder that .git is or names; ``common`` the one that worktrees share.
    """

    __slots__ = ("common", "git", "top")

    def __init__(self, top: str, git: str) -> None:
        self.top = top
        self.git = git
        shared = _text(f"{git}/commondir")
        self.common = os.path.normpath(os.path.join(git, shared)) if shared else git


class RemoteUnknownError(Exception):
    """The repository has no remote, or one that pip makes nothing of: its URL is the argument, else None."""


def around(location: str) -> Repository | None:
    """Return the repository that ``location`` lies in, None where it lies in none.

    A ``.git`` in ``location`` itself counts even where it is damaged, as it does for pip.
    """
    folder = location
    while True:
        git = _git_folder(folder)
        if git is not None and (folder == location or os.path.isfile(f"{git}/HEAD")):
            return Repository(folder, git)
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def requirement(repository: Repository, location: str, name: str, mask: Callable[[str], str]) -> str | None:
    """Return ``git+REMOTE@COMMIT#egg=NAME`` for the project ``name`` at ``location``; None where there is no commit.

    ``mask`` is applied to the remote. Raises RemoteUnknownError.
    """
    url = remote(repository)
    commit = head(repository)
    if commit is None:
        return None
    line = f"git+{mask(url)}@{commit}#egg={name.replace('-', '_')}"
    folder = subdirectory(repository, location)
    return f"{line}&subdirectory={folder}" if folder else line


def remote(repository: Repository) -> str:
    """Return the URL of origin, else of the first remote, in the form that pip takes; raise RemoteUnknownError."""
    found = values(f"{repository.common}/config", "remote", "url")
    if not found:
        raise RemoteUnknownError(None)
    url = next((value for name, value in found if name == "origin"), found[0][1])
    return _as_pip_takes_it(url.split(" ")[0].strip())


def head(repository: Repository) -> str | None:
    """Return the commit that is checked out, None where there is none or it cannot be read."""
    name = _text(f"{repository.git}/HEAD")
    for _ in range(_DEPTH):  # symbolic references may lead to others
        if name is None or _is_commit(name):
            return name
        if not name.startswith("ref:"):
            return None
        name = name[4:].strip()
        if ".." in name:
            return None
        name = _text(f"{repository.git}/{name}") or _text(f"{repository.common}/{name}") or _packed(repository, name)
    return None


def subdirectory(repository: Repository, location: str) -> str | None:
    """Return the project's folder below the repository, None where it is the repository's own.

    As pip has it: for a worktree, whose git folder lies elsewhere, seen from there.
    """
    project = location
    while not any(os.path.isfile(f"{project}/{file}") for file in PROJECT_FILES):
        parent = os.path.dirname(project)
        if parent == project:
            return None
        project = parent
    own = f"{repository.top}/.git" == repository.git
    root = location if own and repository.top == location else os.path.dirname(os.path.realpath(repository.git))
    if os.path.realpath(root) == os.path.realpath(project):
        return None
    return os.path.relpath(project, root)


def _git_folder(folder: str) -> str | None:
    path = f"{folder}/.git"
    if os.path.isdir(path):
        return path
    text = _text(path)
    if text is None:
        return None
    return os.path.normpath(os.path.join(folder, text.removeprefix("gitdir:").strip()))


def _packed(repository: Repository, name: str) -> str | None:
    for line in (_text(f"{repository.common}/packed-refs") or "").splitlines():
        commit, _, packed = line.partition(" ")
        if packed == name and _is_commit(commit):
            return commit
    return None


def _is_commit(text: str) -> bool:
    return len(text) in (40, 64) and _HEX.issuperset(text)  # SHA-1, SHA-256


def _as_pip_takes_it(url: str) -> str:
    scheme, mark, _ = url.partition("://")
    if mark and scheme.replace("_", "a").isalnum():
        return url
    if os.path.isabs(url) and os.path.exists(url):
        from cleanenv.environments.direct_url import file_url

        return file_url(url)
    host, colon, path = url.partition(":")
    user, at, server = host.rpartition("@")
    word = path[:1].isalnum() or path[:1] == "_"
    if colon and server and "/" not in server and word and ":" not in path and (not at or _is_word(user)):
        return f"ssh://{host}/{path}"
    raise RemoteUnknownError(url)


def _is_word(text: str) -> bool:
    return text.replace("_", "a").isalnum()


def _text(path: str) -> str | None:
    try:
        return metadata.read_whole(path).decode("utf-8", "surrogateescape").strip() or None
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return None
