"""``cleanenv allow``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from cleanenv.cli import candidates
from cleanenv.cli.caller import invocation_of
from cleanenv.cli.printing import Printing
from cleanenv.errors import CleanenvError, UsageError
from cleanenv.session import config, config_table, consent, project_file
from cleanenv.system import console
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.session.consent import Record

ALLOWED, CHANGED, MISSING = "allowed", "changed", "missing"  # what --list says of a file


@click.command(cls=Printing)
@click.argument("file", required=False, metavar="[FILE|DIR]", shell_complete=candidates.files)
@click.option("--list", "is_list", is_flag=True, help="List what you have allowed, and whether it has changed since.")
@click.option("--revoke", "is_revoked", is_flag=True, help="Forget that you have allowed FILE.")
@click.pass_context
def command(context: click.Context, file: str | None, *, is_list: bool, is_revoked: bool) -> None:
    """Let a project's pyproject.toml set and keep variables, and run what it names.

    FILE is a pyproject.toml, DIR the directory of one; left out, it is the
    nearest one, in this directory or its parents. What it says under
    [tool.cleanenv] takes effect until that changes; 'env' counts without.
    """
    caller = invocation_of(context)
    if is_list:
        if file is not None or is_revoked:
            raise UsageError("--list stands alone", "leave out what else you gave")
        _print_list(caller.environ)
        return
    path = _path(file, caller.directory)
    if is_revoked:
        if not consent.revoke(path, caller.environ):
            raise CleanenvError(f"'{path}' was not allowed", "'cleanenv allow --list' lists what is")
        console.say(f"'{path}' is no longer allowed")
        return
    items = _items(path, caller.environ.get("HOME", ""))
    if not items:
        raise UsageError(f"'{path}' says nothing under [tool.cleanenv]", "there is nothing to allow")
    consent.give(path, items, caller.environ)
    _print_allowed(path, items)


def _path(file: str | None, directory: str) -> str:
    """Return the path of the file that is meant, whether it exists or not."""
    if file is None:
        path = config.nearest(directory)
        if path is None:
            raise UsageError(f"no {config.PROJECT_FILE} in this directory or its parents", "name one")
        return path
    path = os.path.join(directory, file)
    if os.path.isdir(path):
        return os.path.join(os.path.realpath(path), config.PROJECT_FILE)
    if os.path.basename(path) != config.PROJECT_FILE:
        raise UsageError(f"'{file}' is not a {config.PROJECT_FILE}", "only such a file needs to be allowed")
    return consent.place_of(path)


def _items(path: str, home: str) -> dict[str, object]:
    """Return the table of the file at ``path``, all of it checked."""
    try:
        content, _ = config.read_file(path)
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise UsageError(f"cannot read '{path}' ({reason})", "name another") from error
    return config_table.project(path, content, home).items


def _print_allowed(path: str, items: Mapping[str, object]) -> None:
    """Print what was allowed: it may be another content than the user has read."""
    phrases = " and ".join(project_file.asked_for(items)) or "choose the environment"
    console.write(f"{readable(f'allowed {path} to {phrases}')}\n".encode())


def _print_list(environ: Mapping[str, str]) -> None:
    lines = []
    for record in sorted(consent.records(environ)):
        state = _state(record, environ.get("HOME", ""))
        lines.append(f"{state}  {readable(record.path)}\n")
    console.write("".join(lines).encode())


def _state(record: Record, home: str) -> str:
    try:
        items = _items(record.path, home)
    except UsageError:
        return CHANGED if os.path.lexists(record.path) else MISSING
    return ALLOWED if consent.digest(items) == record.digest else CHANGED
