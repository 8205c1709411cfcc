"""The standard streams, which may be closed, or full."""

from __future__ import annotations

import os
import sys


def stand_in() -> None:
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


def forget(number: int) -> None:
    """Let the interpreter not try again, at its end, to write what could not be written."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)
