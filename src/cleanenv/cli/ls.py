"""``cleanenv ls``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from cleanenv.cli.caller import invocation_of
from cleanenv.cli.printing import Printing
from cleanenv.environments import interpreter, listing
from cleanenv.environments.environment import interpreter_fault
from cleanenv.system import console
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.environments.environment import Environment
    from cleanenv.environments.listing import Listed

VERSION = 1  # of the JSON
HEADINGS = ("name", "python", "kind", "path")
UNKNOWN = "?"


@click.command(cls=Printing)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: version, and environments, a list.")
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """List the environments that ENV can name from here; '*' marks the active one.

    These are the ones in this directory, the nearest .venv or venv above it,
    and those that virtualenvwrapper, Poetry, pyenv and conda keep by name.
    """
    caller = invocation_of(context)
    found = listing.environments(caller.environ, caller.directory)
    if as_json:
        document = {"version": VERSION, "environments": [_entry(listed) for listed in found]}
        console.write(f"{json.dumps(document, indent=2)}\n".encode())
    elif found:
        console.write(_table(found, caller.environ.get("HOME", "")).encode())
    else:
        console.say(
            "no environment here or in the places where tools keep them: create one with 'cleanenv shell --create'"
        )


def _entry(listed: Listed) -> dict[str, str | bool | None]:
    environment = listed.environment
    return {
        "name": listed.name,
        "path": environment.path,
        "kind": environment.kind,
        "python": _python(environment) or None,
        "active": listed.is_active,
        "fault": interpreter_fault(environment) or None,
    }


def _python(environment: Environment) -> str:
    """Return the version of the Python of ``environment``, empty if its files do not tell."""
    found = interpreter.read(environment)
    return found.full if found is not None else environment.version


def _table(found: Sequence[Listed], home: str) -> str:
    rows: list[tuple[str, ...]] = [HEADINGS]
    for listed in found:
        environment = listed.environment
        python = _python(environment) or UNKNOWN
        if interpreter_fault(environment):
            python += " (broken)"
        rows.append((listed.name, python, environment.kind, environment.path))
    rows = [tuple(readable(console.with_tilde(cell, home)) for cell in row) for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS) - 1)]
    marks = [" ", *("*" if listed.is_active else " " for listed in found)]
    lines = []
    for mark, row in zip(marks, rows, strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)]
        lines.append("  ".join((f"{mark} {cells[0]}", *cells[1:], row[-1])))
    return "\n".join(lines) + "\n"
