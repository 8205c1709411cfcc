"""Proof that a shell reads cleanenv's init file, before it is left to the user.

A shell that starts without it reads what it likes, and everything would leak in silence: Apple's bash ignores
ENV, a zsh reads a zshenv in an /etc of its own that sets ZDOTDIR, a csh.cshrc has an error in it. So the shell
is asked once beforehand (handshake.py).

That costs a start of the shell, so a proof is remembered in cleanenv's state directory until the program, the
init file or a startup file of the system's changes. A startup file that may interfere is never trusted twice.
"""

# On the way of `shell`: the handshake with its subprocess, and re (15 ms), are only imported if there is no proof yet.
from __future__ import annotations

import os

from cleanenv.errors import ShellUnusableError
from cleanenv.shell import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleanenv.clean.plan import Plan
    from cleanenv.shell.definition import Shell
    from cleanenv.shell.detect import Found

PROOFS = "handshakes"  # the directory of the remembered proofs, in the state directory
ABSENT = "absent"
OTHER_SHELL = "choose another shell with --shell"


def check(found: Found, plan: Plan, state: str | None, *, is_interactive: bool, may_write: bool = True) -> None:
    """Make sure that the shell ``found`` reads its init file when it is started for ``plan``.

    ``state`` is cleanenv's state directory, or None: then nothing is remembered. Raises ShellUnusableError
    (status 4) for a shell that does not read it, or does not end in time.
    """
    shell = found.shell
    if shell.expands_path and _has_variable(plan.environ["PATH"]):
        raise ShellUnusableError(
            f"{shell.name} expands the '$' in '{plan.environ['PATH'].partition(':')[0]}' on PATH", OTHER_SHELL
        )
    if not is_interactive and not shell.script_init:
        return  # it reads no startup file for a script, neither ours nor another
    init = os.path.join(command.shells_directory(), shell.init)
    if not os.access(init, os.R_OK):
        raise ShellUnusableError(f"cleanenv's own file '{init}' cannot be read", "install cleanenv again")
    mode = "interactive" if is_interactive else "script"
    path = os.path.join(state, PROOFS, f"{shell.name}-{mode}") if state is not None else None
    proof = _remembered(path) if path is not None else []
    if proof and proof[:-1] == _subjects(found, init):
        early = [file for file in proof[-1].split("\0") if file]
        if not any(map(_may_interfere, early)):
            return
    early = _early_files(shell, found.program)
    from cleanenv.shell import handshake

    answer = handshake.ask(found, plan, state, is_interactive=is_interactive)
    if not answer.is_given:
        raise _refusal(found, early, is_ended=answer.is_ended)
    if answer.leaked:
        raise ShellUnusableError(
            f"{shell.name} cannot be started clean, since '{found.program}' sets {answer.leaked} by itself", OTHER_SHELL
        )
    if path is not None and may_write:
        _remember(path, [*_subjects(found, init), "\0".join(early)])


def _has_variable(path: str) -> bool:
    """Tell whether ``path`` has ``$NAME`` or ``${`` in it, as os.path.expandvars knows them."""
    for following in path.split("$")[1:]:
        if following.startswith("{") or following[:1] == "_" or following[:1].isalnum():
            return True
    return False


def _subjects(found: Found, init: str) -> list[str]:
    """Return what a proof is about: the program and the files of init, each with what tells it from another version."""
    directories = {os.path.dirname(init), os.path.join(command.shells_directory(), "posix")}
    files = [os.path.join(directory, name) for directory in sorted(directories) for name in _names_in(directory)]
    return [_signature(path) for path in (found.program, *files)]


def _names_in(directory: str) -> list[str]:
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return []


def _signature(path: str) -> str:
    try:
        status = os.stat(path)
    except OSError:
        return f"{path!r} {ABSENT}"
    return f"{path!r} {status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns}"


def _remembered(path: str) -> list[str]:
    """Return the lines of the proof at ``path``, none if it cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a FIFO must not block
        with open(descriptor, encoding="utf-8", errors="surrogateescape") as file:
            return file.read(1 << 16).splitlines()
    except (OSError, ValueError):
        return []


def _remember(path: str, lines: Sequence[str]) -> None:
    """Write a proof; if that fails, the next start asks the shell again."""
    from cleanenv.errors import CleanenvError
    from cleanenv.system import atomic_write

    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        atomic_write.write(path, "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"), is_own=True)
    except (OSError, CleanenvError):
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


def _refusal(found: Found, early: Iterable[str], *, is_ended: bool) -> ShellUnusableError:
    name = found.shell.name
    suspects = [file for file in early if _may_interfere(file)]
    suspect = "' or '".join(suspects) if suspects else None
    if not is_ended:
        after = f" ('{suspect}', which it reads first, may be why)" if suspect is not None else ""
        return ShellUnusableError(f"'{found.program}' did not start within 20 seconds{after}", OTHER_SHELL)
    if suspect is None:
        return ShellUnusableError(
            f"{name} cannot be started clean, since '{found.program}' does not read cleanenv's file", OTHER_SHELL
        )
    return ShellUnusableError(
        f"{name} cannot be started clean, since '{suspect}' keeps it from reading cleanenv's file "
        f"({found.shell.early_advice})",
        f"fix that, or {OTHER_SHELL}",
    )


def _may_interfere(file: str) -> bool:
    """Tell whether the startup file ``file`` exists and has more than comments in it.

    What it does cannot be told by reading: it may source other files, or spell its words in a hundred ways.
    """
    try:
        with open(file, "rb") as opened:
            lines = [line.strip() for line in opened]
    except OSError:
        return os.path.exists(file)
    return any(line and not line.startswith(b"#") for line in lines)
