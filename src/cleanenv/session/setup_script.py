"""Running a setup file that was asked for, and taking over what it exports."""

from __future__ import annotations

import os
import subprocess
import tempfile
from typing import TYPE_CHECKING

from cleanenv.clean import difference
from cleanenv.clean.plan import SHELLS_OWN
from cleanenv.errors import CleanenvError, ShellUnusableError, UsageError
from cleanenv.shell import command, registry
from cleanenv.shell.detect import find_program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.clean.difference import Difference
    from cleanenv.shell.definition import Shell

SH = "/bin/sh"
SH_NAME = "dash"  # how a file for no shell by name is sourced
SH_SUFFIX = ".sh"
LAST_LINES = 5


class SourceFailedError(CleanenvError):
    """A file given with ``--source`` failed; ``status`` is the file's own."""

    def __init__(self, fact: str, remedy: str = "", *, status: int = 1) -> None:
        super().__init__(fact, remedy)
        self.status = status


def run(files: Sequence[str], clean: Mapping[str, str]) -> tuple[Difference, str]:
    """Run ``files`` one after the other in the environment ``clean``; return what they changed and printed.

    Each runs in the shell that its suffix says, else its first line, else sh.
    Raises UsageError if a file cannot be read, ShellUnusableError if its
    shell is missing, SourceFailedError if it fails.
    """
    current = dict(clean)
    printed = []
    for file in files:
        current, output = _run_one(os.path.abspath(file), current)
        printed.append(output)
    return difference.between(clean, current), "".join(printed)


def shell_of(file: str, path: str) -> tuple[Shell, str]:
    """Return the shell that ``file`` is written for, and its program.

    Raises UsageError if it cannot be read or no shell of ours can source it,
    ShellUnusableError if its shell is not on ``path``.
    """
    try:
        with open(file, "rb") as opened:
            first_line = opened.readline(256).decode(errors="surrogateescape")
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise UsageError(f"cannot read the setup file '{file}' ({reason})", "give --source another") from error
    shell = None
    if not file.endswith(SH_SUFFIX):
        shell = _by_suffix(file) or _by_first_line(first_line)
    if shell is None:
        return registry.BY_NAME[SH_NAME], SH
    program = find_program(shell, path)
    if program is None:
        raise ShellUnusableError(f"'{file}' is written for {shell.name}, which is not installed", "install it")
    return shell, program


def _by_suffix(file: str) -> Shell | None:
    for shell in registry.ROWS:
        if file.endswith(shell.suffixes):
            return shell
    return None


def _by_first_line(line: str) -> Shell | None:
    if not line.startswith("#!"):
        return None
    for word in line.removeprefix("#!").split():
        shell = registry.by_program(word)
        if shell is not None:
            return shell
    return None


def _run_one(file: str, clean: dict[str, str]) -> tuple[dict[str, str], str]:
    """Return the environment after ``file`` was run in ``clean``, and what it printed."""
    shell, program = shell_of(file, clean["PATH"])
    if shell.source is None:
        raise UsageError(
            f"'{file}' is written for {shell.name}, whose setup files cannot be sourced", "give one for sh"
        )
    script = os.path.join(command.shells_directory(), shell.source)
    arguments = [argument.replace("{source}", script) for argument in shell.source_arguments]
    kept = command.kept_apart(clean) if shell.restores else command.kept_values(clean, shell.source_environ)
    # Files and not pipes: a daemon that FILE starts would hold a pipe open for ever.
    # A name and not a descriptor: FILE may close or redirect those, and csh closes all that it inherits.
    with tempfile.NamedTemporaryFile() as exported, tempfile.TemporaryFile() as printed:
        fed = {"CLEANENV_SOURCE": file, "CLEANENV_OUTPUT": exported.name} | kept
        status = subprocess.run(
            [program, *shell.applet_of(program), *arguments],
            env=clean | fed | shell.source_environ,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
        exported.seek(0)
        printed.seek(0)
        output = printed.read().decode(errors="replace")
        after = _parse(exported.read())
    if status or not after:
        raise _failure(file, status, output)
    return _take_over(after, clean, shell.exports), output


def _parse(dump: bytes) -> dict[str, str]:
    """Return the environment in ``dump``, a NUL after each NAME=VALUE."""
    environ = {}
    for entry in dump.split(b"\0"):
        name, equals, value = os.fsdecode(entry).partition("=")
        if equals:
            environ[name] = value
    return environ


def _take_over(after: Mapping[str, str], clean: Mapping[str, str], by_itself: Sequence[str]) -> dict[str, str]:
    """Return ``clean`` with what FILE exported, without what the shell sets ``by_itself``."""
    own = {*SHELLS_OWN, *by_itself}
    taken = {}
    for name, value in after.items():
        is_variable = name.isidentifier() and name.isascii()
        if is_variable and name not in own and not name.startswith("CLEANENV"):
            taken[name] = value
    return taken | {name: value for name, value in clean.items() if name in own}


def _failure(file: str, status: int, output: str) -> SourceFailedError:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    last = f", its last lines: {' / '.join(lines[-LAST_LINES:])}" if lines else ""
    if status < 0:
        return SourceFailedError(f"the setup file '{file}' was killed by signal {-status}{last}", status=128 - status)
    if status == 0:
        return SourceFailedError(f"the setup file '{file}' ended its shell before it was done{last}")
    return SourceFailedError(f"the setup file '{file}' failed with status {status}{last}", status=status)
