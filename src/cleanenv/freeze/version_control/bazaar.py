"""Branches and checkouts of Bazaar and Breezy, read from their files.

The result is what pip makes of ``bzr info`` and ``bzr revno``. The user's
locations.conf, which may replace a parent branch, is not read.
"""

from __future__ import annotations

import os

from cleanenv.environments import metadata
from cleanenv.environments.direct_url import file_url, local_path
from cleanenv.freeze.version_control.source import RemoteUnknownError, Source, UnreadableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NO = frozenset(("false", "no", "off", "0"))


def root(location: str) -> str | None:
    """Return ``location`` if it is the top of a branch: pip does not look further up."""
    return location if os.path.exists(f"{location}/.bzr") else None


def source(location: str, _environ: Mapping[str, str]) -> Source:
    """Return what ``location`` is a branch or a checkout of; raise RemoteUnknownError or UnreadableError."""
    directory = f"{os.path.realpath(location)}/.bzr/branch"
    reference = _text(f"{directory}/location")
    if reference:  # a lightweight checkout, whose branch is elsewhere
        url = reference
        directory = f"{_local(reference)}/.bzr/branch" if _local(reference) else ""
    else:
        url = _remote(directory)
    revision = _text(f"{directory}/last-revision").partition(" ")[0]
    if not revision.isdecimal():
        fact = f"the branch that '{location}' is a checkout of cannot be read"
        raise UnreadableError(fact, "use a branch on this machine", location)
    return Source(_with_scheme(url), revision)


def _remote(directory: str) -> str:
    """Return the URL of the branch that the one in ``directory`` is bound to, else of its parent."""
    options = _options(f"{directory}/branch.conf")
    url = options.get("bound_location", "")
    if not url or options.get("bound", "true").lower() in _NO:
        url = options.get("parent_location", "")
    if not url:
        raise RemoteUnknownError(None)
    if "://" in url or url.startswith("/"):
        return url
    # Relative to the top of the working copy, and quoted like a URL.
    top = file_url(os.path.dirname(os.path.dirname(directory)))
    return "file://" + os.path.normpath(f"{top.removeprefix('file://')}/{url}")


def _with_scheme(url: str) -> str:
    path = _local(url)
    if path is not None:
        path = path if path == "/" else path.rstrip("/")
        return f"bzr+{file_url(path)}"
    return url if url.lower().startswith("bzr:") else f"bzr+{url}"


def _local(url: str) -> str | None:
    """Return the path that ``url`` names on this machine, None for another URL."""
    if url.startswith("/"):
        return url
    try:
        return local_path(url)
    except ValueError:
        return None


def _options(path: str) -> dict[str, str]:
    """Return the options in a branch.conf: ``name = value`` lines."""
    options = {}
    for line in _text(path).splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.lstrip().startswith("#"):
            options[name.strip()] = value.strip().strip("\"'")
    return options


def _text(path: str) -> str:
    try:
        return metadata.read_whole(path).decode("utf-8", "surrogateescape").strip()
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return ""
