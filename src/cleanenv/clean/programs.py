"""Kept values that are a command, as EDITOR is: the program must be found on the clean PATH too."""

# Only loaded if one of them is set.
from __future__ import annotations

import os

from cleanenv.clean import paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_FOUND = "a program that is not found"
BY_FULL_PATH = "by its full path, as only your PATH has it"

BLANKS = " \t"
QUOTES = "'\""
# What makes a word of a shell more than its letters.
SPECIAL = frozenset("'\"\\$`;&|<>()*?[]{}#!\n\r")
# Words before the program itself: env(1), and what every shell has built in.
BEFORE = ("env", "command", "exec")


def found(value: str, clean_path: str, caller: Mapping[str, str], active: str | None = None) -> str | None:
    """Return the command ``value`` so that it works with ``clean_path``, None if its program does not exist.

    A program that only PATH of ``caller`` has is written with its full path,
    quoted for sh if need be; arguments stay. What only a shell can read stays
    as it is, as does a path from the current directory. A program in
    an environment that is left out, other than ``active``, counts as none.
    """
    found_there = _look_up(value, clean_path, caller)
    if found_there is None:
        return None
    command, program = found_there
    return None if program and paths.is_left_out(program, caller, active) else command


def _look_up(value: str, clean_path: str, caller: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the command and the path of its program if that is the caller's choice, else empty; None without one."""
    if value.startswith("/") and _is_program(value):  # with blanks and all
        return value, value
    place = _program(value)
    if place is None:
        return value, ""
    start, end = place
    name = value[start:end].strip(QUOTES)
    if "/" in name:
        is_below_home = name.startswith("~/") and value[start] == "~"
        path = caller.get("HOME", "") + name[1:] if is_below_home else name
        is_absolute = path.startswith("/")
        exists = _is_program(path) or not is_absolute
        return (value, path if is_absolute else "") if exists else None
    if _find(name, clean_path):
        return value, ""
    full_path = _find(name, caller.get("PATH", ""))
    return None if full_path is None else (value[:start] + _quoted(full_path) + value[end:], full_path)


def _program(value: str) -> tuple[int, int] | None:
    """Return where in ``value`` the word of the program is, None if it takes a shell to find out."""
    position = 0
    is_after_env = False
    while True:
        while position < len(value) and value[position] in BLANKS:
            position += 1
        end = _end_of_word(value, position)
        word = value[position:end] if end is not None else ""
        if end is None or not word or (is_after_env and word.startswith("-")):
            return None
        is_assignment = word.partition("=")[0].isidentifier() and "=" in word
        if not is_assignment and word not in BEFORE:
            return position, end
        is_after_env = is_after_env or word in BEFORE
        position = end


def _end_of_word(value: str, start: int) -> int | None:
    """Return the end of the word that begins at ``start``, None if it is not plain or quoted as a whole."""
    quote = value[start : start + 1]
    if quote and quote in QUOTES:
        end = value.find(quote, start + 1)
        is_plain = end > 0 and SPECIAL.isdisjoint(value[start + 1 : end])
        is_whole = value[end + 1 : end + 2] in ("", *BLANKS)
        return end + 1 if is_plain and is_whole else None
    end = start
    while end < len(value) and value[end] not in BLANKS:
        if value[end] in SPECIAL:
            return None
        end += 1
    return end


def _find(name: str, path: str) -> str | None:
    """Return the first program ``name`` on ``path``, in directories that do not depend on the current one."""
    for directory in path.split(":"):
        candidate = f"{directory}/{name}"
        if directory.startswith("/") and _is_program(candidate):
            return candidate
    return None


def _is_program(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def _quoted(path: str) -> str:
    """Return ``path`` as sh reads it back."""
    if SPECIAL.isdisjoint(path) and not any(blank in path for blank in BLANKS):
        return path
    escaped = path.replace("'", "'\\''")
    return f"'{escaped}'"
