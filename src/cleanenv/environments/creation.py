"""Creating an environment that does not exist yet, with venv, in the clean environment."""

from __future__ import annotations

import errno
import glob
import os
import shutil
import signal
from typing import TYPE_CHECKING

from cleanenv.environments import (
    creation_failure,
    creation_lock,
    discovery,
    python_choice,
    python_probe,
    unnamed,
)
from cleanenv.environments.python_probe import NoPythonError
from cleanenv.errors import EnvironmentUnusableError
from cleanenv.system import child_process

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.environments.creation_failure import Failure
    from cleanenv.environments.creation_lock import Lock
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.python_choice import Choice
    from cleanenv.system.child_process import Outcome

# What venv runs at its end in the new environment, and does not show the output of.
ENSUREPIP = "ensurepip"
STEP_FAILED = "returned non-zero exit status"  # subprocess.CalledProcessError's words
_MOST_TRIES = 10  # each but the last one spoilt by another process
_INSTALL_PIP = ("-I", "-m", ENSUREPIP, "--upgrade", "--default-pip")


def find_or_make(
    name: str | None,
    python: str | None,
    clean: Mapping[str, str],
    caller: Mapping[str, str],
    directory: str,
    *,
    is_quiet: bool = False,
) -> tuple[Environment, list[str]]:
    """Return the environment ``name``, created first if it is missing or unfinished, and what was done about it.

    If another process is creating it, that is waited for, with a line on
    stderr unless ``is_quiet``. Raises UsageError for an interpreter that does
    not exist, and EnvironmentUnusableError if there is something else at
    ``name``, or if what was found without a name is in the hands of others.
    """
    if name is None:
        name = _unnamed(caller, directory)
    path = os.path.abspath(os.path.join(directory, name))
    for _ in range(_MOST_TRIES):
        is_missing = bool(name) and (_is_free(path) or discovery.is_unfinished(path))
        if not is_missing or _is_named_elsewhere(name, path, caller, directory):
            return discovery.find(name, caller, directory), []
        if ":" in path:
            raise EnvironmentUnusableError(
                f"'{path}' cannot be on PATH, which ':' separates", "give it a name without one"
            )
        program = _create(python, path, clean, caller, directory, is_quiet=is_quiet)
        if program is not None:
            return discovery.at_path(path, path), [f"created the environment '{path}' with {program}"]
    raise EnvironmentUnusableError(
        f"could not create '{path}', since what is there changes all the time or leads nowhere", "choose another path"
    )


def _unnamed(caller: Mapping[str, str], directory: str) -> str:
    """Return the path of the environment that is meant without a name, which may be missing or unfinished."""
    try:
        return unnamed.find(caller, directory).path
    except unnamed.UntrustedError:
        raise
    except EnvironmentUnusableError:
        return discovery.UNNAMED[0]


def _is_free(path: str) -> bool:
    """Whether nothing, or an empty directory, is at ``path``."""
    try:
        return not os.listdir(path)
    except (FileNotFoundError, NotADirectoryError):
        return not os.path.lexists(path)
    except OSError as error:
        return error.errno == errno.ENAMETOOLONG  # venv fails, and its reason is the right one


def _is_named_elsewhere(name: str, path: str, caller: Mapping[str, str], directory: str) -> bool:
    """Tell whether ``name`` is a name that leads to an environment, other than what is unfinished at ``path``."""
    if os.sep in name:
        return False
    return any(found.path != path for found in discovery.candidates(name, caller, directory))


def _create(
    wanted: str | None,
    path: str,
    clean: Mapping[str, str],
    caller: Mapping[str, str],
    directory: str,
    *,
    is_quiet: bool = False,
) -> str | None:
    """Create the environment at ``path`` with the Python that ``wanted`` means, and return that one's path.

    Returns None if another process did something there meanwhile.
    """
    lock = None
    try:
        with child_process.stopped_by_signals():
            choice = python_choice.choose(wanted, clean, caller, directory)
            lock = _take(path, is_quiet=is_quiet)
            if lock is None:
                return None
            failure = _attempt(choice, lock, directory)
            with_libraries = python_choice.with_loader_variables(choice.environ, caller)
            if failure is not None and failure.may_be_libraries and with_libraries is not None:
                # It starts without LD_LIBRARY_PATH, but a module of it may need that: zlib, _ctypes.
                lock.empty()
                failure = _attempt(python_choice.Choice(choice.python, with_libraries), lock, directory)
            _close(lock, failure)
    except KeyboardInterrupt as stop:
        if lock is not None:
            lock.undo()
        if stop.args:  # a signal that would have ended this process
            signal.raise_signal(stop.args[0])
        raise
    except BaseException:
        if lock is not None:
            lock.undo()
        raise
    return choice.python.program


def _close(lock: Lock, failure: Failure | None) -> None:
    """Declare the environment done, or raise why it is not."""
    if failure is not None:
        raise failure.refusal
    lock.finish()


def _take(path: str, *, is_quiet: bool) -> Lock | None:
    try:
        return creation_lock.take(path, is_quiet=is_quiet)
    except OSError as error:
        failure = creation_failure.of_directory(path, error)
        if failure is None:
            raise
        raise failure.refusal from error


def _attempt(choice: Choice, lock: Lock, directory: str) -> Failure | None:
    """Run venv in the locked directory, and return why it has no environment of the chosen Python, None if it has."""
    python = choice.python
    path = lock.path
    words = [python.program, "-I", "-m", "venv", "--", path]
    try:
        outcome = child_process.run(words, choice.environ, directory, inherited=[lock.descriptor])
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM):
            raise  # the machine's fault
        outcome = child_process.Outcome(126, error.strerror or "error")
    if outcome.status:
        outcome = _with_reason(outcome, choice, lock, directory)
        return creation_failure.explain(python, path, outcome, choice.environ)
    return _wrong_version(choice, path, directory)


def _with_reason(outcome: Outcome, choice: Choice, lock: Lock, directory: str) -> Outcome:
    """Return ``outcome``, or that of ensurepip if that is what failed: venv does not print why."""
    program = _python_in(lock.path)
    is_step = ENSUREPIP in outcome.output and STEP_FAILED in outcome.output
    if program is None or not is_step:
        return outcome
    # What the first run left half-installed would count as satisfied.
    for site_packages in glob.glob(f"{glob.escape(lock.path)}/lib*/python*/site-packages"):
        shutil.rmtree(site_packages, ignore_errors=True)
        os.makedirs(site_packages, exist_ok=True)
    try:
        again = child_process.run([program, *_INSTALL_PIP], choice.environ, directory, inherited=[lock.descriptor])
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
