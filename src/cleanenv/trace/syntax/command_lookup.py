"""Files of the user's as they are written: a line, the line that holds a command, the function around a line."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cleanenv.trace.model import Missing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

LARGEST = 4 << 20  # bytes of a startup file that are read; it is never generated code of gigabytes
_WORD = re.compile(r"[^\s;&|()<>{}'\"`]+")
_SUBSTITUTION = re.compile(r"\$?\([^()]*\)")
_STATEMENT = re.compile(r"(?:'[^']*'|\"[^\"]*\"|[^;|&)#'\"])*")
_TOKEN = re.compile(r"(?:'[^']*'|\"[^\"]*\"|[^\s'\"])+")
_EXPANDED = frozenset("$(*?~{<>\\`")  # in a word that the shell changes
_MISS = 100
_FUNCTION = re.compile(r"(\s*)function\s+([^\s;]+)")


@lru_cache(maxsize=256)
def lines(path: str) -> tuple[str, ...]:
    """Return the lines of a file, none where it cannot be read; bytes that are no UTF-8 as PEP 383 has them."""
    if not os.path.isfile(path):
        return ()
    try:
        with open(path, "rb") as file:
            return tuple(os.fsdecode(file.read(LARGEST)).split("\n"))
    except OSError:
        return ()


def line(path: str, number: int | None) -> str:
    """Return a line without the blanks around it, empty where there is none."""
    found = lines(path)
    return found[number - 1].strip() if number is not None and 0 < number <= len(found) else ""


@lru_cache(maxsize=256)
def _places(path: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, text in enumerate(lines(path), 1):
        if not text.lstrip().startswith("#"):
            for word in set(_WORD.findall(text)):
                found.setdefault(word, []).append(number)
    return found


def find(path: str, words: list[str], after: int = 0, first: int = 0) -> int | None:
    """Return the line that most likely holds the command ``words``, as the shell expanded them.

    Of the lines with its first word those that agree best in the words that
    are written out; of equals the first from ``after`` on, then the first at
    all, as a loop goes back. None of them stands before ``first``.
    """
    candidates = [number for number in _places(path).get(words[0], []) if number >= first]
    if len(candidates) < 2:  # noqa: PLR2004  nothing to choose
        return next(iter(candidates), None)
    text = lines(path)
    scores = {number: _agreement(text[number - 1], words) for number in candidates}
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


def forget() -> None:
    """Read every file anew: the next replay may find another one under its name."""
    for cached in (lines, _places, function_around):
        cached.cache_clear()


def missing(files: Iterable[str], folders: Collection[str] = ()) -> tuple[Missing, ...]:
    """Return those of the startup files that can give nothing, with the reason; ``folders`` are of files."""
    return tuple(Missing(file, reason) for file in files if (reason := _reason(file, file in folders)))


def _reason(file: str, is_wanted_folder: bool) -> str:  # noqa: FBT001  one of two kinds
    if os.path.isdir(file):
        return "" if is_wanted_folder else "a folder"
    if not os.path.exists(file):
        return "a dead link" if os.path.islink(file) else "not there"
    if not os.access(file, os.R_OK):
        return "unreadable"
    return ""


@lru_cache(maxsize=256)
def function_around(path: str, number: int) -> str:
    """Return the name of the function of fish's that a line stands in, as indentation tells; empty outside of any."""
    text = lines(path)
    for start in range(min(number, len(text)) - 1, -1, -1):
        if found := _FUNCTION.match(text[start]):
            ends = (later for later in range(start, len(text)) if re.match(rf"{found[1]}end\b", text[later]))
            return found[2] if next(ends, len(text)) >= number - 1 else ""
    return ""
