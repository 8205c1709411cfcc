"""The options that shell, run and env share, turned into overrides and sessions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ParamSpec, TypedDict, TypeVar

import click

from cleanenv.clean.plan import Overrides
from cleanenv.errors import UsageError
from cleanenv.session import session
from cleanenv.system import invocation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def parse_assignments(_: click.Context, __: click.Parameter, words: Sequence[str]) -> dict[str, str]:
    """Turn NAME=VALUE words into a mapping; raise UsageError for what is none."""
    assign = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise UsageError(f"--set {word!r} has no '=': write it as NAME=VALUE")
        if not (name.isidentifier() and name.isascii()):
            raise UsageError(f"--set {word!r} has no name for a variable before '=': letters, digits and '_' make one")
        assign[name] = value
    return assign


def check_paths(_: click.Context, __: click.Parameter, folders: Sequence[str]) -> tuple[str, ...]:
    """Make each folder absolute; raise UsageError for one that PATH cannot name."""
    for folder in folders:
        if ":" in folder or not folder:
            raise UsageError(f"--path {folder!r} cannot stand on PATH: name one folder, without ':'")
    return tuple(os.path.join(invocation.folder(), folder) for folder in folders)


def overrides(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Add --keep, --set, --path, --source, --create, --python and --quiet to a command."""
    for option in reversed(
        (
            click.option(
                "--keep", metavar="NAME|GLOB", multiple=True, help="Let this variable in too. Repeat as needed."
            ),
            click.option(
                "--set",
                "assign",
                metavar="NAME=VALUE",
                multiple=True,
                callback=parse_assignments,
                help="Set this variable. Repeat as needed.",
            ),
            click.option(
                "--path",
                metavar="DIR",
                multiple=True,
                callback=check_paths,
                help="Put DIR on PATH, behind ENV's bin and before the system's. Repeat as needed.",
            ),
            click.option(
                "--source",
                metavar="FILE",
                multiple=True,
                type=click.Path(),
                help="Run this setup file first, as /opt/ros/humble/setup.bash. Repeat as needed.",
            ),
            click.option("--create", is_flag=True, help="Make ENV with venv if it is not there."),
            click.option(
                "--python",
                metavar="X",
                help="With --create: the interpreter that makes it, a path, a command or a version.",
            ),
            click.option("-q", "--quiet", is_flag=True, help="Print nothing on stderr but errors."),
        )
    ):
        function = option(function)
    return function


class Asked(TypedDict):
    """What click hands to a command that has these options."""

    keep: tuple[str, ...]
    assign: dict[str, str]
    path: tuple[str, ...]
    source: tuple[str, ...]
    create: bool
    python: str | None
    quiet: bool


def open_session(name: str | None, asked: Asked) -> session.Session:
    """Return the session of the environment ``name`` that the options mean; print its remarks unless quiet."""
    if asked["python"] is not None and not asked["create"]:
        raise UsageError("--python says what makes ENV: give it together with --create")
    wanted = Overrides(asked["keep"], asked["assign"], asked["path"], asked["source"])
    opened = session.prepare(
        name, wanted, invocation.environ(), invocation.folder(), create=asked["create"], python=asked["python"]
    )
    if not asked["quiet"]:
        opened.print_remarks()
    return opened
