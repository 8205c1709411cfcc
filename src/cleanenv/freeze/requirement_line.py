"""What one line of a requirements file asks for: a name and versions, a URL or a path.

pip's rules (pip/_internal/req/constructors.py), but for one: what a path names
need not exist, since nothing is installed from it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import parse_wheel_filename

from cleanenv.environments import direct_url
from cleanenv.environments.names import canonical

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

VERSION_CONTROLS = ("git", "hg", "svn", "bzr")
VCS_SCHEMES = frozenset(
    (
        *("git+http", "git+https", "git+ssh", "git+git", "git+file"),
        *("hg+http", "hg+https", "hg+ssh", "hg+static-http", "hg+file"),
        *("svn+http", "svn+https", "svn+ssh", "svn+svn", "svn+file"),
        *("bzr+http", "bzr+https", "bzr+ssh", "bzr+sftp", "bzr+ftp", "bzr+lp", "bzr+file"),
    )
)
SCHEMES = VCS_SCHEMES | {"http", "https", "file", "ftp"}
ARCHIVES = (
    *(".whl", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz"),
    *(".tar.xz", ".txz", ".tlz", ".tar.lz", ".tar.lzma"),
)
_EGG = re.compile(r"[#&]egg=([^&]*)")


@dataclass(frozen=True)
class Requested:
    """What a line asks for.

    ``name`` as written, None if the line has none (a path, a URL without
    ``#egg=``); ``specifier`` the versions, None with a ``url``; ``url``
    absolute, of a path a ``file:`` URL; ``marker`` the condition; ``extras`` the
    extras in normal form.
    """

    name: str | None = None
    specifier: SpecifierSet | None = None
    url: str | None = None
    marker: Marker | None = None
    extras: frozenset[str] = frozenset()


def parse(text: str, directory: str) -> Requested:
    """Parse a requirement that stands for itself; relative paths begin at ``directory``.

    Raises ValueError with the reason in its first line.
    """
    # In a URL a semicolon may be part of a name, so pip wants a blank after it.
    body, _, condition = text.partition("; " if _scheme(text) in SCHEMES else ";")
    body = body.strip()
    marker = _marker(condition)
    if _scheme(body) in SCHEMES:
        return _from_url(body, directory, marker)
    if _is_archive(body):
        return _from_path(body, directory, marker)
    try:
        requirement = Requirement(body)
    except InvalidRequirement:
        if "://" in body or not _looks_like_path(body):
            raise
        return _from_path(body, directory, marker)
    return requested(requirement, directory, marker)


def requested(requirement: Requirement, directory: str, marker: Marker | None = None) -> Requested:
    """Return what ``requirement`` asks for, on the condition ``marker`` if it has none of its own."""
    extras = frozenset(map(canonical, requirement.extras))
    marker = requirement.marker or marker
    if requirement.url is None:
        return Requested(requirement.name, requirement.specifier, None, marker, extras)
    return Requested(requirement.name, None, _located(requirement.url, directory), marker, extras)


def parse_editable(text: str, condition: str, directory: str) -> Requested:
    """Parse what follows ``-e``, and the marker ``condition``; relative paths begin at ``directory``.

    Raises ValueError with the reason in its first line.
    """
    marker = _marker_after_editable(condition)
    named = _with_url(text)
    if named is not None and named.url is not None:
        if _scheme(named.url) not in (*VCS_SCHEMES, "file"):
            raise ValueError("neither a directory nor the URL of a repository")
        return requested(named, directory, marker)
    scheme = _scheme(text)
    if scheme == "file":
        path, extras = split_extras(text)
        return _from_url(path, directory, marker, extras)
    if scheme in VERSION_CONTROLS:  # as in git://host/path
        text = f"{scheme}+{text}"
        scheme = _scheme(text)
    if scheme in VCS_SCHEMES:
        from_repository = _from_url(text, directory, marker)
        if from_repository.name is None:
            raise ValueError("it does not name what it installs: write 'NAME @ URL'")
        return from_repository
    path, extras = split_extras(text)
    is_url = "://" in text or scheme.partition("+")[0] in VERSION_CONTROLS
    is_no_path = ":" in path or "@" in path
    absolute = os.path.join(directory, path)
    is_refused = is_url or os.path.isfile(absolute) or (is_no_path and not _looks_like_path(path))
    if is_refused and not os.path.isdir(absolute):
        raise ValueError("neither a directory nor the URL of a repository")
    return Requested(None, None, _located(path, directory), marker, extras)


def _marker_after_editable(condition: str) -> Marker | None:
    """Return the marker, None for anything else: pip ignores what follows the path."""
    try:
        return _marker(condition)
    except ValueError:
        return None


def _marker(condition: str) -> Marker | None:
    if not condition.strip():
        return None
    try:
        return Marker(condition)
    except RecursionError:
        raise ValueError("its condition is nested too deep") from None


def _with_url(text: str) -> Requirement | None:
    """Return ``NAME @ URL`` and a marker after it, None for anything else."""
    try:
        return Requirement(text)
    except (InvalidRequirement, RecursionError):
        return None


def _scheme(text: str) -> str:
    scheme, colon, _ = text.partition(":")
    return scheme.lower() if colon else ""


def _from_path(path: str, directory: str, marker: Marker | None) -> Requested:
    path, extras = split_extras(path)
    url = _located(path, directory)
    return Requested(_wheel_name(url), None, url, marker, extras)


def _from_url(
    url: str,
    directory: str,
    marker: Marker | None,
    extras: frozenset[str] = frozenset(),
) -> Requested:
    name = _wheel_name(url)
    egg = _EGG.search(url)
    if name is None and egg is not None:
        named = Requirement(egg[1])  # it may have extras, which older releases of pip wanted here
        if named.specifier or named.url or named.marker:
            raise ValueError("what follows '#egg=' is not a name")
        name = named.name
        extras = frozenset(map(canonical, named.extras))
    return Requested(name, None, _located(url, directory), marker, extras)


def _located(url: str, directory: str) -> str:
    """Return ``url``, and a path or a relative ``file:`` URL as an absolute one."""
    scheme = _scheme(url)
    if scheme == "file":
        path, mark, fragment = url[len("file:") :].partition("#")
        if path.startswith("/"):
            return url
        path = direct_url.unquoted(path)
        return direct_url.file_url(os.path.join(directory, path)) + mark + fragment
    if "://" in url:
        return url
    return direct_url.file_url(os.path.join(directory, url))


def _wheel_name(url: str) -> str | None:
    """Return the name in the file name of a wheel, None for another file."""
    path = url.partition("#")[0].partition("?")[0]
    if not path.endswith(".whl") or _scheme(url) in VCS_SCHEMES:
        return None
    return parse_wheel_filename(direct_url.unquoted(path.rpartition("/")[2]))[0]


def _is_archive(text: str) -> bool:
    """Whether ``text`` is the path of an archive, and not ``name @ URL``."""
    if not split_extras(text)[0].lower().endswith(ARCHIVES):
        return False
    before, at, _ = text.partition("@")
    return not at or _looks_like_path(before)


def _looks_like_path(text: str) -> bool:
    return "/" in text or text.startswith(".")


def split_extras(path: str) -> tuple[str, frozenset[str]]:
    """Return ``path`` without the ``[extra]`` at its end, and the extras; raise ValueError for what cannot be one."""
    start = path.rfind("[")
    if start <= 0 or not path.endswith("]") or path.endswith("[]"):
        return path, frozenset()
    extras = Requirement(f"name{path[start:].lower()}").extras
    return path[:start].rstrip(), frozenset(map(canonical, extras))
