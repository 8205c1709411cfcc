"""What the tracer of fish writes of one change: `status stack-trace`, as its handler sees it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cleanenv.trace.model import Place
from cleanenv.trace.syntax import command_lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_CALLED = re.compile(r"\s+called on line (\d+) of file (.*)")
_HANDLER = "in event handler"
_PIPED = "-"


def place_of(event: Sequence[str], home: str, translate: Callable[[str], str]) -> Place | None:
    """Return the place after 'in event handler' in the lines of an event, None where it is not in a file.

    fish 4 ends the trace before that line (parser.rs, take_while): what it shows is the handler's own place.
    """
    handler = next((number for number, text in enumerate(event) if text.startswith(_HANDLER)), None)
    if handler is None:
        return None
    calls = [match for text in event[handler:] if (match := _CALLED.match(text)) is not None]
    if not calls or calls[-1][2] == _PIPED:
        return None
    line, file = int(calls[-1][1]), calls[-1][2]
    if file.startswith("~"):
        file = home + file[1:]
    path = translate(os.path.join(home, file))
    return Place(path, line, command_lookup.function_around(path, line))
