"""A terminal for programs under test: a pty whose screen is kept and whose queries are answered."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import ptyprocess
import pyte
from typing_extensions import Self

PATIENCE = 30.0  # seconds; a limit, not a pause


class AnsweringScreen(pyte.Screen):
    """A screen that answers what programs ask a terminal (device attributes, cursor position)."""

    def __init__(self, columns: int, rows: int, answer: Callable[[str], None]) -> None:
        self._answer = answer
        super().__init__(columns, rows)

    def write_process_input(self, data: str) -> None:
        """Type the answer."""
        self._answer(data)


class Terminal:
    """Start ``argv`` on a pty of its own and keep its screen.

    Use it as a context manager: what still runs at the end is killed, by its
    process group.
    """

    def __init__(
        self, argv: Sequence[str], environ: Mapping[str, str], folder: Path | str, rows: int = 50, columns: int = 200
    ) -> None:
        self._screen = AnsweringScreen(columns, rows, self.send)
        self._stream = pyte.ByteStream(self._screen)
        self._process = ptyprocess.PtyProcess.spawn(
            list(argv), cwd=os.fspath(folder), env=dict(environ), dimensions=(rows, columns)
        )
        self.pid: int = self._process.pid
        self._is_open = True
        self._typed = ""
        self._text: str | None = None  # the screen as text takes 10 ms, and is asked for at every turn

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.isalive():
            for pid in (-self.pid, self.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self._process.close(force=True)

    def text(self) -> str:
        """Return the screen, blank ends cut off."""
        if self._text is None:
            self._text = "\n".join(line.rstrip() for line in self._screen.display).rstrip()
        return self._text

    def last_line(self) -> str:
        """Return the last line that is not blank."""
        return self.text().rpartition("\n")[2]

    def send(self, text: str) -> None:
        """Type ``text``."""
        try:
            self._process.write(text.encode(errors="surrogateescape"))
        except OSError as error:
            if error.errno != errno.EIO:
                raise

    def enter(self, line: str) -> None:
        """Type a line and press Enter."""
        self._typed = line
        self.send(line + "\r")

    def resize(self, rows: int, columns: int) -> None:
        """Change the size of the terminal."""
        self._process.setwinsize(rows, columns)
        self._screen.resize(rows, columns)
        self._text = None

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Read until ``condition`` holds; fail, showing the screen, when ``what`` has not come in time."""
        limit = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > limit:
                raise AssertionError(f"waited {seconds:.0f} s for {what}; the screen:\n{self.text()}")
            self._read(0.05)
            if not self._is_open and not condition():
                raise AssertionError(f"the program ended before {what}; the screen:\n{self.text()}")

    def wait_for(self, text: str) -> None:
        """Wait until ``text`` stands on the screen."""
        self.wait(lambda: text in self.text(), repr(text))

    def wait_prompt(self, marker: str) -> None:
        """Wait until the last line is a prompt that holds ``marker`` and nothing more is printed."""
        self.wait(lambda: self._is_prompt(marker) and not self._read(0.15), f"a prompt {marker!r}")

    def wait_prompt_without(self, marker: str) -> None:
        """Wait until the last line is a prompt that does not hold ``marker`` and nothing more is printed."""
        self.wait(
            lambda: self._is_prompt("") and marker not in self.last_line() and not self._read(0.15),
            f"a prompt without {marker!r}",
        )

    def wait_quiet(self) -> None:
        """Wait until something has been printed since the last line was typed, and nothing more comes."""
        self.wait(lambda: bool(self.last_line()) and not self._read(0.4), "the end of the output")

    def _is_prompt(self, marker: str) -> bool:
        """Tell a prompt from the echo of what was typed, of which a narrow terminal shows the end."""
        line = self.last_line()
        is_echo = bool(self._typed) and (line.endswith(self._typed) or self._typed.endswith(line))
        return bool(line) and marker in line and not is_echo

    def wait_end(self) -> int:
        """Wait until the program ends; return its status, 128 + n where signal n killed it."""
        limit = time.monotonic() + PATIENCE
        while self._is_open and time.monotonic() < limit:
            self._read(0.05)
        while self._process.isalive() and time.monotonic() < limit:
            self._read(0.05)
        if self._process.isalive():
            raise AssertionError(f"the program does not end; the screen:\n{self.text()}")
        if self._process.signalstatus is not None:
            return 128 + int(self._process.signalstatus)
        return int(self._process.exitstatus)

    def _read(self, seconds: float) -> bool:
        if not self._is_open:
            time.sleep(0.01)  # nothing is left to select on; only wait_end comes here, to reap
            return False
        ready, _, _ = select.select([self._process.fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._process.fd, 65536)
        except OSError:
            data = b""
        self._is_open = bool(data)
        self._stream.feed(data)
        self._text = None
        return bool(data)
