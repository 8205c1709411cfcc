"""Whether ENV is still where it was created, by its activate scripts and the first lines of its programs."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING

from cleanenv.doctor import codes
from cleanenv.environments import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.doctor.finding import Finding
    from cleanenv.environments.environment import Environment

SCRIPTS = ("activate", "activate.csh", "activate.fish")
SCRIPT_SIZE = 1 << 16  # bytes of an activate script that are read
ASSIGNMENT = re.compile(r"^\s*(?:export |set -gx |setenv )?VIRTUAL_ENV[= ](.+)$", re.MULTILINE)
PYTHON = re.compile(r"(?:python|pypy)[0-9.]*t?")
# Bytes of a program that are read. Linux takes 256 of a first line (execve(2)), macOS 512; what pip and its
# kin write in place of a longer one contains the path once, and a path may have 4096.
HEAD = 4096 + 64
# What pip, uv and setuptools write if the path is too long or contains a blank.
EXEC = re.compile(r"#!/bin/sh\n'''exec' (\"[^\"\n]*\"|'[^'\n]*'|[^\s\"']+) \"\$0\" \"\$@\"")


def findings(environment: Environment) -> Iterator[Finding]:
    """Yield what names another path than the one where ``environment`` is."""
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
        fact = f"'{environment.path}' was moved after it was created as '{place}': its activate script does not work"
    yield codes.finding(
        "env-moved",
        fact,
        "recreate it where it is, which keeps its packages ('cleanenv shell' works without the script)",
        evidence=[f"{path}: VIRTUAL_ENV is '{place}'" for path, place in named.items()],
        line=_recreate(environment),
    )


def _assigned(script: str) -> str | None:
    """Return the absolute path that an activate script gives VIRTUAL_ENV; None if it computes it."""
    for value in ASSIGNMENT.findall(_head(script, SCRIPT_SIZE)):
        try:
            words = shlex.split(value)
        except ValueError:
            continue
        if len(words) == 1 and os.path.isabs(words[0]):
            return words[0]
    return None


def _recreate(environment: Environment) -> str:
    """Return the command that writes the scripts again, empty if it is not known."""
    home = environment.config.get("home")
    if environment.kind == "uv":
        return f"uv venv --allow-existing {shlex.quote(environment.path)}"
    if environment.kind != "venv" or not home:
        return ""
    minor_version = ".".join(environment.version.split(".")[:2])
    python = f"{home}/python{minor_version}"
    return f"{shlex.quote(python)} -m venv {shlex.quote(environment.path)}"


def _shebangs(environment: Environment) -> Iterator[Finding]:
    evidence = []
    for name in _names(environment.bin):
        path = f"{environment.bin}/{name}"
        if os.path.islink(path):  # pipx and uv link programs of other environments
            continue
        python = interpreter(path)
        if python is None or _is_same(os.path.dirname(python), environment.bin):
            continue
        missing = "" if os.path.exists(python) else ", which does not exist"
        evidence.append(f"{path}: #!{python}{missing}")
    if not evidence:
        return
    subject, owner = "a program", "the package it belongs to"
    if len(evidence) > 1:
        subject, owner = f"{len(evidence)} programs", "the packages they belong to"
    be = "are" if len(evidence) > 1 else "is"
    yield codes.finding(
        "env-shebang",
        f"{subject} in '{environment.bin}' {be} started by a Python other than the environment's",
        f"reinstall {owner} with 'pip install --force-reinstall', or use 'python -m NAME'",
        evidence=evidence,
    )


def interpreter(script: str) -> str | None:
    """Return the absolute path of the Python that the first line of ``script`` names; None if it names none."""
    head = _head(script, HEAD)
    if not head.startswith("#!"):
        return None
    by_exec = EXEC.match(head)
    if by_exec is not None:
        program = by_exec[1].strip("\"'")
    else:
        words = head[2:].partition("\n")[0].split()
        program = words[0] if words else ""
    if os.path.isabs(program) and PYTHON.fullmatch(os.path.basename(program)):
        return program
    return None


def _head(path: str, size: int) -> str:
    try:
        return metadata.read(path, size).decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def _names(directory: str) -> list[str]:
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return []


def _is_same(path: str, other: str) -> bool:
    return os.path.realpath(path) == os.path.realpath(other)
