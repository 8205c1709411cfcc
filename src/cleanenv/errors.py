"""Everything cleanenv refuses to do, with the exit status that goes with it.

A message is one sentence: a lower-case fact, the quoted subject, the way out.
"""

from __future__ import annotations


class CleanenvError(Exception):
    """Root of all refusals; ``status`` is the exit status of the command."""

    status = 1


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


class SourceFailedError(CleanenvError):
    """A file given with ``--source`` failed; ``status`` is the file's own."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status
