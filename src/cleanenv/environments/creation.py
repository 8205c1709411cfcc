"""Creating an environment that does not exist yet, with venv, in the clean environment."""

from __future__ import annotations

import errno
import os
import shutil
import signal
from typing import TYPE_CHECKING

from cleanenv.environments import creation_failure, discovery, python_choice, python_probe, python_process
from cleanenv.environments.python_probe import NoPythonError
from cleanenv.errors import EnvironmentUnusableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.environments.creation_failure import Failure
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.python_choice import Choice
    from cleanenv.environments.python_process import Outcome

# What venv runs at its end in the new environment, and does not show the output of.
ENSUREPIP = "ensurepip"
STEP_FAILED = "returned non-zero exit status"  # subprocess.CalledProcessError's words
_INSTALL_PIP = ("-I", "-m", ENSUREPIP, "--upgrade", "--default-pip")


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
    program = _create(python, path, clean, caller, directory)
    return discovery.at_path(path, path), [f"created the environment '{path}' with {program}"]


def _is_free(path: str) -> bool:
    """Whether nothing, or an empty directory, is at ``path``."""
    try:
        return not os.listdir(path)
    except (FileNotFoundError, NotADirectoryError):
        return not os.path.lexists(path)
    except OSError as error:
        return error.errno == errno.ENAMETOOLONG  # venv fails, and its reason is the right one


def _is_named_elsewhere(name: str, caller: Mapping[str, str], directory: str) -> bool:
    if os.sep in name:
        return False
    return bool(discovery.candidates(name, caller, directory))


def _create(wanted: str | None, path: str, clean: Mapping[str, str], caller: Mapping[str, str], directory: str) -> str:
    """Create the environment at ``path`` with the Python that ``wanted`` means, and return that one's path."""
    first_created = _first_missing(path)
    try:
        with python_process.stopped_by_signals():
            choice = python_choice.choose(wanted, clean, caller, directory)
            failure = _attempt(choice, path, directory)
            with_libraries = python_choice.with_loader_variables(choice.environ, caller)
            if failure is not None and failure.may_be_libraries and with_libraries is not None:
                # It starts without LD_LIBRARY_PATH, but a module of it may need that: zlib, _ctypes.
                _clear(path, first_created)
                failure = _attempt(python_choice.Choice(choice.python, with_libraries), path, directory)
    except KeyboardInterrupt as stop:
        _clear(path, first_created)
        if stop.args:  # a signal that would have ended this process
            signal.raise_signal(stop.args[0])
        raise
    except BaseException:
        _clear(path, first_created)
        raise
    if failure is not None:
        _clear(path, first_created)
        raise failure.refusal
    return choice.python.program


def _attempt(choice: Choice, path: str, directory: str) -> Failure | None:
    """Run venv, and return why there is no environment of the chosen Python at ``path``, None if there is."""
    python = choice.python
    words = [python.program, "-I", "-m", "venv", "--", path]
    try:
        outcome = python_process.run(words, choice.environ, directory)
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM):
            raise  # the machine's fault
        outcome = python_process.Outcome(126, error.strerror or "error")
    if outcome.status:
        outcome = _with_reason(outcome, choice, path, directory)
        return creation_failure.explain(python, path, outcome, choice.environ)
    return _wrong_version(choice, path, directory)


def _with_reason(outcome: Outcome, choice: Choice, path: str, directory: str) -> Outcome:
    """Return ``outcome``, or that of ensurepip if that is what failed: venv does not print why."""
    program = _python_in(path)
    is_step = ENSUREPIP in outcome.output and STEP_FAILED in outcome.output
    if program is None or not is_step:
        return outcome
    try:
        again = python_process.run([program, *_INSTALL_PIP], choice.environ, directory)
    except OSError:
        return outcome
    return again if again.status else outcome


def _wrong_version(choice: Choice, path: str, directory: str) -> Failure | None:
    """Return the failure that the Python at ``path`` does not start, or is not the chosen one; None if it is."""
    program = _python_in(path)
    fact = f"'{choice.python.program} -m venv' created '{path}' without a Python"
    if program is not None:
        try:
            made = python_probe.ask(program, choice.environ, directory)
        except NoPythonError as error:
            fact = error.fact
        else:
            if made.version == choice.python.version:
                return None
            fact = f"'{choice.python.program}' created '{path}' with Python {made.version}, not {choice.python.version}"
    remedy = "give --python the path of the interpreter itself"
    return creation_failure.Failure(EnvironmentUnusableError(fact, remedy), may_be_libraries=True)


def _python_in(path: str) -> str | None:
    """Return the interpreter of the environment at ``path``, None if there is none."""
    for name in ("python", "python3"):
        program = f"{path}/bin/{name}"
        if os.access(program, os.X_OK):
            return program
    return None


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
