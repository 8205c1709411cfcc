"""How csh and elvish write that a variable is set and a file sourced, as far as it can be told without running it."""

from __future__ import annotations

import glob
import os
import re
from typing import TYPE_CHECKING, Protocol

from cleanenv.trace.engine import source_file
from cleanenv.trace.syntax import csh_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

AS_WRITTEN = "the value is given as it is written"
_CSH_START = r"(?:^|[;)&|]|\bthen\b|\belse\b)\s*"
_CSH_WORD = r"((?:\"[^\"]*\"|'[^']*'|`[^`]*`|\\.|[^\s;\"'`])*)"
_CSH_SETENV = re.compile(rf"{_CSH_START}setenv\s+([A-Za-z_]\w*)(?:[ \t]+{_CSH_WORD})?")
_CSH_UNSETENV = re.compile(rf"{_CSH_START}unsetenv\s+([^;&|]+)")
_CSH_PATH = re.compile(rf"{_CSH_START}set\s+path\s*=\s*\(([^)]*)\)")
_CSH_SET = re.compile(rf"{_CSH_START}set\s+([A-Za-z_]\w*)\s*=\s*{_CSH_WORD}")
_CSH_SOURCE = re.compile(rf"{_CSH_START}source\s+(?:-h\s+)?{_CSH_WORD}")
_CSH_FOREACH = re.compile(r"^\s*foreach\s+(\w+)\s*\((.*)\)")
_CSH_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_ELVISH_START = r"(?:^|[;{(|])\s*"
_ELVISH_SET = re.compile(rf"{_ELVISH_START}set\s+E:([\w-]+)\s*=\s*([^;}}]+)")
_ELVISH_SET_ENV = re.compile(rf"{_ELVISH_START}set-env\s+(\S+)\s+([^;}}]+)")
_ELVISH_PATHS = re.compile(rf"{_ELVISH_START}set\s+paths\s*=\s*\[([^\]]*)\]")
_ELVISH_UNSET = re.compile(rf"{_ELVISH_START}(?:unset-env\s+(\S+)|del\s+E:([\w-]+))")
_ELVISH_USE = re.compile(rf"{_ELVISH_START}use\s+(\S+)")
_UNKNOWN = re.compile(r"[$`*?({\[]")


class Grammar(Protocol):
    """What has to be known of a shell's language."""

    def startup(self, *, login: bool) -> list[str]:
        """Return the startup files, in their order."""

    def lines(self, file: str) -> Iterator[tuple[int, str]]:
        """Yield the lines that hold commands, with their numbers."""

    def changes(self, text: str, values: Mapping[str, str]) -> Iterator[tuple[str, str | None, bool]]:
        """Yield what a line sets: name, value or None, and whether the value is known."""

    def sourced(self, text: str, file: str, values: Mapping[str, str]) -> Iterator[str]:
        """Yield the files that a line of ``file`` sources."""


