"""The handshake: a shell is started once, as it will be, and must answer from its init file.

Without a terminal and in a session of its own, with CLEANENV_HANDSHAKE set to a token, which each init file
prints before it ends the shell.
"""

# Imported only if there is no proof yet, as preflight.py has it.
from __future__ import annotations

import contextlib
import errno
import os
import select
import subprocess
import time
from typing import TYPE_CHECKING

from cleanenv.shell import command
from cleanenv.system import execute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.clean.plan import Plan
    from cleanenv.shell.detect import Found

VARIABLE = "CLEANENV_HANDSHAKE"
TIME_LIMIT = 20.0  # seconds: a startup file of the system's may be slow


class Answer:
    """What came of it: whether init answered, and if not, whether the shell ended within TIME_LIMIT."""

    __slots__ = ("is_ended", "is_given")

    def __init__(self, *, is_given: bool, is_ended: bool) -> None:
        self.is_given = is_given
        self.is_ended = is_ended


def ask(found: Found, plan: Plan, state: str | None, *, is_interactive: bool) -> Answer:
    """Start the shell ``found`` for ``plan`` and wait for the answer of its init file.

    Raises CommandNotFoundError and CommandNotExecutableError if it cannot be started.
    """
    token = os.urandom(16).hex()
    call = command.clean_shell(found.shell, found.program, plan, "", state, is_interactive=is_interactive)
    shells = command.shells_directory()
    init = os.path.join(shells, found.shell.init)
    answering = os.path.join(shells, found.shell.handshake)
    arguments = [argument.replace(init, answering) for argument in call.arguments]
    with _started(call.program, arguments, {**call.environ, VARIABLE: token}) as process:
        try:
            return _wait(process, token.encode())
        finally:
            if process.poll() is None:
                process.kill()


def _wait(process: subprocess.Popen[bytes], token: bytes) -> Answer:
    """Read what the shell prints until the token comes or the shell ends.

    Its output is a pipe that a daemon, started by a startup file, may hold open: so the end of the shell counts,
    not that of the pipe.
    """
    output = b""
    for part in _parts(process, time.monotonic() + TIME_LIMIT):
        output += part
        if token in output:
            return Answer(is_given=True, is_ended=True)
    return Answer(is_given=False, is_ended=process.poll() is not None)


def _started(program: str, arguments: Sequence[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
    try:
        return _popen(program, arguments, environ)
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM):
            raise  # the machine's fault, not the shell's
        if error.errno != errno.ENOEXEC:
            raise execute.explain(program, error) from error
    # A script without '#!', started as execute.replace does.
    return _popen(execute.FALLBACK_SHELL, [execute.FALLBACK_SHELL, program, *arguments[1:]], environ)


def _popen(program: str, arguments: Sequence[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        list(arguments),
        executable=program,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _parts(process: subprocess.Popen[bytes], ends: float) -> Iterator[bytes]:
    """Yield what the process prints until it ends, or time does."""
    assert process.stdout is not None  # noqa: S101  a pipe was asked for
    descriptor = process.stdout.fileno()
    os.set_blocking(descriptor, False)
    is_running = True
    while is_running and time.monotonic() < ends:
        is_running = process.poll() is None
        # A hundredth of a second: the end of the shell, unlike its output, wakes nobody up.
        select.select([descriptor], [], [], 0.01 if is_running else 0)
        try:
            while part := os.read(descriptor, 1 << 16):
                yield part
        except BlockingIOError:
            continue
        # All that could write is gone; the shell itself ends at any moment.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, ends - time.monotonic()))
        return
