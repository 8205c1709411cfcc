"""Python's own variables: PYTHONPATH entry by entry, and those that move its library, run code or change it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding, Hidden
from cleanenv.doctor.imports import path_entry as entries
from cleanenv.doctor.imports import stdlib, sys_path
from cleanenv.doctor.imports.owners import Register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.doctor.finding import Subject
    from cleanenv.doctor.imports.sys_path import Given
    from cleanenv.environments.interpreter import Interpreter

HOME = "PYTHONHOME"
PLATLIBDIR = "PYTHONPLATLIBDIR"
USER_BASE = "PYTHONUSERBASE"
FIRST_PLATLIBDIR = (3, 9)
LIB = "lib"
# (code; variable; fact about its value). An empty value is none to Python.
SIMPLE = (
    ("pythonstartup", "PYTHONSTARTUP", "every interactive Python first runs '{}'"),
    ("pythoninspect", "PYTHONINSPECT", "every Python program waits for input when it is done"),
    ("python-executable", "PYTHONEXECUTABLE", "on macOS, Python looks for environments beside '{}'"),
    ("python-executable", "__PYVENV_LAUNCHER__", "on macOS, Python looks for environments beside '{}'"),
    ("python-behaviour", "PYTHONOPTIMIZE", "Python leaves out assert statements"),
    ("python-behaviour", "PYTHONWARNINGS", "Python's warnings are filtered by '{}'"),
    ("python-behaviour", "PYTHONBREAKPOINT", "breakpoint() imports and calls '{}'"),
)
OFF = (("PYTHONOPTIMIZE", "0"), ("PYTHONBREAKPOINT", "0"))
_VERSIONED = re.compile(r"/(?:python|pypy)(\d\.\d+)t?/(?:site|dist)-packages(?:/|$)")


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what Python's variables do, but for what PYTHONPATH adds and hides."""
    python = sys_path.python_of(subject)
    for given in sys_path.given(subject, python):
        yield from _of_entry(given, python, subject.folder)
    for code, variable, fact in SIMPLE:
        value = subject.environ.get(variable, "")
        if value and (variable, value) not in OFF:
            yield _variable(code, variable, value, fact.format(value))
    yield from _home(subject, python)
    yield from _platlibdir(subject, python)
    yield from _user_base(subject)
    yield from _user_site(subject)


def _variable(code: str, variable: str, value: str, fact: str, *evidence: str) -> Finding:
    remedy = f"unset {variable}, and take it out of the file that sets it"
    return Finding(code, SEVERITY[code], fact, remedy, variable, value, evidence, line=f"unset {variable}")


def _of_entry(given: Given, python: Interpreter | None, folder: str) -> Iterator[Finding]:
    """Yield what is wrong with an entry itself: its text, what it leads to, for which Python it is."""
    text = given.text
    state = given.entry.state
    if not text:
        fact = "an empty entry of PYTHONPATH stands for the current folder, whichever that is"
        yield _entry(
            "pythonpath-current", given, fact, "take out the ':' at its start, its end, or one of two in a row", folder
        )
        return
    if not os.path.isabs(text):
        fact = f"'{text}' on PYTHONPATH begins at the current folder, whichever that is"
        remedy = "write it from / on; Python does not expand '~'" if text[0] == "~" else "write it from / on"
        yield _entry("pythonpath-relative", given, fact, remedy, f"now it is {given.entry.path}")
    if state == entries.MISSING:
        yield _entry("pythonpath-missing", given, f"'{text}' on PYTHONPATH is not there", f"take '{text}' out")
    elif state == entries.NO_ARCHIVE:
        fact = f"'{text}' on PYTHONPATH is {state}: nothing is imported from it"
        yield _entry("pythonpath-file", given, fact, "name the folder that the module lies in")
    elif state == entries.UNREADABLE:
        fact = f"'{text}' on PYTHONPATH cannot be read: nothing is imported from it"
        yield _entry("pythonpath-unreadable", given, fact, f"take '{text}' out, or change its permissions")
    made_for = _VERSIONED.search(text)
    if made_for and python is not None and made_for[1] != ".".join(map(str, python.version)):
        fact = f"'{text}' on PYTHONPATH is for Python {made_for[1]}, the environment has {python.full}"
        yield _entry("pythonpath-other-python", given, fact, "unset PYTHONPATH before the environment is used")


def _entry(code: str, given: Given, fact: str, remedy: str, *evidence: str) -> Finding:
    return Finding(code, SEVERITY[code], fact, remedy, sys_path.VARIABLE, given.whole, evidence)


def _home(subject: Subject, python: Interpreter | None) -> Iterator[Finding]:
    """Yield PYTHONHOME, but where it names the very folders in which ENV's Python has its library anyway."""
    value = subject.environ.get(HOME, "")
    if not value:
        return
    homes = {os.path.realpath(os.path.join(subject.folder, home)) for home in value.split(":")}
    if subject.environment is not None and python is not None:
        library = next(iter(stdlib.folders(subject.environment, python)), "")
        if library and homes == {os.path.dirname(os.path.dirname(os.path.realpath(library)))}:
            return
    yield _variable(
        "pythonhome", HOME, value, f"Python takes its standard library from '{value}', whichever Python it is"
    )


def _platlibdir(subject: Subject, python: Interpreter | None) -> Iterator[Finding]:
    value = subject.environ.get(PLATLIBDIR, "")
    if value in ("", LIB) or subject.environment is None or python is None or python.version < FIRST_PLATLIBDIR:
        return
    places = [f"{prefix}/{value}/{python.folder}" for prefix in stdlib.prefixes(subject.environment)]
    if not any(os.path.isfile(f"{place}/{stdlib.LANDMARK}") for place in places):
        fact = f"Python looks for its standard library in '{value}', where it is not, and does not start"
        yield _variable("pythonplatlibdir", PLATLIBDIR, value, fact, f"{places[0]}/{stdlib.LANDMARK} is not there")


def _user_base(subject: Subject) -> Iterator[Finding]:
    value = subject.environ.get(USER_BASE, "")
    own = os.path.join(subject.home, ".local")
    if value and os.path.normpath(value) != own:
        fact = f"'pip install --user' installs into '{value}', not into '{own}'"
        yield _variable("pythonuserbase", USER_BASE, value, fact)


def _user_site(subject: Subject) -> Iterator[Finding]:
    """Yield the user's own packages where every Python sees them; those that ENV sees are told of ENV."""
    if subject.environment is not None or subject.environ.get("PYTHONNOUSERSITE"):
        return
    base = subject.environ.get(USER_BASE) or os.path.join(subject.home, ".local")
    try:
        names = sorted(name for name in os.listdir(f"{base}/{LIB}") if name.startswith("python3."))
    except OSError:
        return
    register = Register()
    for name in names:
        entry = entries.Entry(f"{base}/{LIB}/{name}/site-packages", None)
        modules = [each for each in entry.modules.values() if each.kind != entries.NAMESPACE and each.name[0] != "_"]
        if modules:
            title = name.replace("python", "Python ")
            yield Finding(
                "user-site",
                SEVERITY["user-site"],
                f"every {title} outside of an environment imports packages from '{entry.path}'",
                "install into environments; PYTHONNOUSERSITE=1 keeps Python from looking there",
                hides=tuple(Hidden(each.name, entry.path, register.version(each)) for each in modules),
                line="export PYTHONNOUSERSITE=1",
            )
