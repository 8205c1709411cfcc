"""What the user is told on stderr."""

from __future__ import annotations

import sys

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
        sys.stderr.buffer.write(readable(line).encode(errors="surrogateescape") + b"\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass


def readable(text: str) -> str:
    """Return ``text`` with control characters made visible; bytes that are no UTF-8 (PEP 383) stay."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or "\udc80" <= sign <= "\udcff" else repr(sign)[1:-1] for sign in text)
