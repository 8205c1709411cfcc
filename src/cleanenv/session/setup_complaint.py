"""What shells complain of while they read a setup file, and what a user may do about it."""

# Imported only if a setup file prints something, or fails.
from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# How each shell says where it is; the file is left out by csh, the line too by yash if a command is missing.
# bash and ash: FILE: line 2: x; dash: sh: 2: FILE: x; zsh and yash: FILE:2: x; ksh93 and mksh: FILE[2]: x.
PLACES = (
    re.compile(r"(?:[\w.-]+: )?(?P<file>[^:]+): line (?P<line>\d+): (?P<message>.+)"),
    re.compile(r"[\w.-]+: (?P<line>\d+): (?P<file>/[^:]+): (?P<message>.+)"),
    re.compile(r"(?:\w+:)?(?P<file>[^:]+):(?P<line>\d+): ?(?P<message>.+)"),
    re.compile(r"(?:[^/]*: )?(?P<file>/[^:]+)\[(?P<line>\d+)\]: (?P<message>.+)"),
    re.compile(r"(?:[^/]*: )?(?P<file>/[^:]+): (?P<message>syntax error at line (?P<line>\d+).*)"),
)
# fish says it in two lines: fish: Unknown command: x, then FILE (line 2):
PLACE_AFTER = re.compile(r"(?P<file>/.+) \(line (?P<line>\d+)\): ?(?P<message>.*)")
# bash, dash, ash, ksh93, mksh: x: not found; zsh, fish: the other way round; yash; csh.
NOT_FOUND = (
    re.compile(r"(?:.*: )?(?P<word>[^:]+): (?:command |inaccessible or )?not found"),
    re.compile(r"command not found: (?P<word>.+)"),
    re.compile(r"\.: no such command [^\w\s](?P<word>.+)[^\w\s]"),
    re.compile(r"fish: Unknown command: (?P<word>.+)"),
    re.compile(r"(?P<word>[^:]+): Command not found\."),
)
WITHOUT_PLACE = NOT_FOUND[2:]
# Words by which a file shows the shell that it is written for.
WORDS = {
    "bash": (
        *("[[", "((", "shopt", "declare", "typeset", "source", "function", "let", "pushd", "popd"),
        *("mapfile", "readarray", "complete", "compgen", "local", "select"),
    ),
    "zsh": (
        *("setopt", "unsetopt", "autoload", "zmodload", "zstyle", "bindkey", "compdef", "compinit", "emulate", "zle"),
    ),
    "tcsh": ("setenv", "unsetenv", "rehash", "endif", "foreach"),
    "fish": ("fish_add_path", "end"),
}
NOT_IN_PATH = (
    "let its directory in with --path, define it in the file if it is a function, "
    "or name another shell with --source-shell"
)
# What a shell says of syntax that it does not have.
SYNTAX = re.compile(r"syntax error|bad substitution|illegal option|parse error|not a valid identifier", re.IGNORECASE)
ONLY_SH = ("dash", "ash", "yash", "mksh")  # that have less than bash has


class Complaint(NamedTuple):
    """One complaint: its ``message``, with ``file`` and ``line`` if it names them, and the ``word`` not found."""

    message: str
    file: str = ""
    line: int = 0
    word: str = ""


def complaints(output: str) -> Iterator[Complaint]:
    """Yield what a shell complains of in ``output``: a command that is not found, or an error at a line."""
    lines = output.splitlines()
    for index, text in enumerate(lines):
        place = _first_match(PLACES, text)
        if place is not None:
            found = _first_match(NOT_FOUND, place["message"])
            yield Complaint(place["message"], place["file"], int(place["line"]), found["word"] if found else "")
            continue
        after = PLACE_AFTER.fullmatch(text)
        if after is not None and after["message"]:
            yield Complaint(after["message"], after["file"], int(after["line"]))
            continue
        found = _first_match(WITHOUT_PLACE, text)
        if found is not None:
            following = PLACE_AFTER.fullmatch(lines[index + 1]) if index + 1 < len(lines) else None
            message = f"{found['word']}: not found"
            if following is not None:
                yield Complaint(message, following["file"], int(following["line"]), found["word"])
            else:
                yield Complaint(message, word=found["word"])


def warnings(file: str, reader: str, output: str) -> list[str]:
    """Return a sentence for each command that ``file``, read to its end by ``reader``, did not find, each once."""
    sentences = {}
    for complaint in complaints(output):
        word = complaint.word
        if not word or word in sentences:
            continue
        at = f" (line {complaint.line})" if complaint.line and complaint.file == file else ""
        remedy = _for_other_shell(reader, word)
        if not remedy:
            remedy = NOT_IN_PATH
        sentences[word] = f"Warning: '{file}' was read by {reader}, which did not find '{word}'{at}: {remedy}"
    return list(sentences.values())


def unmarked(file: str, reader: str) -> str:
    """Return a sentence on ``file``, which names no shell and asks for what only bash has."""
    return f"Warning: '{file}' was read by {reader}, which has no BASH_SOURCE: {_advice('bash')}"


def explain(file: str, output: str) -> str:
    """Return where in ``file`` and why it failed, ``line 2: [[: not found``, empty if its last line does not say."""
    last = ""
    for complaint in complaints(output):
        if complaint.line and complaint.file == file:
            last = f"line {complaint.line}: {complaint.message}"
    return last


def remedy(reader: str, output: str, *, is_for_bash: bool) -> str:
    """Return what to do about a file that failed, empty if the shell that read it may be the right one.

    ``is_for_bash``: whether it asks for what only bash has.
    """
    for complaint in complaints(output):
        advice = _for_other_shell(reader, complaint.word)
        if advice:
            return advice
    if is_for_bash or (_name(reader) in ONLY_SH and SYNTAX.search(output)):
        return _advice("bash")
    return ""


def _for_other_shell(reader: str, word: str) -> str:
    """Return the advice to read a file by another shell than ``reader``, if the ``word`` not found suggests it."""
    for shell, words in WORDS.items():
        if word in words and shell != _name(reader):
            return _advice(shell)
    return ""


def _name(reader: str) -> str:
    """Return the name of the shell in ``bash`` or ``sh (dash)``."""
    return reader.removeprefix("sh (").removesuffix(")")


def _advice(shell: str) -> str:
    return f"is it for {shell}? Then give --source-shell {shell}, or begin it with '#!/bin/{shell}'"


def _first_match(patterns: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    for pattern in patterns:
        match = pattern.fullmatch(text.strip())
        if match is not None:
            return match
    return None
