"""The handshake: a shell is started once, as it will be, and must answer from its init file.

With CLEANENV_HANDSHAKE set to a token, which each init file prints before it ends the shell; a shell whose init
file does not put the environment right again prints that first, as JSON. One that will be interactive gets a
terminal of its own, since a startup file may ask whether there is one; in a session of its own it neither reads
what the user types nor is stopped by the user's terminal.
"""

# Imported only if there is no proof yet, as preflight.py has it.
from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import select
import signal
import subprocess
import termios
import time
from typing import TYPE_CHECKING

from cleanenv.clean import policy
from cleanenv.shell import command
from cleanenv.system import execute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.clean.plan import Plan
    from cleanenv.shell.detect import Found
    from cleanenv.system.execute import Call

VARIABLE = "CLEANENV_HANDSHAKE"
TIME_LIMIT = 20.0  # seconds: a startup file of the system's may be slow
END_OF_INPUT = b"\x04"  # what a terminal takes for it, and a line editor too
# What line editors ask a terminal at their start (ECMA-48: DSR for the cursor's place, DA1), and wait for.
REPLIES = {b"\x1b[6n": b"\x1b[1;1R", b"\x1b[c": b"\x1b[?6c", b"\x1b[0c": b"\x1b[?6c"}
LONGEST = 1 << 22  # bytes of its output that are kept, more than an environment can have (execve(2))
PAUSE = 0.05  # seconds between two of them
# What shells set by themselves, and what only a shell reads that init has started already.
HARMLESS = (policy.OWN, policy.SHELLS_OWN, policy.SCREEN_SIZE, policy.SHELL_STARTUP)


class Answer:
    """What came of it.

    ``is_given``: whether init answered; ``is_ended``: whether the shell ended within TIME_LIMIT; ``leaked``: the
    variable that was in the environment when init answered although it is not to be, empty for none.
    """

    __slots__ = ("is_ended", "is_given", "leaked")

    def __init__(self, *, is_given: bool, is_ended: bool, leaked: str = "") -> None:
        self.is_given = is_given
        self.is_ended = is_ended
        self.leaked = leaked


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
    environ = {**call.environ, VARIABLE: token}
    with _streams(is_interactive=is_interactive) as (ours, theirs):
        try:
            process = _started(call.program, arguments, environ, theirs, has_terminal=is_interactive)
        finally:
            os.close(theirs)
        output = b""
        is_given = False
        try:
            for part in _parts(process, ours, time.monotonic() + TIME_LIMIT, is_terminal=is_interactive):
                output = (output + part)[-LONGEST:]
                if token.encode() in output:
                    is_given = True
                    break
            is_ended = is_given or process.poll() is not None
        finally:
            if not is_given:  # with all that it started
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait()
    answer = output.partition(token.encode())[0].rpartition(b"\n")[2]
    return Answer(is_given=is_given, is_ended=is_ended, leaked=_leaked(answer, found, call) if is_given else "")


@contextlib.contextmanager
def _streams(*, is_interactive: bool) -> Iterator[tuple[int, int]]:
    """Yield two descriptors: from the first we read what the shell writes to the second, a terminal or a pipe.

    The second is the caller's to close, as soon as the shell has it.
    """
    if is_interactive:
        ours, theirs = os.openpty()
    else:
        ours, theirs = os.pipe()
    try:
        yield ours, theirs
    finally:
        os.close(ours)


def _started(
    program: str, arguments: Sequence[str], environ: dict[str, str], output: int, *, has_terminal: bool
) -> subprocess.Popen[bytes]:
    try:
        return _popen(program, arguments, environ, output, has_terminal=has_terminal)
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM):
            raise  # the machine's fault, not the shell's
        if error.errno != errno.ENOEXEC:
            raise execute.explain(program, error) from error
    # A script without '#!', started as execute.replace does.
    words = [execute.FALLBACK_SHELL, program, *arguments[1:]]
    return _popen(execute.FALLBACK_SHELL, words, environ, output, has_terminal=has_terminal)


def _popen(
    program: str, arguments: Sequence[str], environ: dict[str, str], output: int, *, has_terminal: bool
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        list(arguments),
        executable=program,
        env=environ,
        stdin=output if has_terminal else subprocess.DEVNULL,
        stdout=output,
        stderr=output if has_terminal else subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_take_terminal if has_terminal else None,  # noqa: PLW1509  there are no threads
    )


def _take_terminal() -> None:
    """Make standard input the terminal that controls this session (tty_ioctl(4))."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _parts(process: subprocess.Popen[bytes], descriptor: int, ends: float, *, is_terminal: bool) -> Iterator[bytes]:
    """Yield what the process prints until it ends, or time does.

    A daemon that a startup file has started may hold the other end open: so the end of the shell counts. On a
    terminal it is told again and again that there is nothing to read, until it ends at a prompt of its own.
    """
    os.set_blocking(descriptor, False)
    is_running = True
    next_word = time.monotonic() + PAUSE
    while is_running and time.monotonic() < ends:
        is_running = process.poll() is None
        if is_terminal and time.monotonic() > next_word:
            next_word += PAUSE
            _type(descriptor, END_OF_INPUT)
        # A hundredth of a second: the end of the shell, unlike its output, wakes nobody up.
        select.select([descriptor], [], [], 0.01 if is_running else 0)
        try:
            part = os.read(descriptor, 1 << 16)
        except BlockingIOError:
            continue
        except OSError:  # EIO: the last process that had the terminal is gone
            part = b""
        if part:
            yield part
            if is_terminal:
                _reply(descriptor, part)
            is_running = True  # there may be more to read, also of a shell that has ended
            continue
        # All that could write is gone; the shell itself ends at any moment.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, ends - time.monotonic()))
        return


def _reply(descriptor: int, printed: bytes) -> None:
    for query, reply in REPLIES.items():
        if query in printed:
            _type(descriptor, reply)


def _type(descriptor: int, keys: bytes) -> None:
    with contextlib.suppress(OSError):  # nobody reads any more, or much is waiting to be read
        os.write(descriptor, keys)


def _leaked(answer: bytes, found: Found, call: Call) -> str:
    """Return the name of a variable that the shell has beyond those of ``call`` and that does harm; PATH if it differs.

    A shell may have been wrapped in a script that exports what it likes.
    """
    start = answer.find(b"{")
    if start < 0:
        return ""  # the init file of this shell puts the environment right
    try:
        environ: object = json.JSONDecoder().raw_decode(answer[start:].decode("utf-8", "replace"))[0]
    except ValueError:
        return ""
    if not isinstance(environ, dict):
        return ""
    for name, value in environ.items():
        is_emptied = call.environ.get(name) == "" and f"CLEANENV_KEEP_{name}" not in call.environ  # for xonsh's Python
        is_expected = name in found.shell.exports or (name in call.environ and not (is_emptied and value))
        if not is_expected and policy.hazard(name) not in (None, *HARMLESS):
            return str(name)
    return "PATH" if environ.get("PATH") != call.environ["PATH"] else ""
