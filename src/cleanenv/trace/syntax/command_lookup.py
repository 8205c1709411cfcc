"""The line of a file that holds a command as the shell shows it, and the function of fish around a line."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cleanenv.trace.engine import source_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.trace.engine.source_file import SourceFile

_WORD = re.compile(r"[^\s;&|()<>{}'\"`]+")
_SUBSTITUTION = re.compile(r"\$?\([^()]*\)")
_STATEMENT = re.compile(r"(?:'[^']*'|\"[^\"]*\"|[^;|&)#'\"])*")
_TOKEN = re.compile(r"(?:'[^']*'|\"[^\"]*\"|[^\s'\"])+")
_EXPANDED = frozenset("$(*?~{<>\\`")  # in a word that the shell changes
_MISS = 100
_FUNCTION = re.compile(r"(\s*)function\s+([^\s;]+)")


@lru_cache(maxsize=256)
def _lines_by_word(file: SourceFile) -> dict[str, list[int]]:
    """Return for each word of a file the numbers of the lines that it stands in, comments left out."""
    numbers: dict[str, list[int]] = {}
    for number, text in enumerate(file.lines, 1):
        if text.lstrip().startswith("#"):
            continue
        for word in set(_WORD.findall(text)):
            numbers.setdefault(word, []).append(number)
    return numbers


def find(path: str, words: list[str], after: int = 0, first: int = 0) -> int | None:
    """Return the line that most likely holds the command ``words``, as the shell expanded them.

    Of the lines with its first word those that agree best in the words that
    are written out; of equals the first from ``after`` on, then the first at
    all, as a loop goes back. None of them stands before ``first``.
    """
    file = source_file.read(path)
    candidates = [number for number in _lines_by_word(file).get(words[0], []) if number >= first]
    if len(candidates) < 2:  # noqa: PLR2004  nothing to choose
        return next(iter(candidates), None)
    scores = {number: _agreement(file.lines[number - 1], words) for number in candidates}
    best = [number for number in candidates if scores[number] == max(scores.values())]
    return next((number for number in best if number >= after), best[0])


def _agreement(text: str, words: list[str]) -> int:
    """Say how well a line agrees with a command: a word that is written out and is not in it counts most."""
    return max(
        (_score(text[: found.start()], text[found.end() :], words) for found in _occurrences(words[0], text)),
        default=-_MISS * len(words),
    )


def _occurrences(word: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"(?<![\w./$-]){re.escape(word)}(?![\w./-])", text)


def _score(before: str, behind: str, words: list[str]) -> int:
    if before.rstrip().endswith("function"):  # the definition, not a call
        return -_MISS * len(words)
    statement = _STATEMENT.match(_SUBSTITUTION.sub("$", _SUBSTITUTION.sub("$", behind)))
    found = 0
    for token in _TOKEN.findall(statement[0] if statement else ""):
        if not set(token) & _EXPANDED:
            found += 1 if re.sub("['\"]", "", token) in words else -_MISS
    return found


def function_around(path: str, number: int) -> str:
    """Return the name of the fish function that a line stands in, as indentation shows it; empty outside of any."""
    return _function_around(source_file.read(path), number)


@lru_cache(maxsize=256)
def _function_around(file: SourceFile, number: int) -> str:
    text = file.lines
    for start in range(min(number, len(text)) - 1, -1, -1):
        if found := _FUNCTION.match(text[start]):
            ends = (later for later in range(start, len(text)) if re.match(rf"{found[1]}end\b", text[later]))
            return found[2] if next(ends, len(text)) >= number - 1 else ""
    return ""
