"""What the caller handed over: the one place that reads os.environ and the current folder."""

from __future__ import annotations

import os

from cleanenv.errors import UsageError

# What the interpreter itself sets in the C locale (PEP 538).
COERCED = ("C.UTF-8", "C.utf8", "UTF-8")


def environ() -> dict[str, str]:
    """Return a copy of the environment that cleanenv was started in; bytes that are no UTF-8 as PEP 383 has them."""
    given = dict(os.environ)
    if given.get("LC_CTYPE") in COERCED and not _was_given("LC_CTYPE"):
        del given["LC_CTYPE"]
    return given


def _was_given(name: str) -> bool:
    """Tell whether this process was started with the variable, where the system says so."""
    try:
        with open("/proc/self/environ", "rb") as file:
            return f"\0{name}=".encode() in b"\0" + file.read()
    except OSError:
        return True


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
