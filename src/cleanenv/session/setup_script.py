"""Running a setup file that is wanted on purpose, and taking over what it exports."""

from __future__ import annotations

import os
import subprocess
import tempfile
from typing import TYPE_CHECKING

from cleanenv.clean.plan import SHELLS_OWN, Diff, diff
from cleanenv.errors import ShellUnusableError, SourceFailedError, UsageError
from cleanenv.shell import command, registry
from cleanenv.shell.detect import find_program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.shell.definition import Shell

SH = "/bin/sh"
SH_ROW = "dash"  # how a file for no shell by name is sourced
SH_SUFFIX = ".sh"
LAST_LINES = 5


def run(files: Sequence[str], clean: Mapping[str, str]) -> tuple[Diff, str]:
    """Run ``files`` one after the other in the environment ``clean``; return what they changed and printed.

    Each runs in the shell that its suffix says, else its first line, else sh.
    Raises UsageError where a file cannot be read, ShellUnusableError where its
    shell is missing, SourceFailedError where it fails.
    """
    current = dict(clean)
    printed = []
    for file in files:
        current, said = _run_one(os.path.abspath(file), current)
        printed.append(said)
    return diff(clean, current), "".join(printed)


def shell_of(file: str, path: str) -> tuple[Shell, str]:
    """Return the row and the program of the shell that ``file`` is written for.

    Raises UsageError where it cannot be read or no shell of ours can source
    it, ShellUnusableError where its shell is not on ``path``.
    """
    try:
        with open(file, "rb") as opened:
            first_line = opened.readline(256).decode(errors="surrogateescape")
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise UsageError(f"cannot read the setup file '{file}' ({reason}): give --source another") from error
    row = None if file.endswith(SH_SUFFIX) else _by_suffix(file) or _by_first_line(first_line)
    if row is None:
        return registry.BY_NAME[SH_ROW], SH
    program = find_program(row, path)
    if program is None:
        raise ShellUnusableError(f"'{file}' is written for {row.name}, which is not installed: install it")
    return row, program


def _by_suffix(file: str) -> Shell | None:
    for row in registry.ROWS:
        if file.endswith(row.suffixes):
            return row
    return None


def _by_first_line(line: str) -> Shell | None:
    words = line.removeprefix("#!").split() if line.startswith("#!") else []
    for word in words:
        row = registry.by_program(word)
        if row is not None:
            return row
    return None


def _run_one(file: str, clean: dict[str, str]) -> tuple[dict[str, str], str]:
    row, program = shell_of(file, clean["PATH"])
    if row.source is None:
        raise UsageError(f"'{file}' is written for {row.name}, whose setup files cannot be sourced: give one for sh")
    script = os.path.join(command.shells_folder(), row.source)
    arguments = [argument.replace("{source}", script) for argument in row.source_arguments]
    # Files and not pipes: a daemon that FILE starts would hold a pipe open for ever.
    # A name and not a descriptor: FILE may close or redirect those, and csh closes all that it inherits.
    with tempfile.NamedTemporaryFile() as exported, tempfile.TemporaryFile() as printed:
        fed = {"CLEANENV_SOURCE": file, "CLEANENV_OUTPUT": exported.name}
        if row.restores:
            fed |= command.kept_apart(clean)
        else:
            fed |= command.kept_values(clean, row.source_environ)
        status = subprocess.run(
            [program, *row.applet_of(program), *arguments],
            env=clean | fed | row.source_environ,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
        exported.seek(0)
        printed.seek(0)
        said = printed.read().decode(errors="replace")
        after = _parse(exported.read())
    if status or not after:
        raise _failure(file, status, said)
    return _take_over(after, clean, row.exports), said


def _parse(dump: bytes) -> dict[str, str]:
    entries = (os.fsdecode(entry).partition("=") for entry in dump.split(b"\0") if entry)
    return {name: value for name, equals, value in entries if equals}


def _take_over(after: Mapping[str, str], clean: Mapping[str, str], by_itself: Sequence[str]) -> dict[str, str]:
    """Return ``clean`` with what FILE exported, without what the shell sets ``by_itself``."""
    own = {*SHELLS_OWN, *by_itself}
    taken = {
        name: value
        for name, value in after.items()
        if name not in own and name.isidentifier() and name.isascii() and not name.startswith("CLEANENV")
    }
    return taken | {name: clean[name] for name in clean if name in own}


def _failure(file: str, status: int, said: str) -> SourceFailedError:
    lines = [line.strip() for line in said.splitlines() if line.strip()][-LAST_LINES:]
    last = f", its last lines: {' / '.join(lines)}" if lines else ""
    if status < 0:
        return SourceFailedError(f"the setup file '{file}' was killed by signal {-status}{last}", status=128 - status)
    if status == 0:
        return SourceFailedError(f"the setup file '{file}' ended its shell before it was done{last}")
    return SourceFailedError(f"the setup file '{file}' failed with status {status}{last}", status=status)
