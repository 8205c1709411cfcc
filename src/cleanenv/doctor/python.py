"""Python's own variables: PYTHONPATH entry by entry, and those that move its library, run code or change it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cleanenv.doctor import entry as entries
from cleanenv.doctor import searched
from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding, Hidden
from cleanenv.doctor.owner import Register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.doctor.finding import Subject
    from cleanenv.doctor.searched import Given
    from cleanenv.freeze.interpreter import Interpreter

PLATLIBDIR = "PYTHONPLATLIBDIR"
USER_BASE = "PYTHONUSERBASE"
LIB = "lib"  # where every environment has its packages, on systems with lib64 too
# (code; variable; fact about its value; what to know of it). An empty value is none to Python.
SIMPLE = (
    (
        "pythonhome",
        "PYTHONHOME",
        "Python takes its standard library from '{}', not from where the environment has it",
        "",
    ),
    ("pythonstartup", "PYTHONSTARTUP", "every interactive Python first runs '{}'", ""),
    ("pythoninspect", "PYTHONINSPECT", "every Python program waits for input when it is done", ""),
    (
        "python-executable",
        "PYTHONEXECUTABLE",
        "on macOS, Python takes '{}' for its own program",
        "looks for environments beside it",
    ),
    (
        "python-executable",
        "__PYVENV_LAUNCHER__",
        "on macOS, Python takes '{}' for its own program",
        "set by a launcher",
    ),
    ("python-behaviour", "PYTHONOPTIMIZE", "Python leaves out assert statements", ""),
    ("python-behaviour", "PYTHONWARNINGS", "Python's warnings are filtered by '{}'", "'error' makes programs fail"),
    ("python-behaviour", "PYTHONBREAKPOINT", "breakpoint() calls '{}'", "what it names is imported then"),
)
_VERSIONED = re.compile(r"/(?:python|pypy)(\d\.\d+)t?/(?:site|dist)-packages(?:/|$)")


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what Python's variables do, but for what PYTHONPATH adds and hides."""
    python = searched.python_of(subject)
    for given in searched.given(subject, python):
        yield from _of_entry(given, python, subject.folder)
    for code, variable, fact, evidence in SIMPLE:
        value = subject.environ.get(variable, "")
        if value:
            yield _variable(code, variable, value, fact.format(value), *filter(None, [evidence]))
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
    return Finding(code, SEVERITY[code], fact, remedy, searched.VARIABLE, given.whole, evidence)


def _platlibdir(subject: Subject, python: Interpreter | None) -> Iterator[Finding]:
    value = subject.environ.get(PLATLIBDIR, "")
    first = (3, 9)
    if value in ("", LIB) or subject.environment is None or (python is not None and python.version < first):
        return
    folder = f"{subject.environment.path}/{value}"
    if not os.path.isdir(folder):
        fact = f"Python looks for compiled parts in '{value}' folders, and the environment has none"
        yield _variable("pythonplatlibdir", PLATLIBDIR, value, fact, f"{folder} is not there")


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
