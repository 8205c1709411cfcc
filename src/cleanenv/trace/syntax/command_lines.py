"""The text of startup files, held against what a shell says it runs: which line is it, and in which function."""

from __future__ import annotations

import re

from cleanenv.trace.engine import source_file
from cleanenv.trace.syntax import exports

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
    assigned = ASSIGNMENT.match(first)
    if assigned:
        return _has(written, assigned[1])
    if first in NAMING:
        names = [word for word in words[1:] if not word.startswith(("-", "+"))]
        known = [name for name in names if _has(written, re.split(r"\+?=", name)[0])]
        return bool(known) or (_has(written, first) and (not names or (loosely and "$" in written)))
    stands = any(_has(written, word) for word in SYNONYMS.get(first, (first,)))
    return stands or (loosely and written.lstrip().startswith(("$", '"$')))


def find(path: str, command: str, after: int, *, loosely: bool) -> int | None:
    """Return the line of the file that says ``command`` best, of equals the one that stands next from ``after`` on."""
    words = {QUOTES.sub("", word) for word in command.split()}
    first = re.escape(re.split(r"[\s=+]", command.strip(), maxsplit=1)[0])
    begins = re.compile(rf"(?:^|[;&|({{!]|\b(?:then|do|else|if|elif|while))\s*{first}(?!\w)")
    best: list[int] = []
    most = 0
    for number, line in enumerate(source_file.read(path).lines, 1):
        if line.lstrip().startswith("#") or not says(line, command, loosely=loosely):
            continue
        names = sum(_has(line, found[1]) for word in words if (found := ASSIGNMENT.match(word)))
        score = (
            1
            + 3 * bool(begins.search(line))
            + len(words.intersection(QUOTES.sub("", word) for word in re.split(r"[\s;]+", line)))
            + 2 * names
        )
        if score >= most:
            best = [*(best if score == most else []), number]
            most = score
    return next((number for number in best if number >= after), best[0] if best else None)


def function_at(path: str, number: int) -> str:
    """Return the function that holds the line, by the way in which functions are laid out; empty for none."""
    lines = source_file.read(path).lines
    if not 0 < number <= len(lines):
        return ""
    for at in range(number, 0, -1):
        line = lines[at - 1]
        if at != number and re.match(r"[})]", line):
            return ""
        found = DEFINITION.match(line)
        if found and (at == number or not re.search(r"\}\s*$", line)):
            return found[2] or found[3]
    return ""


def _has(written: str, word: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", written) is not None
