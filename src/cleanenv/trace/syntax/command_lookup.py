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
    if not candidates:
        return None
    if len(candidates) == 1:  # most often, and there is nothing to weigh
        return candidates[0]
    scores = [_agreement(file.lines[number - 1], words) for number in candidates]
    highest = max(scores)
    best = [number for number, score in zip(candidates, scores, strict=True) if score == highest]
    for number in best:
        if number >= after:
            return number
    return best[0]


def _agreement(text: str, words: list[str]) -> int:
    """Return how well a line agrees with a command, at best where its first word stands."""
    agreement = -_MISS * len(words)
    for occurrence in _occurrences(words[0], text):
        score = _score(text[: occurrence.start()], text[occurrence.end() :], words)
        agreement = max(agreement, score)
    return agreement


def _occurrences(word: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"(?<![\w./$-]){re.escape(word)}(?![\w./-])", text)


def _score(before: str, after: str, words: list[str]) -> int:
    """Return how many words that are written out agree; one that is not in the command outweighs all that are."""
    if before.rstrip().endswith("function"):  # the definition, not a call
        return -_MISS * len(words)
    # A substitution stands for what it prints; one may stand in another.
    text = _SUBSTITUTION.sub("$", _SUBSTITUTION.sub("$", after))
    statement = _STATEMENT.match(text)
    score = 0
    for token in _TOKEN.findall(statement[0] if statement is not None else ""):
        if not _EXPANDED.isdisjoint(token):
            continue
        is_in_command = re.sub("['\"]", "", token) in words
        score += 1 if is_in_command else -_MISS
    return score


def function_around(path: str, number: int) -> str:
    """Return the name of the fish function that a line stands in, as indentation shows it; empty outside of any."""
    return _function_around(source_file.read(path), number)


@lru_cache(maxsize=256)
def _function_around(file: SourceFile, number: int) -> str:
    for start in range(min(number, len(file.lines)), 0, -1):
        definition = _FUNCTION.match(file.lines[start - 1])
        if definition is not None:
            end = _end_of_block(file, start, definition[1])
            return definition[2] if number <= end else ""
    return ""


def _end_of_block(file: SourceFile, start: int, indentation: str) -> int:
    """Return the line with the ``end`` that stands below what begins on the line ``start``, else one after the last."""
    end = re.compile(rf"{indentation}end\b")
    for number in range(start, len(file.lines) + 1):
        if end.match(file.lines[number - 1]):
            return number
    return len(file.lines) + 1
