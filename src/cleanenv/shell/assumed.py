"""The shell of a user who has none: in a container without an entry in the password database, of a service account."""

# Imported only if no shell is known otherwise.
from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.errors import ShellUnusableError
from cleanenv.shell import detect, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_CHOICE = "bash"
OTHERWISE = "sh"


def choose(environ: Mapping[str, str]) -> detect.Found:
    """Return bash if it is installed, else what sh really is, with the reason.

    Raises ShellUnusableError if neither is installed.
    """
    path = ":".join((environ.get("PATH", ""), *detect.SYSTEM))
    why = _reason(environ)
    bash = registry.by_name(FIRST_CHOICE)
    program = detect.find_program(bash, path)
    found = detect.Found(bash, program) if program is not None else _sh(path)
    if found is None:
        raise ShellUnusableError(f"{why}, and neither bash nor sh is installed", "name another shell with --shell")
    return detect.Found(found.shell, found.program, f"{why}: this is {found.shell.name}; choose another with --shell")


def _reason(environ: Mapping[str, str]) -> str:
    """Return why the user's own shell cannot be started: there is none, or one such as nologin(8) or false(1)."""
    for source, program in (("SHELL", environ.get("SHELL")), ("the password database", detect.login_shell())):
        if program:
            return f"your shell by {source}, '{program}', is not one that cleanenv can start"
    return "neither SHELL nor the password database names your shell"


def _sh(path: str) -> detect.Found | None:
    """Return the shell that the first sh in the directories of ``path`` is, None if there is none that we know."""
    for directory in path.split(":"):
        candidate = os.path.join(directory, OTHERWISE)
        if os.path.isabs(candidate) and detect.is_program(candidate):
            found = detect.at(candidate)
            if found is not None:
                return found
    return None
