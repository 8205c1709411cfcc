"""The forms in which an environment is printed."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from cleanenv.clean import policy
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Read-only in fish (its documentation, 'Special variables'): SHLVL it counts by itself.
FISH_OWN = frozenset(
    (
        *("FISH_VERSION", "PWD", "SHLVL", "_", "fish_kill_signal", "fish_killring", "fish_pid", "history", "hostname"),
        *("pipestatus", "status", "status_generation", "version"),
    )
)


# What an interactive shell uses itself, and what no command can take from it: left as it is.
LEFT_TO_THE_SHELL = ("BASHOPTS", "SHELLOPTS", "PS*", "PROMPT*", "RPROMPT*", "HIST*", "IFS", "fish_*")
FUNCTION_START, FUNCTION_END = "BASH_FUNC_", "%%"


class Removed:
    """What a shell that takes the environment over must lose: exported ``variables`` and bash's ``functions``."""

    def __init__(self, dropped: Mapping[str, str]) -> None:
        """Take what a plan has dropped, which maps names to kinds."""
        self.variables: list[str] = []
        self.functions: list[str] = []
        for name, kind in sorted(dropped.items()):
            function = name.removeprefix(FUNCTION_START).removesuffix(FUNCTION_END)
            if function != name:
                if _is_name(function):
                    self.functions.append(function)
                continue
            is_the_shells = kind in (policy.SHELLS_OWN, policy.SCREEN_SIZE) or policy.matches(name, LEFT_TO_THE_SHELL)
            if _is_name(name) and not is_the_shells:
                self.variables.append(name)


def _is_name(word: str) -> bool:
    return word.isidentifier() and word.isascii()


def text(environ: Mapping[str, str], _: Removed) -> str:
    """Return ``NAME=VALUE`` lines for people; control characters are made visible."""
    return "".join(f"{name}={readable(value)}\n" for name, value in environ.items())


def as_json(environ: Mapping[str, str], _: Removed) -> str:
    """Return one JSON object; bytes that are not UTF-8 stand as lone surrogates (PEP 383), whatever the locale is."""
    decoded = {name: os.fsencode(value).decode("utf-8", "surrogateescape") for name, value in environ.items()}
    return json.dumps(decoded, indent=2) + "\n"


def dotenv(environ: Mapping[str, str], _: Removed) -> str:
    """Return lines as python-dotenv and docker compose read them: single quotes, or double if there is a ``\\r``.

    A value with a line break stands on several lines. Python-dotenv expands
    ``${…}`` in any quotes, unless it is called with ``interpolate=False``.
    """
    return "".join(f"{name}={_dotenv_quoted(value)}\n" for name, value in environ.items())


def _dotenv_quoted(value: str) -> str:
    if "\r" not in value:  # reading a file as text turns it into a line break
        return f"'{_escape(value)}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r")
    return f'"{escaped}"'


def sh(environ: Mapping[str, str], removed: Removed) -> str:
    """Return ``unset`` and ``export`` commands for POSIX shells: ``eval`` of them leaves nothing that was dropped."""
    lines = [f"unset -f {name}\n" for name in removed.functions]
    lines += [f"unset {name}\n" for name in removed.variables]
    for name, value in environ.items():
        quoted = value.replace("'", "'\\''")
        lines.append(f"export {name}='{quoted}'\n")
    return "".join(lines)


def fish(environ: Mapping[str, str], removed: Removed) -> str:
    """Return ``set -e`` and ``set -gx`` commands for fish, without what is read-only there.

    fish splits PATH at ':' by itself.
    """
    lines = [f"set -e {name}\n" for name in removed.variables if name not in FISH_OWN]
    for name, value in environ.items():
        if name not in FISH_OWN:
            lines.append(f"set -gx {name} '{_escape(value)}'\n")
    return "".join(lines)


def null(environ: Mapping[str, str], _: Removed) -> str:
    """Return what ``env -0`` prints: a NUL after each ``NAME=VALUE``."""
    return "".join(f"{name}={value}\0" for name, value in environ.items())


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


FORMS: dict[str, Callable[[Mapping[str, str], Removed], str]] = {
    "text": text,
    "json": as_json,
    "dotenv": dotenv,
    "sh": sh,
    "fish": fish,
    "null": null,
}
