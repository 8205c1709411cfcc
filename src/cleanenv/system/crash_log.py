"""The log of an error that nobody foresaw: versions, the command line and the traceback, for a report."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING

from cleanenv import __version__
from cleanenv.errors import CleanenvError
from cleanenv.system import atomic_write
from cleanenv.system.invocation import state_directory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME = "crash.log"
MASK = "***"
SEPARATOR = "--"
# Parts of the names of variables that hold what nobody else may see.
SECRET_NAMES = ("AUTH", "COOKIE", "CREDENTIAL", "KEY", "PASS", "PROXY", "SECRET", "TOKEN", "URL")
SHORTEST_SECRET = 6  # to mask less would make the log unreadable


def write(error: BaseException, words: Sequence[str], environ: Mapping[str, str]) -> tuple[str, str]:
    """Write the log of ``error`` to cleanenv's state directory; return the fact, and the remedy that names it.

    If it cannot be written, the fact says so, and where the error came up.
    """
    kind = f"cleanenv failed unexpectedly ({type(error).__name__})"
    directory = state_directory(environ, may_make=True)
    if directory is not None:
        path = os.path.join(directory, NAME)
        try:
            atomic_write.write(path, log(error, words, environ).encode("utf-8", "backslashreplace"), is_own=True)
        except (CleanenvError, OSError):
            pass
        else:
            return kind, f"report it with the log '{path}'"
    place = f"{os.path.join('cleanenv', _place(error))}"
    return f"{kind} at {place}, and no log can be written", "report it with this line"


def log(error: BaseException, words: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return the text of the log, without the credentials in ``words`` and ``environ``."""
    system = os.uname()
    lines = [
        f"cleanenv: {__version__}",
        f"Python: {' '.join(sys.version.split())} ({sys.executable})",
        f"platform: {system.sysname} {system.release} {system.machine}",
        f"shell: {environ.get('SHELL', 'unknown')}",
        f"command line: cleanenv {' '.join(masked_words(words))}",
        "",
        *traceback.format_exception(type(error), error, error.__traceback__),
    ]
    text = "\n".join(line.rstrip("\n") for line in lines) + "\n"
    for secret in sorted(_secrets(words, environ), key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def masked_words(words: Sequence[str]) -> list[str]:
    """Return ``words`` without values, credentials in URLs, and the arguments of the command that is run."""
    shown = []
    end = _end_of_own(words)
    own = list(words[:end])
    if words[end:]:
        own.append(f"[{len(words) - end} arguments]")
    for word in own:
        before, equals, _ = word.partition("=")
        shown.append(f"{before}={MASK}" if equals else _without_user(word))
    return shown


def _end_of_own(words: Sequence[str]) -> int:
    """Return how many of ``words`` are cleanenv's own or the name of the command that is run; what follows is not.

    Without ``--`` the command begins after ENV; an option's value counts as a word here, so it may end too early.
    """
    if SEPARATOR in words:
        return words.index(SEPARATOR) + 2
    if words[:1] != ["run"]:
        return len(words)
    plain = [position for position, word in enumerate(words) if not word.startswith("-")]
    most = 3  # run ENV COMMAND
    return plain[most - 1] + 1 if len(plain) >= most else len(words)


def _without_user(word: str) -> str:
    """Return ``word`` without what stands before '@' in a URL."""
    scheme, separator, rest = word.partition("://")
    if not separator or "@" not in rest:
        return word
    return f"{scheme}://{MASK}@{rest.rpartition('@')[2]}"


def _secrets(words: Sequence[str], environ: Mapping[str, str]) -> set[str]:
    """Return what must not be in the log, wherever it stands: values of options, arguments, secret variables."""
    secrets = {value for name, value in environ.items() if any(part in name.upper() for part in SECRET_NAMES)}
    for word in words:
        value = word.partition("=")[2]
        secrets.add(value)
    secrets.update(words[_end_of_own(words) :])
    return {secret for secret in secrets if len(secret) >= SHORTEST_SECRET}


def _place(error: BaseException) -> str:
    """Return file and line of where the error came up, the file as it is called below the package."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "an unknown line"
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    ours = [frame for frame in frames if frame.filename.startswith(package)]
    frame = ours[-1] if ours else frames[-1]
    return f"{os.path.relpath(frame.filename, package)}:{frame.lineno}"
