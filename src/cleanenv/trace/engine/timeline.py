"""From the steps of a startup, and the environment between them, to the changes that last."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleanenv.trace.engine import source_file
from cleanenv.trace.engine.ledger import Ledger, is_own
from cleanenv.trace.engine.location import DESCRIPTORS
from cleanenv.trace.engine.scopes import Scopes
from cleanenv.trace.model import EVAL, SUBSTITUTION, TEMPORARY, Place
from cleanenv.trace.syntax import assignments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanenv.trace.model import Change

LATER = "seen after it happened: this is the last line known to have run before"


@dataclass(frozen=True, slots=True)
class Step:
    """A command that is about to run: where, outermost place first, and its text.

    ``declared`` are the names that it makes its function's own, to which
    ``function_depth`` places lead; none where the shell itself says which are.
    """

    chain: tuple[Place, ...]
    command: str = ""
    declared: tuple[str, ...] = ()
    function_depth: int = 0

    @property
    def depth(self) -> int:
        """Return how many files and functions are open."""
        return len(self.chain)


class Timeline:
    """The environment as the steps leave it, for the shells that show it whole between one command and the next."""

    def __init__(self, start: Mapping[str, str]) -> None:
        self.ledger = Ledger(start)
        self.step: Step | None = None
        self.notes: tuple[str, ...] = ()
        self.calls: list[Step] = []  # those with assignments in front of a command, and open
        self._scopes: Scopes[str | None] = Scopes()
        self._begun: dict[str, Step] = {}  # by name the step that began its scope

    @property
    def values(self) -> dict[str, str]:
        """Return the exported variables as they are by now."""
        return self.ledger.values

    def enter(self, step: Step) -> None:
        """Note that ``step`` is about to run."""
        while self.calls and self.calls[-1].depth >= step.depth:
            self.calls.pop()
        self._scopes.leave(step.depth)
        if assignments.before_command(step.command):
            self.calls.append(step)
        for name in step.declared:
            self._begin(name, step, step.function_depth)
        self.step = step

    def take(self, environ: Mapping[str, str], notes: Iterable[str] = ()) -> None:
        """Note that the environment is this by now, by the doing of the last step."""
        for name in dict.fromkeys([*environ, *self.values]):
            if self.values.get(name) != environ.get(name):
                self._change(name, environ.get(name), (*self.notes, *notes))

    def take_one(self, name: str, value: str | None) -> None:
        """Note that ``name`` has this value by now, None for not set, and that nothing else changed."""
        if value != self.values.get(name):
            self._change(name, value, self.notes)

    def _change(self, name: str, new: str | None, notes: tuple[str, ...]) -> None:
        if is_own(name):
            return
        step = self.step or Step(())
        call = self._call_that_sets(name, step)
        if call is not None:
            self._begin(name, call, call.depth + 1, of_command=True)
        depth = step.depth + (step is call)  # what is in front of a command is set within it
        if self._scopes.is_hidden(name, new, depth):
            self.ledger.adopt(name, new)
            return
        self.ledger.adopt(name, self._scopes.end(name, self.values.get(name)))
        self.ledger.record(name, new, step.chain, text_of(step), notes)

    def _call_that_sets(self, name: str, step: Step) -> Step | None:
        """Return the open command, or ``step``, that has an assignment of ``name`` in front of it."""
        for call in (*self.calls, step):
            if assignments.is_before_command(name, call.command):
                return call
        return None

    def _begin(self, name: str, step: Step, depth: int, *, of_command: bool = False) -> None:
        if self._scopes.begin(name, self.values.get(name), depth, of_command=of_command):
            self._begun[name] = step

    def finish(self) -> list[Change]:
        """Return the changes; what was taken for passing and stayed is one."""
        for name in self._scopes.names():
            new = self.values.get(name)
            self.ledger.adopt(name, self._scopes.end(name, new))
            step = self._begun[name]
            self.ledger.record(name, new, step.chain, text_of(step))
        return self.ledger.changes


def place(file: str, line: int | None, function: str = "", *, in_eval: bool = False) -> Place:
    """Return a place with the note that fits it: gone by now, no file at all, or an eval's own line."""
    if file.startswith(DESCRIPTORS):
        return Place(file, line, function, SUBSTITUTION)
    if os.path.isabs(file) and not os.path.exists(file):
        return Place(file, line, function, TEMPORARY)
    return Place(file, line, function, EVAL if in_eval else "")


def innermost_function(chain: tuple[Place, ...]) -> int:
    """Return how many places lead to the innermost function, 0 where there is none."""
    for depth in range(len(chain), 0, -1):
        if chain[depth - 1].function:
            return depth
    return 0


def text_of(step: Step) -> str:
    """Return the line of the innermost place as it is written, else the command as the shell saw it."""
    if step.chain and not step.chain[-1].note:
        written = source_file.read(step.chain[-1].file).line(step.chain[-1].line)
        if written:
            return written
    return step.command.strip()
