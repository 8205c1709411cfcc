"""Working copies of Subversion, read from their database.

The result is what pip makes of ``svn info --xml``. The database is opened for
reading alone; from Subversion 1.7 on it is an SQLite file, before that a text.
"""

from __future__ import annotations

import os

from cleanenv.environments import metadata
from cleanenv.environments.direct_url import file_url
from cleanenv.freeze.version_control.source import RemoteUnknownError, Source, UnreadableError, project_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_OLD_FORMATS = ("8", "9", "10")
_BETWEEN_ENTRIES = "\n\f\n"
_URL_FIELD = 3
_REVISION_FIELD = 9
# What Subversion leaves as it is in the path of a URL (libsvn_subr/path.c, uri_char_validity).
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!$&'()*+,-./:=@_~")
# The working copy's own node, and the one of a directory below it.
_QUERY = """
SELECT repository.root, nodes.repos_path, nodes.revision, nodes.changed_revision
FROM nodes JOIN repository ON repository.id = nodes.repos_id
WHERE nodes.local_relpath = '' AND nodes.op_depth = 0
"""


def root(location: str) -> str | None:
    """Return ``location`` if it is the top of a working copy: pip does not look further up."""
    return location if os.path.exists(f"{location}/.svn") else None


def source(location: str, _environ: Mapping[str, str]) -> Source:
    """Return what ``location`` is a checkout of; raise RemoteUnknownError or UnreadableError."""
    project = project_root(location)
    if project is None:
        raise RemoteUnknownError(None)
    url, _ = _url_and_revision(project)
    _, revision = _url_and_revision(location)
    return Source(f"svn+{url}", str(revision))


def _url_and_revision(directory: str) -> tuple[str, int]:
    entries = _text(f"{directory}/.svn/entries")
    if entries.startswith(_OLD_FORMATS) and _BETWEEN_ENTRIES in entries:
        return _from_entries(entries)
    database = f"{directory}/.svn/wc.db"
    if not os.path.exists(database):
        raise RemoteUnknownError(None)
    try:
        row = _row(database)
    except (ImportError, ValueError) as error:
        fact = f"the working copy '{directory}' cannot be read ({error})"
        raise UnreadableError(fact, "see 'svn info'", directory) from error
    if row is None:
        raise RemoteUnknownError(None)
    top, path, revision, changed = row
    url = f"{top}/{_quoted(path)}" if path else top
    # pip takes the text of svn's XML as it is.
    url = url.replace("&", "&amp;")
    return url, max(revision or 0, changed or 0)


def _row(database: str) -> tuple[str, str, int | None, int | None] | None:
    """Return the root URL, the path below it and the two revisions of the top; raise ValueError if it is unreadable."""
    import sqlite3

    # "immutable": no lock is taken and no journal is looked for, so that nothing is written.
    connection = sqlite3.connect(f"{file_url(database)}?mode=ro&immutable=1", uri=True)
    try:
        row: tuple[str, str, int | None, int | None] | None = connection.execute(_QUERY).fetchone()
    except sqlite3.Error as error:
        raise ValueError(error) from error
    finally:
        connection.close()
    return row


def _from_entries(text: str) -> tuple[str, int]:
    """Return the URL of the directory itself, and the highest revision of what it holds (Subversion 1.4 to 1.6)."""
    entries = [entry.splitlines() for entry in text.split(_BETWEEN_ENTRIES)]
    own = entries[0][1:]  # without the number of the format
    if len(own) <= _URL_FIELD:
        raise RemoteUnknownError(None)
    revision = 0
    for entry in [own, *entries[1:]]:
        if len(entry) > _REVISION_FIELD and entry[_REVISION_FIELD].isdecimal():
            revision = max(revision, int(entry[_REVISION_FIELD]))
    return own[_URL_FIELD], revision


def _quoted(path: str) -> str:
    quoted = ""
    for byte in path.encode("utf-8", "surrogateescape"):
        quoted += chr(byte) if byte in _PLAIN else f"%{byte:02X}"
    return quoted


def _text(path: str) -> str:
    try:
        return metadata.read_whole(path).decode("utf-8", "surrogateescape")
    except OSError:
        return ""
