"""Which Python --python means: a path, a command or a version, as the caller's shell takes it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from cleanenv.environments import python_probe, requested_version, shims
from cleanenv.environments.python_probe import NoPythonError, Python
from cleanenv.errors import EnvironmentUnusableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# What the dynamic loader is told (ld.so(8), dyld(1)). A Python that does not start without is given it.
LOADER_VARIABLES = (
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "DYLD_FRAMEWORK_PATH",
    "DYLD_FALLBACK_FRAMEWORK_PATH",
)
OLDEST = (3, 3)  # PEP 405
ANOTHER = "name another with --python"
GIVE_A_PATH = "give --python the path of an interpreter, or install it"


class Choice:
    """The Python that was chosen, and the environment in which it starts: the clean one, or with loader variables."""

    __slots__ = ("environ", "python")

    def __init__(self, python: Python, environ: Mapping[str, str]) -> None:
        self.python = python
        self.environ = environ


def choose(wanted: str | None, clean: Mapping[str, str], caller: Mapping[str, str], directory: str) -> Choice:
    """Return the Python that ``wanted`` means to ``caller`` in ``directory``, None for the one cleanenv runs on.

    It is asked in the caller's environment, since a shim chooses by variables
    that are not passed on, and is then used by its own path. Raises UsageError
    if there is none, EnvironmentUnusableError if it cannot be used.
    """
    environ = _to_ask_in(caller)
    if wanted is None:
        own = getattr(sys, "_base_executable", sys.executable)
        if not os.path.exists(own):
            raise UsageError(f"cleanenv's own Python '{own}' does not exist any more", ANOTHER)
        python = _answer(own, environ, directory)
    elif os.sep in wanted:
        path = os.path.normpath(os.path.join(directory, wanted))
        _require_program(path, wanted)
        python = _answer(path, environ, directory)
    else:
        python = _by_name(wanted, environ, directory)
    if python.numbers < OLDEST:
        raise EnvironmentUnusableError(
            f"'{python.program}' is Python {python.version}, and venv needs Python 3.3 or newer",
            f"create it with virtualenv older than 20.22, or {ANOTHER}",
        )
    return _settle(python, clean, caller, directory)


def with_loader_variables(clean: Mapping[str, str], caller: Mapping[str, str]) -> Mapping[str, str] | None:
    """Return the ``clean`` environment with the loader's variables of ``caller``, None if that changes nothing."""
    given = {name: caller[name] for name in LOADER_VARIABLES if name in caller}
    environ = {**clean, **given}
    return environ if environ != dict(clean) else None


