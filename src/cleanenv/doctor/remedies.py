"""What a remedy asks the user to type, in the words of the user's shell."""

from __future__ import annotations

import os
from shlex import quote as quoted_posix
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UNSET = "unset"
UNSET_FUNCTION = "unset function"
EXPORT = "export"
PREPEND = "prepend"
ACTIVATE = "activate"
POSIX = "posix"

# {name} is a variable or a function, {value} a quoted value, {file} the quoted path of an activation script.
WORDS: dict[str, dict[str, str]] = {
    POSIX: {
        UNSET: "unset {name}",
        UNSET_FUNCTION: "unset -f {name}",
        EXPORT: "export {name}={value}",
        PREPEND: 'export {name}={value}:"${name}"',
        ACTIVATE: ". {file}",
    },
    "fish": {
        UNSET: "set -e {name}",
        UNSET_FUNCTION: "functions -e {name}",
        EXPORT: "set -gx {name} {value}",
        PREPEND: "set -gx {name} {value} ${name}",
        ACTIVATE: "source {file}",
    },
    "tcsh": {
        UNSET: "unsetenv {name}",
        EXPORT: "setenv {name} {value}",
        PREPEND: 'setenv {name} {value}:"${name}"',
        ACTIVATE: "source {file}",
    },
    "nushell": {
        UNSET: "hide-env {name}",
        EXPORT: "$env.{name} = {value}",
        PREPEND: "$env.{name} = ($env.{name} | prepend {value})",
        ACTIVATE: "overlay use {file}",
    },
    "xonsh": {
        UNSET: "del ${name}",
        EXPORT: "${name} = {value}",
        PREPEND: "${name}.insert(0, {value})",
        ACTIVATE: "source {file}",
    },
    "elvish": {
        UNSET: "unset-env {name}",
        EXPORT: "set-env {name} {value}",
        PREPEND: "set-env {name} {value}:$E:{name}",
    },
}
WORDS["csh"] = WORDS["tcsh"]
# The ends of the names of activation scripts; elvish has none.
SUFFIXES = {"fish": ".fish", "tcsh": ".csh", "csh": ".csh", "nushell": ".nu", "xonsh": ".xsh"}


class Command(NamedTuple):
    """A command that every shell says in words of its own; ``value`` is not quoted."""

    kind: str
    name: str = ""
    value: str = ""


def unset(name: str) -> Command:
    """Return the command that unsets an exported variable."""
    return Command(UNSET, name)


def line(command: Command, shell: str) -> str:
    """Return ``command`` in the words of the shell called ``shell``; a shell not in WORDS takes those of POSIX.

    A kind that a shell has no words for is empty: such a variable reaches it
    from another shell (an exported function), or it has no such script.
    """
    words: Mapping[str, str] = WORDS.get(shell, WORDS[POSIX])
    if command.kind == UNSET_FUNCTION:  # it is bash alone that exports functions
        words = WORDS[POSIX]
        return words[UNSET_FUNCTION].format(name=quoted_posix(command.name))
    if command.kind not in words:
        return ""
    file = f"{command.value}/activate{SUFFIXES.get(shell, '')}"
    if command.kind == ACTIVATE and shell in SUFFIXES and not os.path.isfile(file):
        return ""  # venv makes those of fish and csh, virtualenv the others too
    return words[command.kind].format(name=command.name, value=quote(command.value, shell), file=quote(file, shell))


def quote(text: str, shell: str) -> str:
    """Return ``text`` as one word of ``shell``, quoted only if it has to be."""
    return QUOTES.get(shell, quoted_posix)(text)


def _needs_none(text: str) -> bool:
    return quoted_posix(text) == text


def _fish(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace("'", "\\'")
    return text if _needs_none(text) else f"'{inner}'"


def _csh(text: str) -> str:
    return quoted_posix(text).replace("!", "\\!")  # history expansion, also within quotes


def _nushell(text: str) -> str:
    if _needs_none(text):
        return text
    if "'" not in text:
        return f"'{text}'"
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def _elvish(text: str) -> str:
    inner = text.replace("'", "''")
    return text if _needs_none(text) else f"'{inner}'"


QUOTES: dict[str, Callable[[str], str]] = {
    "fish": _fish,
    "tcsh": _csh,
    "csh": _csh,
    "nushell": _nushell,
    "xonsh": repr,
    "elvish": _elvish,
}
