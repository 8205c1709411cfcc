"""``cleanenv doctor [ENV]``."""

from __future__ import annotations

import click

from cleanenv.cli import candidates, options
from cleanenv.cli.caller import invocation_of
from cleanenv.cli.printing import Printing
from cleanenv.doctor import command as doctor
from cleanenv.doctor.finding import SEVERITIES
from cleanenv.errors import UsageError


@click.command(cls=Printing)
@options.env
@click.option("--shell-only", is_flag=True, help="Check the shell alone, even if an environment is active or near.")
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
@click.option(
    "--ignore",
    metavar="CODE",
    multiple=True,
    shell_complete=candidates.codes,
    help="Leave out findings with this code. Repeat as needed.",
)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    help="Exit 1 only for findings at least so severe; by default for all but notes on what is normal.",
)
@options.show_secrets
@click.option("-q", "--quiet", is_flag=True, help="Print nothing, only set the exit status.")
@click.pass_context
def command(
    context: click.Context,
    env: str | None,
    *,
    shell_only: bool,
    is_traced: bool,
    login: bool | None,
    as_json: bool,
    page: str | None,
    ignore: tuple[str, ...],
    fail_on: str | None,
    show_secrets: bool,
    quiet: bool,
) -> None:
    """Report what leaks into this shell and ENV, what that hides, and how to fix it.

    Without ENV it is the active environment, else .venv or venv in this
    directory or its parents, else the shell alone is checked. Changes nothing.
    Exit status: 1 if something was found, apart from notes on what is normal
    or was let in on purpose (env-pth-package, path-outside, allowed-hides),
    else 0.
    """
    if shell_only and env is not None:
        raise UsageError("ENV and --shell-only cannot be combined", "leave one of them out")
    if login is not None and not is_traced:
        raise UsageError("--login and --no-login choose what --trace replays", "add --trace")
    caller = invocation_of(context)
    status = doctor.run(
        env,
        caller,
        shell_only=shell_only,
        is_traced=is_traced,
        login=login,
        as_json=as_json,
        page=page,
        ignore=ignore,
        fail_on=fail_on,
        show_secrets=show_secrets,
        quiet=quiet,
    )
    context.exit(status)
