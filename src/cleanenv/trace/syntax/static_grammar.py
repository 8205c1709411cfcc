"""What has to be known of a shell's language to read its startup files without running them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

AS_WRITTEN = "the value is given as it is written"
COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_NEEDS_THE_SHELL = re.compile(r"[$`*?({\[]")  # in what is left after the known variables are put in


class Setting(NamedTuple):
    """What a line does to a variable: ``value`` is None if it is unset, and as it is written if not ``is_known``."""

    name: str
    value: str | None
    is_known: bool = True


class Grammar(Protocol):
    """The language of one shell; ``values`` are the exported variables so far."""

    def startup(self, *, login: bool) -> list[str]:
        """Return the startup files, in their order."""

    def lines(self, file: str) -> Iterator[tuple[int, str]]:
        """Yield the lines that hold commands, with their numbers."""

    def settings(self, text: str, values: Mapping[str, str]) -> Iterator[Setting]:
        """Yield what a line sets."""

    def sourced(self, text: str, file: str, values: Mapping[str, str]) -> Iterator[str]:
        """Yield the files that a line of ``file`` sources."""


def is_known(text: str) -> bool:
    """Tell whether a value stands there as it is, with nothing left for the shell to work out."""
    return _NEEDS_THE_SHELL.search(text) is None


def substituted(text: str, variable: re.Pattern[str], value_of: Callable[[str], str | None]) -> str:
    """Return a text with the known variables put in; ``variable`` has their names as groups, all but one empty."""

    def put_in(match: re.Match[str]) -> str:
        name = next(filter(None, match.groups()))
        value = value_of(name)
        return match[0] if value is None else value

    return variable.sub(put_in, text)


def with_home(text: str, home: str) -> str:
    """Return a text whose leading ``~``, if it is the user's own, is ``home``."""
    return home + text[1:] if text == "~" or text.startswith("~/") else text
