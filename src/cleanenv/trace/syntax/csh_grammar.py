"""How csh writes that a variable is set and a file sourced, as far as it shows without running it (csh(1))."""

from __future__ import annotations

import glob
import os
import re
from typing import TYPE_CHECKING

from cleanenv.trace.syntax import csh_lines
from cleanenv.trace.syntax.static_grammar import COMMENT, Setting, is_known, substituted, with_home

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_START = r"(?:^|[;)&|]|\bthen\b|\belse\b)\s*"
_WORD = r"((?:\"[^\"]*\"|'[^']*'|`[^`]*`|\\.|[^\s;\"'`])*)"
_SETENV = re.compile(rf"{_START}setenv\s+([A-Za-z_]\w*)(?:[ \t]+{_WORD})?")
_UNSETENV = re.compile(rf"{_START}unsetenv\s+([^;&|]+)")
_SET_PATH = re.compile(rf"{_START}set\s+path\s*=\s*\(([^)]*)\)")
_SET = re.compile(rf"{_START}set\s+([A-Za-z_]\w*)\s*=\s*{_WORD}")
_SOURCE = re.compile(rf"{_START}source\s+(?:-h\s+)?{_WORD}")
_FOREACH = re.compile(r"^\s*foreach\s+(\w+)\s*\((.*)\)")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))(?::q)?")
_PATH_ITSELF = ("$path", "$path:q")


class Csh:
    """The C shell, as BSD has it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._home = environ.get("HOME", "/")
        self._shell_variables: dict[str, str] = {}  # those of loops too

    def startup(self, *, login: bool) -> list[str]:
        """Return the startup files, in their order."""
        cshrc = os.path.join(self._home, ".cshrc")
        if not login:
            return ["/etc/csh.cshrc", cshrc]
        return ["/etc/csh.cshrc", "/etc/csh.login", cshrc, os.path.join(self._home, ".login")]

    def lines(self, file: str) -> Iterator[tuple[int, str]]:
        """Yield the lines without comments and here-documents."""
        for number, text in csh_lines.logical(file):
            yield number, COMMENT.sub("", text)

    def settings(self, text: str, values: Mapping[str, str]) -> Iterator[Setting]:
        """Yield what a line sets."""
        for name, word in _SET.findall(text):
            self._shell_variables[name] = self._expand(word, values)
        loop = _FOREACH.match(text)
        if loop is not None:
            self._shell_variables[loop[1]] = loop[2]
        for name, word in _SETENV.findall(text):
            value = self._expand(word, values)
            yield Setting(name, value, is_known(value) or word.startswith("'"))
        for names in _UNSETENV.findall(text):
            for name in names.split():
                yield Setting(name, None)
        for words in _SET_PATH.findall(text):
            value = self._path(words, values)
            yield Setting("PATH", value, is_known(value))

    def _path(self, words: str, values: Mapping[str, str]) -> str:
        """Return what PATH is when the list ``path`` is set to these words."""
        entries: list[str] = []
        for word in words.split():
            entry = values.get("PATH", "") if word in _PATH_ITSELF else word
            entries.append(self._expand(entry, values))
        return ":".join(entries)

    def sourced(self, text: str, file: str, values: Mapping[str, str]) -> Iterator[str]:
        """Yield the files that a line sources; those of a loop over a directory one by one."""
        del file
        for word in _SOURCE.findall(text):
            # The variable of a loop holds all its words, as in `foreach f (`/bin/ls $dir/*`)`, which is Debian's.
            words = self._expand(word, values).strip("`").split()
            for part in words:
                path = self._expand(part, values)
                if "*" in path:
                    yield from sorted(glob.glob(path))
                elif os.path.isabs(path) and self._is_of_interest(path, len(words)):
                    yield path

    @staticmethod
    def _is_of_interest(path: str, count: int) -> bool:
        """Tell whether a word is a file to be read: one of many may be a program that lists them."""
        if "bin/ls" in path:
            return False
        return count == 1 or os.path.isfile(path)

    def _expand(self, word: str, values: Mapping[str, str]) -> str:
        if word.startswith("'"):
            return word.strip("'")
        known = {**values, **self._shell_variables, "home": self._home, "path": values.get("PATH", "")}
        text = substituted(word.replace('"', ""), _VARIABLE, known.get)
        return with_home(text, self._home)
