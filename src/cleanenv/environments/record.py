"""RECORD: the files that a distribution installed, with their hashes (PEP 376, PEP 627)."""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import io
import os
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.environments import metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.environments.distribution import Distribution

RECORD = "RECORD"
# In a .dist-info: what depends on who installed, when or from where, and not on what was installed.
_OF_THE_INSTALLATION = frozenset(
    (RECORD, "RECORD.jws", "RECORD.p7s", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json")
)
_BYTECODE = (".pyc", ".pyo")
_SCRIPTS = ("/bin/", "/Scripts/")
_PREFIX = "sha256:"


class RecordError(ValueError):
    """A RECORD that cannot be read; its text is the reason."""


class Row(NamedTuple):
    """A file of a distribution.

    ``path`` as written, relative to the directory of the .dist-info, or
    absolute; ``algorithm`` and ``value``, unpadded base64 of the URL-safe
    alphabet, both empty if there is no hash; ``size`` in bytes, None if it is
    not recorded.
    """

    path: str
    algorithm: str
    value: str
    size: int | None

    @property
    def is_bytecode(self) -> bool:
        """Whether the file is bytecode, which installers write and hash or not."""
        return self.path.endswith(_BYTECODE)


def read(distribution: Distribution) -> list[Row] | None:
    """Return the rows of the RECORD of ``distribution``, None if it has none, or an empty one; raise RecordError."""
    if not distribution.entry.endswith(".dist-info"):
        return None
    return read_file(f"{distribution.info}/{RECORD}") or None


def read_file(path: str) -> list[Row] | None:
    """Return the rows of the RECORD at ``path``, None if it does not exist; raise RecordError."""
    try:
        data = metadata.read_whole(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise RecordError((error.strerror or "unreadable").lower()) from error
    return parse(data)


def parse(data: bytes) -> list[Row]:
    """Return the rows in the text of a RECORD; raise RecordError if it is not CSV."""
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise RecordError(str(error)) from error
    return [_row(fields) for fields in lines if fields and fields[0]]


def _row(fields: Sequence[str]) -> Row:
    path, hashed, size = (*fields, "", "")[:3]
    algorithm, _, value = hashed.strip().partition("=")
    # Some tools pad, and some use the other alphabet of base64.
    value = value.rstrip("=").replace("+", "-").replace("/", "_")
    is_size = size.isascii() and size.isdecimal()
    return Row(path, algorithm.lower() if value else "", value, int(size) if is_size else None)


def encode(digest: bytes) -> str:
    """Return ``digest`` as a Row's ``value`` has it."""
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hexadecimal(value: str) -> str:
    """Return a Row's ``value`` as sha256sum prints it; empty if it is not base64."""
    try:
        return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).hex()
    except (binascii.Error, ValueError):
        return ""


def content(distribution: Distribution, rows: Sequence[Row]) -> dict[str, str]:
    """Return the hash of each file that is the same wherever ``distribution`` is installed, by its path.

    Those are the files with a hash, without scripts, whose first line names the
    environment, without bytecode, and without what the installer adds.
    """
    chosen = {}
    info = f"{distribution.entry}/"
    for row in rows:
        if not row.value or row.is_bytecode:
            continue
        path = os.path.normpath(row.path)
        if path.startswith(info) and path[len(info) :] in _OF_THE_INSTALLATION:
            continue
        if path.startswith(("../", "/")) and any(part in path for part in _SCRIPTS):
            continue
        chosen[path] = f"{row.algorithm}={row.value}"
    return chosen


def digest(distribution: Distribution) -> str | None:
    """Return one hash over ``content``, ``sha256:`` and hexadecimal digits; None if there is no RECORD to read."""
    try:
        rows = read(distribution)
    except RecordError:
        return None
    return None if rows is None else digest_of(content(distribution, rows))


def digest_of(chosen: dict[str, str]) -> str:
    """Return one hash over the paths and the hashes in ``chosen``."""
    lines = []
    for path, hashed in sorted(chosen.items()):
        lines.append(f"{path}\0{hashed}\n")
    joined = "".join(lines).encode("utf-8", "surrogateescape")
    return _PREFIX + hashlib.sha256(joined).hexdigest()
