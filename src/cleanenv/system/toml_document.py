"""A TOML file whose mistakes can be shown with file and line."""

from __future__ import annotations

import re
import sys

from cleanenv.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
OWN_TABLE = re.compile(r"""\s*(?:\[\s*)?(?:["']?tool["']?\s*\.\s*)?["']?cleanenv["']?\s*[].=]""")
# What tomllib needs for a key with many dots grows with the square of their number: all of them cost a second.
MOST_SQUARED_DOTS = 4_000_000
COMMENT = re.compile(r"(?:^|\s)#.*")


class Document:
    """A parsed TOML file (TOML 1.0). Raises UsageError, with the line, for anything else."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        try:
            self.text = content.decode()
            self._limit_dots()
            self._root: dict[str, object] = tomllib.loads(self.text)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise UsageError(f"{path}:{line}: not valid TOML (not UTF-8)", "fix that line") from error
        except tomllib.TOMLDecodeError as error:
            message = str(error)
            at_line = AT_LINE.search(message)
            line = int(at_line[1]) if at_line else self.text.rstrip().count("\n") + 1
            fact = AT_LINE.sub("", message).removesuffix(" (at end of document)")
            raise UsageError(f"{path}:{line}: not valid TOML ({fact})", "fix that line") from error

        except RecursionError as error:
            raise UsageError(f"{path}: not valid TOML (nested too deeply)", "simplify it") from error
        except ValueError as error:  # a number with too many digits for int(), or a date that does not exist
            raise UsageError(f"{path}: not valid TOML ({str(error).partition(':')[0]})", "correct it") from error

    def _limit_dots(self) -> None:
        squares = 0
        for number, line in enumerate(self.text.split("\n"), 1):
            squares += line.count(".") ** 2
            if squares > MOST_SQUARED_DOTS:
                raise UsageError(f"{self.path}:{number}: not valid TOML (too many dots in its lines)", "simplify it")

    def table(self, *keys: str) -> dict[str, object]:
        """Return the table under ``keys``, empty if there is none."""
        table = self._root
        for key in keys:
            below = table.get(key, {})
            if not isinstance(below, dict):
                raise UsageError(f"{self.place(key)}: '{key}' must be a table")
            table = below
        return table

    def place(self, word: str) -> str:
        """Return ``file:line`` of the line that most likely says ``word``, in cleanenv's own table before others."""
        whole = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])" if word else "''|\"\"")
        lines = [COMMENT.sub("", line) for line in self.text.split("\n")]
        start = next((number for number, line in enumerate(lines) if OWN_TABLE.match(line)), 0)
        for number, line in [*enumerate(lines[start:], start), *enumerate(lines[:start])]:
            if whole.search(line):
                return f"{self.path}:{number + 1}"
        return self.path
