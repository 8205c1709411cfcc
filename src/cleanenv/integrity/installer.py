"""Installing requirements with uv or pip, and showing how far it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.errors import CleanenvError, UsageError
from cleanenv.system import console

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
        status, last = _follow(words, given, self.environ, self.directory)
        if status:
            said = " / ".join(last) or f"status {status}"
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


def _follow(words: Sequence[str], given: str, environ: Mapping[str, str], directory: str) -> tuple[int, list[str]]:
    """Run ``words`` with ``given`` as standard input; return its status and the last lines that it printed.

    On a terminal its last line is shown while it works. It ends with this
    process, unless that is killed.
    """
    with tempfile.TemporaryFile() as requirements:  # without a name: it may have credentials in it
        requirements.write(given.encode("utf-8", "surrogateescape"))
        requirements.seek(0)
        process = subprocess.Popen(
            list(words),
            cwd=directory,
            env=dict(environ),
            stdin=requirements,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    last: list[str] = []
    try:
        for raw in process.stdout or ():
            line = raw.decode(errors="replace").strip()
            if line:
                last = [*last, line][-_LAST_LINES:]
                show(line)
        process.wait()
    finally:
        show("")
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
    return process.returncode, last


def show(line: str) -> None:
    """Show ``line`` on stderr in place of the one before, if that is a terminal; an empty one erases it."""
    if sys.stderr is None or not sys.stderr.isatty():
        return
    room = (console.columns() or 80) - 1
    with suppress(OSError):
        sys.stderr.write(_CLEAR + console.readable(line)[:room])
        sys.stderr.flush()
