"""The user's own file for clean shells."""

# Imported only if one is named.
from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.errors import UsageError
from cleanenv.session import setup_shell
from cleanenv.shell.detect import SH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.shell.definition import Shell

FAMILY = {"csh": "tcsh"}  # what a shell reads besides its own


def requested(file: str, shell: Shell, directory: str) -> str:
    """Return the path of the file that ``--rc`` names; raise UsageError if ``shell`` cannot read it."""
    path = os.path.join(directory, file)
    if not shell.reads_rc:
        raise UsageError(f"{shell.name} cannot run a file of yours", "choose another shell, or leave --rc out")
    try:
        is_right = _fits(path, shell)
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise UsageError(f"cannot read '{file}' ({reason})", "give --rc another") from error
    if not is_right:
        raise UsageError(f"'{file}' is not for {shell.name}", f"give --rc one for {shell.name}")
    return path


def configured(files: Sequence[str], shell: Shell) -> tuple[str | None, str]:
    """Return the first of the configured ``files`` that is for ``shell``, and a sentence if one cannot be read."""
    if not shell.reads_rc:
        return None, ""
    path = ""
    try:
        for path in files:
            if _fits(path, shell):
                return path, ""
    except OSError as error:
        reason = (error.strerror or "error").lower()
        return None, f"rc: cannot read '{path}' ({reason})"
    return None, ""


def _fits(path: str, shell: Shell) -> bool:
    """Tell whether the file at ``path`` is for ``shell``; one that names no shell is for all that are like sh."""
    with open(path, "rb") as opened:
        content = opened.readline(256)
    name = setup_shell.marked(path, content)
    if name is None or name == SH:
        return shell.is_posix_like
    return shell.name in (name, FAMILY.get(name))
