"""What git's references point to: HEAD, branches and tags, in files or in a reftable (gitrepository-layout(5))."""

from __future__ import annotations

import os

from cleanenv.environments import metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.freeze.version_control.git_repository import Repository

_HEX = frozenset("0123456789abcdef")
_DEEPEST = 10
_COMMIT_LENGTHS = (40, 64)  # SHA-1, SHA-256
_SYMBOLIC = "ref:"
_BRANCHES = "refs/heads/"
_TAGS = "refs/tags/"
_REMOTES = "refs/remotes/"


def head(repository: Repository) -> str | None:
    """Return the commit that is checked out, None if there is none or it cannot be read."""
    return _resolved(repository, "HEAD")


def branch(repository: Repository) -> str | None:
    """Return the branch that is checked out, None if HEAD is detached or cannot be read."""
    link = f"{repository.git}/HEAD"
    if os.path.islink(link):  # an old form of a symbolic reference
        target = os.readlink(link)
    else:
        target = (_content(repository, "HEAD") or "").removeprefix(_SYMBOLIC).strip()
    return target.removeprefix(_BRANCHES) if target.startswith(_BRANCHES) else None


def is_checked_out(repository: Repository, revision: str) -> bool | None:
    """Whether ``revision``, a branch or a tag, is what is checked out; None if that cannot be known.

    A branch of the clone's remote may have moved since the last fetch, so that
    only a tag can be surely another commit.
    """
    commit = head(repository)
    if commit is None:
        return None
    if revision == branch(repository):
        return True
    names = [f"{_BRANCHES}{revision}", f"{_REMOTES}origin/{revision}"]
    if revision.startswith("refs/"):
        names.append(revision)
    if any(_resolved(repository, name) == commit for name in names):
        return True
    tag = _resolved(repository, f"{_TAGS}{revision}")
    if tag is None:
        return None
    if tag == commit:
        return True
    target = _target_of_tag(repository, f"{_TAGS}{revision}", tag)
    return None if target is None else target == commit


def _resolved(repository: Repository, name: str) -> str | None:
    """Return the object that the reference ``name`` leads to, None if it leads to none."""
    for _ in range(_DEEPEST):  # symbolic references may lead to others
        content = _content(repository, name)
        if content is None or _is_commit(content):
            return content
        if not content.startswith(_SYMBOLIC):
            return None
        name = content.removeprefix(_SYMBOLIC).strip()
        if ".." in name:
            return None
    return None


def _content(repository: Repository, name: str) -> str | None:
    """Return what the reference ``name`` has: a commit, or ``ref:`` and another name."""
    directories = [repository.git]
    if repository.common != repository.git:
        directories.append(repository.common)
    if os.path.isdir(f"{repository.common}/reftable"):
        from cleanenv.freeze.version_control import git_reftable

        for directory in directories:
            record = git_reftable.find(f"{directory}/reftable", name)
            if record is not None:
                return record.value
        return None
    for directory in directories:
        content = _text(f"{directory}/{name}")
        if content is not None:
            return content
    return _packed(repository, name)[0]


def _packed(repository: Repository, name: str) -> tuple[str | None, str | None]:
    """Return the object of ``name`` in packed-refs, and the commit if that is a tag's own object."""
    text = _text(f"{repository.common}/packed-refs") or ""
    lines = text.splitlines()
    for index, line in enumerate(lines):
        found, _, packed_name = line.partition(" ")
        if packed_name != name or not _is_commit(found):
            continue
        following = lines[index + 1] if index + 1 < len(lines) else ""
        return found, following[1:] if following.startswith("^") else None
    return None, None


def _target_of_tag(repository: Repository, name: str, tag: str) -> str | None:
    """Return the commit of a tag that has an object of its own, ``tag`` if it has none, None if it cannot be read."""
    if os.path.isdir(f"{repository.common}/reftable"):
        from cleanenv.freeze.version_control import git_reftable

        record = git_reftable.find(f"{repository.common}/reftable", name)
        return (record.peeled or tag) if record is not None else None
    packed, peeled = _packed(repository, name)
    if packed == tag and peeled is not None:
        return peeled
    return _from_object(f"{repository.common}/objects/{tag[:2]}/{tag[2:]}", tag)


def _from_object(path: str, tag: str) -> str | None:
    """Return what the loose object at ``path`` tags, ``tag`` itself if it is a commit, None if it cannot be read."""
    import zlib

    try:
        data = zlib.decompress(metadata.read_whole(path))
    except (OSError, zlib.error):  # it may be in a pack
        return None
    kind, _, body = data.partition(b"\0")
    if not kind.startswith(b"tag "):
        return tag
    target = body.partition(b"\n")[0].removeprefix(b"object ").decode("ascii", "replace")
    return target if _is_commit(target) else None


def _is_commit(text: str) -> bool:
    return len(text) in _COMMIT_LENGTHS and _HEX.issuperset(text)


def _text(path: str) -> str | None:
    try:
        return metadata.read_whole(path).decode("utf-8", "surrogateescape").strip() or None
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return None
