"""What may stand for a parameter on the command line, for completion."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

from cleanenv.clean import policy
from cleanenv.cli.caller import invocation_of
from cleanenv.environments import discovery, listing
from cleanenv.environments.environment import read_environment
from cleanenv.errors import CleanenvError
from cleanenv.shell import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from cleanenv.system.invocation import Invocation

PART = "part"  # a word that goes on: no blank after it
PYTHONS = ("python", "pypy")


def environments(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Return the environments that begin so, by name or path, and the directories that may lead to one."""
    caller = invocation_of(context)
    if "/" in incomplete or incomplete.startswith(("~", ".")):
        return list(_below(incomplete, caller))
    found = []
    for listed in listing.environments(caller.environ, caller.directory):
        if listed.name.startswith(incomplete):
            environment = listed.environment
            found.append(CompletionItem(listed.name, help=f"{environment.kind} {environment.version}".strip()))
    return found or list(_below(incomplete, caller))


def _below(incomplete: str, caller: Invocation) -> Iterator[CompletionItem[str]]:
    """Yield the directories whose path begins with ``incomplete``; an environment is a whole word."""
    typed, slash, start = incomplete.rpartition("/")
    parent = typed + slash
    home = caller.environ.get("HOME", "")
    place = home + parent[1:] if parent.startswith("~/") and home else parent
    directory = os.path.join(caller.directory, place)
    try:
        names = sorted(os.listdir(directory))
    except OSError:
        return
    for name in names:
        path = os.path.join(directory, name)
        is_hidden = name.startswith(".") and not start.startswith(".") and name not in discovery.UNNAMED
        if is_hidden or not name.startswith(start) or not os.path.isdir(path):
            continue
        if _is_environment(path):
            yield CompletionItem(parent + name, help="environment")
        else:
            yield CompletionItem(f"{parent}{name}/", type=PART)


def _is_environment(path: str) -> bool:
    try:
        return read_environment(path) is not None
    except CleanenvError:
        return False


def directories(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Leave it to the shell to complete directories."""
    return [CompletionItem(incomplete, type="dir")]


def files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Leave it to the shell to complete files."""
    return [CompletionItem(incomplete, type="file")]


def variables(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Return the names of the caller's variables."""
    names = sorted(invocation_of(context).environ)
    return [CompletionItem(name, help=policy.hazard(name)) for name in names if name.startswith(incomplete)]


def dropped_variables(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Return the names of the caller's variables that are not passed on."""
    environ = invocation_of(context).environ
    names = [name for name in sorted(environ) if name.startswith(incomplete) and policy.kept(name) is None]
    return [CompletionItem(name, help=policy.hazard(name)) for name in names]


def assignments(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Return ``NAME=`` for each of the caller's variables."""
    names = sorted(invocation_of(context).environ)
    return [CompletionItem(f"{name}=", type=PART) for name in names if name.startswith(incomplete)]


def codes(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Return doctor's codes that begin so, each with its meaning."""
    from cleanenv.doctor.codes import CODES

    return [CompletionItem(code, help=meaning) for code, _, meaning in CODES if code.startswith(incomplete)]


def shells(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Return the names of the shells, or files for a path."""
    if "/" in incomplete:
        return [CompletionItem(incomplete, type="file")]
    return [CompletionItem(name) for name in registry.NAMES if name.startswith(incomplete)]


def pythons(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Return the Pythons on the caller's PATH, or files for a path."""
    if "/" in incomplete:
        return [CompletionItem(incomplete, type="file")]
    path = invocation_of(context).environ.get("PATH", "")
    names = [name for name in programs(path, incomplete) if name.startswith(PYTHONS) and "-" not in name]
    return [CompletionItem(name) for name in names]


def programs(path: str, start: str) -> list[str]:
    """Return the sorted names of the programs on ``path`` that begin with ``start``."""
    found: set[str] = set()
    for directory in path.split(":"):
        try:
            entries = list(os.scandir(directory)) if directory else []
        except OSError:
            continue
        found.update(entry.name for entry in entries if entry.name.startswith(start) and os.access(entry.path, os.X_OK))
    return sorted(found)


def first_words(context: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Return what COMMAND may be: the programs in ENV, then those of the system's that begin so; files for a path."""
    if "/" in incomplete:
        return [CompletionItem(incomplete, type="file")]
    caller = invocation_of(context)
    own: list[str] = []
    try:
        environment = discovery.find(context.params.get("env"), caller.environ, caller.directory)
        own = programs(environment.bin, incomplete)
    except CleanenvError:
        pass
    further = programs(":".join(policy.SYSTEM_PATH), incomplete) if incomplete or not own else []
    items = [CompletionItem(name, help="of ENV") for name in own]
    return items + [CompletionItem(name) for name in further if name not in own]