def _to_ask_in(caller: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of ``caller`` in which a Python is asked which one it is.

    It is without what makes a Python take itself for another; and mise is not
    to install a version just because it is asked for.
    """
    environ = {name: value for name, value in caller.items() if not name.startswith(("PYTHON", "__PYVENV_LAUNCHER__"))}
    return {**environ, "MISE_AUTO_INSTALL": "false"}


def _settle(python: Python, clean: Mapping[str, str], caller: Mapping[str, str], directory: str) -> Choice:
    """Return ``python`` with the environment in which it starts and is the same, the clean one if it does."""
    refusal: NoPythonError | None = None
    for environ in (clean, with_loader_variables(clean, caller)):
        if environ is None:
            continue
        try:
            again = python_probe.ask(python.program, environ, directory)
        except NoPythonError as error:
            refusal = refusal or error
            continue
        if again.version != python.version:
            raise EnvironmentUnusableError(
                f"'{python.program}' is Python {python.version} in this shell and {again.version} in a clean one",
                "give --python the path of the interpreter itself",
            )
        return Choice(python, environ)
    if refusal is None:
        raise AssertionError("no environment")
    raise EnvironmentUnusableError(refusal.fact, refusal.remedy or ANOTHER)


def _answer(program: str, environ: Mapping[str, str], directory: str) -> Python:
    """Return the Python that ``program`` is, or that of its own installations if it is a shim for that very version."""
    try:
        return python_probe.ask(program, environ, directory)
    except NoPythonError as error:
        _, python, version = os.path.basename(program).rpartition("python")
        if python and requested_version.is_version(version) and "." in version:  # python3.9, but not python3
            for installed in _installed(program, version, environ, directory):
                return installed
        raise _refusal(program, error, environ) from error


def _refusal(program: str, error: NoPythonError, environ: Mapping[str, str]) -> UsageError | EnvironmentUnusableError:
    versions = shims.versions(program, environ)
    if versions:
        fact = error.fact.replace(" is not a Python (", " does not start a Python (")
        return UsageError(fact, f"choose one that it has ({', '.join(versions)}), as in '--python {versions[-1]}'")
    if error.is_loader:
        return EnvironmentUnusableError(error.fact, error.remedy)
    return UsageError(error.fact, error.remedy or "give --python the path of an interpreter")


def _by_name(wanted: str, environ: Mapping[str, str], directory: str) -> Python:
    """Return the Python of a command or version; raise as ``choose`` does."""
    path = environ.get("PATH", "")
    commands = list(_on_path(wanted, path, directory))
    if commands:
        return _answer(commands[0], environ, directory)
    if not requested_version.is_version(wanted):
        return _by_installation(wanted, environ, directory)
    refusals: list[UsageError | EnvironmentUnusableError] = []
    seen: set[str] = set()
    for name in requested_version.commands(wanted):
        for program in _on_path(name, path, directory):
            if program in seen:
                continue
            seen.add(program)
            try:
                python = python_probe.ask(program, environ, directory)
            except NoPythonError as error:
                refusals.append(_refusal(program, error, environ))
            else:
                if requested_version.is_of(python, wanted):
                    return python
            for installed in _installed(program, wanted, environ, directory):
                return installed
    raise _none_of(wanted, refusals, seen, environ)


def _none_of(
    wanted: str,
    refusals: Sequence[UsageError | EnvironmentUnusableError],
    seen: Sequence[str] | set[str],
    environ: Mapping[str, str],
) -> UsageError | EnvironmentUnusableError:
    """Return the refusal for a version that no program on PATH has."""
    for program in sorted(seen):
        versions = shims.versions(program, environ)
        if versions:
            return UsageError(
                f"no Python '{wanted}', and '{os.path.dirname(program)}' has only {', '.join(versions)}",
                "name one of these, or install it",
            )
    for refusal in refusals:
        if isinstance(refusal, EnvironmentUnusableError):  # it may be the one, if it could start
            return refusal
    return UsageError(f"no Python '{wanted}'", GIVE_A_PATH)


def _by_installation(wanted: str, environ: Mapping[str, str], directory: str) -> Python:
    """Return the Python of an installation called ``wanted``, ``pypy3.10-7.3.12``, that a shim on PATH has."""
    for place in environ.get("PATH", "").split(":"):
        program = shims.installation(os.path.join(directory, place, "python"), wanted, environ)
        if program is not None:
            return _answer(program, environ, directory)
    for program in _files_on_path(wanted, environ.get("PATH", ""), directory):
        raise UsageError(f"'{program}' is not executable", f"make it so with 'chmod +x', or {ANOTHER}")
    raise UsageError(f"no Python '{wanted}'", GIVE_A_PATH)


def _installed(program: str, version: str, environ: Mapping[str, str], directory: str) -> Iterator[Python]:
    """Yield the Pythons of ``version``, the newest first, between which the shim ``program`` chooses."""
    for installed in shims.programs(program, version.removesuffix("t"), environ):
        try:
            python = python_probe.ask(installed, environ, directory)
        except NoPythonError:
            continue
        if requested_version.is_of(python, version):
            yield python


def _files_on_path(name: str, path: str, directory: str) -> Iterator[str]:
    """Yield the files called ``name`` in the directories of ``path``; an empty one is the current ``directory``."""
    for place in path.split(":"):
        program = os.path.normpath(os.path.join(directory, place, name))
        if os.path.isfile(program):
            yield program


def _on_path(name: str, path: str, directory: str) -> Iterator[str]:
    for program in _files_on_path(name, path, directory):
        if os.access(program, os.X_OK):
            yield program


def _require_program(path: str, wanted: str) -> None:
    """Raise UsageError if there is no program at ``path``, which the user called ``wanted``."""
    if os.path.isdir(path):
        for name in ("bin/python3", "bin/python"):
            if os.path.isfile(f"{path}/{name}"):
                raise UsageError(f"'{wanted}' is a directory", f"give --python the Python in it, '{path}/{name}'")
        raise UsageError(f"'{wanted}' is a directory", "give --python the path of an interpreter")
    if os.path.islink(path) and not os.path.exists(path):
        raise UsageError(f"'{wanted}' points to '{os.readlink(path)}', which does not exist", ANOTHER)
    if not os.path.exists(path):
        raise UsageError(f"no Python '{wanted}'", GIVE_A_PATH)
    if not os.access(path, os.X_OK):
        raise UsageError(f"'{wanted}' is not executable", f"make it so with 'chmod +x', or {ANOTHER}")
