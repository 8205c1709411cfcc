"""The conditions of git's includeIf (git-config(1), CONDITIONAL INCLUDES)."""

from __future__ import annotations

import os
import re

from cleanenv.freeze.version_control import git_refs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.freeze.version_control.git_config import Context

_SPECIAL = "*?[\\"
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "digit": "0-9",
    "lower": "a-z",
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


def applies(condition: str, path: str, context: Context) -> bool:
    """Whether the file at ``path`` includes another on ``condition``, such as ``gitdir:~/work/``.

    ``hasconfig:remote.*.url:`` is never true here: what such a condition
    includes may not have remotes, which git refuses.
    """
    kind, colon, pattern = condition.partition(":")
    if not colon or context.repository is None:
        return False
    if kind == "gitdir":
        return _is_git_directory(pattern, path, context, ignores_case=False)
    if kind == "gitdir/i":
        return _is_git_directory(pattern, path, context, ignores_case=True)
    if kind == "onbranch":
        branch = git_refs.branch(context.repository)
        return branch is not None and matches(_with_all_below(pattern), branch)
    return False


def _is_git_directory(pattern: str, path: str, context: Context, *, ignores_case: bool) -> bool:
    """Whether ``pattern`` matches the repository's directory, physical or as it is written."""
    if context.repository is None:
        return False
    literal = ""
    if pattern.startswith("~/") and context.home:
        pattern = _escaped(os.path.realpath(context.home)) + pattern[1:]
    elif pattern.startswith("./"):
        # Only what comes after the directory of the file is a pattern.
        literal = os.path.realpath(os.path.dirname(path))
        pattern = pattern[1:]
    elif not pattern.startswith("/"):
        pattern = f"**/{pattern}"
    pattern = _escaped(literal) + _with_all_below(pattern)
    directory = context.repository.git
    for text in (os.path.realpath(directory), os.path.abspath(directory)):
        if matches(pattern, text, ignores_case=ignores_case):
            return True
    return False


def _with_all_below(pattern: str) -> str:
    return f"{pattern}**" if pattern.endswith("/") else pattern


def _escaped(text: str) -> str:
    escaped = ""
    for character in text:
        escaped += f"\\{character}" if character in _SPECIAL else character
    return escaped


def matches(pattern: str, text: str, *, ignores_case: bool = False) -> bool:
    """Whether ``text`` matches ``pattern`` as git's wildmatch has it for paths: only ``**`` matches a slash."""
    flags = re.DOTALL | (re.IGNORECASE if ignores_case else 0)
    try:
        return re.fullmatch(_expression(pattern), text, flags) is not None
    except re.error:  # such as a range that goes backwards
        return False


def _expression(pattern: str) -> str:
    """Return ``pattern`` as a regular expression."""
    expression = ""
    index = 0
    while index < len(pattern):
        character = pattern[index]
        if character == "*":
            end = index
            while end < len(pattern) and pattern[end] == "*":
                end += 1
            part, index = _stars(pattern, index, end)
            expression += part
        elif character == "?":
            expression += "[^/]"
            index += 1
        elif character == "[":
            part, index = _bracket(pattern, index)
            expression += part
        else:
            if character == "\\" and index + 1 < len(pattern):
                index += 1
            expression += re.escape(pattern[index])
            index += 1
    return expression


def _stars(pattern: str, index: int, end: int) -> tuple[str, int]:
    """Return the expression for the stars from ``index`` to ``end``, and where the rest of the pattern begins."""
    is_alone = (index == 0 or pattern[index - 1] == "/") and pattern[end : end + 1] in ("", "/")
    if end - index < 2 or not is_alone:  # noqa: PLR2004 - two stars between slashes
        return "[^/]*", end
    if end == len(pattern):
        return ".*", end
    return "(?:.*/)?", end + 1


def _bracket(pattern: str, index: int) -> tuple[str, int]:
    """Return the expression for the bracket at ``index``, and where the rest of the pattern begins."""
    start = index + 1
    is_negated = pattern[start : start + 1] in ("!", "^") and start < len(pattern)
    if is_negated:
        start += 1
    content = ""
    position = start
    while position < len(pattern) and (pattern[position] != "]" or position == start):
        if pattern.startswith("[:", position) and ":]" in pattern[position:]:
            end = pattern.index(":]", position)
            content += _POSIX.get(pattern[position + 2 : end], "")
            position = end + 2
            continue
        if pattern[position] == "\\":
            position += 1
        character = pattern[position : position + 1]
        content += character if character == "-" else re.escape(character)
        position += 1
    if position >= len(pattern):  # not closed: it matches nothing
        return "(?!)", len(pattern)
    return f"(?!/)[{'^' if is_negated else ''}{content}]", position + 1
