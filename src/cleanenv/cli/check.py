"""``cleanenv check [ENV] [PATH…]``."""

from __future__ import annotations

import click

from cleanenv.check import command as check
from cleanenv.cli import candidates, options
from cleanenv.cli.caller import invocation_of
from cleanenv.cli.printing import Printing


@click.command(cls=Printing)
@options.env
@click.argument("paths", nargs=-1, metavar="[PATH]...", shell_complete=candidates.files)
@click.option(
    "-r",
    "--requirement",
    "files",
    metavar="FILE",
    multiple=True,
    shell_complete=candidates.files,
    help="Take requirements from FILE alone, not from every manifest found. Repeat as needed.",
)
@click.option("--exclude", "excluded", metavar="GLOB", multiple=True, help="Leave these paths out. Repeat as needed.")
@click.option("--trace", "is_traced", is_flag=True, help="Replay your shell's startup, and report file and line.")
@click.option("--startup", "from_startup", is_flag=True, help="Judge what a new terminal would have, not this shell.")
@click.option("--all", "shows_all", is_flag=True, help="Also report imports that find nothing, leak or not.")
@click.option(
    "--strict",
    "is_strict",
    is_flag=True,
    help="Imports that are declared only indirectly are errors; also report those for type checkers.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, by the schema in cleanenv.check.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing, only set the exit status.")
@click.pass_context
def command(
    context: click.Context,
    env: str | None,
    *,
    paths: tuple[str, ...],
    files: tuple[str, ...],
    excluded: tuple[str, ...],
    is_traced: bool,
    from_startup: bool,
    shows_all: bool,
    is_strict: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Report which imports of a project work only because of a leak.

    Reads the Python files, scripts and notebooks at each PATH, by default the
    current directory, and requirements*.txt, pyproject.toml, setup.cfg, setup.py
    and package.xml. Runs nothing and changes nothing. Exit status: 0 if no
    error or warning was found, 1 if one was.
    """
    wanted = check.Options(env, paths, files, excluded, is_traced, from_startup, shows_all, is_strict, as_json, quiet)
    context.exit(check.run(wanted, invocation_of(context)))
