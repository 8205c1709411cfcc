"""The variables of bash as its tracer tells them: which changes last, and which end with a function or a command.

A state is what a variable is, in one text: ``x=`` and the value where it is exported, ``-=`` and the value where
it is not, nothing where it has no value or is an array.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.trace.engine.location import Frames

END = "\3\2"  # of what is told of one variable
# Commands that declare in a function what is gone with it; -g makes it global.
LOCAL = re.compile(r"(?:(?:builtin|command)\s+)?(?:local|declare|typeset)\b(?!.*\s-\w*g)")
NAME = re.compile(r"(?<![\w$\"'{])([A-Za-z_]\w*)(?==|\+=|\s|$)")
ASSIGNED = re.compile(r"(?:([A-Za-z_]\w*)\+?=(?:\"[^\"]*\"|'[^']*'|\\.|[^\s\"'\\])*\s+)+")


@dataclass(slots=True)
class Shadow:
    """A variable of a function's own, or one before a command: what it hides, and the depth at which it ends."""

    depth: int
    hidden: str
    before_command: bool = False


class Variables:
    """The states, and the ``changes`` that last: name, old and new state, and the command that made it."""

    def __init__(self) -> None:
        self.changes: list[tuple[str, str, str, Frames]] = []
        self.states: dict[str, str] = {}
        self.shadows: dict[str, list[Shadow]] = {}

    def compare(self, states: Mapping[str, str], depth: int, step: Frames | None) -> None:
        """Hold what variables are against what they were; where there was no step, that is what was there already."""
        for name, new in states.items():
            old = self.states.get(name, "")
            self.states[name] = new
            if old != new and step is not None:
                self._change(name, old, new, depth, step)

    def _change(self, name: str, old: str, new: str, depth: int, frames: Frames) -> None:
        shadows = self.shadows.setdefault(name, [])
        if not shadows and _stands_before(name, frames.command, is_call=depth > frames.depth):
            shadows.append(Shadow(max(depth, frames.depth), old, before_command=True))
            return
        if shadows:
            hidden = shadows[0].hidden
            while shadows and (depth < shadows[-1].depth or (shadows[-1].before_command and new == shadows[-1].hidden)):
                shadows.pop()
            if shadows:
                return
            old = hidden
        if old != new:
            self.changes.append((name, old, new, frames))

    def declare(self, frames: Frames) -> None:
        """Take down what a command makes a variable of its function's own."""
        if not frames.is_in_function or LOCAL.match(frames.command) is None:
            return
        for name in NAME.findall(frames.command):
            shadows = self.shadows.setdefault(name, [])
            if not shadows or shadows[-1].depth < frames.depth:
                shadows.append(Shadow(frames.depth, self.states.get(name, "?")))

    def leave(self, depth: int) -> None:
        """Take down that only ``depth`` functions and files are open."""
        for shadows in self.shadows.values():
            while shadows and depth < shadows[-1].depth:
                shadows.pop()


def states(text: str) -> dict[str, str]:
    """Return the state of each name; a name, '-' and attributes, '=' and a value are one, only the name where unset."""
    found: dict[str, str] = {}
    for one in text.split(END)[:-1]:
        given, _, value = one.partition("=")
        name, is_set, attributes = given.partition("-")
        found[name] = state(is_set + attributes, value)
    return found


def state(attributes: str, value: str) -> str:
    """Return the state of a variable with such attributes, '-' and letters; '' where it is not set."""
    if not attributes or "a" in attributes or "A" in attributes:
        return ""
    return f"x={value}" if "x" in attributes else f"-={value}"


def exported(state: str) -> str | None:
    """Return the value that programs see."""
    return state[2:] if state.startswith("x=") else None


def _stands_before(name: str, command: str, *, is_call: bool) -> bool:
    """Tell whether ``command`` sets ``name`` for itself alone, as ``NAME=value command`` does."""
    found = ASSIGNED.match(command)
    if found is None or found.end() == len(command) or re.search(rf"(?<!\S){name}\+?=", found[0]) is None:
        return False
    return is_call or re.match(r"(?:eval|command|builtin)\b", command[found.end() :]) is not None
