"""Replacing this process by another; nothing else does."""

# On the way of `run`: `_signal` is what `signal` wraps in enums, whose import costs 4 ms.
from __future__ import annotations

import _signal
import os

from cleanenv.errors import CleanenvError, CommandNotExecutableError, CommandNotFoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import NoReturn

FALLBACK_SHELL = "/bin/sh"


class Call:
    """A program with its arguments, its own name among them, and its environment."""

    __slots__ = ("arguments", "environ", "program")

    def __init__(self, program: str, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
        self.program = program
        self.arguments = tuple(arguments)
        self.environ = dict(environ)

    def replace_process(self) -> NoReturn:
        """Become this call; raise as ``replace`` does."""
        replace(self.program, self.arguments, self.environ)


def command(words: Sequence[str], environ: Mapping[str, str]) -> Call:
    """Return the call of a command in ``environ``, found on its PATH; raise as ``find_command`` does."""
    return Call(find_command(words[0], environ["PATH"]), words, environ)


def find_command(name: str, path: str) -> str:
    """Return the file that a shell would run for ``name``: itself if it has a separator, else the first on ``path``.

    Raises CommandNotFoundError and CommandNotExecutableError as POSIX sh tells 127 from 126 (2.8.2).
    """
    if not name:
        raise CommandNotFoundError("the command is an empty word", "write its name after '--'")
    if os.sep in name:
        _require_executable(name, name)
        return name
    found = None
    for directory in path.split(":"):
        candidate = f"{directory or '.'}/{name}"
        if os.path.isfile(candidate):
            if os.access(candidate, os.X_OK):
                return candidate
            found = found or candidate
    if found is not None:
        _require_executable(found, name)
    raise CommandNotFoundError(
        f"command '{name}' not found on the clean PATH",
        "install it in ENV, give its path, or add its directory with --path",
    )


def replace(program: str, arguments: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    """Become ``program``, whose ``arguments`` include its own name, in exactly ``environ``."""
    _restore_signals()
    try:
        os.execve(program, tuple(arguments), environ)
    except OSError as error:
        import errno

        if error.errno == errno.ENOEXEC:  # a script without '#!': what execvp(3) does
            os.execve(FALLBACK_SHELL, (FALLBACK_SHELL, program, *arguments[1:]), environ)
        raise explain(program, error) from error
    except ValueError as error:
        raise CleanenvError(f"'{program}' cannot be started, since an argument holds a NUL character") from error
    raise AssertionError("execve returned")


def _restore_signals() -> None:
    """Give the child the signals that Python ignores for itself (subprocess' restore_signals)."""
    for name in ("SIGPIPE", "SIGXFZ", "SIGXFSZ"):
        number = getattr(_signal, name, None)
        if number is not None:
            _signal.signal(number, _signal.SIG_DFL)


def _require_executable(path: str, name: str) -> None:
    if not os.path.exists(path):
        raise CommandNotFoundError(f"command '{name}' does not exist")
    if os.path.isdir(path):
        raise CommandNotExecutableError(f"'{name}' is a directory", "name a program")
    if not os.access(path, os.X_OK):
        raise CommandNotExecutableError(f"'{path}' is not executable", "make it so with 'chmod +x'")


def explain(program: str, error: OSError) -> CleanenvError:
    """Return the refusal for a ``program`` that could not be started: status 127 if something is missing, else 126."""
    import errno

    if error.errno == errno.E2BIG:
        return CommandNotExecutableError(
            f"'{program}' cannot be started, since its arguments and environment are too long together",
            "keep fewer variables",
        )
    if error.errno == errno.ENOENT:
        return CommandNotFoundError(
            f"'{program}' cannot be started, since the interpreter in its first line does not exist",
            "fix that line, or install the interpreter",
        )
    reason = (error.strerror or "error").lower()
    return CommandNotExecutableError(f"'{program}' cannot be started ({reason})")
