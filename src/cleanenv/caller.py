"""What the caller handed over: the one place that reads os.environ and the current folder."""

from __future__ import annotations

import os

from cleanenv.errors import UsageError


def environ() -> dict[str, str]:
    """Return a copy of the environment that cleanenv was started in; bytes that are no UTF-8 as PEP 383 has them."""
    return dict(os.environ)


def folder() -> str:
    """Return the current folder as the user sees it, links unresolved; raise UsageError where it is gone."""
    try:
        resolved = os.getcwd()
    except OSError as error:
        raise UsageError("the current folder is gone: change into one that is there") from error
    logical = os.environ.get("PWD", "")
    if os.path.isabs(logical) and os.path.isdir(logical) and os.path.samefile(logical, resolved):
        return logical
    return resolved


def is_terminal() -> bool:
    """Tell whether standard input is a terminal."""
    try:
        return os.isatty(0)
    except OSError:
        return False
