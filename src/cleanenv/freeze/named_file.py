"""The content of a file that the user names."""

from __future__ import annotations

import os
import stat

from cleanenv.errors import UsageError
from cleanenv.system.toml_document import Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# With a hash for each wheel of a thousand packages a file has some 5 MB.
LARGEST = 16 << 20
_REMEDY = "name a requirements file, a pyproject.toml or a pylock.toml"


def read(path: str, shown: str) -> bytes:
    """Return the content of the file at ``path``, which messages call ``shown``; raise UsageError if it has none."""
    try:
        data = _read_whole(path)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise UsageError(f"cannot read '{shown}' ({reason})", _REMEDY) from error
    if data is None:
        raise UsageError(f"'{shown}' is a pipe or a device", "write it to a file first")
    if len(data) > LARGEST:
        raise UsageError(f"'{shown}' has more than {LARGEST >> 20} MiB", _REMEDY)
    return data


def read_toml(path: str, shown: str) -> tuple[str, Mapping[str, object]]:
    """Return the text of a TOML file and what it holds; raise UsageError if it is not TOML."""
    document = Document(shown, read(path, shown))
    return document.text, document.table()


def line_of(text: str, literal: str) -> int | None:
    """Return the number of the first line of ``text`` that has ``literal``, None if none has."""
    start = text.find(literal)
    return text.count("\n", 0, start) + 1 if start >= 0 else None


def _read_whole(path: str) -> bytes | None:
    """Return the content of the file, up to one byte over LARGEST; None for a pipe or a device."""
    with open(path, "rb", opener=_open_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return None
        return file.read(LARGEST + 1)


def _open_at_once(path: str, flags: int) -> int:
    """Open ``path`` without waiting for the writer of a named pipe."""
    return os.open(path, flags | os.O_NONBLOCK)
