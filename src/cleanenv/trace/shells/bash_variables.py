"""The variables of bash as its tracer tells them: which changes last, and which end with a function or a command.

A state is what a variable is, in one text: ``x=`` and the value where it is exported, ``-=`` and the value where
it is not, nothing where it has no value or is an array.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.trace.engine.scopes import Scopes
from cleanenv.trace.syntax import assignments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.trace.engine.location import Frames

END = "\3\2"  # of what is told of one variable
UNKNOWN = "?"  # the state of a variable that was not watched
IN_THIS_SHELL = re.compile(r"(?:eval|command|builtin)\b")  # what runs its words without opening a file or function


class StateChange(NamedTuple):
    """A change that lasts, and the command that made it."""

    name: str
    old: str
    new: str
    frames: Frames


class Variables:
    """The states of the variables that are watched, and the ``changes`` of them that last."""

    def __init__(self) -> None:
        self.changes: list[StateChange] = []
        self.states: dict[str, str] = {}
        self._scopes: Scopes[str] = Scopes()

    def compare(self, states: Mapping[str, str], depth: int, step: Frames | None) -> None:
        """Take in what variables are where ``depth`` is open; without a step that is what was there already."""
        for name, new in states.items():
            old = self.states.get(name, "")
            self.states[name] = new
            if old != new and step is not None:
                self._change(name, old, new, depth, step)

    def _change(self, name: str, old: str, new: str, depth: int, frames: Frames) -> None:
        if not self._scopes.is_in_scope(name) and _is_passing(name, frames.command, is_call=depth > frames.depth):
            self._scopes.begin(name, old, max(depth, frames.depth), of_command=True)
        if self._scopes.is_hidden(name, new, depth):
            return
        old = self._scopes.end(name, old)
        if old != new:
            self.changes.append(StateChange(name, old, new, frames))

    def declare(self, frames: Frames) -> None:
        """Take down what a command makes a variable of its function's own."""
        if not frames.function_depth:
            return
        for name in assignments.local_names(frames.command):
            self._scopes.begin(name, self.states.get(name, UNKNOWN), frames.function_depth)

    def leave(self, depth: int) -> None:
        """Take down that only ``depth`` functions and files are open."""
        self._scopes.leave(depth)


def states(text: str) -> dict[str, str]:
    """Return the state of each name; a name, '-' and attributes, '=' and a value are one, only the name where unset."""
    by_name: dict[str, str] = {}
    for variable in text.split(END)[:-1]:
        given, _, value = variable.partition("=")
        name, is_set, attributes = given.partition("-")
        by_name[name] = state(is_set + attributes, value)
    return by_name


def state(attributes: str, value: str) -> str:
    """Return the state of a variable with such attributes, '-' and letters; '' where it is not set."""
    if not attributes or "a" in attributes or "A" in attributes:
        return ""
    return f"x={value}" if "x" in attributes else f"-={value}"


def exported(state: str) -> str | None:
    """Return the value that programs see."""
    return state[2:] if state.startswith("x=") else None


def _is_passing(name: str, command: str, *, is_call: bool) -> bool:
    """Tell whether ``command`` sets ``name`` for itself alone, as ``NAME=value command`` does, and that is seen now.

    In a program of its own it never is; so it runs a function, a file or words of this very shell.
    """
    if not assignments.is_before_command(name, command):
        return False
    words = command[len(assignments.before_command(command)) :]
    return is_call or IN_THIS_SHELL.match(words) is not None
