"""How the user's shell was started: login or not, the files on its command line, its first environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.shell import arguments, detect, registry, running
from cleanenv.system import processes, provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanenv.shell.definition import Shell
    from cleanenv.system.processes import Process

RC = "rc"  # the file in place of that of an interactive shell
ENV_FILE = "env file"  # nushell's file in place of env.nu
PROFILE = "profile"  # yash's file in place of that of a login shell
COMMAND = "command"  # what the shell runs after its startup files
NO_FILES = "no files"
NO_RC = "no rc"
NO_PROFILE = "no profile"
POSIX = "posix"

# What options do to the choice of startup files: bash(1), zshoptions(1), fish(1), tcsh(1), yash(1), `xonsh --help`,
# `nu --help`, `elvish -help`. Each also stands in the registry's ``valued`` if it takes a value.
ROLES: dict[str, dict[str, str]] = {
    "bash": {
        "--rcfile": RC,
        "--init-file": RC,
        "--norc": NO_RC,
        "--noprofile": NO_PROFILE,
        "--posix": POSIX,
    },
    # Also its option RCS by its name, in which case and underscores do not matter.
    "zsh": {"-f": NO_FILES, "--no-rcs": NO_FILES, "-o norcs": NO_FILES, "+o rcs": NO_FILES},
    "fish": {"-C": COMMAND, "--init-command": COMMAND, "-N": NO_FILES, "--no-config": NO_FILES},
    "tcsh": {"-f": NO_FILES},
    "csh": {"-f": NO_FILES},
    "yash": {"--rcfile": RC, "--profile": PROFILE, "--norcfile": NO_RC, "--noprofile": NO_PROFILE},
    "xonsh": {"--rc": RC, "--no-rc": NO_FILES},
    "nushell": {"--config": RC, "--env-config": ENV_FILE, "-n": NO_FILES, "--no-config-file": NO_FILES},
    "elvish": {"-rc": RC, "-norc": NO_FILES},
}


class Given(NamedTuple):
    """What the command line says of the startup files; paths are absolute.

    ``rc`` is the file in place of the one that an interactive shell reads,
    ``env_file`` nushell's other one, ``profile`` yash's for a login; empty for
    the usual ones. ``commands`` are run after them. ``is_without_files``: none is
    read, ``is_without_rc`` and ``is_without_profile``: not that of an interactive
    or of a login shell. ``is_posix``: bash reads the file that ENV names, and no other.
    """

    rc: str = ""
    env_file: str = ""
    profile: str = ""
    commands: tuple[str, ...] = ()
    is_without_files: bool = False
    is_without_rc: bool = False
    is_without_profile: bool = False
    is_posix: bool = False

    def reads_nothing(self, *, login: bool) -> bool:
        """Tell whether no startup file of the user's is read."""
        if self.commands:
            return False
        return self.is_without_files or (self.is_without_profile if login else self.is_without_rc)


USUAL = Given()


class Start(NamedTuple):
    """How the traced shell was started.

    ``pid`` is that of the running shell, 0 if none above is it; ``environ`` its
    first environment, None if it cannot be read or there is no such shell.
    """

    pid: int = 0
    login: bool = False
    environ: Mapping[str, str] | None = None
    given: Given = USUAL


NOT_RUNNING = Start()


def read(row: Shell, program: str, ancestors: Iterable[Process], environ: Mapping[str, str]) -> Start:
    """Return how the nearest of ``ancestors`` that runs ``program`` was started.

    ``environ`` is the caller's: a shell of another home, as sudo leaves one
    above, or `env -i` with another HOME, is not the one that is asked about.
    """
    for process in running.of_shell(ancestors, row, program):
        first = provenance.started_with(process)
        if first is not None and first.get("HOME", "") not in ("", environ.get("HOME", "")):
            continue
        directory = _directory(process.pid, first or {})
        words = running.words_of(row, process)
        is_login = running.is_login_process(row, process)
        return Start(process.pid, is_login, first, given(row, words, directory))
    return NOT_RUNNING


def _directory(pid: int, first: Mapping[str, str]) -> str:
    """Return the directory in which a shell was started, as far as it is known: by PWD, else where it is now."""
    logical = first.get("PWD", "")
    if os.path.isabs(logical):
        return logical
    try:
        return os.readlink(f"{processes.PROC}/{pid}/cwd")
    except OSError:
        return "/"


def given(row: Shell, words: Iterable[str], directory: str) -> Given:
    """Return what the arguments ``words`` say of the startup files; paths are relative to ``directory``."""
    roles = ROLES.get(row.name, {})
    found = USUAL
    for option, value in arguments.options(row, list(words)):
        named = value.replace("_", "").lower()
        role = roles.get(option) or roles.get(f"{option} {named}")
        if role is not None:
            found = _with(found, role, value, directory)
    return found


def _with(found: Given, role: str, value: str, directory: str) -> Given:
    """Return ``found`` with one option more; of several files the last one counts."""
    path = os.path.join(directory, value)
    changed: dict[str, Given] = {
        RC: found._replace(rc=path),
        ENV_FILE: found._replace(env_file=path),
        PROFILE: found._replace(profile=path),
        COMMAND: found._replace(commands=(*found.commands, value)),
        NO_FILES: found._replace(is_without_files=True),
        NO_RC: found._replace(is_without_rc=True),
        NO_PROFILE: found._replace(is_without_profile=True),
        POSIX: found._replace(is_posix=True),
    }
    return changed[role]


def login_shell(ancestors: Iterable[Process], environ: Mapping[str, str]) -> detect.Found | None:
    """Return the shell that logged the caller in: the nearest login shell above, else that of the account."""
    for process in ancestors:
        row = registry.by_program(process.program) if process.program else None
        if row is not None and running.is_login_process(row, process):
            return detect.Found(row, process.program)
    return detect.from_account(environ)
