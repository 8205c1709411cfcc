"""The blocks around a line by their indentation: for files that no parser of Python 3 takes, such as Python 2's."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.check import condition
from cleanenv.check.guards import IMPORT_ERRORS
from cleanenv.check.use import FALLBACK, OPTIONAL, TYPING, UNGUARDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.check.condition import Target

_WORD = re.compile(r"\w+")
_TAB = 8  # columns, as Python 2 counts them


class Surroundings(NamedTuple):
    """Under which condition a line stands, as a Use has it; ``is_dead`` if it never runs."""

    guard: str = UNGUARDED
    group: int = 0
    is_lazy: bool = False
    is_dead: bool = False


def surroundings(lines: Sequence[str], number: int, target: Target) -> Surroundings:
    """Return what is around line ``number``, which counts from 1 on."""
    found = Surroundings()
    for index, header in _headers(lines, number - 1):
        word = _first_word(header)
        if word in ("def", "async"):
            found = found._replace(is_lazy=True)
        elif word in ("try", "except"):
            found = _guarded(lines, index, word, found)
        elif word in ("if", "elif", "else"):
            found = _decided(lines, index, word, found, target)
    return found


def _guarded(lines: Sequence[str], index: int, word: str, found: Surroundings) -> Surroundings:
    if found.guard == TYPING:
        return found
    first = index if word == "try" else _matching(lines, index, "try")
    if not any(_catches(lines[clause]) for clause in _clauses(lines, first)):
        return found
    if word == "except" and not _catches(lines[index]):
        return found
    return found._replace(guard=OPTIONAL if word == "try" else FALLBACK, group=first + 1)


def _decided(lines: Sequence[str], index: int, word: str, found: Surroundings, target: Target) -> Surroundings:
    first = _matching(lines, index, "if") if word == "else" else index
    if first < 0:
        return found
    if word == "else" and any(_first_word(lines[clause]) == "elif" for clause in _clauses(lines, first)):
        return found
    outcome = _outcome(lines[first], target)
    value = outcome.value if word != "else" or outcome.value is None else not outcome.value
    if outcome.is_typing:
        return found._replace(guard=TYPING) if value is False else found
    return found._replace(is_dead=True) if value is False else found


def _outcome(header: str, target: Target) -> condition.Outcome:
    """Decide the condition in ``if …:``, as far as it stands on this line."""
    text = header.strip().partition(" ")[2].rpartition(":")[0]
    try:
        expression = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return condition.UNKNOWN
    return condition.decide(expression, target, frozenset())


def _headers(lines: Sequence[str], index: int) -> Iterator[tuple[int, str]]:
    """Yield the lines that begin the blocks around line ``index``, the innermost first."""
    indent = _indent(lines[index])
    for above in range(index - 1, -1, -1):
        line = lines[above]
        if not _says_something(line) or _indent(line) >= indent:
            continue
        indent = _indent(line)
        yield above, line
        if not indent:
            return


def _clauses(lines: Sequence[str], first: int) -> Iterator[int]:
    """Yield the lines of the ``except``, ``elif`` and ``else`` that belong to the statement in line ``first``."""
    indent = _indent(lines[first])
    for below in range(first + 1, len(lines)):
        line = lines[below]
        if not _says_something(line) or _indent(line) > indent:
            continue
        if _indent(line) < indent or _first_word(line) not in ("except", "elif", "else", "finally"):
            return
        yield below


def _matching(lines: Sequence[str], index: int, word: str) -> int:
    """Return the line above that begins with ``word`` at the same indentation, -1 if another statement is between."""
    indent = _indent(lines[index])
    for above in range(index - 1, -1, -1):
        line = lines[above]
        if not _says_something(line) or _indent(line) > indent:
            continue
        if _indent(line) == indent and _first_word(line) == word:
            return above
        if _indent(line) < indent or _first_word(line) not in ("except", "elif", "else"):
            return -1
    return -1


def _catches(clause: str) -> bool:
    """Tell whether ``except …:`` catches an ImportError; as words, since Python 2 has ``except ImportError, error``."""
    words = _WORD.findall(clause.partition("#")[0])
    return words[:1] == ["except"] and (len(words) == 1 or not IMPORT_ERRORS.isdisjoint(words))


def _says_something(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith("#")


def _indent(line: str) -> int:
    expanded = line.expandtabs(_TAB)
    return len(expanded) - len(expanded.lstrip())


def _first_word(line: str) -> str:
    match = _WORD.match(line.strip())
    return match[0] if match is not None else ""
