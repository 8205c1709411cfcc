"""The handshake: proof that a shell reads cleanenv's init file, before it is left to the user.

A shell that starts without it reads what it likes, and everything would leak in silence: Apple's bash ignores
ENV, a zsh reads a zshenv in an /etc of its own that sets ZDOTDIR, a csh.cshrc has an error in it. So the shell
is started once beforehand exactly as it will be, without a terminal and in a session of its own, with
CLEANENV_HANDSHAKE set, which each init file prints before it ends the shell.

That costs a start of the shell, so a proof is remembered in cleanenv's state directory until the program, the
init file or a startup file of the system's changes. A startup file that may interfere is never trusted twice.
"""

# On the way of `shell`: subprocess, re and select (15 ms) are only imported if there is no proof yet.
from __future__ import annotations

import os

from cleanenv.errors import ShellUnusableError
from cleanenv.shell import command
from cleanenv.system import execute

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable, Iterator, Sequence

    from cleanenv.clean.plan import Plan
    from cleanenv.shell.definition import Shell
    from cleanenv.shell.detect import Found

HANDSHAKE = "CLEANENV_HANDSHAKE"
TIME_LIMIT = 20.0  # seconds: a startup file of the system's may be slow
PROOFS = "handshakes"  # the directory of the remembered proofs, in the state directory
ABSENT = "absent"
OTHER_SHELL = "choose another shell with --shell"


def check(found: Found, plan: Plan, state: str | None, *, is_interactive: bool, may_write: bool = True) -> None:
    """Make sure that the shell ``found`` reads its init file when it is started for ``plan``.

    ``state`` is cleanenv's state directory, or None: then nothing is remembered. Raises ShellUnusableError
    (status 4) for a shell that does not read it, or does not end within TIME_LIMIT.
    """
    shell = found.shell
    if not is_interactive and not shell.script_init:
        return  # it reads no startup file for a script, neither ours nor another
    init = os.path.join(command.shells_directory(), shell.init)
    if not os.access(init, os.R_OK):
        raise ShellUnusableError(f"cleanenv's own file '{init}' cannot be read", "install cleanenv again")
    mode = "interactive" if is_interactive else "script"
    path = os.path.join(state, PROOFS, f"{shell.name}-{mode}") if state is not None else None
    proof = _remembered(path) if path is not None else []
    if proof and proof[:-1] == _subjects(found, init) and _still_holds(shell, proof[-1]):
        return
    early = _early_files(shell, found.program)
    _shake_hands(found, plan, state, early, is_interactive=is_interactive)
    if path is not None and may_write:
        _remember(path, [*_subjects(found, init), "\0".join(early)])


def _subjects(found: Found, init: str) -> list[str]:
    """Return what a proof is about: the program and the init file, each with what tells it from another version."""
    return [_signature(found.program), _signature(init), _signature(os.path.dirname(init))]


def _signature(path: str) -> str:
    try:
        status = os.stat(path)
    except OSError:
        return f"{path!r} {ABSENT}"
    return f"{path!r} {status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns}"


def _still_holds(shell: Shell, early: str) -> bool:
    """Tell whether none of the startup files in ``early``, a line of a proof, may interfere now."""
    return not any(_may_interfere(file, shell.early_words) for file in early.split("\0") if file)


def _remembered(path: str) -> list[str]:
    """Return the lines of the proof at ``path``, none if it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read(1 << 16).splitlines()
    except (OSError, ValueError):
        return []


def _remember(path: str, lines: Sequence[str]) -> None:
    """Write a proof; if that fails, the next start asks the shell again."""
    from cleanenv.errors import UsageError
    from cleanenv.system import atomic_write

    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        atomic_write.write(path, "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
    except (OSError, UsageError):
        pass


def _early_files(shell: Shell, program: str) -> list[str]:
    """Return the startup files that ``program`` reads before init, as it was built: their paths stand in it."""
    if not shell.early_name:
        return []
    import re

    pattern = re.compile(rb"/[^\0\n\r\t:%]{0,4000}?" + re.escape(shell.early_name.encode()) + rb"(?=[\0\n])")
    try:
        with open(program, "rb") as file:
            built_in = {os.fsdecode(path) for path in pattern.findall(file.read())}
    except OSError:
        built_in = set()
    return sorted(built_in.union(shell.early))


def _shake_hands(found: Found, plan: Plan, state: str | None, early: Iterable[str], *, is_interactive: bool) -> None:
    """Start the shell once as it will be started, and raise ShellUnusableError if its init file does not answer."""
    token = os.urandom(16).hex()
    call = command.clean_shell(found.shell, found.program, plan, "", state, is_interactive=is_interactive)
    shells = command.shells_directory()
    init, answering = (os.path.join(shells, file) for file in (found.shell.init, found.shell.handshake))
    arguments = [argument.replace(init, answering) for argument in call.arguments]
    output, is_ended = _run(call.program, arguments, {**call.environ, HANDSHAKE: token}, token.encode())
    if token.encode() in output:
        return
    name = found.shell.name
    if not is_ended:
        raise ShellUnusableError(
            f"{name} did not start within {TIME_LIMIT:.0f} seconds ('{found.program}')", OTHER_SHELL
        )
    suspect = next((file for file in early if _may_interfere(file, found.shell.early_words)), None)
    if suspect is None:
        raise ShellUnusableError(
            f"{name} cannot be started clean, since '{found.program}' does not read cleanenv's file", OTHER_SHELL
        )
    raise ShellUnusableError(
        f"{name} cannot be started clean, since '{suspect}' keeps it from reading cleanenv's file "
        f"({found.shell.early_advice})",
        f"fix that, or {OTHER_SHELL}",
    )


def _run(program: str, arguments: Sequence[str], environ: dict[str, str], token: bytes) -> tuple[bytes, bool]:
    """Run the shell and return what it printed until the token came or it ended, and whether either happened.

    Its output is a pipe that a daemon, started by a startup file, may hold open: so the end of the shell counts,
    not that of the pipe. In a session of its own it has no terminal to read from or to be stopped by.
    """
    import time

    ends = time.monotonic() + TIME_LIMIT
    with _started(program, arguments, environ) as process:
        output = b""
        try:
            for part in _parts(process, ends):
                output += part
                if token in output:
                    return output, True
            return output, process.poll() is not None
        finally:
            if process.poll() is None:
                process.kill()


def _started(program: str, arguments: Sequence[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
    import errno

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
    import subprocess

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
    import contextlib
    import select
    import subprocess
    import time

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


def _may_interfere(file: str, words: tuple[str, ...]) -> bool:
    """Tell whether ``file`` is there and says one of ``words`` outside comments; without words, anything."""
    try:
        with open(file, encoding="utf-8", errors="surrogateescape") as opened:
            lines = [line.partition("#")[0] for line in opened]
    except OSError:
        return os.path.exists(file)
    content = " ".join(lines)
    return any(word in content for word in words) if words else bool(content.strip())
