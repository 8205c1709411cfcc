"""``cleanenv shell [ENV]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cleanenv.cli import options
from cleanenv.cli.caller import invocation_of
from cleanenv.cli.dry_run import dry_run_option, show_call
from cleanenv.cli.printing import Printing
from cleanenv.session import interactive

if TYPE_CHECKING:
    from typing_extensions import Unpack


@click.command(cls=Printing)
@options.env
@options.shell
@options.rc
@options.overrides
@dry_run_option
@click.pass_context
def command(
    context: click.Context,
    env: str | None,
    shell_name: str | None,
    rc: str | None,
    dry_run: bool,
    **values: Unpack[options.Values],
) -> None:
    """Replace this process by a clean shell in which only ENV is active.

    If standard input is not a terminal, it is read as a script. Leave the
    shell with 'exit'; 'deactivate' leaves ENV and stays clean.
    """
    request = options.request(env, values, shell_name, rc)
    call = interactive.call(request, invocation_of(context), is_rehearsal=dry_run)
    if dry_run:
        show_call(call)
    else:
        call.replace_process()
