"""Git's configuration files (git-config(1), SYNTAX), as far as remotes need them."""

from __future__ import annotations

import os

from cleanenv.environments import metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", '"': '"', "\\": "\\"}
_DEEPEST = 10  # as many as git follows


def values(path: str, section: str, key: str, depth: int = 0) -> list[tuple[str, str]]:
    """Return (subsection, value) for each ``key`` below ``[section "…"]`` in the file at ``path``, in order.

    ``include.path`` is followed; conditional includes are not.
    """
    try:
        text = metadata.read_whole(path).decode("utf-8-sig", "surrogateescape")
    except (OSError, ValueError):  # ValueError: a NUL in an included path
        return []
    pairs: list[tuple[str, str]] = []
    for name, subsection, variable, value in _assignments(text):
        if name == section and variable == key and subsection:
            pairs.append((subsection, value))
        elif name == "include" and variable == "path" and depth < _DEEPEST:
            included = os.path.join(os.path.dirname(path), value)
            pairs += values(included, section, key, depth + 1)
    return pairs


def _assignments(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield section, subsection, variable and value of each line that has a value."""
    section = ""
    subsection = ""
    for joined in _logical_lines(text):
        line = joined.strip()
        if line.startswith(("#", ";")):
            continue
        if line.startswith("["):  # an assignment may follow in the same line
            section, subsection, line = _header(line)
        variable, equals, value = line.partition("=")
        variable = variable.strip().lower()
        if equals and variable:
            yield section, subsection, variable, _value(value)


def _logical_lines(text: str) -> list[str]:
    """Return the lines, each joined with those that it continues in by a backslash at its end."""
    lines: list[str] = []
    continues = False
    for line in text.replace("\r\n", "\n").split("\n"):
        if continues:
            lines[-1] += line
        else:
            lines.append(line)
        backslashes = len(lines[-1]) - len(lines[-1].rstrip("\\"))
        continues = backslashes % 2 == 1  # two are a backslash in the value
        if continues:
            lines[-1] = lines[-1][:-1]
    return lines


def _header(line: str) -> tuple[str, str, str]:
    """Return section, subsection and the rest of a line that begins with ``[``."""
    name, quote, rest = line[1:].partition('"')
    if not quote or "]" in name:
        # The older form, [section.subsection].
        name, _, rest = line[1:].partition("]")
        section, _, subsection = name.strip().partition(".")
        return section.lower(), subsection.lower(), rest.strip()
    subsection = ""
    index = 0
    while index < len(rest) and rest[index] != '"':
        if rest[index] == "\\":
            index += 1
        subsection += rest[index : index + 1]
        index += 1
    return name.strip().lower(), subsection, rest[index + 1 :].lstrip(" \t]")


def _value(text: str) -> str:
    """Return a value without quotes, escapes, comment and the blanks at both ends."""
    value = ""
    end = 0  # of the value without the blanks after it
    is_quoted = False
    characters = iter(text.strip())
    for character in characters:
        if character == '"':
            is_quoted = not is_quoted
        elif character in "#;" and not is_quoted:
            break
        elif character == "\\":
            escaped = next(characters, "")
            value += _ESCAPES.get(escaped, escaped)
        else:
            value += character
        if is_quoted or not character.isspace():
            end = len(value)
    return value[:end]
