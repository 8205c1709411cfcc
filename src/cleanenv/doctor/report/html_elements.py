"""The elements that the page is made of; everything from outside is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OPEN = 8  # lines or rows of one kind that are seen without unfolding


def listed(texts: Sequence[str], kind: str) -> str:
    """Return a list of ``texts``, folded if they are many."""
    if len(texts) <= OPEN:
        return items(texts)
    return (
        f"{items(texts[:OPEN])}<details><summary>{len(texts) - OPEN} more {kind}</summary>\n"
        f"{items(texts[OPEN:])}</details>\n"
    )


def items(texts: Iterable[str]) -> str:
    """Return a list of ``texts``, nothing if there are none."""
    lines = "".join(f"<li>{text(line)}</li>\n" for line in texts)
    return f"<ul>\n{lines}</ul>\n" if lines else ""


def code(line: str) -> str:
    """Return a line in monospace that is to be read or typed letter by letter."""
    return f"<pre><code>{text(line)}</code></pre>\n"


def text(given: str) -> str:
    """Return what is ``given`` escaped, with control characters made visible."""
    return escape(readable(given))
