"""Making sure that a shell reads our init file if a startup file of the system's always runs before it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from cleanenv.errors import ShellUnusableError
from cleanenv.shell import command

if TYPE_CHECKING:
    from cleanenv.clean.plan import Plan
    from cleanenv.shell.detect import Found

TIME_LIMIT = 10.0  # seconds
ANSWER = b"cleanenv-is-in-charge"


def check(found: Found, plan: Plan, *, is_interactive: bool) -> None:
    """Start the shell once, without a terminal, and ask it whether init ran; raise ShellUnusableError if not.

    A system's zshenv that sets ZDOTDIR or norcs, and a csh.cshrc with an error
    in it, leave our file unread, and everything would leak in silence.
    """
    shell = found.shell
    early = next((file for file in shell.early if _may_interfere(file, shell.early_words)), None)
    if early is None:
        return
    call = command.clean_shell(shell, found.program, plan, "", None, is_interactive=is_interactive)
    try:
        printed = subprocess.run(
            call.arguments,
            executable=call.program,
            env=call.environ,
            input=shell.probe.encode() + b"\nexit\n",
            capture_output=True,
            check=False,
            timeout=TIME_LIMIT,
        ).stdout
    except subprocess.TimeoutExpired:
        printed = b""
    if ANSWER not in printed:
        raise ShellUnusableError(
            f"{shell.name} cannot be started clean, since '{early}' keeps it from reading cleanenv's file "
            f"({shell.early_advice})",
            "fix that, or choose another shell with --shell",
        )


def _may_interfere(file: str, words: tuple[str, ...]) -> bool:
    """Tell whether ``file`` exists and holds one of ``words`` outside comments; without words, anything."""
    try:
        with open(file, encoding="utf-8", errors="surrogateescape") as opened:
            lines = [line.partition("#")[0] for line in opened]
    except OSError:
        return os.path.exists(file)
    text = " ".join(lines)
    if not words:
        return bool(text.strip())
    return any(word in text for word in words)
