"""Run inside the shell under test: says that it is there, and notes the terminal's size whenever that changes."""

import os
import signal
import sys
from types import FrameType


def note(*_: int | FrameType | None) -> None:
    size = os.get_terminal_size(0)
    with open(sys.argv[1] + ".part", "w", encoding="ascii") as file:
        file.write(f"{os.getpid()} {size.lines} {size.columns}")
    os.rename(sys.argv[1] + ".part", sys.argv[1])


signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.signal(signal.SIGWINCH, note)
note()
while True:
    signal.pause()
