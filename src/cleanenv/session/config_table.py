"""Checking cleanenv's table in a configuration file."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.clean.plan import Overrides
from cleanenv.errors import UsageError
from cleanenv.system.toml_document import Document

if TYPE_CHECKING:
    from collections.abc import Sequence

STRING = "a string"
STRINGS = "a list of strings"
STRING_OR_STRINGS = "a string or a list of strings"
TABLE = "a table of strings"
KEYS = {
    "env": STRING,
    "keep": STRINGS,
    "set": TABLE,
    "shell": STRING,
    "path": STRING_OR_STRINGS,
    "source": STRING_OR_STRINGS,
    "rc": STRING_OR_STRINGS,
    "ignore": STRINGS,
}
USERS_OWN = ("rc",)  # not for a project's file: it is about the user's own shell
LONGEST_SHOWN = 60  # characters of a key or name in a message


class Table(NamedTuple):
    """What one file says: ENV, a shell, overrides, the files for clean shells, doctor's codes to ignore by place."""

    env: str | None
    shell: str | None
    overrides: Overrides
    rc: Sequence[str]
    ignore: Mapping[str, str]


class Project(NamedTuple):
    """What a project's file says, and its table as it was read, for which consent is given."""

    table: Table
    items: dict[str, object]


def user(path: str, content: bytes, home: str) -> Table:
    """Return what the user's config.toml at ``path`` says; raise UsageError, naming the line, for what it may not."""
    document = Document(path, content)
    return _read(document.table(), document, home)


def project(path: str, content: bytes, home: str) -> Project:
    """Return what [tool.cleanenv] in the pyproject.toml at ``path`` says; raise UsageError as ``user`` does.

    It may say what the user's own file may: the user is asked for consent to it.
    """
    document = Document(path, content)
    items = document.table("tool", "cleanenv")
    for key in items:
        if key in USERS_OWN:
            raise UsageError(f"{document.place(key)}: a project's file may not name '{key}'", "put it into config.toml")
    return Project(_read(items, document, home), items)


def _read(items: Mapping[str, object], document: Document, home: str) -> Table:
    _check_values(items, document)
    table = _config(_in_bytes(items, document), document, os.path.dirname(document.path), home)
    _check_names(table.overrides, document)
    return table


def _in_bytes(items: Mapping[str, object], document: Document) -> dict[str, object]:
    """Return ``items`` with all strings as the operating system's (PEP 383) for the bytes that are in the file.

    These are UTF-8, whatever the locale says; paths and values of variables are bytes.
    """
    converted: dict[str, object] = {}
    for key, value in items.items():
        if isinstance(value, dict):
            converted[key] = {name: _as_bytes(str(text), key, document) for name, text in value.items()}
        elif isinstance(value, list):
            converted[key] = [_as_bytes(str(text), key, document) for text in value]
        else:
            converted[key] = _as_bytes(str(value), key, document)
    return converted


def _as_bytes(text: str, key: str, document: Document) -> str:
    if text.isascii():
        return text
    data = text.encode()
    decoded = None
    with suppress(UnicodeError):
        decoded = os.fsdecode(data)
    if decoded is None or os.fsencode(decoded) != data:
        encoding = sys.getfilesystemencoding()
        raise UsageError(
            f"{document.place(key)}: '{key}' cannot be expressed in {encoding}, the encoding of the locale",
            "use a locale with UTF-8",
        )
    return decoded


def _check_values(table: Mapping[str, object], document: Document) -> None:
    """Raise UsageError for an unknown key or a value of a wrong type."""
    for key, value in table.items():
        place = document.place(key)
        if key not in KEYS:
            raise UsageError(f"{place}: unknown key '{_shown(key)}'", f"cleanenv knows {', '.join(KEYS)}")
        texts = _texts(value, KEYS[key])
        if texts is None:
            raise UsageError(f"{place}: '{key}' must be {KEYS[key].removeprefix('a string or ')}")
        if any("\0" in text for text in texts):
            raise UsageError(f"{place}: '{key}' holds a NUL character", "remove it, since no variable can hold one")


def _shown(name: str) -> str:
    return name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}…"


def _texts(value: object, expected: str) -> list[str] | None:
    """Return the strings in ``value`` if it is what is ``expected``, else None."""
    if expected in (STRING, STRING_OR_STRINGS) and isinstance(value, str):
        return [value]
    items: Sequence[object] = ()
    if expected in (STRINGS, STRING_OR_STRINGS) and isinstance(value, list):
        items = value
    elif expected == TABLE and isinstance(value, dict):
        items = list(value.values())
    else:
        return None
    texts = [item for item in items if isinstance(item, str)]
    return texts if len(texts) == len(items) else None


def _config(table: Mapping[str, object], document: Document, directory: str, home: str) -> Table:
    """Return what a checked ``table`` says; paths in it are relative to ``directory``, '~/' is ``home``."""
    env = table.get("env")
    if isinstance(env, str) and env:
        place = _placed(env, directory, home)
        if os.sep in env or os.path.isdir(place):  # else it is a name
            env = place
    shell = table.get("shell")
    assign = table.get("set")
    overrides = Overrides(
        _listed(table, "keep"),
        {name: str(value) for name, value in assign.items()} if isinstance(assign, Mapping) else {},
        [_placed(path, directory, home) for path in _listed(table, "path")],
        [_placed(path, directory, home) for path in _listed(table, "source")],
    )
    rc = [_placed(path, directory, home) for path in _listed(table, "rc")]
    ignore = {code: document.place(code) for code in _listed(table, "ignore")}
    return Table(
        env if isinstance(env, str) else None, shell if isinstance(shell, str) else None, overrides, rc, ignore
    )


def _listed(table: Mapping[str, object], key: str) -> list[str]:
    return _texts(table.get(key, []), STRING_OR_STRINGS) or []


def _placed(path: str, directory: str, home: str) -> str:
    if home and path.startswith("~/"):
        return os.path.join(home, path[2:])
    return os.path.join(directory, path)


def _check_names(overrides: Overrides, document: Document) -> None:
    for name in overrides.assign:
        if not (name.isidentifier() and name.isascii()):
            raise UsageError(
                f"{document.place(name)}: '{_shown(name)}' is not a name for a variable", "use letters, digits and '_'"
            )
