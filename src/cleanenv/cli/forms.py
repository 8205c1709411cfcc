"""The forms in which an environment is printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cleanenv.message import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def text(environ: Mapping[str, str]) -> str:
    """Return ``NAME=VALUE`` lines for people; control characters are made visible."""
    return "".join(f"{name}={readable(value)}\n" for name, value in environ.items())


def as_json(environ: Mapping[str, str]) -> str:
    """Return one JSON object; bytes that are no UTF-8 stand as lone surrogates (PEP 383)."""
    return json.dumps(environ, indent=2) + "\n"


def dotenv(environ: Mapping[str, str]) -> str:
    """Return lines as python-dotenv and docker compose read them: single quotes, in which nothing is expanded.

    A value with a line break stands on several lines.
    """
    return "".join(f"{name}='{_escape(value)}'\n" for name, value in environ.items())


def sh(environ: Mapping[str, str]) -> str:
    """Return ``export`` commands for POSIX shells."""
    quoted = ((name, value.replace("'", "'\\''")) for name, value in environ.items())
    return "".join(f"export {name}='{value}'\n" for name, value in quoted)


def fish(environ: Mapping[str, str]) -> str:
    """Return ``set -gx`` commands for fish, which splits PATH at ':' by itself."""
    return "".join(f"set -gx {name} '{_escape(value)}'\n" for name, value in environ.items())


def null(environ: Mapping[str, str]) -> str:
    """Return what ``env -0`` prints: NUL behind each ``NAME=VALUE``."""
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
