"""Whether ENV still stands where it was made: its activate scripts and the first lines of its programs say so."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING

from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding
from cleanenv.environments import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.environments.environment import Environment

SCRIPTS = ("activate", "activate.csh", "activate.fish")
ASSIGNMENT = re.compile(r"^\s*(?:export |set -gx |setenv )?VIRTUAL_ENV[= ](.+)$", re.MULTILINE)
PYTHON = re.compile(r"(?:python|pypy)[0-9.]*t?")
HEAD = 1024  # bytes: Linux reads 256 of a first line, and what stands in for a longer one holds a path twice
# What pip, uv and setuptools write where the path is too long or holds a blank.
EXEC = re.compile(r"#!/bin/sh\n'''exec' (\"[^\"\n]*\"|'[^'\n]*'|[^\s\"']+) \"\$0\" \"\$@\"")


def findings(environment: Environment) -> Iterator[Finding]:
    """Yield what names another place than the one where ``environment`` is."""
    yield from _activation(environment)
    yield from _shebangs(environment)


def _activation(environment: Environment) -> Iterator[Finding]:
    named = {}
    for script in SCRIPTS:
        path = f"{environment.bin}/{script}"
        place = _assigned(path)
        if place and not _is_same(place, environment.path):
            named[path] = place
    if not named:
        return
    place = next(iter(named.values()))
    if os.path.isdir(place):
        fact = f"sourcing the activate script of '{environment.path}' activates another environment, '{place}'"
    else:
        fact = f"'{environment.path}' was made as '{place}' and moved: sourcing its activate script leads nowhere"
    yield Finding(
        "env-moved",
        SEVERITY["env-moved"],
        fact,
        "make it anew where it is, which keeps its packages; 'cleanenv shell' does without the script",
        evidence=tuple(f"{path}: VIRTUAL_ENV is '{place}'" for path, place in named.items()),
        line=_remake(environment),
    )


def _assigned(path: str) -> str | None:
    """Return the absolute path that an activate script gives VIRTUAL_ENV; None where it works it out."""
    for value in ASSIGNMENT.findall(_head(path, 1 << 16)):
        try:
            words = shlex.split(value)
        except ValueError:
            continue
        if len(words) == 1 and os.path.isabs(words[0]):
            return words[0]
    return None


def _remake(environment: Environment) -> str:
    """Return the command that writes the scripts again, empty where it is not known."""
    home = environment.config.get("home")
    if environment.kind == "uv":
        return f"uv venv --allow-existing {shlex.quote(environment.path)}"
    if environment.kind != "venv" or not home:
        return ""
    python = f"{home}/python{'.'.join(environment.version.split('.')[:2])}"
    return f"{shlex.quote(python)} -m venv {shlex.quote(environment.path)}"


def _shebangs(environment: Environment) -> Iterator[Finding]:
    evidence = []
    for name in _listed(environment.bin):
        path = f"{environment.bin}/{name}"
        python = None if os.path.islink(path) else interpreter(path)
        if python and not _is_same(os.path.dirname(python), environment.bin):
            evidence.append(f"{path}: #!{python}{'' if os.path.exists(python) else ', which is not there'}")
    if not evidence:
        return
    several = len(evidence) > 1
    yield Finding(
        "env-shebang",
        SEVERITY["env-shebang"],
        f"{len(evidence)} programs in '{environment.bin}' are started by a Python that is not the environment's"
        if several
        else f"a program in '{environment.bin}' is started by a Python that is not the environment's",
        f"install the packages that {'they belong' if several else 'it belongs'} to again, with 'pip install "
        "--force-reinstall', or start it as 'python -m NAME'",
        evidence=tuple(evidence),
    )


def interpreter(path: str) -> str | None:
    """Return the absolute path of the Python that the script at ``path`` names; None where it names none."""
    head = _head(path, HEAD)
    if not head.startswith("#!"):
        return None
    behind = EXEC.match(head)
    words = [behind[1].strip("\"'")] if behind else head[2:].partition("\n")[0].split()
    if not words or not os.path.isabs(words[0]) or not PYTHON.fullmatch(os.path.basename(words[0])):
        return None
    return words[0]


def _head(path: str, size: int) -> str:
    try:
        return metadata.read(path, size).decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _is_same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
