"""From the frames of a shell to places that a person can open, and the text that stands there."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cleanenv.trace.model import EVAL, SUBSTITUTION, TEMPORARY, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

OUTSIDE = ("source", "main")  # what bash calls the frames that are no function's
Evals = dict[str, set[int]]
PROMPT = Place("PROMPT_COMMAND", None, note=EVAL)
DESCRIPTORS = ("/dev/fd/", "/proc/")
WORD_OF_EVAL = re.compile(r"(?:^|[;&|{(])(?:builtin|command)?eval[\"'$(]*[^;&|]*$")
LARGEST = 4 << 20  # bytes of a startup file that are read for the text of a line
LINES_OF_A_COMMAND = 40  # of one whose lines end in a backslash


@dataclass(frozen=True, slots=True)
class Frames:
    """Where a command stood, innermost first, and the command as bash saw it.

    ``begun`` are the lines on which the functions began, 0 where that is unknown;
    ``folder`` was the current one; ``at_prompt`` tells that the startup was over and PROMPT_COMMAND ran.
    """

    command: str
    files: tuple[str, ...]
    lines: tuple[int, ...]
    functions: tuple[str, ...]
    begun: tuple[int, ...]
    folder: str = ""
    at_prompt: bool = False

    @property
    def depth(self) -> int:
        """Return the number of frames as the tracer counts them, its own included."""
        return len(self.files) + 1

    @property
    def is_in_function(self) -> bool:
        """Tell whether ``declare`` makes a local variable here."""
        return any(function not in OUTSIDE for function in self.functions)


def locate(frames: Frames, evals: Mapping[str, set[int]], tracer: str) -> tuple[tuple[Place, ...], str]:
    """Return the chain of places, outermost first, and the text of the innermost: its line, else the command.

    ``evals`` are the lines of each file on which an eval ran: inside of one, bash
    counts on from its line, and past the end of the file.
    """
    chain: list[Place] = []
    text = frames.command
    called = ""
    for file, line, function, begun in zip(frames.files, frames.lines, frames.functions, frames.begun, strict=False):
        if file != tracer:
            path = resolve(file, frames.folder)
            around = tuple(_around(path, line, function, begun, evals.get(file, ())))
            place, written = _place(path, line, called or frames.command, around, is_call=bool(called))
            name = "" if function in OUTSIDE else function
            chain.append(Place(place.file, place.line, name, place.note))
            if not called and written and not place.note:
                text = written
        called = function
    return (*((PROMPT,) if frames.at_prompt else ()), *reversed(chain)), text


def resolve(file: str, folder: str) -> str:
    """Return ``file`` as a path that does not hang on the current folder, where that tells which it was."""
    path = os.path.normpath(os.path.join(folder, file)) if folder else file
    return path if os.path.isabs(file) or os.path.exists(path) else file


def _around(path: str, line: int, function: str, begun: int, evals: Iterable[int]) -> list[int]:
    """Return the evals in which ``line`` can be: of a function that an eval made, those before it began."""
    if not begun:
        return [number for number in evals if number <= line]
    if function in _statement(source_lines(path), begun):
        return [number for number in evals if begun <= number <= line]
    return [number for number in evals if number <= begun]


@lru_cache(maxsize=256)
def _place(path: str, line: int, command: str, evals: tuple[int, ...], *, is_call: bool) -> tuple[Place, str]:
    if path.startswith(DESCRIPTORS):
        return Place(path, line, note=SUBSTITUTION), ""
    if os.path.isabs(path) and not os.path.exists(path):
        return Place(path, line, note=TEMPORARY), ""
    stands = _calls if is_call else _says
    lines = source_lines(path)
    written = _statement(lines, line)
    start = line
    while not stands(written, command) and 1 < start <= len(lines) and lines[start - 2].endswith("\\"):
        start -= 1  # bash counts the line on which the second word stands
        written = _statement(lines, start)
    if not stands(written, command) and not is_call:
        start, written = _first_of_many(lines, line, command) or (start, written)
    if not stands(written, command):
        if evals:
            return Place(path, max(evals), note=EVAL), ""
        start, written = line, _statement(lines, line)
    return Place(path, start), written.split("\n")[0].strip()


def _first_of_many(lines: Sequence[str], line: int, command: str) -> tuple[int, str] | None:
    """Return the line on which a command of many lines begins, and that; bash may count the last, None for another."""
    for start in range(min(line, len(lines)) - 1, max(0, line - command.count("\n") - 1), -1):
        written = _statement(lines, start)
        if _says(written, command):
            return start, written
    return None


def is_written(frames: Frames) -> bool:
    """Tell whether an eval stands on the line that the shell names."""
    path = resolve(frames.files[0], frames.folder)
    return _calls(source_line(path, frames.lines[0]), "eval")


@lru_cache(maxsize=64)
def source_lines(path: str) -> Sequence[str]:
    """Return the lines of a file, none where it cannot be read again."""
    if path.startswith("/dev/") or not os.path.isfile(path):
        return []
    try:
        with open(path, "rb") as file:
            return os.fsdecode(file.read(LARGEST)).split("\n")
    except OSError:
        return []


def source_line(path: str, line: int | None) -> str:
    """Return a line of a file with those that it goes on in, empty where there is none."""
    return _statement(source_lines(path), line or 0)


def _statement(lines: Sequence[str], line: int) -> str:
    """Return a line, counted from 1, with those that it goes on in; empty where there is none."""
    if not 0 < line <= len(lines):
        return ""
    end = line
    while lines[end - 1].endswith("\\") and end < min(len(lines), line + LINES_OF_A_COMMAND):
        end += 1
    return "\n".join(lines[line - 1 : end])


def _says(written: str, command: str) -> bool:
    """Tell whether the command stands in these lines, and not as the word of an eval.

    Blanks count for nothing, since bash prints it in its own way.
    """
    first = "".join(command.split("\n", maxsplit=1)[0].split())
    before, found, _ = "".join(written.replace("\\\n", "").split()).partition(first)
    return bool(first and found) and (before.endswith(("$(", "`")) or WORD_OF_EVAL.search(before) is None)


def _calls(written: str, function: str) -> bool:
    """Tell whether these lines call ``function``, or source a file."""
    words = re.split(r"[\s;&|(){}\"'`!]+", written)
    return any(word in words for word in ((".", "source") if function == "source" else (function,)))
