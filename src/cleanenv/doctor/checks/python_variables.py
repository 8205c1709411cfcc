"""Python's own variables: PYTHONPATH entry by entry, and those that move its library, run code or change it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cleanenv.doctor import codes, remedies
from cleanenv.doctor.finding import Hidden
from cleanenv.doctor.imports import path_entry, stdlib, sys_path
from cleanenv.doctor.imports.owners import Register
from cleanenv.doctor.remedies import Command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cleanenv.doctor.finding import Finding, Subject
    from cleanenv.doctor.imports.sys_path import Given
    from cleanenv.environments.interpreter import Interpreter

HOME = "PYTHONHOME"
PLATLIBDIR = "PYTHONPLATLIBDIR"
USER_BASE = "PYTHONUSERBASE"
NO_USER_SITE = "PYTHONNOUSERSITE"
FIRST_PLATLIBDIR = (3, 9)
LIB = "lib"
# (code; variable; fact about its value). An empty value is the same as none to Python.
SIMPLE = (
    ("pythonstartup", "PYTHONSTARTUP", "every interactive Python runs '{}' first"),
    ("pythoninspect", "PYTHONINSPECT", "every Python script drops into a prompt at its end"),
    ("python-executable", "PYTHONEXECUTABLE", "on macOS, Python looks for its environment beside '{}'"),
    ("python-executable", "__PYVENV_LAUNCHER__", "on macOS, Python looks for its environment beside '{}'"),
    ("python-behaviour", "PYTHONOPTIMIZE", "Python skips assert statements"),
    ("python-behaviour", "PYTHONWARNINGS", "'{}' decides which warnings Python shows"),
    ("python-behaviour", "PYTHONBREAKPOINT", "breakpoint() imports and calls '{}'"),
)
OFF = (("PYTHONOPTIMIZE", "0"), ("PYTHONBREAKPOINT", "0"))
_VERSIONED = re.compile(r"/(?:python|pypy)(\d\.\d+)t?/(?:site|dist)-packages(?:/|$)")


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what Python's variables do, apart from what PYTHONPATH adds and hides."""
    for given in sys_path.given(subject):
        if given.text:
            yield from _relative(given)
            yield from _useless(given)
            yield from _of_another_python(given, subject.python)
        else:
            yield _empty(given, subject.directory)
    for code, variable, fact in SIMPLE:
        value = subject.environ.get(variable, "")
        if value and (variable, value) not in OFF:
            yield _variable(code, variable, value, fact.format(value))
    yield from _home(subject)
    yield from _platlibdir(subject)
    yield from _user_base(subject)
    yield from _user_site(subject)


def _variable(code: str, variable: str, value: str, fact: str, evidence: Iterable[str] = ()) -> Finding:
    remedy = f"unset {variable}, and remove it from the file that sets it"
    line = remedies.unset(variable)
    return codes.finding(code, fact, remedy, variable=variable, value=value, evidence=evidence, line=line)


def _entry(code: str, given: Given, fact: str, remedy: str, evidence: Iterable[str] = ()) -> Finding:
    """Return a finding on one entry of PYTHONPATH."""
    entries = [given.text] if given.text else []
    return codes.finding(
        code, fact, remedy, variable=sys_path.VARIABLE, value=given.whole, evidence=evidence, entries=entries
    )


def _empty(given: Given, directory: str) -> Finding:
    fact = "an empty entry of PYTHONPATH stands for the current directory"
    remedy = "remove the ':' at the start or end, or one of two in a row"
    return _entry("pythonpath-current", given, fact, remedy, [f"currently {directory}"])


def _relative(given: Given) -> Iterator[Finding]:
    text = given.text
    if not os.path.isabs(text):
        fact = f"'{text}' on PYTHONPATH is relative to the current directory"
        remedy = "write an absolute path"
        if text.startswith("~"):
            remedy = "write an absolute path (Python does not expand '~')"
        yield _entry("pythonpath-relative", given, fact, remedy, [f"currently {given.entry.path}"])


