"""Everything cleanenv refuses to do, with the exit status that goes with it.

A class costs each start some 0.15 million instructions: those that few
commands raise are defined where they are raised.

A refusal is one sentence in two parts: a fact in lower case with its subject
quoted, and the remedy.
"""

from __future__ import annotations


class CleanenvError(Exception):
    """Root of all refusals; ``status`` is the exit status of the command.

    ``fact`` says what is wrong, ``remedy`` what to do about it; without a
    remedy the fact stands alone. ``str`` joins the two with a colon.
    """

    status = 1

    def __init__(self, fact: str, remedy: str = "") -> None:
        super().__init__(fact, remedy)
        self.fact = fact
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.fact}: {self.remedy}" if self.remedy else self.fact


class UsageError(CleanenvError):
    """What was asked cannot be meant: an option, a file or a configuration is wrong."""

    status = 2


class EnvironmentUnusableError(CleanenvError):
    """ENV is missing, ambiguous or cannot be used."""

    status = 3


class ShellUnusableError(CleanenvError):
    """The shell is unknown, missing or cannot be started."""

    status = 4


class CommandNotExecutableError(CleanenvError):
    """The command exists and cannot be started (POSIX sh, 2.8.2)."""

    status = 126


class CommandNotFoundError(CleanenvError):
    """There is no such command on the clean PATH (POSIX sh, 2.8.2)."""

    status = 127
