"""Running a program and reading what it prints; a time limit or a signal ends it with all its children."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import FrameType
    from typing import IO

ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
LONGEST = 1 << 20  # bytes of the output that are kept, from its end
_PAUSE = 0.05  # seconds: the end of a process wakes nobody up if a child of it holds the pipe


class Outcome:
    """What came of it: ``status`` is None if the time limit was over, negative for a signal."""

    __slots__ = ("output", "status")

    def __init__(self, status: int | None, output: str) -> None:
        self.status = status
        self.output = output

    @property
    def lines(self) -> list[str]:
        """The lines of the output that are not empty."""
        lines = [line.strip() for line in self.output.splitlines()]
        return [line for line in lines if line]


def run(
    words: Sequence[str],
    environ: Mapping[str, str],
    directory: str,
    limit: float | None = None,
    inherited: Sequence[int] = (),
    *,
    given: str = "",
    follow: Callable[[bytes], None] | None = None,
) -> Outcome:
    """Run ``words`` in ``environ`` and ``directory``, for ``limit`` seconds at most.

    What it prints on both streams is read as UTF-8, and shown to ``follow``
    part by part as it comes. ``given`` is its standard input; it has the
    descriptors ``inherited`` too. Raises OSError if it cannot be started.
    """
    with _standard_input(given) as standard_input, _signals_put_off() as stop_again:
        # A signal that comes before the process is known could not end it, and it would go on writing.
        process = subprocess.Popen(
            list(words),
            cwd=directory,
            env=dict(environ),
            stdin=standard_input,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=tuple(inherited),
        )
    ends = None if limit is None else time.monotonic() + limit
    is_over = True
    output = b""
    try:
        stop_again()
        for part in _parts(process, ends):
            output = (output + part)[-LONGEST:]
            if follow is not None:
                follow(part)
        is_over = process.poll() is None
    finally:
        if is_over:  # the time, or this process by a signal
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    return Outcome(None if is_over else process.returncode, output.decode(errors="replace"))


@contextmanager
def _standard_input(given: str) -> Iterator[IO[bytes] | int]:
    """Yield what gives a process ``given`` to read: a file, since a pipe could fill up, and one without a name.

    What is given may have credentials in it.
    """
    if not given:
        yield subprocess.DEVNULL
        return
    with tempfile.TemporaryFile() as file:
        file.write(given.encode("utf-8", "surrogateescape"))
        file.seek(0)
        yield file


def _parts(process: subprocess.Popen[bytes], ends: float | None) -> Iterator[bytes]:
    """Yield what ``process`` prints until it ends, or time does; a daemon that it leaves behind is not waited for."""
    if process.stdout is None:
        raise AssertionError("the output is no pipe")
    descriptor = process.stdout.fileno()
    os.set_blocking(descriptor, False)
    is_running = True
    while is_running:
        if ends is not None and time.monotonic() > ends:
            return
        is_running = process.poll() is None
        select.select([descriptor], [], [], _PAUSE if is_running else 0)
        # All that is there, but no more than a pipe may hold after the end.
        for _ in range(LONGEST >> 16):
            try:
                part = os.read(descriptor, 1 << 16)
            except BlockingIOError:
                break
            if not part:  # nobody has the other end; the process itself ends at any moment
                with suppress(subprocess.TimeoutExpired):
                    process.wait(None if ends is None else max(0.0, ends - time.monotonic()))
                return
            yield part


@contextmanager
def _signals_put_off() -> Iterator[Callable[[], None]]:
    """Put off what a signal does; the function that is yielded does it afterwards, if one came meanwhile.

    By handlers and not by a mask, which the process that is started would inherit.
    """
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, *ENDING_SIGNALS)}
    ours = {number: handler for number, handler in handlers.items() if callable(handler)}
    came: list[int] = []

    def put_off(number: int, _: FrameType | None) -> None:
        came.append(number)

    def stop_again() -> None:
        for number in came:
            ours[signal.Signals(number)](number, None)

    for number in ours:
        signal.signal(number, put_off)
    try:
        yield stop_again
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Raise KeyboardInterrupt for the signals that would end this process with an environment half created."""

    def stop(number: int, _: FrameType | None) -> None:
        raise KeyboardInterrupt(number)

    # Those that are ignored, as SIGHUP below nohup, stay so.
    changed = [number for number in ENDING_SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
    for number in changed:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in changed:
            signal.signal(number, signal.SIG_DFL)
