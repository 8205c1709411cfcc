"""``cleanenv doctor [ENV]``."""

from __future__ import annotations

import click

from cleanenv.cli import candidates, options
from cleanenv.cli.caller import invocation_of
from cleanenv.cli.printing import Printing
from cleanenv.doctor import command as doctor
from cleanenv.errors import UsageError


@click.command(cls=Printing)
@options.env
@click.option("--trace", "is_traced", is_flag=True, help="Replay your shell's startup, and report file and line.")
@click.option(
    "--login/--no-login",
    default=None,
    help="With --trace: replay a login shell's startup, or not; by default what your shell is.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, by the schema in cleanenv.doctor.report.")
@click.option(
    "--html", "page", metavar="FILE", shell_complete=candidates.files, help="Also write a page to FILE, atomically."
)
@options.show_secrets
@click.option("-q", "--quiet", is_flag=True, help="Print nothing, only set the exit status.")
@click.pass_context
def command(
    context: click.Context,
    env: str | None,
    *,
    is_traced: bool,
    login: bool | None,
    as_json: bool,
    page: str | None,
    show_secrets: bool,
    quiet: bool,
) -> None:
    """Report what leaks into this shell and ENV, what that hides, and how to fix it.

    Without ENV only the shell is checked. Changes nothing. Exit status: 0 if
    nothing was found, 1 if something was.
    """
    if login is not None and not is_traced:
        raise UsageError("--login and --no-login choose what --trace replays", "add --trace")
    caller = invocation_of(context)
    status = doctor.run(
        env,
        caller,
        is_traced=is_traced,
        login=login,
        as_json=as_json,
        page=page,
        show_secrets=show_secrets,
        quiet=quiet,
    )
    context.exit(status)
