"""The git repository around an editable project, read from its files.

git itself is not started: a repository's configuration can name programs that git runs (fsmonitor, hooks, filters),
and reading is not running. The result is what `pip freeze` makes of git's answers.
"""

# No subprocess, re or urllib.parse: an editable project is common in what hooks freeze.
from __future__ import annotations

import os

from cleanenv.environments import metadata
from cleanenv.freeze.version_control import git_config, git_refs
from cleanenv.freeze.version_control.source import RemoteUnknownError, Source, UnreadableError, subdirectory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_POINTER = "gitdir:"
_HEX = frozenset("0123456789abcdef")


class Repository:
    """A git working tree.

    ``top`` is its physical directory; ``git`` the one that .git is or names;
    ``common`` the one that worktrees share; ``is_linked`` whether .git is a
    file that names the directory, as in a worktree or a submodule.
    """

    __slots__ = ("common", "git", "is_linked", "top")

    def __init__(self, top: str, git: str, *, is_linked: bool) -> None:
        self.top = top
        self.git = git
        self.is_linked = is_linked
        self.common = _common(git)


def root(location: str) -> str | None:
    """Return the top of the repository around ``location``, None if there is none.

    A ``.git`` in ``location`` itself counts even if it is damaged, as it does for pip.
    """
    if os.path.exists(f"{location}/.git"):
        return location
    repository = around(location)
    return repository.top if repository is not None else None


def source(location: str, environ: Mapping[str, str]) -> Source:
    """Return what ``location`` is a clone of; raise RemoteUnknownError or UnreadableError."""
    repository = around(location)
    if repository is None and os.path.isfile(f"{location}/.git"):
        fact = f"'{location}/.git' does not lead to a repository"
        raise UnreadableError(fact, "recreate the worktree or the submodule", location)
    url = remote(repository, environ)
    if repository is None:
        fact = f"the repository of '{location}' is damaged"
        raise UnreadableError(fact, "see 'git status'", location)
    commit = git_refs.head(repository)
    if commit is None:
        fact = f"the repository '{repository.top}' has no commit that can be read"
        raise UnreadableError(fact, _remedy(repository), repository.top)
    return Source(f"git+{url}", commit, subdirectory(location, _root_for_pip(repository, location)))


def around(location: str) -> Repository | None:
    """Return the repository that ``location`` lies in, None if it lies in none that git would take.

    The physical directory decides, and as for git the search ends at a mount point.
    """
    directory = os.path.realpath(location)
    device = _device(directory)
    while True:
        path = f"{directory}/.git"
        if os.path.isfile(path):
            git = _named(path, directory)
            # git gives up at a file that does not lead to a repository.
            return Repository(directory, git, is_linked=True) if git is not None and _is_repository(git) else None
        if _is_repository(path):
            return Repository(directory, path, is_linked=False)
        parent = os.path.dirname(directory)
        if parent == directory or _device(parent) != device:
            return None
        directory = parent


def remote(repository: Repository | None, environ: Mapping[str, str]) -> str:
    """Return the URL of origin, else of the first remote, in the form that pip takes; raise RemoteUnknownError.

    The user's and the system's configuration come first, as in the output of
    ``git config --get-regexp``; ``url.*.insteadOf`` does not count in it.
    """
    found = None
    for name, value in git_config.read(repository, environ):
        start = name.find("remote.")
        if value is None or start < 0 or ".url" not in name[start + len("remote.") :]:
            continue  # pip's pattern is remote\..*\.url
        line = f"{name} {value}"
        if line.startswith("remote.origin.url "):
            found = line
            break
        if found is None:
            found = line
    if found is None:
        raise RemoteUnknownError(None)
    return as_pip_takes_it(found.split(" ")[1].strip())


def as_pip_takes_it(url: str) -> str:
    """Return a URL as it is, and a path or a ``user@host:path`` as one (pip's Git._git_remote_to_pip_url)."""
    scheme, mark, _ = url.partition("://")
    if mark and _is_word(scheme):
        return url
    if os.path.isabs(url) and os.path.exists(url):
        from cleanenv.environments.direct_url import file_url

        return file_url(url)
    # pip's SCP_REGEX, in which the user is optional and the host may be anything without a slash.
    host, colon, path = url.partition(":")
    is_host = host != "" and "/" not in host
    is_path = _is_word(path[:1]) and ":" not in path
    if colon and is_host and is_path:
        return f"ssh://{host}/{path}"
    raise RemoteUnknownError(url)


def _root_for_pip(repository: Repository, location: str) -> str:
    """Return the parent of what ``git rev-parse --git-dir`` prints, which pip takes for the top."""
    if repository.is_linked:  # of a worktree the directory lies elsewhere
        return os.path.dirname(os.path.realpath(repository.git))
    return location if os.path.realpath(location) == repository.top else repository.top


def _remedy(repository: Repository) -> str:
    if os.path.isdir(f"{repository.common}/reftable"):
        return "commit first; see 'git fsck' if it has one"
    return "commit first"


def _named(path: str, directory: str) -> str | None:
    """Return the directory that the file .git at ``path`` names, None if it names none."""
    text = _text(path)
    if text is None or not text.startswith(_POINTER):
        return None
    return os.path.normpath(os.path.join(directory, text.removeprefix(_POINTER).strip()))


def _is_repository(git: str) -> bool:
    """Whether git takes the directory ``git`` for a repository's (is_git_directory in its setup.c)."""
    head = f"{git}/HEAD"
    if os.path.islink(head):
        is_head = os.readlink(head).startswith("refs/")
    else:
        text = _text(head) or ""
        target = text.removeprefix("ref:").strip()
        is_head = target.startswith("refs/") if target != text else text[:40] != "" and _HEX.issuperset(text[:40])
    if not is_head:
        return False
    common = _common(git)
    return os.path.isdir(f"{common}/objects") and os.path.isdir(f"{common}/refs")


def _common(git: str) -> str:
    shared = _text(f"{git}/commondir")
    return os.path.normpath(os.path.join(git, shared)) if shared else git


def _device(directory: str) -> int:
    try:
        return os.stat(directory).st_dev
    except OSError:
        return -1


def _is_word(text: str) -> bool:
    return text.replace("_", "a").isalnum()


def _text(path: str) -> str | None:
    try:
        return metadata.read_whole(path).decode("utf-8", "surrogateescape").strip() or None
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return None
