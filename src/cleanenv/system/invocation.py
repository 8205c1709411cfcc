"""What the caller handed over: the environment, the current directory, the standard streams."""

from __future__ import annotations

import os
import sys

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


def fill_closed_streams() -> None:
    """Fill the places of closed streams, so that no file opened later takes them; children still get them closed."""
    for number in range(3):
        if not _is_open(number):
            os.open(os.devnull, os.O_RDONLY)  # takes the lowest free number, which is this one
    if sys.stdout is None:  # what is printed on it must fail, and not vanish
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115  it stays open


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
