"""Which shell reads a setup file."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.errors import ShellUnusableError, UsageError
from cleanenv.shell import detect, registry

if TYPE_CHECKING:
    from cleanenv.shell.definition import Shell
    from cleanenv.system.invocation import Invocation

SH = "/bin/sh"
SH_NAME = "dash"  # the row by which sh is started, whatever it is
# Names of files that are sh's whoever reads them.
SH_FILES = ("sh", "profile")
# What follows a shell's name in those of its startup files (bashrc, .zshenv, bash_profile), and what may follow that.
STARTUP_FILE = re.compile(r"(?:rc|env|login|profile|_profile|_login|_aliases)(?:[._-].*)?")


class Reader(NamedTuple):
    """The shell that reads a setup file, and the program that starts it.

    ``is_guess``: whether neither the user nor the file says so.
    """

    shell: Shell
    program: str
    is_guess: bool = False

    @property
    def name(self) -> str:
        """What a person calls it: ``bash``, or ``sh (dash)``."""
        if os.path.basename(self.program) != detect.SH:
            return self.shell.name
        found = detect.at(self.program)
        return detect.SH if found is None else f"{detect.SH} ({found.shell.name})"


def reader(file: str, content: bytes, path: str, caller: Invocation) -> Reader:
    """Return the shell that reads ``file``, which begins with ``content``.

    It is the one that its first line names, else its suffix, else its name,
    else the caller's own if that is like sh, else sh. Raises UsageError if no
    shell of ours can source it, ShellUnusableError if its shell is not on
    ``path``.
    """
    shell = marked(file, content)
    if shell == detect.SH:
        return sh()
    if shell is not None:
        return _installed(registry.by_name(shell), file, path)
    return _users_own(caller) or Reader(registry.BY_NAME[SH_NAME], SH, is_guess=True)


def marked(file: str, content: bytes) -> str | None:
    """Return the shell that the first line of ``content``, the suffix or the name of ``file`` says.

    That is a name of the registry's or ``sh``, None if they say none.
    """
    first_line = content.partition(b"\n")[0].decode(errors="surrogateescape")
    words = _interpreter(first_line)
    shell = _of_programs(words)
    if shell is None and detect.SH in words:
        return detect.SH
    name = os.path.basename(file)
    shell = shell or _by_suffix(name) or _by_name(name)
    if shell is not None:
        return shell.name
    return detect.SH if name.lstrip(".") in SH_FILES else None


def named(name: str, caller: Invocation) -> Reader:
    """Return the shell that ``--source-shell`` names; raise ShellUnusableError for one that we cannot start."""
    if name == detect.SH:
        return sh()
    found = detect.choose(name, (), caller.environ)
    if found.shell.source is None:
        raise UsageError(f"--source-shell {name}: setup files for {found.shell.name} cannot be sourced", "choose sh")
    return Reader(found.shell, found.program)


def sh() -> Reader:
    """Return the shell for files that are for none by name."""
    return Reader(registry.BY_NAME[SH_NAME], SH)


def _interpreter(first_line: str) -> list[str]:
    """Return the names of the programs in a line such as ``#!/usr/bin/env -S bash -e``; none without ``#!``."""
    if not first_line.startswith("#!"):
        return []
    return [os.path.basename(word) for word in first_line.removeprefix("#!").split()]


def _of_programs(names: list[str]) -> Shell | None:
    for name in names:
        shell = registry.by_program(name)
        if shell is not None:
            return shell
    return None


def _by_suffix(name: str) -> Shell | None:
    """Return the shell of the suffix of ``name``. That of ``.sh`` is any that is like sh, so it is none here."""
    for shell in registry.ROWS:
        if name.endswith(shell.suffixes):
            return shell
    return None


def _by_name(name: str) -> Shell | None:
    """Return the shell after which a file is called: ``bash``, ``zshrc``, ``.bash_profile``, ``bashrc.sh``."""
    bare = name.lstrip(".").removesuffix(".sh")
    for shell in registry.ROWS:
        for program in sorted({shell.name, *shell.programs}, key=len, reverse=True):
            is_startup_file = bare.startswith(program) and STARTUP_FILE.fullmatch(bare, len(program))
            if bare == program or is_startup_file:
                return shell
    return None


def _installed(shell: Shell, file: str, path: str) -> Reader:
    if shell.source is None:
        raise UsageError(
            f"'{file}' is written for {shell.name}, whose setup files cannot be sourced", "give one for sh"
        )
    program = detect.find_program(shell, path)
    if program is not None:
        return Reader(shell, program)
    # Its name may be a link to another shell of its family: Debian's csh is tcsh if that is installed.
    for name in shell.programs:
        for directory in path.split(":"):
            candidate = os.path.join(directory, name)
            found = detect.at(candidate) if os.path.isabs(candidate) and detect.is_program(candidate) else None
            if found is not None and found.shell.source is not None:
                return Reader(found.shell, found.program)
    raise ShellUnusableError(
        f"'{file}' is written for {shell.name}, which is not installed",
        "install it, or choose another with --source-shell",
    )


def _users_own(caller: Invocation) -> Reader | None:
    """Return the caller's own shell if it is known, and like sh."""
    try:
        found = detect.choose(None, caller.ancestry, caller.environ)
    except ShellUnusableError:
        return None
    if found.why_assumed or not found.shell.is_posix_like:
        return None
    return Reader(found.shell, found.program, is_guess=True)
