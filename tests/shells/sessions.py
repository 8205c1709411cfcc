"""One interactive session: a clean shell on a terminal, and what programs in it see."""

from __future__ import annotations

import itertools
from pathlib import Path

from cleanenv.detect import Found
from tests.seen import DUMP, Seen, load
from tests.terminal import Terminal

_numbers = itertools.count()


class Session(Terminal):
    """A clean shell for ``venv`` on a terminal, ready at its first prompt."""

    def __init__(self, found: Found, venv: Path, tool: list[str], caller: dict[str, str], folder: Path) -> None:
        super().__init__([*tool, "shell", str(venv), "--shell", found.program], caller, folder)
        self.folder = folder
        self.marker = f"({venv.name}) "

    def ready(self) -> None:
        """Wait for the prompt with the marker."""
        self.wait_prompt(self.marker)

    def look(self) -> Seen:
        """Return what ``python``, typed at the prompt, sees."""
        report = self.folder / f"seen-{next(_numbers)}.json"
        self.enter(f"python {DUMP} {report}")
        return self.look_at(report.name)

    def look_at(self, name: str) -> Seen:
        """Return the report ``name`` when it is there, and the prompt is back."""
        report = self.folder / name
        self.wait(report.exists, "the report")
        self.wait_prompt("")
        return load(report)

    def leave(self) -> int:
        """Exit and return the status."""
        self.enter("exit")
        return self.wait_end()
