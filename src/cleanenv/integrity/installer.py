"""Installing requirements with uv or pip, and showing how far it is."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.errors import CleanenvError, UsageError
from cleanenv.system import child_process, console

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_UV = "uv"
_OLDEST_OF_UV = (3, 8)
_LAST_LINES = 4
_CLEAR = "\r\x1b[K"  # ECMA-48: erase to the end of the line


class Installer(NamedTuple):
    """How to install into the environment whose interpreter is ``python``: with ``uv``, its path, or pip if empty."""

    uv: str
    python: str
    environ: Mapping[str, str]
    directory: str
    is_offline: bool

    @property
    def name(self) -> str:
        """The name of the tool."""
        return "uv" if self.uv else "pip"

    def install(self, lines: Sequence[str], file: str | None) -> None:
        """Install ``lines``, or what the requirements ``file`` says; raise CleanenvError if that fails."""
        given = "".join(f"{line}\n" for line in lines)
        if self.uv:
            # Not linked to uv's cache: a file that is edited in one environment would be edited in the clone too.
            words = [self.uv, "pip", "install", "--python", self.python, "--no-deps", "--link-mode", "copy"]
            words += ["--offline"] if self.is_offline else []
            words += ["-r", file or "-"]
        else:
            words = [self.python, "-I", "-m", "pip", "install", "--no-deps", "--no-input"]
            words += ["--disable-pip-version-check", "-r", file or "/dev/stdin"]
        self._run(words, given)

    def uninstall(self, names: Iterable[str]) -> None:
        """Remove the distributions called ``names``, pip itself as well; raise CleanenvError if that fails."""
        if self.uv:
            self._run([self.uv, "pip", "uninstall", "--python", self.python, *names], "")
        else:
            self._run([self.python, "-I", "-m", "pip", "uninstall", "--yes", *names], "")

    def _run(self, words: Sequence[str], given: str) -> None:
        outcome = child_process.run(words, self.environ, self.directory, given=given, follow=_show_last)
        show("")
        if outcome.status:
            said = " / ".join(outcome.lines[-_LAST_LINES:]) or f"status {outcome.status}"
            raise CleanenvError(f"{self.name} could not install the clone ({said})", "fix that, and try again")


def find_uv(version: str, search: str, directory: str, *, offline: bool) -> str:
    """Return the path of uv if it is on ``search``, a PATH, and supports the Python ``version``; else an empty text.

    Raises UsageError if pip is asked to work ``offline``: it does not install from its cache alone.
    """
    numbers = tuple(int(part) for part in version.split(".")[:2])
    for place in search.split(":") if numbers >= _OLDEST_OF_UV else ():
        path = os.path.join(directory, place, _UV)
        if place and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    if offline:
        raise UsageError("--offline needs uv, since pip does not install from its cache alone", "install uv")
    return ""


def _show_last(part: bytes) -> None:
    """Show the last line of what a program printed."""
    lines = part.decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    if last:
        show(last)


def show(line: str) -> None:
    """Show ``line`` on stderr in place of the one before, if that is a terminal; an empty one erases it."""
    if sys.stderr is None or not sys.stderr.isatty():
        return
    room = (console.columns() or 80) - 1
    with suppress(OSError):
        sys.stderr.write(_CLEAR + console.readable(line)[:room])
        sys.stderr.flush()