def _useless(given: Given) -> Iterator[Finding]:
    """Yield an entry from which nothing can be imported."""
    text = given.text
    state = given.entry.state
    if state == path_entry.MISSING:
        fact = f"'{text}' on PYTHONPATH does not exist"
        yield _entry("pythonpath-missing", given, fact, f"remove '{text}' from PYTHONPATH")
    elif state == path_entry.NO_ARCHIVE:
        fact = f"'{text}' on PYTHONPATH is {state}: nothing can be imported from it"
        yield _entry("pythonpath-file", given, fact, "name the directory that contains the module")
    elif state == path_entry.UNREADABLE:
        fact = f"'{text}' on PYTHONPATH cannot be read: nothing can be imported from it"
        remedy = f"remove '{text}' from PYTHONPATH, or change its permissions"
        yield _entry("pythonpath-unreadable", given, fact, remedy)


def _of_another_python(given: Given, python: Interpreter | None) -> Iterator[Finding]:
    versioned = _VERSIONED.search(given.text)
    if versioned is None or python is None:
        return
    if versioned[1] != ".".join(map(str, python.version)):
        fact = f"'{given.text}' on PYTHONPATH is for Python {versioned[1]}, the environment has {python.full}"
        yield _entry("pythonpath-other-python", given, fact, "unset PYTHONPATH before you use the environment")


def _home(subject: Subject) -> Iterator[Finding]:
    """Yield PYTHONHOME, unless it names the very directories in which ENV's Python has its library anyway."""
    value = subject.environ.get(HOME, "")
    if not value:
        return
    homes = {os.path.realpath(os.path.join(subject.directory, home)) for home in value.split(":")}
    if subject.environment is not None and subject.python is not None:
        for library in stdlib.directories(subject.environment, subject.python)[:1]:
            prefix = os.path.dirname(os.path.dirname(os.path.realpath(library)))
            if homes == {prefix}:
                return
    fact = f"every Python loads its standard library from '{value}', whatever its version"
    yield _variable("pythonhome", HOME, value, fact)


def _platlibdir(subject: Subject) -> Iterator[Finding]:
    value = subject.environ.get(PLATLIBDIR, "")
    environment, python = subject.environment, subject.python
    if value in ("", LIB) or environment is None or python is None or python.version < FIRST_PLATLIBDIR:
        return
    library = f"{value}/{python.folder}/{stdlib.LANDMARK}"
    landmarks = [f"{prefix}/{library}" for prefix in stdlib.prefixes(environment)]
    if not any(map(os.path.isfile, landmarks)):
        fact = f"Python looks for its standard library in '{value}', does not find it there, and does not start"
        yield _variable("pythonplatlibdir", PLATLIBDIR, value, fact, [f"{landmarks[0]} does not exist"])


def _user_base(subject: Subject) -> Iterator[Finding]:
    value = subject.environ.get(USER_BASE, "")
    own = os.path.join(subject.home, ".local")
    if value and os.path.normpath(value) != own:
        fact = f"'pip install --user' installs into '{value}', not into '{own}'"
        yield _variable("pythonuserbase", USER_BASE, value, fact)


def _user_site(subject: Subject) -> Iterator[Finding]:
    """Yield the user's own packages that every Python sees; those that ENV sees are findings about ENV."""
    if subject.environment is not None or subject.environ.get(NO_USER_SITE):
        return
    base = subject.environ.get(USER_BASE) or os.path.join(subject.home, ".local")
    try:
        names = sorted(name for name in os.listdir(f"{base}/{LIB}") if name.startswith("python3."))
    except OSError:
        return
    register = Register()
    for name in names:
        hides = []
        entry = path_entry.Entry(f"{base}/{LIB}/{name}/site-packages", None)
        for module in entry.modules.values():
            if module.kind == path_entry.NAMESPACE or module.name.startswith("_"):
                continue
            distribution = register.distribution(module)
            hides.append(Hidden(module.name, entry.path, register.version(module), distribution=distribution))
        if hides:
            title = name.replace("python", "Python ")
            yield codes.finding(
                "user-site",
                f"every {title} outside an environment imports packages from '{entry.path}'",
                "install packages into environments, and keep Python from looking there",
                hides=hides,
                line=Command(remedies.EXPORT, NO_USER_SITE, "1"),
            )
