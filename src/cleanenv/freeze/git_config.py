"""Reading git's configuration files (git-config(1), SYNTAX), as far as remotes go."""

from __future__ import annotations

import os

from cleanenv.environments import metadata

_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", '"': '"', "\\": "\\"}
_DEPTH = 10


def values(path: str, section: str, key: str, depth: int = 0) -> list[tuple[str, str]]:
    """Return (subsection, value) for each ``key`` below ``[section "…"]`` in the file at ``path``, in order.

    ``include.path`` is followed; conditional includes are not.
    """
    try:
        text = metadata.read_whole(path).decode("utf-8-sig", "surrogateescape")
    except (OSError, ValueError):  # ValueError: a NUL in an included path
        return []
    found: list[tuple[str, str]] = []
    name = subsection = ""
    for line in _joined(text):
        head, subsection_head, rest = _header(line)
        if head is not None:
            name, subsection = head, subsection_head
        variable, equals, value = rest.partition("=")
        variable = variable.strip().lower()
        if not equals or not variable:
            continue
        if name == section and variable == key and subsection:
            found.append((subsection, _value(value)))
        elif name == "include" and variable == "path" and depth < _DEPTH:
            included = os.path.join(os.path.dirname(path), _value(value))
            found += values(included, section, key, depth + 1)
    return found


def _joined(text: str) -> list[str]:
    """Return the lines with those that a backslash continues put together."""
    lines: list[str] = []
    open_ended = False
    for line in text.replace("\r\n", "\n").split("\n"):
        if open_ended:
            lines[-1] += line
        else:
            lines.append(line)
        body = lines[-1]
        open_ended = (len(body) - len(body.rstrip("\\"))) % 2 == 1
        if open_ended:
            lines[-1] = body[:-1]
    return lines


def _header(line: str) -> tuple[str | None, str, str]:
    """Return section, subsection and what follows them; None and the line where it opens no section."""
    line = line.strip()
    if line[:1] in ("#", ";"):
        return None, "", ""
    if not line.startswith("["):
        return None, "", line
    name, quote, rest = line[1:].partition('"')
    if not quote or "]" in name:
        name, _, rest = line[1:].partition("]")
        section, _, subsection = name.strip().partition(".")
        return section.lower(), subsection.lower(), rest.strip()
    subsection = ""
    index = 0
    while index < len(rest) and rest[index] != '"':
        index += rest[index] == "\\"
        subsection += rest[index : index + 1]
        index += 1
    return name.strip().lower(), subsection, rest[index + 1 :].lstrip(" \t]")


def _value(text: str) -> str:
    """Return a value with quotes, escapes and comments taken out, spaces at both ends stripped."""
    value = ""
    kept = 0  # how much of value is not trailing space
    quoted = False
    characters = iter(text.strip())
    for character in characters:
        if character == '"':
            quoted = not quoted
        elif character in "#;" and not quoted:
            break
        elif character == "\\":
            escaped = next(characters, "")
            value += _ESCAPES.get(escaped, escaped)
        else:
            value += character
        if quoted or not character.isspace():
            kept = len(value)
    return value[:kept]
