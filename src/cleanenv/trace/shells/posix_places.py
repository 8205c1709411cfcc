"""Where a command of dash, busybox ash, mksh or yash stands: files by the tracer's stack, the rest by their text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cleanenv.trace.engine import source_file
from cleanenv.trace.engine.location import DESCRIPTORS, resolve
from cleanenv.trace.engine.timeline import place
from cleanenv.trace.model import EVAL, Place
from cleanenv.trace.syntax import command_lines, exports

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class OpenFile:
    """A file that is being read, as it was called and where it is.

    ``calls`` are the places down its functions, ``line`` the last line of its
    own that was reached; ``eval_place`` and ``eval_text`` are of the eval that
    ran last in it, and ``apart`` is the line of the command before which no step went, the last one.
    """

    name: str
    path: str
    calls: list[Place] = field(default_factory=list)
    eval_place: Place | None = None
    eval_text: str = ""
    line: int = 1
    apart: int = 0


class OpenFiles:
    """The files that are open at present, the startup file first."""

    def __init__(self) -> None:
        self._files: list[OpenFile] = []
        self._known: dict[str, None] = {}  # the paths of all files so far, in their order

    def follow(self, stack: Sequence[str], directory: str) -> bool:
        """Close what is not on the tracer's ``stack`` of names any more; tell whether a file was opened.

        That is told by the tracer's own `.`, before the first command of the file.
        """
        while self._files and [file.name for file in self._files] != list(stack[: len(self._files)]):
            self._files.pop()
        if len(stack) <= len(self._files):
            return False
        path = resolve(stack[-1], directory)
        self._files.append(OpenFile(stack[-1], path))
        self._known[path] = None
        return True

    def is_at(self, stack: Sequence[str]) -> bool:
        """Tell whether just the files of ``stack`` are open."""
        return bool(self._files) and [file.name for file in self._files] == list(stack)

    @property
    def innermost(self) -> OpenFile:
        """Return the file that the next command is read from."""
        return self._files[-1]

    def chain(self) -> tuple[Place, ...]:
        """Return the places of the calls that are open, the outermost first."""
        places: list[Place] = []
        for file in self._files:
            places += file.calls
        return tuple(places)

    def advance(self, number: int, command: str) -> tuple[Place, ...]:
        """Return the chain of ``command``, which runs next on the line ``number`` of its file, 0 if unknown."""
        file = self.innermost
        if command.startswith("eval "):
            file.eval_place = None
        here = self._find(number, command)
        function = _function_at(here)
        if function:
            self._enter_function(file, function)
        elif here.note != EVAL or not file.calls:
            file.calls.clear()
        else:
            file.calls.pop()
        file.calls.append(replace(here, function=function))
        if here.file == file.path and here.line is not None:
            file.line = here.line
        if command.startswith("eval "):
            file.eval_place = replace(file.calls[-1], note=here.note or EVAL)
            file.eval_text = " ".join(list(exports.words(command))[1:]) or command
            file.calls[-1] = file.eval_place
        return self.chain()

    @staticmethod
    def _enter_function(file: OpenFile, function: str) -> None:
        """Keep of the calls those that led to ``function``: a command in it takes the place of the one before."""
        for number, call in enumerate(file.calls):
            if call.function == function:
                del file.calls[number:]
                return

    def chain_apart(self, number: int, command: str) -> tuple[Place, ...]:
        """Return the chain of a command before which no step goes, as in a subshell, of which nothing else is told."""
        file = self.innermost
        line = _next_with(file, command) if not number else None
        if line is None and self._is_alias(file, number):
            line = number
        here = Place(file.path, line) if line is not None else self._find(number, command)
        if here.file == file.path and here.line is not None:
            file.apart = here.line
        outer: list[Place] = []
        for file in self._files[:-1]:
            outer += file.calls
        return (*outer, replace(here, function=_function_at(here)))

    def pass_by(self, chain: tuple[Place, ...]) -> None:
        """Note that a command was skipped at ``chain``, so that the next one that is alike stands further down."""
        if self._files and chain and chain[-1].file == self.innermost.path:
            self.innermost.apart = chain[-1].line or 0

    def _is_alias(self, file: OpenFile, number: int) -> bool:
        """Tell whether the line begins with an alias, so that it does not say what the shell runs there."""
        words = source_file.read(file.path).line(number or None).split()
        if not words:
            return False
        definition = re.compile(rf"\balias\b.*(?<!\S){re.escape(words[0])}=")
        return any(definition.search(line) for path in self._known for line in source_file.read(path).lines)

    def _find(self, number: int, command: str) -> Place:
        """Return the place of a command: in its file, in an eval there, or in a function of another file.

        Where a file is sourced in a way that is not followed, the last place is the one that is known.
        """
        file = self.innermost
        if file.path.startswith(DESCRIPTORS) or not source_file.read(file.path).lines:
            return place(file.path, number or None)
        if not command and not number:
            return Place(file.path)
        here = self._in_file(file, number, command) or self._in_function(number, command)
        if here is not None:
            return here
        line = _line(file.path, number, command, file.line, loosely=True)
        if line is not None:
            return Place(file.path, line)
        return file.calls[-1] if file.calls else Place(file.path, number or None)

    @staticmethod
    def _in_file(file: OpenFile, number: int, command: str) -> Place | None:
        line = _line(file.path, number, command, file.line, loosely=bool(number))
        if file.eval_place is not None and command_lines.says(file.eval_text, command):
            # A shell that tells lines tells that of the eval for the first of its text.
            is_of_eval = line is None or not number or line == file.eval_place.line
            if is_of_eval:
                return file.eval_place
        return None if line is None else Place(file.path, line)

    def _in_function(self, number: int, command: str) -> Place | None:
        """Return the place in a function of the file that was read last, of those that can hold the command."""
        for path in reversed(self._known):
            line = _line(path, number, command, 1, loosely=False)
            if line is not None and command_lines.function_at(path, line):
                return Place(path, line)
        return None


def _next_with(file: OpenFile, command: str) -> int | None:
    """Return the next line of a file that has ``command`` in it as the shell shows it; none twice in a row."""
    text = " ".join(command.split())
    lines = source_file.read(file.path).lines
    for number in range(max(file.line, file.apart + 1), len(lines) + 1):
        line = " ".join(lines[number - 1].split())
        if text in line and not line.startswith("#"):
            return number
    return None


def _function_at(here: Place) -> str:
    if here.line is None or here.note:
        return ""
    return command_lines.function_at(here.file, here.line)


def _line(path: str, number: int, command: str, after: int, *, loosely: bool) -> int | None:
    if number:
        return command_lines.line_at(path, number, command)
    return command_lines.find(path, command, after, loosely=loosely)
