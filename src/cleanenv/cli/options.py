"""The options that commands share, turned into what the commands' bodies take."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ParamSpec, TypedDict, TypeVar

import click

from cleanenv.clean.plan import Overrides
from cleanenv.cli import candidates
from cleanenv.cli.caller import invocation_of
from cleanenv.errors import UsageError
from cleanenv.session.config import Config
from cleanenv.shell import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

shell = click.option(
    "--shell",
    "shell_name",
    metavar="NAME|PATH",
    shell_complete=candidates.shells,
    help=f"Use this shell instead of yours: {', '.join(registry.NAMES)}.",
)
rc = click.option(
    "--rc",
    metavar="FILE",
    type=click.Path(),
    help="Run this file of yours last, for aliases and a prompt: what it changes in PATH and the like is set back.",
)
show_secrets = click.option(
    "--show-secrets", is_flag=True, help="Print passwords and tokens as they are, not masked: do not share that."
)
env = click.argument("env", required=False, metavar="[ENV]", shell_complete=candidates.environments)


def parse_assignments(_: click.Context, __: click.Parameter, words: Sequence[str]) -> dict[str, str]:
    """Turn NAME=VALUE words into a mapping; raise UsageError for anything else."""
    assign = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise UsageError(f"--set {word!r} has no '='", "write it as NAME=VALUE")
        if not (name.isidentifier() and name.isascii()):
            raise UsageError(f"--set {word!r} has no valid name before '='", "use letters, digits and '_'")
        assign[name] = value
    return assign


def check_patterns(_: click.Context, __: click.Parameter, patterns: Sequence[str]) -> tuple[str, ...]:
    """Return ``patterns`` if each can match a name; raise UsageError for an empty one."""
    if "" in patterns:
        raise UsageError("--keep '' names no variable", "give a name or a glob such as 'AWS_*'")
    return tuple(patterns)


def check_paths(context: click.Context, _: click.Parameter, directories: Sequence[str]) -> tuple[str, ...]:
    """Make each directory absolute; raise UsageError for one that PATH cannot name."""
    paths = []
    for directory in directories:
        if ":" in directory or not directory:
            raise UsageError(f"--path {directory!r} cannot stand on PATH", "name one directory, without ':'")
        paths.append(os.path.join(invocation_of(context).directory, directory))
    return tuple(paths)


OVERRIDES = (
    click.option(
        "--keep",
        metavar="NAME|GLOB",
        multiple=True,
        callback=check_patterns,
        shell_complete=candidates.dropped_variables,
        help="Pass this variable on too. Repeat as needed.",
    ),
    click.option(
        "--set",
        "assign",
        metavar="NAME=VALUE",
        multiple=True,
        callback=parse_assignments,
        shell_complete=candidates.assignments,
        help="Set this variable. Repeat as needed.",
    ),
    click.option(
        "--path",
        metavar="DIR",
        multiple=True,
        callback=check_paths,
        shell_complete=candidates.directories,
        help="Put DIR on PATH, after ENV's bin and before the system's directories. Repeat as needed.",
    ),
    click.option(
        "--source",
        metavar="FILE",
        multiple=True,
        type=click.Path(),
        help="Run this setup file first, for example /opt/ros/humble/setup.bash. Repeat as needed.",
    ),
    click.option(
        "--source-shell",
        metavar="NAME",
        shell_complete=candidates.shells,
        help="With --source: the shell that reads FILE, instead of the one that its first line or its name says.",
    ),
    click.option("--create", is_flag=True, help="Create ENV with venv if it is missing."),
    click.option(
        "--python",
        metavar="X",
        shell_complete=candidates.pythons,
        help="With --create: the interpreter to create it with, a path, a command or a version.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Print nothing on stderr but errors."),
)


def overrides(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Add --keep, --set, --path, --source, --source-shell, --create, --python and --quiet to a command."""
    for option in reversed(OVERRIDES):
        function = option(function)
    return function


class Values(TypedDict):
    """What click hands to a command that has these options."""

    keep: tuple[str, ...]
    assign: dict[str, str]
    path: tuple[str, ...]
    source: tuple[str, ...]
    source_shell: str | None
    create: bool
    python: str | None
    quiet: bool


def request(env: str | None, values: Values, shell_name: str | None = None, rc_file: str | None = None) -> Config:
    """Return what the command line says; raise UsageError for options that do not go together."""
    if values["python"] is not None and not values["create"]:
        raise UsageError("--python without --create", "give both, or leave it out")
    if values["source_shell"] is not None and not values["source"]:
        raise UsageError("--source-shell without --source", "give both, or leave it out")
    return Config(
        env,
        shell_name,
        Overrides(values["keep"], values["assign"], values["path"], values["source"]),
        () if rc_file is None else (rc_file,),
        create=values["create"],
        python=values["python"],
        source_shell=values["source_shell"],
        quiet=values["quiet"],
    )
