"""Clones of Mercurial, read from their files.

The result is what pip makes of ``hg showconfig paths.default`` and ``hg parents``.
"""

from __future__ import annotations

import os

from cleanenv.environments import metadata
from cleanenv.environments.direct_url import file_url
from cleanenv.freeze.version_control import mercurial_config
from cleanenv.freeze.version_control.source import Source, UnreadableError, subdirectory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NODE = 20  # bytes of a changeset's hash
_DIRSTATE_V2 = b"dirstate-v2\n"
_NO_COMMIT = bytes(_NODE)


def root(location: str) -> str | None:
    """Return the top of the clone around ``location``, None if there is none."""
    if os.path.exists(f"{location}/.hg"):
        return location
    return _top(location)


def source(location: str, environ: Mapping[str, str]) -> Source:
    """Return what ``location`` is a clone of; raise UnreadableError if that cannot be known."""
    top = _top(location)
    url = mercurial_config.default_path(f"{top}/.hg", environ) if top is not None else None
    if top is None or url is None:
        fact = f"the Mercurial repository of '{location}' has no path called 'default'"
        raise UnreadableError(fact, "add one to its .hg/hgrc", location)
    if url.startswith("/"):
        url = file_url(url)
    if not url.lower().startswith("hg:"):
        url = f"hg+{url}"
    return Source(url, _parent(top), subdirectory(location, top))


def _top(location: str) -> str | None:
    """Return the nearest physical directory from ``location`` upwards with a .hg directory."""
    directory = os.path.realpath(location)
    while not os.path.isdir(f"{directory}/.hg"):
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
    return directory


def _parent(top: str) -> str:
    """Return the changeset that is checked out; raise UnreadableError if there is none."""
    try:
        data = metadata.read_whole(f"{top}/.hg/dirstate")
    except OSError:
        data = b""
    # A newer form has a mark before it ("hg help internals.dirstate-v2").
    node = data.removeprefix(_DIRSTATE_V2)[:_NODE]
    if len(node) < _NODE or node == _NO_COMMIT:
        fact = f"the Mercurial repository '{top}' has no changeset checked out"
        raise UnreadableError(fact, "commit first", top)
    return node.hex()
