"""From the steps of a startup, and the environment between them, to the changes that last."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleanenv.trace.engine import source_file
from cleanenv.trace.engine.location import DESCRIPTORS
from cleanenv.trace.model import EVAL, SUBSTITUTION, TEMPORARY, Change, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What every shell, or every command, sets by itself, and the tracers' own.
OWN = re.compile(r"(?:_|A__z|ZSH_DEBUG_CMD|PWD|OLDPWD|SHLVL|(?:__cleanenv|CLEANENV_TRACE)_.*)")
LATER = "seen after it happened: this is the last line known to have run before"
# Commands that declare in a function what is gone with it; -g makes it global.
LOCAL = re.compile(r"(?:(?:builtin|command)\s+)*(?:local|declare|typeset|float|integer)\b(?!.*\s-\w*g)")
SUBSTITUTION_OF_ONE = r"\$\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|`[^`]*`"
WORD = rf"(?:{SUBSTITUTION_OF_ONE}|\$'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|'[^']*'|\\.|\$(?!\()|[^\s\"'\\;&|`$])*"
ASSIGNMENT = rf"[A-Za-z_]\w*\+?={WORD}"
PREFIX = re.compile(rf"(?:{ASSIGNMENT}\s+)+(?=[^\s;&|<>0-9#])(?!{ASSIGNMENT}(?:\s+{ASSIGNMENT})*\s*$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """A command that is about to run: where, outermost place first, its text, and whether a function runs it."""

    chain: tuple[Place, ...]
    command: str = ""
    in_function: bool = False

    @property
    def depth(self) -> int:
        """Return how many files and functions are open."""
        return len(self.chain)


@dataclass(slots=True)
class Shadow:
    """What a local variable, or one set for a single command, hides, and the step that began it."""

    hidden: str | None
    step: Step

    def lasts(self, step: Step) -> bool:
        """Tell whether it is still there at ``step``: in a function as long as that runs, else in what is called."""
        return step is self.step or step.depth > self.step.depth - bool(LOCAL.match(self.step.command))


class Timeline:
    """The environment as the steps leave it."""

    def __init__(self, start: Mapping[str, str]) -> None:
        self.environ = _without_own(start)
        self.changes: list[Change] = []
        self.step: Step | None = None
        self.notes: tuple[str, ...] = ()
        self.shadows: dict[str, Shadow] = {}
        self.calls: list[Step] = []  # those with assignments in front of a command, and open

    def enter(self, step: Step) -> None:
        """Note that ``step`` is about to run."""
        while self.calls and self.calls[-1].depth >= step.depth:
            self.calls.pop()
        if PREFIX.match(step.command):
            self.calls.append(step)
        self.step = step

    def take(self, environ: Mapping[str, str], notes: Iterable[str] = ()) -> None:
        """Note that the environment is this by now, by the doing of the last step."""
        now = _without_own(environ)
        if now == self.environ:
            return
        for name in dict.fromkeys([*now, *self.environ]):
            old, new = self.environ.get(name), now.get(name)
            if old != new:
                self._change(name, old, new, (*self.notes, *notes))
        self.environ = now

    def take_one(self, name: str, value: str | None) -> None:
        """Note that ``name`` has this value by now, None for not set, and that nothing else changed."""
        old = self.environ.get(name)
        if value == old or OWN.fullmatch(name):
            return
        self._change(name, old, value, self.notes)
        if value is None:
            del self.environ[name]
        else:
            self.environ[name] = value

    def _change(self, name: str, old: str | None, new: str | None, notes: tuple[str, ...]) -> None:
        step = self.step or Step(())
        shadow = self.shadows.pop(name, None)
        if shadow is not None:
            if new == shadow.hidden:
                return
            if shadow.lasts(step):
                self.shadows[name] = shadow
                return
            old = shadow.hidden
        passing = next((call for call in (*self.calls, step) if _is_passing(name, call)), None)
        if passing is not None:
            self.shadows[name] = Shadow(old, passing)
        else:
            self.changes.append(Change(name, old, new, step.chain, text_of(step), notes=notes))

    def finish(self) -> list[Change]:
        """Return the changes; what was taken for passing and stayed is one."""
        for name, shadow in self.shadows.items():
            new = self.environ.get(name)
            if new != shadow.hidden:
                self.changes.append(Change(name, shadow.hidden, new, shadow.step.chain, text_of(shadow.step)))
        self.shadows.clear()
        return self.changes


def place(file: str, line: int | None, function: str = "", *, in_eval: bool = False) -> Place:
    """Return a place with the note that fits it: gone by now, no file at all, or an eval's own line."""
    if file.startswith(DESCRIPTORS):
        return Place(file, line, function, SUBSTITUTION)
    if os.path.isabs(file) and not os.path.exists(file):
        return Place(file, line, function, TEMPORARY)
    return Place(file, line, function, EVAL if in_eval else "")


def text_of(step: Step) -> str:
    """Return the line of the innermost place as it is written, else the command as the shell saw it."""
    if step.chain and not step.chain[-1].note and step.chain[-1].line is not None:
        written = source_file.read(step.chain[-1].file).line(step.chain[-1].line)
        if written:
            return written
    return step.command.strip()


def _is_passing(name: str, step: Step) -> bool:
    """Tell whether the command sets ``name`` for itself or its function alone."""
    if step.in_function and LOCAL.match(step.command):
        return re.search(rf"(?<![\w$]){name}\b", step.command) is not None
    return is_prefix(name, step.command)


def is_prefix(name: str, command: str) -> bool:
    """Tell whether ``command`` begins with an assignment of ``name`` for the command behind it."""
    prefix = PREFIX.match(command)
    return prefix is not None and re.search(rf"(?<!\S){name}\+?=", prefix[0]) is not None


def _without_own(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if OWN.fullmatch(name) is None}
