"""How far a check has come, on a terminal, from its first second on."""

from __future__ import annotations

import sys
import time

_AFTER = 1.0  # seconds
_EVERY = 0.1
_ERASE = "\r\x1b[K"  # ECMA-48: erase in line


class Progress:
    """A line on stderr that is written over and erased at the end; nothing if stderr is not a terminal."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._next = time.monotonic() + _AFTER
        self._is_shown = False
        self._stream = sys.stderr if sys.stderr is not None and sys.stderr.isatty() else None

    def step(self) -> None:
        """Count one more file."""
        self._done += 1
        if self._stream is None or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _EVERY
        self._is_shown = True
        self._write(f"{_ERASE}checking {self._done} of {self._total} files")

    def end(self) -> None:
        """Take the line away."""
        if self._is_shown:
            self._write(_ERASE)

    def _write(self, text: str) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self._stream = None
