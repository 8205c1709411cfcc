"""Checking cleanenv's table in a configuration file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.clean import project_limits
from cleanenv.clean.plan import Overrides
from cleanenv.errors import UsageError
from cleanenv.session.toml_document import Document

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
USERS_OWN = ("shell", "path", "source", "rc")  # not for a project's file: entering a directory must not run code
WAY_OUT = "put it into config.toml in your own configuration directory, or on the command line"


class Table(NamedTuple):
    """What one file says: ENV, a shell, overrides, the files for clean shells, doctor's codes to ignore by place."""

    env: str | None
    shell: str | None
    overrides: Overrides
    rc: Sequence[str]
    ignore: Mapping[str, str]


def user(path: str, content: bytes, home: str) -> Table:
    """Return what the user's config.toml at ``path`` says; raise UsageError, naming the line, for what it may not."""
    document = Document(path, content)
    table = document.table()
    _check_values(table, document)
    config = _config(table, document, os.path.dirname(path), home)
    _check_names(config.overrides, document)
    return config


def project(path: str, content: bytes, home: str) -> Table:
    """Return what [tool.cleanenv] in the pyproject.toml at ``path`` says; raise UsageError as ``user`` does.

    A project's file may neither decide what is run nor let in what does.
    """
    document = Document(path, content)
    table = document.table("tool", "cleanenv")
    _check_values(table, document)
    for key in table:
        if key in USERS_OWN:
            raise _not_for_projects(document.place(key), f"name '{key}'")
    config = _config(table, document, os.path.dirname(path), home)
    _check_names(config.overrides, document)
    for pattern in config.overrides.keep:
        kind = project_limits.may_keep(pattern)
        if kind is not None:
            raise _not_for_projects(document.place(pattern), f"keep {pattern!r} ({kind})")
    for name in config.overrides.assign:
        kind = project_limits.may_set(name)
        if kind is not None:
            raise _not_for_projects(document.place(name), f"set {name!r} ({kind})")
    return config


def _not_for_projects(place: str, act: str) -> UsageError:
    return UsageError(f"{place}: a project's file may not {act}", WAY_OUT)


def _check_values(table: Mapping[str, object], document: Document) -> None:
    """Raise UsageError for an unknown key or a value of a wrong type."""
    for key, value in table.items():
        place = document.place(key)
        if key not in KEYS:
            raise UsageError(f"{place}: unknown key '{key}'", f"cleanenv knows {', '.join(KEYS)}")
        texts = _texts(value, KEYS[key])
        if texts is None:
            raise UsageError(f"{place}: '{key}' must be {KEYS[key].removeprefix('a string or ')}")
        if any("\0" in text for text in texts):
            raise UsageError(f"{place}: '{key}' holds a NUL character", "remove it, since no variable can hold one")


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
                f"{document.place(name)}: '{name}' is not a name for a variable", "use letters, digits and '_'"
            )
