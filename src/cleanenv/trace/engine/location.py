"""From the frames of a shell to places that a person can open, and the text that stands there."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cleanenv.trace.engine import source_file
from cleanenv.trace.model import EVAL, SUBSTITUTION, TEMPORARY, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanenv.trace.engine.source_file import SourceFile

OUTSIDE = ("source", "main")  # what bash calls the frames that are no function's
# By file and line, as bash says it, of each eval the line that it begins on and the Frames.number of its first run.
Evals = dict[str, dict[int, tuple[int, int]]]
PROMPT = Place("PROMPT_COMMAND", None, note=EVAL)
DESCRIPTORS = ("/dev/fd/", "/proc/")
WORDS = re.compile(r"[\s;&|(){}\"'`!]+")  # between them
MOST_ALIASES = 5  # that stand for each other
WORD_OF_EVAL = re.compile(r"(?:^|[;&|{(])(?:builtin|command)?eval[\"'$(]*[^;&|]*$")


@dataclass(frozen=True, slots=True)
class Frames:
    """Where a command stood, innermost first, and the command as bash saw it.

    ``begun`` are the lines on which the functions began, 0 where that is unknown;
    ``folder`` was the current one; ``at_prompt`` tells that the startup was over and PROMPT_COMMAND ran;
    ``number`` counts the commands that were reported.
    """

    command: str
    files: tuple[str, ...]
    lines: tuple[int, ...]
    functions: tuple[str, ...]
    begun: tuple[int, ...]
    folder: str = ""
    at_prompt: bool = False
    number: int = 0

    @property
    def depth(self) -> int:
        """Return the number of frames as the tracer counts them, its own included."""
        return len(self.files) + 1

    @property
    def function_depth(self) -> int:
        """Return the depth of the innermost function, whose variables ``declare`` makes; 0 outside of any."""
        for inner, function in enumerate(self.functions):
            if function not in OUTSIDE:
                return self.depth - inner
        return 0


def locate(frames: Frames, evals: Evals, aliases: Mapping[str, str], tracer: str) -> tuple[tuple[Place, ...], str]:
    """Return the chain of places, outermost first, and the text of the innermost: its line, else the command.

    ``evals`` are the lines of each file on which an eval ran: inside of one, bash
    counts on from its line, and past the end of the file. ``aliases`` are what each alias stands for.
    """
    places: list[Place] = []
    text = frames.command
    called = ""
    for file, line, function, begun in zip(frames.files, frames.lines, frames.functions, frames.begun, strict=False):
        if file != tracer:
            source = source_file.read(resolve(file, frames.folder))
            command = called or frames.command
            earlier = {told: begin for told, (begin, number) in evals.get(file, {}).items() if number < frames.number}
            around = tuple((told, earlier[told]) for told in _around(source, line, function, begun, earlier))
            if around and _is_by_alias(source.statement(line), command, aliases):
                around = ()
            place, statement = _place(source, line, command, around, is_call=bool(called))
            name = "" if function in OUTSIDE else function
            places.append(Place(place.file, place.line, name, place.note))
            if not called and statement and not place.note:
                text = statement
        called = function
    if frames.at_prompt:
        places.append(PROMPT)
    return tuple(reversed(places)), text


def resolve(file: str, folder: str) -> str:
    """Return ``file`` as a path that does not hang on the current folder, where that tells which it was."""
    path = os.path.normpath(os.path.join(folder, file)) if folder else file
    return path if os.path.isabs(file) or os.path.exists(path) else file


def _around(source: SourceFile, line: int, function: str, begun: int, evals: Iterable[int]) -> list[int]:
    """Return the evals in which ``line`` can be: of a function that an eval made, those before it began."""
    if not begun:
        return [number for number in evals if number <= line]
    name = re.escape(function)
    if re.search(rf"\bfunction\s+{name}(?![\w-])|(?<![\w-]){name}\s*\(\s*\)", source.statement(begun)):
        return [number for number in evals if begun <= number <= line]
    return [number for number in evals if number <= begun]


@lru_cache(maxsize=256)
def _place(
    source: SourceFile, line: int, command: str, evals: tuple[tuple[int, int], ...], *, is_call: bool
) -> tuple[Place, str]:
    """Return the place of a command that bash says is on ``line``, and the first line of its text, if it has one."""
    path = source.path
    if path.startswith(DESCRIPTORS):
        return Place(path, line, note=SUBSTITUTION), ""
    if os.path.isabs(path) and not os.path.exists(path):
        return Place(path, line, note=TEMPORARY), ""
    holds = _calls if is_call else _says
    start = line
    while not holds(source.statement(start), command) and _is_continuation(source, start):
        start -= 1  # bash counts the line on which the second word stands
    if not holds(source.statement(start), command) and not is_call:
        start = _first_of_many(source, line, command) or start
    if not holds(source.statement(start), command):
        if evals:
            return Place(path, max(evals)[1], note=EVAL), ""
        start = line
    return Place(path, start), source.statement(start).split("\n")[0].strip()


def _is_continuation(source: SourceFile, line: int) -> bool:
    """Tell whether the line above ``line`` goes on in it."""
    return 1 < line <= len(source.lines) and source.lines[line - 2].endswith("\\")


def _first_of_many(source: SourceFile, line: int, command: str) -> int | None:
    """Return the line on which a command of many lines begins; bash may count the last, None for another."""
    lowest = max(0, line - command.count("\n") - 1)
    for start in range(min(line, len(source.lines)) - 1, lowest, -1):
        if _says(source.statement(start), command):
            return start
    return None


def line_of_eval(frames: Frames) -> int | None:
    """Return the line on which the eval of ``frames`` begins, None if its file has none there.

    Bash names the line on which the first of its words of several lines ends.
    """
    source = source_file.read(resolve(frames.files[0], frames.folder))
    last = frames.lines[0]
    if _calls(source.statement(last), "eval"):
        return last
    first_line = "".join(frames.command.split("\n", maxsplit=1)[0].split())
    for line in range(last - 1, max(0, last - 1 - frames.command.count("\n")), -1):
        statement = source.statement(line)
        if _calls(statement, "eval") and first_line in "".join(statement.split()):
            return line
    return None


def _is_by_alias(statement: str, command: str, aliases: Mapping[str, str]) -> bool:
    """Tell whether a word of these lines is an alias which stands for a command that begins like this one."""
    first = command.split(maxsplit=1)[:1]
    for word in WORDS.split(statement):
        # An alias may stand for another (bash(1), ALIASES), but none for itself.
        for _ in range(MOST_ALIASES):
            text = aliases.get(word)
            if text is None:
                break
            if first and first[0] in WORDS.split(text):
                return True
            word = text.split(maxsplit=1)[0] if text.split() else ""  # noqa: PLW2901  the next one
    return False


def _says(statement: str, command: str) -> bool:
    """Tell whether the command stands in these lines, and not as the word of an eval.

    Blanks count for nothing, since bash prints it in its own way.
    """
    first = "".join(command.split("\n", maxsplit=1)[0].split())
    before, match, _ = "".join(statement.replace("\\\n", "").split()).partition(first)
    if not first or not match:
        return False
    # What an eval's substitution runs is a command of its own; all else behind eval is eval's word.
    return before.endswith(("$(", "`")) or WORD_OF_EVAL.search(before) is None


def _calls(statement: str, function: str) -> bool:
    """Tell whether these lines call ``function``, or source a file."""
    words = WORDS.split(statement)
    if function == "source":
        return "." in words or "source" in words
    return function in words