class Csh:
    """The C shell, as BSD has it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._home = environ.get("HOME", "/")
        self._set: dict[str, str] = {}  # the shell's own variables, and those of its loops

    def startup(self, *, login: bool) -> list[str]:
        """Return the startup files, in their order."""
        own = [os.path.join(self._home, name) for name in (".cshrc", ".login")]
        return ["/etc/csh.cshrc", "/etc/csh.login", *own] if login else ["/etc/csh.cshrc", own[0]]

    def lines(self, file: str) -> Iterator[tuple[int, str]]:
        """Yield the lines without comments and here-documents."""
        for number, text in csh_lines.logical(file):
            yield number, _CSH_COMMENT.sub("", text)

    def changes(self, text: str, values: Mapping[str, str]) -> Iterator[tuple[str, str | None, bool]]:
        """Yield what a line sets."""
        for name, word in _CSH_SET.findall(text):
            self._set[name] = self._expand(word, values)
        if loop := _CSH_FOREACH.match(text):
            self._set[loop[1]] = loop[2]
        for name, word in _CSH_SETENV.findall(text):
            value = self._expand(word, values)
            yield name, value, word.startswith("'") or not _UNKNOWN.search(value)
        for names in _CSH_UNSETENV.findall(text):
            yield from ((name, None, True) for name in names.split())
        for words in _CSH_PATH.findall(text):
            entries = [values.get("PATH", "") if word in ("$path", "$path:q") else word for word in words.split()]
            value = ":".join(self._expand(entry, values) for entry in entries)
            yield "PATH", value, not _UNKNOWN.search(value)

    def sourced(self, text: str, file: str, values: Mapping[str, str]) -> Iterator[str]:
        """Yield the files that a line sources; those of a loop over a folder one by one."""
        del file
        for word in _CSH_SOURCE.findall(text):
            path = self._expand(word, values)
            for part in path.strip("`").split():
                wanted = self._expand(part, values)
                if "*" in wanted:
                    yield from sorted(glob.glob(wanted))
                elif os.path.isabs(wanted) and (" " not in path or os.path.isfile(wanted)) and "bin/ls" not in wanted:
                    yield wanted

    def _expand(self, word: str, values: Mapping[str, str]) -> str:
        if word.startswith("'"):
            return word.strip("'")
        known = {**values, **self._set, "home": self._home, "path": values.get("PATH", "")}
        text = _substituted(word.replace('"', ""), r"\$(?:\{(\w+)\}|(\w+))(?::q)?", known.get)
        return self._home + text[1:] if re.match(r"~(?:/|$)", text) else text


class Elvish:
    """elvish: one file, and the modules that it uses."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._home = environ.get("HOME", "/")
        self._config = os.path.join(environ.get("XDG_CONFIG_HOME") or f"{self._home}/.config", "elvish")
        data = environ.get("XDG_DATA_HOME") or f"{self._home}/.local/share"
        system = (environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
        folders = [
            self._config,
            *(os.path.join(folder, "elvish") for folder in (data, *system)),
            f"{self._home}/.elvish",
        ]
        self._libraries = [os.path.join(folder, "lib") for folder in folders]

    def startup(self, *, login: bool) -> list[str]:
        """Return the one file, in its old place where that is the only one."""
        del login
        old = os.path.join(self._home, ".elvish", "rc.elv")
        new = os.path.join(self._config, "rc.elv")
        return [old] if os.path.lexists(old) and not os.path.lexists(new) else [new]

    def lines(self, file: str) -> Iterator[tuple[int, str]]:
        """Yield the lines without comments."""
        for number, text in enumerate(source_file.read(file).lines, 1):
            yield number, _CSH_COMMENT.sub("", text)

    def changes(self, text: str, values: Mapping[str, str]) -> Iterator[tuple[str, str | None, bool]]:
        """Yield what a line sets."""
        for name, word in (*_ELVISH_SET.findall(text), *_ELVISH_SET_ENV.findall(text)):
            value, is_known = self._value(word.strip(), values)
            yield name.strip("'\""), value, is_known
        for words in _ELVISH_PATHS.findall(text):
            entries = ["$E:PATH" if word == "$@paths" else word for word in words.split()]
            found = [self._value(entry, values) for entry in entries]
            yield "PATH", ":".join(value for value, _ in found), all(is_known for _, is_known in found)
        for one, other in _ELVISH_UNSET.findall(text):
            yield one or other, None, True

    def sourced(self, text: str, file: str, values: Mapping[str, str]) -> Iterator[str]:
        """Yield the file of a module that a line uses."""
        del values
        for name in _ELVISH_USE.findall(text):
            folders = [os.path.dirname(file)] if name.startswith(".") else self._libraries
            places = [os.path.normpath(os.path.join(folder, f"{name}.elv")) for folder in folders]
            yield from [place for place in places if os.path.isfile(place)][:1]

    def _value(self, word: str, values: Mapping[str, str]) -> tuple[str, bool]:
        """Return the value of a compound word: strings, ``~`` and ``$E:NAME`` side by side."""
        parts = re.findall(r"'((?:''|[^'])*)'|\"((?:\\.|[^\"\\])*)\"|([^'\"]+)", word)
        found = ""
        for single, double, bare in parts:
            text = _substituted(bare, r"\$E:(\w+)()", values.get)
            if _UNKNOWN.search(text) or " " in text.strip():
                return word, False
            text = self._home + text[1:] if not found and re.match(r"~(?:/|$)", text) else text
            found += single.replace("''", "'") + re.sub(r"\\(.)", r"\1", double) + text
        return found, True


def _substituted(text: str, pattern: str, value: Callable[[str], str | None]) -> str:
    """Return a text with the variables put in that are known."""

    def known(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        worth = value(name)
        return found[0] if worth is None else worth

    return re.sub(pattern, known, text)


GRAMMARS: dict[str, Callable[[Mapping[str, str]], Grammar]] = {"csh": Csh, "elvish": Elvish}
