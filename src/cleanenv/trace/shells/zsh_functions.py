"""The functions of zsh that an eval made: where that eval stands, since no file has the lines that zsh counts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from cleanenv.trace.engine import source_file
from cleanenv.trace.model import EVAL
from cleanenv.trace.syntax import exports

if TYPE_CHECKING:
    from cleanenv.trace.model import Place

# As zsh tells the command that defines functions, of which there may be several: `f g () {`, then the body.
DEFINITION = re.compile(r"([^\n=;&|]+?) \(\) \{\n")
ANONYMOUS = "(anon)"  # what zsh calls a function without a name (zshmisc(1))


class MadeInEvals:
    """By name the place of the eval that made a function.

    zsh gives such a function the file of the eval and lines that count on from there, so that a line of the function
    is another command's or behind the end of the file.
    """

    def __init__(self) -> None:
        self._by_name: dict[str, Place] = {}
        # By file, of functions whose name was in a variable: the last eval that made one.
        self._unnamed: dict[str, Place] = {}

    def define(self, command: str, here: Place) -> None:
        """Note that ``command``, a definition, runs at ``here``."""
        definition = DEFINITION.match(command)
        if definition is None:
            return
        for name in exports.words(definition[1]):
            if "$" in name:
                if here.note == EVAL:
                    self._unnamed[here.file] = here
            elif here.note == EVAL:
                self._by_name[name] = here
            else:
                self._by_name.pop(name, None)  # made anew, by lines of a file

    def place(self, here: Place) -> Place:
        """Return a place in a function: if an eval made that, the place of the eval."""
        made = self._by_name.get(here.function)
        if made is None and here.file in self._unnamed and not _is_written(here):
            made = self._unnamed[here.file]
        if made is None or made.file != here.file:  # another file's of the same name, loaded when it was called
            return here
        return replace(here, line=made.line, note=EVAL)


def is_definition(command: str) -> bool:
    """Tell whether ``command``, as zsh tells it, defines functions; quick, since each command is asked."""
    return " () {\n" in command


def anonymous_in_evals(places: list[Place]) -> list[Place]:
    """Return places, outermost first, in which a function without a name that stands in an eval is at that eval."""
    found: list[Place] = []
    for here in places:
        outer = found[-1] if found else here
        if here.function == ANONYMOUS and outer.note == EVAL and outer.file == here.file:
            found.append(replace(here, line=outer.line, note=EVAL))
        else:
            found.append(here)
    return found


def _is_written(here: Place) -> bool:
    """Tell whether the file of ``here`` defines the function that it is in, by its name."""
    if here.function == ANONYMOUS:
        return True
    name = rf"(?<![\w.-]){re.escape(here.function)}(?![\w.-])"
    definition = re.compile(rf"\bfunction\b.*{name}|{name}\s*\(\s*\)")
    return any(definition.search(line) is not None for line in source_file.read(here.file).lines)
