"""One command that fish runs at present, and the code that it runs, if it runs any."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from cleanenv.trace.model import EVAL, Place
from cleanenv.trace.syntax import fish_words

_PENDING = 256  # commands; a loop runs many more


@dataclass(slots=True)
class Frame:
    """A command that has not ended yet; one that runs code (a file, a function, an eval) has ``file``.

    ``line`` is where it stands, in the code of the frame around it; ``first``
    is where its own code begins, ``position`` the line of it that was reached,
    ``pending`` the last commands in it whose lines were not looked for yet:
    most never are. ``note`` is a Place's. ``made`` is where the eval stands that made the function which this calls.
    """

    depth: int
    text: str
    line: int | None = None
    file: str | None = None
    function: str = ""
    first: int = 0
    position: int = 0
    note: str = ""
    made: Place | None = None
    pending: deque[Frame] = field(default_factory=lambda: deque(maxlen=_PENDING))

    @property
    def name(self) -> str:
        """Return the command's first word."""
        return self.text.partition(" ")[0]

    @property
    def runs_code(self) -> bool:
        """Tell whether other commands stand in this one."""
        return self.file is not None or self.note == EVAL

    @property
    def words(self) -> list[str]:
        """Return the command's words, as fish expanded them."""
        return fish_words.words(self.text)
