"""Making an environment that is not there yet, with venv, in the clean environment."""

from __future__ import annotations

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
    from collections.abc import Iterator, Mapping
    from types import FrameType

    from cleanenv.environments.environment import Environment


def find_or_make(
    name: str | None, python: str | None, clean: Mapping[str, str], caller: Mapping[str, str], folder: str
) -> tuple[Environment, list[str]]:
    """Return the environment ``name``, made first where it is missing, and what was done about it.

    Raises UsageError for an interpreter that is not there, and
    EnvironmentUnusableError where something else stands at ``name``.
    """
    if name is None:
        try:
            return discovery.find(None, caller, folder), []
        except EnvironmentUnusableError:
            name = discovery.UNNAMED[0]
    path = os.path.abspath(os.path.join(folder, name))
    if not name or not _is_free(path) or _is_named_elsewhere(name, caller, folder):
        return discovery.find(name, caller, folder), []
    if ":" in path:
        raise EnvironmentUnusableError(
            f"'{path}' cannot stand on PATH, which ':' separates: give it a name without one"
        )
    python = _interpreter(python, caller.get("PATH", ""), folder)
    _make(python, path, clean)
    return discovery.at_path(path, path), [f"made the environment '{path}' with {python}"]


def _is_free(path: str) -> bool:
    try:
        return not os.listdir(path)
    except FileNotFoundError:
        return not os.path.lexists(path)
    except OSError:
        return False


def _is_named_elsewhere(name: str, caller: Mapping[str, str], folder: str) -> bool:
    if os.sep in name:
        return False
    return bool(discovery.candidates(name, caller, folder))


def _interpreter(python: str | None, path: str, folder: str) -> str:
    if python is None:
        return getattr(sys, "_base_executable", sys.executable)
    names = (python, f"python{python}") if python[:1].isdigit() else (python,)
    for name in names:
        found = os.path.join(folder, name) if os.sep in name else shutil.which(name, path=path)
        if found and os.path.isfile(found) and os.access(found, os.X_OK):
            return found
    raise UsageError(f"no Python '{python}': give --python the path of an interpreter, or install it")


def _make(python: str, path: str, clean: Mapping[str, str]) -> None:
    first_made = _first_missing(path)
    try:
        with _stopped_by_signals():
            status, said = _run([python, "-I", "-m", "venv", "--", path], clean)
    except OSError as error:
        status, said = 126, error.strerror or "error"
    except KeyboardInterrupt as stop:
        _clear(path, first_made)
        if stop.args:  # a signal whose default is to end us
            signal.raise_signal(stop.args[0])
        raise
    if status:
        _clear(path, first_made)
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        raise EnvironmentUnusableError(
            f"'{python} -m venv' could not make '{path}' ({' / '.join(lines[-3:]) or f'status {status}'}): "
            "install its venv module (Debian: python3-venv), or name another with --python"
        )


def _run(words: list[str], clean: Mapping[str, str]) -> tuple[int, str]:
    """Run ``words`` and return their status and what they printed; an interruption kills their children too."""
    process = subprocess.Popen(
        words,
        env=dict(clean),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate()
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return process.returncode, said.decode(errors="replace")


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Raise KeyboardInterrupt for the signals that would end this process with an environment half made."""

    def stop(number: int, _: FrameType | None) -> None:
        raise KeyboardInterrupt(number)

    ending = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL]
    for number in ending:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in ending:
            signal.signal(number, signal.SIG_DFL)


def _first_missing(path: str) -> str | None:
    """Return the uppermost folder of ``path`` that is not there yet, None where all are."""
    missing = None
    while not os.path.lexists(path):
        missing, path = path, os.path.dirname(path)
    return missing


def _clear(path: str, first_made: str | None) -> None:
    """Remove what a failed attempt left, so that nothing stands there half made."""
    if first_made is None:
        for name in os.listdir(path):
            _remove(os.path.join(path, name))
        return
    _remove(path)
    while len(path) > len(first_made):
        path = os.path.dirname(path)
        try:
            os.rmdir(path)
        except OSError:  # not made, or used by somebody else meanwhile
            return


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    elif os.path.lexists(path):
        os.unlink(path)
