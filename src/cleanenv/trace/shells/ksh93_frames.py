"""A command as the trap of ksh93 reports it, and the files and functions that are open around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.trace.engine import source_file

if TYPE_CHECKING:
    from cleanenv.trace.engine.framed_events import Event
    from cleanenv.trace.model import Place

FIRST_WORD = re.compile(r"[\w./-]+")


class Command(NamedTuple):
    """A command as the trap tells it (ksh93(1), .sh): its place, the number of open files and functions, its text."""

    file: str
    line: str
    level: str
    function: str
    folder: str
    text: str


@dataclass(frozen=True, slots=True)
class Level:
    """An open file or function: where it is, and the lines of the eval that it runs, if it does."""

    place: Place
    eval_place: Place | None = None
    eval_lines: tuple[str, ...] = ()

    def runs_in_eval(self, file: str, line: int, command: str) -> bool:
        """Tell whether ``command`` on ``line`` of ``file`` is one of the eval's."""
        if self.eval_place is None or self.eval_place.file != file or line > len(self.eval_lines):
            return False
        word = FIRST_WORD.search(command)
        return word is None or word[0] in self.eval_lines[line - 1]


def command_of(event: Event) -> Command:
    """Return the command of a step; its text may hold what separates fields."""
    _, file, line, level, function, folder, *text = event.fields
    return Command(file, line, level, function, folder, "\2".join(text))


def has_own_variables(place: Place) -> bool:
    """Tell whether the function of ``place`` has its own variables: ``name() {…}`` has not.

    See ksh93(1), Functions. One whose definition is not in the file is taken for one that has its own.
    """
    name = re.escape(place.function)
    definition = re.compile(rf"(?:^|[\s;&{{}}])(?:(function\s+){name}(?![\w.-])|{name}\s*\(\s*\))")
    for line in reversed(source_file.read(place.file).lines[: place.line]):
        match = definition.search(line)
        if match is not None:
            return match[1] is not None
    return True
