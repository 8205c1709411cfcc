"""How elvish writes that a variable is set and a module used, as far as it shows without running it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cleanenv.trace.engine import source_file
from cleanenv.trace.syntax.static_grammar import COMMENT, Setting, is_known, substituted, with_home

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_START = r"(?:^|[;{(|])\s*"
_SET = re.compile(rf"{_START}set\s+E:([\w-]+)\s*=\s*([^;}}]+)")
_SET_ENV = re.compile(rf"{_START}set-env\s+(\S+)\s+([^;}}]+)")
_SET_PATHS = re.compile(rf"{_START}set\s+paths\s*=\s*\[([^\]]*)\]")
_UNSET = re.compile(rf"{_START}(?:unset-env\s+(\S+)|del\s+E:([\w-]+))")
_USE = re.compile(rf"{_START}use\s+(\S+)")
# A compound word: strings in single quotes, where '' is a quote, in double ones with escapes, and bare text.
_PIECE = re.compile(r"'((?:''|[^'])*)'|\"((?:\\.|[^\"\\])*)\"|([^'\"]+)")
_VARIABLE = re.compile(r"\$E:(\w+)")


class Elvish:
    """elvish: one file, and the modules that it uses."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._home = environ.get("HOME", "/")
        config = environ.get("XDG_CONFIG_HOME") or f"{self._home}/.config"
        data = environ.get("XDG_DATA_HOME") or f"{self._home}/.local/share"
        system = environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        self._config = os.path.join(config, "elvish")
        self._old = os.path.join(self._home, ".elvish")
        shared = [os.path.join(directory, "elvish") for directory in (data, *system.split(":"))]
        self._libraries = [os.path.join(directory, "lib") for directory in (self._config, *shared, self._old)]

    def startup(self, *, login: bool) -> list[str]:
        """Return the one file, in its old place if that is the only one."""
        del login
        old = os.path.join(self._old, "rc.elv")
        new = os.path.join(self._config, "rc.elv")
        if os.path.lexists(old) and not os.path.lexists(new):
            return [old]
        return [new]

    def lines(self, file: str) -> Iterator[tuple[int, str]]:
        """Yield the lines without comments."""
        for number, text in enumerate(source_file.read(file).lines, 1):
            yield number, COMMENT.sub("", text)

    def settings(self, text: str, values: Mapping[str, str]) -> Iterator[Setting]:
        """Yield what a line sets."""
        for name, word in (*_SET.findall(text), *_SET_ENV.findall(text)):
            value = self._value(word.strip(), values)
            yield Setting(name.strip("'\""), word.strip() if value is None else value, value is not None)
        for words in _SET_PATHS.findall(text):
            yield self._path(words, values)
        for name, name_of_del in _UNSET.findall(text):
            yield Setting(name or name_of_del, None)

    def _path(self, words: str, values: Mapping[str, str]) -> Setting:
        """Return what PATH is when the list ``paths`` is set to these words."""
        entries: list[str] = []
        all_known = True
        for word in words.split():
            entry = "$E:PATH" if word == "$@paths" else word
            value = self._value(entry, values)
            entries.append(entry if value is None else value)
            all_known = all_known and value is not None
        return Setting("PATH", ":".join(entries), all_known)

    def sourced(self, text: str, file: str, values: Mapping[str, str]) -> Iterator[str]:
        """Yield the file of a module that a line uses."""
        del values
        for name in _USE.findall(text):
            directories = [os.path.dirname(file)] if name.startswith(".") else self._libraries
            for directory in directories:
                path = os.path.normpath(os.path.join(directory, f"{name}.elv"))
                if os.path.isfile(path):
                    yield path
                    break

    def _value(self, word: str, values: Mapping[str, str]) -> str | None:
        """Return the value of a compound word: strings, ``~`` and ``$E:NAME`` side by side; None if it is not known."""
        value = ""
        for single, double, bare in _PIECE.findall(word):
            text = substituted(bare, _VARIABLE, values.get)
            if not is_known(text) or " " in text.strip():
                return None
            if not value:
                text = with_home(text, self._home)
            value += single.replace("''", "'") + re.sub(r"\\(.)", r"\1", double) + text
        return value
