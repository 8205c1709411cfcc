"""Git's configuration files (git-config(1)): which are read, in which order, and what they say."""

from __future__ import annotations

import os

from cleanenv.environments import metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cleanenv.freeze.version_control.git_repository import Repository

_SYSTEM = "/etc/gitconfig"
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", '"': '"', "\\": "\\"}
_DEEPEST = 10  # as many as git follows
_FALSE = frozenset(("false", "no", "off", "0", ""))


class Context:
    """What conditional includes depend on: the ``repository``, None outside of one, and the user's ``home``."""

    __slots__ = ("home", "repository")

    def __init__(self, repository: Repository | None = None, home: str | None = None) -> None:
        self.repository = repository
        self.home = home


def read(repository: Repository | None, environ: Mapping[str, str]) -> list[tuple[str, str | None]]:
    """Return name and value of each variable that git sees in ``repository``, in the order of ``git config --list``.

    The system's files come first, then the user's, which ``environ`` leads to,
    then the repository's, then the worktree's.
    """
    home = environ.get("HOME")
    context = Context(repository, home)
    variables = from_file(_SYSTEM, context)
    config = environ.get("XDG_CONFIG_HOME") or (f"{home}/.config" if home else "")
    if config:
        variables += from_file(f"{config}/git/config", context)
    if home:
        variables += from_file(f"{home}/.gitconfig", context)
    if repository is None:
        return variables
    own = from_file(f"{repository.common}/config", context)
    variables += own
    if _is_true(own, "extensions.worktreeconfig"):
        variables += from_file(f"{repository.git}/config.worktree", context)
    return variables


def from_file(path: str, context: Context, depth: int = 0) -> list[tuple[str, str | None]]:
    """Return name and value of each variable in the file at ``path`` and in those that it includes, in order.

    A name is ``section.subsection.variable``; the value None if there is no ``=``.
    """
    try:
        text = metadata.read_whole(path).decode("utf-8-sig", "surrogateescape")
    except (OSError, ValueError):  # ValueError: a NUL in an included path
        return []
    variables: list[tuple[str, str | None]] = []
    for section, subsection, variable, value in _assignments(text):
        name = f"{section}.{subsection}.{variable}" if subsection else f"{section}.{variable}"
        variables.append((name, value))
        if variable != "path" or not value or depth >= _DEEPEST:
            continue
        if section == "include" and not subsection:
            is_included = True
        elif section == "includeif":
            from cleanenv.freeze.version_control import git_include

            is_included = git_include.applies(subsection, path, context)
        else:
            continue
        if is_included:
            variables += from_file(_included(value, path, context), context, depth + 1)
    return variables


def _included(value: str, path: str, context: Context) -> str:
    """Return the file that ``value`` names in the file at ``path``."""
    if value.startswith("~"):
        name, slash, rest = value[1:].partition("/")
        home = _home_of(name) if name else context.home
        value = f"{home}{slash}{rest}" if home else value
    return os.path.join(os.path.dirname(path), value)


def _home_of(user: str) -> str | None:
    import pwd

    try:
        return pwd.getpwnam(user).pw_dir
    except (KeyError, ValueError):  # ValueError: a NUL in the name
        return None


def _is_true(variables: list[tuple[str, str | None]], wanted: str) -> bool:
    result = False
    for name, value in variables:
        if name == wanted:
            result = value is None or value.lower() not in _FALSE
    return result


def _assignments(text: str) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield section, subsection, variable and value of each line that sets a variable."""
    section = ""
    subsection = ""
    for joined in _logical_lines(text):
        line = joined.strip()
        if line.startswith(("#", ";")):
            continue
        if line.startswith("["):  # an assignment may follow in the same line
            section, subsection, line = _header(line)
        variable, equals, value = line.partition("=")
        if not equals:
            variable = _value(variable)  # a comment may follow
        variable = variable.strip().lower()
        if variable:
            yield section, subsection, variable, _value(value) if equals else None


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
