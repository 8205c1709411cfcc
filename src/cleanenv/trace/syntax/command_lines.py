"""The text of startup files, held against what a shell says it runs: which line is it, and in which function."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleanenv.trace.engine import source_file
from cleanenv.trace.syntax import exports

if TYPE_CHECKING:
    from collections.abc import Callable

ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\+?=")
NAMING = ("export", "typeset", "declare", "local", "readonly", "read", "unset", "getopts")
SYNONYMS = {".": (".", "source"), "[": ("[", "test"), "typeset": ("typeset", "local", "declare")}
DEFINITION = re.compile(r"^(\s*)(?:function\s+([\w.-]+)|([A-Za-z_][\w.-]*)\s*\(\s*\))")
QUOTES = re.compile(r"[\s\"'\\]+")


def line_at(path: str, number: int, command: str) -> int | None:
    """Return the line near ``number`` which says ``command``: that, or where a command with backslashes begins."""
    file = source_file.read(path)
    lines = file.lines
    while 0 < number <= len(lines):
        if says(file.statement(number), command):
            return number
        if number < 2 or not lines[number - 2].endswith("\\"):  # noqa: PLR2004  the line above
            break
        number -= 1
    return None


def says(written: str, command: str, *, loosely: bool = True) -> bool:
    """Tell whether these lines can be what the shell shows as ``command`` when all is expanded.

    ``loosely`` lets the name of what is set stand in a variable.
    """
    words = list(exports.words(command))
    if not words or not written:
        return False
    first = words[0]
    assignment = ASSIGNMENT.match(first)
    if assignment is not None:
        return _has(written, assignment[1])
    if first in NAMING:
        return _names_one_of(written, first, words[1:], loosely=loosely)
    if any(_has(written, word) for word in SYNONYMS.get(first, (first,))):
        return True
    return loosely and written.lstrip().startswith(("$", '"$'))


def _names_one_of(written: str, first: str, arguments: list[str], *, loosely: bool) -> bool:
    """Tell whether the lines name one of the variables in ``arguments``, or can by what a variable holds."""
    names = [re.split(r"\+?=", word)[0] for word in arguments if not word.startswith(("-", "+"))]
    if any(_has(written, name) for name in names):
        return True
    can_name_any = not names or (loosely and "$" in written)
    return can_name_any and _has(written, first)


def find(path: str, command: str, after: int, *, loosely: bool) -> int | None:
    """Return the line of the file that says ``command`` best, of equals the one that stands next from ``after`` on."""
    score_of = _scoring(command)
    best: list[int] = []
    highest = 0
    for number, line in enumerate(source_file.read(path).lines, 1):
        if line.lstrip().startswith("#") or not says(line, command, loosely=loosely):
            continue
        score = score_of(line)
        if score > highest:
            best = []
            highest = score
        if score == highest:
            best.append(number)
    for number in best:
        if number >= after:
            return number
    return best[0] if best else None


def _scoring(command: str) -> Callable[[str], int]:
    """Return what scores a line: most for a command that begins alike, then for names that are set, then words."""
    words = {QUOTES.sub("", word) for word in command.split()}
    assigned = [match[1] for word in words if (match := ASSIGNMENT.match(word)) is not None]
    first = re.escape(re.split(r"[\s=+]", command.strip(), maxsplit=1)[0])
    begins = re.compile(rf"(?:^|[;&|({{!]|\b(?:then|do|else|if|elif|while))\s*{first}(?!\w)")

    def score_of(line: str) -> int:
        score = 1
        if begins.search(line) is not None:
            score += 3
        for name in assigned:
            score += 2 * _has(line, name)
        return score + len(words.intersection(QUOTES.sub("", word) for word in re.split(r"[\s;]+", line)))

    return score_of


def function_at(path: str, number: int) -> str:
    """Return the function that holds the line, by the way in which functions are laid out; empty for none."""
    lines = source_file.read(path).lines
    if not 0 < number <= len(lines):
        return ""
    for at in range(number, 0, -1):
        line = lines[at - 1]
        if at != number and line.startswith(("}", ")")):
            return ""  # the end of another function, before this line
        definition = DEFINITION.match(line)
        is_of_one_line = definition is not None and line.rstrip().endswith("}")
        if definition is not None and (at == number or not is_of_one_line):
            return definition[2] or definition[3]
    return ""


def _has(written: str, word: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", written) is not None
