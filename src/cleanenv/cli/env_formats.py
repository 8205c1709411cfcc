"""The forms in which an environment is printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

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


def text(environ: Mapping[str, str]) -> str:
    """Return ``NAME=VALUE`` lines for people; control characters are made visible."""
    return "".join(f"{name}={readable(value)}\n" for name, value in environ.items())


def as_json(environ: Mapping[str, str]) -> str:
    """Return one JSON object; bytes that are not UTF-8 stand as lone surrogates (PEP 383)."""
    return json.dumps(environ, indent=2) + "\n"


def dotenv(environ: Mapping[str, str]) -> str:
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


def sh(environ: Mapping[str, str]) -> str:
    """Return ``export`` commands for POSIX shells."""
    lines = []
    for name, value in environ.items():
        quoted = value.replace("'", "'\\''")
        lines.append(f"export {name}='{quoted}'\n")
    return "".join(lines)


def fish(environ: Mapping[str, str]) -> str:
    """Return ``set -gx`` commands for fish, which splits PATH at ':' by itself; what is read-only there is left out."""
    lines = []
    for name, value in environ.items():
        if name not in FISH_OWN:
            lines.append(f"set -gx {name} '{_escape(value)}'\n")
    return "".join(lines)


def null(environ: Mapping[str, str]) -> str:
    """Return what ``env -0`` prints: a NUL after each ``NAME=VALUE``."""
    return "".join(f"{name}={value}\0" for name, value in environ.items())


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


FORMS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "text": text,
    "json": as_json,
    "dotenv": dotenv,
    "sh": sh,
    "fish": fish,
    "null": null,
}
