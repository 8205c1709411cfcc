"""What the user is told on stderr."""

from __future__ import annotations

import sys

from cleanenv.system import streams

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


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
        streams.forget(2)


def readable(text: str) -> str:
    """Return ``text`` with all made visible that a terminal may obey: control characters, and bytes that are no UTF-8.

    Such a byte (PEP 383) may be a control character of a terminal with eight bits, as CSI is.
    """
    return text if text.isprintable() else "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
