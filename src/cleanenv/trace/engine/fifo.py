"""A named pipe that a shell writes its events to: read while it runs, so that no loop fills a disk."""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 1 << 20  # bytes of one line that are kept


class Pipe:
    """Hands what is written to ``path`` over line by line, until it is closed and empty."""

    def __init__(self, path: str, feed: Callable[[str], None]) -> None:
        os.mkfifo(path, 0o600)
        # Opened for both, so that no writer waits and the last one's going is not the end.
        self._descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self._feed = feed
        self._is_closed = False

    def read(self) -> None:
        """Hand over every line; return after ``close``."""
        rest = b""
        while True:
            try:
                data = os.read(self._descriptor, 1 << 16)
            except BlockingIOError:
                if self._is_closed:
                    break
                select.select([self._descriptor], [], [])
                continue
            *whole, rest = (rest + data).split(b"\n")
            rest = rest[:_LONGEST]
            for line in whole:
                self._feed(os.fsdecode(line))
        os.close(self._descriptor)

    def close(self) -> None:
        """End ``read`` as soon as it has read all; to be called when no writer is left."""
        self._is_closed = True
        os.write(self._descriptor, b"\n")
