"""``cleanenv shell [ENV]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cleanenv.cli import options
from cleanenv.cli.dry_run import dry_run_option, show_call
from cleanenv.session import interactive
from cleanenv.shell import registry

if TYPE_CHECKING:
    from typing_extensions import Unpack


@click.command()
@click.argument("env", required=False, metavar="[ENV]")
@click.option(
    "--shell", "shell_name", metavar="NAME|PATH", help=f"Take this shell and not yours: {', '.join(registry.NAMES)}."
)
@options.overrides
@dry_run_option
def command(env: str | None, shell_name: str | None, dry_run: bool, **asked: Unpack[options.Asked]) -> None:
    """Replace this process by a clean shell in which only ENV is active.

    Without a terminal on standard input, it reads that as a script. Leave it
    with 'exit'; 'deactivate' leaves ENV and stays clean.
    """
    opened = options.open_session(env, asked)
    call = interactive.call(opened, shell_name, greet=not (asked["quiet"] or dry_run), is_rehearsal=dry_run)
    if dry_run:
        show_call(call)
    else:
        call.replace_process()
