"""``cleanenv shell [ENV]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cleanenv import detect, intro, shell, start
from cleanenv.cli import caller, options, preview, say

if TYPE_CHECKING:
    from typing_extensions import Unpack


@click.command()
@click.argument("env", required=False, metavar="[ENV]")
@click.option(
    "--shell", "shell_name", metavar="NAME|PATH", help=f"Take this shell and not yours: {', '.join(shell.NAMES)}."
)
@options.wishes
@preview.dry_run
def command(env: str | None, shell_name: str | None, dry_run: bool, **asked: Unpack[options.Asked]) -> None:
    """Replace this process by a clean shell in which only ENV is active.

    Without a terminal on standard input, it reads that as a script. Leave it
    with 'exit'; 'deactivate' leaves ENV and stays clean.
    """
    opened = options.open_session(env, asked)
    found = _find(shell_name or opened.shell)
    is_interactive = caller.is_terminal()
    if is_interactive and not asked["quiet"] and not dry_run:
        say(intro.line(found.shell.name, opened.environment, opened.plan.dropped, caller.environ()))
    call = start.clean_shell(
        found.shell,
        found.program,
        opened.plan,
        opened.environment.prompt,
        start.state_folder(caller.environ(), may_make=not dry_run),
        is_interactive=is_interactive,
    )
    if dry_run:
        preview.show(call)
    else:
        call.replace_process()


def _find(name: str | None) -> detect.Found:
    if name is not None:
        return detect.choose(name, [], caller.environ())
    from cleanenv.ancestry import ancestors

    return detect.choose(None, ancestors(), caller.environ())
