"""Creating an environment that does not exist yet, with venv, in the clean environment."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cleanenv.environments import discovery
from cleanenv.errors import EnvironmentUnusableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

    from cleanenv.environments.environment import Environment

_ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
_LAST_LINES = 3


def find_or_make(
    name: str | None, python: str | None, clean: Mapping[str, str], caller: Mapping[str, str], directory: str
) -> tuple[Environment, list[str]]:
    """Return the environment ``name``, created first if it is missing, and what was done about it.

    Raises UsageError for an interpreter that does not exist, and
    EnvironmentUnusableError if there is something else at ``name``.
    """
    if name is None:
        try:
            return discovery.find(None, caller, directory), []
        except EnvironmentUnusableError:
            name = discovery.UNNAMED[0]
    path = os.path.abspath(os.path.join(directory, name))
    if not name or not _is_free(path) or _is_named_elsewhere(name, caller, directory):
        return discovery.find(name, caller, directory), []
    if ":" in path:
        raise EnvironmentUnusableError(f"'{path}' cannot be on PATH, which ':' separates", "give it a name without one")
    python = _interpreter(python, caller.get("PATH", ""), directory)
    _create(python, path, clean)
    return discovery.at_path(path, path), [f"created the environment '{path}' with {python}"]


def _is_free(path: str) -> bool:
    """Whether nothing, or an empty directory, is at ``path``."""
    try:
        return not os.listdir(path)
    except FileNotFoundError:
        return not os.path.lexists(path)
    except OSError:
        return False


def _is_named_elsewhere(name: str, caller: Mapping[str, str], directory: str) -> bool:
    if os.sep in name:
        return False
    return bool(discovery.candidates(name, caller, directory))


def _interpreter(python: str | None, path: str, directory: str) -> str:
    """Return the path of the interpreter ``python``: a path, a command or a version, looked up in ``path``."""
    if python is None:
        return getattr(sys, "_base_executable", sys.executable)
    names = [python]
    if python[:1].isdigit():
        names.append(f"python{python}")
    for name in names:
        candidate = os.path.join(directory, name) if os.sep in name else shutil.which(name, path=path)
        if candidate and os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return candidate
    raise UsageError(f"no Python '{python}'", "give --python the path of an interpreter, or install it")


def _create(python: str, path: str, clean: Mapping[str, str]) -> None:
    first_created = _first_missing(path)
    try:
        with _stopped_by_signals():
            status, output = _run([python, "-I", "-m", "venv", "--", path], clean)
    except OSError as error:
        status, output = 126, error.strerror or "error"
    except KeyboardInterrupt as stop:
        _clear(path, first_created)
        if stop.args:  # a signal that would have ended this process
            signal.raise_signal(stop.args[0])
        raise
    if status:
        _clear(path, first_created)
        lines = [line.strip() for line in output.splitlines() if line.strip()]
        reason = " / ".join(lines[-_LAST_LINES:]) or f"status {status}"
        raise EnvironmentUnusableError(f"'{python} -m venv' could not create '{path}' ({reason})", _remedy(output))


def _remedy(output: str) -> str:
    """Return what to do about a venv that failed with ``output``."""
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM):
        if f"[Errno {number}]" in output:
            return "choose another path, or make room and permission for it"
    return "install its venv module (Debian: python3-venv), or name another with --python"


def _run(words: list[str], clean: Mapping[str, str]) -> tuple[int, str]:
    """Run ``words`` and return their status and what they printed; an interruption kills their children too."""
    with _signals_put_off() as stop_again:
        # A signal that comes before the process is known could not end it, and it would go on writing.
        process = subprocess.Popen(
            words,
            env=dict(clean),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        stop_again()
        output, _ = process.communicate()
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return process.returncode, output.decode(errors="replace")


@contextmanager
def _signals_put_off() -> Iterator[Callable[[], None]]:
    """Put off what a signal does; the function that is yielded does it afterwards, if one came meanwhile.

    By handlers and not by a mask, which the process that is started would inherit.
    """
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, *_ENDING_SIGNALS)}
    ours = {number: handler for number, handler in handlers.items() if callable(handler)}
    came: list[int] = []

    def put_off(number: int, _: FrameType | None) -> None:
        came.append(number)

    def stop_again() -> None:
        for number in came:
            ours[signal.Signals(number)](number, None)

    for number in ours:
        signal.signal(number, put_off)
    try:
        yield stop_again
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Raise KeyboardInterrupt for the signals that would end this process with an environment half created."""

    def stop(number: int, _: FrameType | None) -> None:
        raise KeyboardInterrupt(number)

    # Those that are ignored, as SIGHUP below nohup, stay so.
    changed = [number for number in _ENDING_SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
    for number in changed:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in changed:
            signal.signal(number, signal.SIG_DFL)


def _first_missing(path: str) -> str | None:
    """Return the uppermost directory of ``path`` that does not exist yet, None if all do."""
    missing = None
    while not os.path.lexists(path):
        missing = path
        path = os.path.dirname(path)
    return missing


def _clear(path: str, first_created: str | None) -> None:
    """Remove what a failed attempt left, so that nothing half created stays."""
    if first_created is None:
        for name in os.listdir(path):
            _remove(os.path.join(path, name))
        return
    _remove(path)
    while len(path) > len(first_created):
        path = os.path.dirname(path)
        try:
            os.rmdir(path)
        except OSError:  # not created, or used by somebody else meanwhile
            return


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    elif os.path.lexists(path):
        os.unlink(path)
