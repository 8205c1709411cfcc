"""What is printed on the standard streams, and what a terminal may be shown."""

from __future__ import annotations

import os
import sys

from cleanenv.errors import CleanenvError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

NARROWEST = 40  # columns: in less a sentence is not broken up further
# Blanks that str.isprintable refuses; a listing has the paths with them as pip prints them.
_HARMLESS = "\u00a0\u3000"


def write(data: bytes) -> None:
    """Write a result to standard output, whole; raise CleanenvError if that fails."""
    output = sys.stdout
    if output is None:
        return
    try:
        output.buffer.write(data)
        output.flush()
    except OSError as error:
        reason = (error.strerror or "error").lower()
        forget(1)
        raise CleanenvError(f"cannot write to standard output ({reason})") from error


def complain(sentence: str) -> None:
    """Print a refusal on stderr."""
    say(f"Error: {sentence}")


def warn(facts: Iterable[str]) -> None:
    """Print on stderr what is worth knowing beside a result."""
    for fact in facts:
        say(f"Warning: {fact}")


def say(line: str) -> None:
    """Print a line on stderr, with nothing in it that a terminal would obey; a closed stderr is no error.

    A terminal, which would break it anywhere, is given it broken at blanks.
    """
    if sys.stderr is None:
        return
    text = readable(line)
    width = columns()
    if width is not None and len(text) > width:
        text = "\n".join(wrapped(text, width))
    try:
        sys.stderr.buffer.write(text.encode() + b"\n")
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


def columns() -> int | None:
    """Return the width of the terminal that stderr is, None if it is none or does not say."""
    try:
        return os.get_terminal_size(2).columns or None
    except OSError:
        return None


def wrapped(text: str, width: int) -> list[str]:
    """Return ``text`` in lines of at most ``width``, broken at blanks; a longer word has a line of its own."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if len(longer) > max(width, NARROWEST) and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def with_tilde(path: str, home: str) -> str:
    """Return ``path`` with ``~`` for the directory ``home`` at its start, as shells abbreviate it."""
    top = home.rstrip("/")
    if top and (path == top or path.startswith(f"{top}/")):
        return f"~{path[len(top) :]}"
    return path


def forget(number: int) -> None:
    """Let the interpreter not try again, at its end, to write what could not be written."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)
