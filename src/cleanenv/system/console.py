"""What is printed on stderr, and what a terminal may be shown."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# The no-break and the ideographic space, which str.isprintable refuses: a listing has paths with them as pip prints
# them. By number: \N{...} imports unicodedata when this is compiled.
_HARMLESS = "\u00a0\u3000"


def complain(sentence: str) -> None:
    """Print a refusal."""
    say(f"Error: {sentence}")


def warn(facts: Iterable[str]) -> None:
    """Print what is worth knowing beside a result."""
    for fact in facts:
        say(f"Warning: {fact}")


def say(line: str) -> None:
    """Print a line, with nothing in it that a terminal would obey; a closed stderr is no error."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.buffer.write(readable(line).encode() + b"\n")
        sys.stderr.flush()
    except OSError:  # the status still says it
        forget(2)


def readable(text: str) -> str:
    """Return ``text`` with all made visible that a terminal may obey: control characters, and bytes not of UTF-8.

    Such a byte (PEP 383) may be a control character of a terminal with eight bits, as CSI is.
    """
    if text.isprintable():
        return text
    shown = ""
    for character in text:
        if character.isprintable() or character in _HARMLESS:
            shown += character
        else:
            shown += repr(character)[1:-1]
    return shown


def forget(number: int) -> None:
    """Let the interpreter not try again, at its end, to write what could not be written."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)
