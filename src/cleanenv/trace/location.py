"""From the frames of a shell to places that a person can open, and the text that stands there."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleanenv.trace.change import EVAL, SUBSTITUTION, TEMPORARY, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTSIDE = ("source", "main")  # what bash calls the frames that are no function's
Evals = dict[str, set[int]]
PROMPT = Place("PROMPT_COMMAND", None, note=EVAL)
DESCRIPTORS = ("/dev/fd/", "/proc/")
LARGEST = 4 << 20  # bytes of a startup file that are read for the text of a line
LINES_OF_A_COMMAND = 40  # of one whose lines end in a backslash


@dataclass(frozen=True, slots=True)
class Frames:
    """Where a command stood, innermost first, and the command as bash saw it; ``folder`` was the current one."""

    command: str
    files: tuple[str, ...]
    lines: tuple[int, ...]
    functions: tuple[str, ...]
    folder: str = ""

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
    for file, line, function in zip(frames.files, frames.lines, frames.functions, strict=False):
        if file != tracer:
            path = resolve(file, frames.folder)
            place, written = _place(path, line, called or frames.command, evals.get(file, set()), is_call=bool(called))
            name = "" if function in OUTSIDE else function
            chain.append(Place(place.file, place.line, name, place.note))
            if not called and written and not place.note:
                text = written
        called = function
    return (tuple(reversed(chain)) or (PROMPT,)), text


def resolve(file: str, folder: str) -> str:
    """Return ``file`` as a path that does not hang on the current folder, where that tells which it was."""
    path = os.path.normpath(os.path.join(folder, file)) if folder else file
    return path if os.path.isabs(file) or os.path.exists(path) else file


def _place(path: str, line: int, command: str, evals: set[int], *, is_call: bool) -> tuple[Place, str]:
    if path.startswith(DESCRIPTORS):
        return Place(path, line, note=SUBSTITUTION), ""
    if os.path.isabs(path) and not os.path.exists(path):
        return Place(path, line, note=TEMPORARY), ""
    written = source_line(path, line)
    before = [number for number in evals if number <= line]
    if before and not (_calls(written, command) if is_call else _says(written, command)):
        return Place(path, max(before), note=EVAL), ""
    return Place(path, line), written.split("\n")[0].strip()


def source_line(path: str, line: int) -> str:
    """Return the line of the file, with those that it goes on in, without the backslashes; empty where it has none."""
    if path.startswith("/dev/") or not os.path.isfile(path):
        return ""
    try:
        with open(path, "rb") as file:
            lines = os.fsdecode(file.read(LARGEST)).split("\n")
    except OSError:
        return ""
    if not 0 < line <= len(lines):
        return ""
    end = line
    while lines[end - 1].endswith("\\") and end < min(len(lines), line + LINES_OF_A_COMMAND):
        end += 1
    return "\n".join(lines[line - 1 : end])


def _says(written: str, command: str) -> bool:
    """Tell whether the command stands in these lines; blanks apart, since bash prints it in its own way."""
    first = "".join(command.split("\n", maxsplit=1)[0].split())
    return bool(first) and first in "".join(written.replace("\\\n", "").split())


def _calls(written: str, function: str) -> bool:
    """Tell whether these lines call ``function``, or source a file."""
    words = re.split(r"[\s;&|(){}\"'`!]+", written)
    return any(word in words for word in ((".", "source") if function == "source" else (function,)))
