"""``cleanenv trace [NAME…]``."""

from __future__ import annotations

import math
import sys

import click

from cleanenv.cli import candidates, options
from cleanenv.cli.caller import invocation_of
from cleanenv.cli.printing import Printing
from cleanenv.errors import UsageError
from cleanenv.shell import detect
from cleanenv.system import console

LONGEST = 86_400  # seconds, a day: more is a mistake, and no clock can wait for infinity


@click.command(cls=Printing)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=candidates.variables)
@options.shell
@click.option(
    "--login/--no-login",
    default=None,
    help="Replay the startup of a login shell, or not; by default what your shell is.",
)
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0, max=LONGEST, min_open=True),
    default=20,
    show_default=True,
    help="End the startup after this many seconds.",
)
@click.option("--missing", is_flag=True, help="Also list the startup files that do not exist or cannot be read.")
@options.show_secrets
@click.option("--json", "as_json", is_flag=True, help="Print JSON, by the schema in cleanenv.trace.report.")
@click.pass_context
def command(
    context: click.Context,
    names: tuple[str, ...],
    *,
    shell_name: str | None,
    login: bool | None,
    timeout: float,
    missing: bool,
    show_secrets: bool,
    as_json: bool,
) -> None:
    """Report which line of which file set a variable.

    Runs the startup files of your shell once more, as it was started, but
    from a clean login and without a terminal; commands that would replace the
    shell, take over the terminal or stay running are skipped. Prints each change
    of the variables NAME (globs such as 'ROS_*' too; by default all that leak into
    Python, and PATH) with the files and lines that led to it. Also reads
    /etc/environment, pam_env.conf and systemd's environment.d.
    """
    from cleanenv.trace import selection, start, tracing

    if math.isnan(timeout):  # which no range excludes
        raise UsageError("--timeout 'nan' is not a number of seconds", "give one such as 20")
    caller = invocation_of(context)
    selection.check(names)
    chosen = detect.choose(shell_name, caller.ancestry, caller.environ)
    if chosen.why_assumed:
        console.say(chosen.why_assumed)
    started = start.read(chosen.shell, chosen.program, caller.ancestry, caller.environ)
    is_login = started.login if login is None else login
    # With an option it is that startup alone which is asked about.
    login_shell = start.login_shell(caller.ancestry, caller.environ) if login is None else None
    trace = tracing.run(
        chosen.shell,
        chosen.program,
        names,
        caller.environ,
        login=is_login,
        timeout=timeout,
        ancestors=caller.ancestry,
        start=started,
        login_shell=login_shell,
    )
    if not show_secrets:
        from cleanenv.system import masking

        trace = masking.masked(trace, masking.secrets(caller.environ))
    if as_json:
        from cleanenv.trace.report import json_document

        console.write(f"{json_document.document(trace)}\n".encode())
        return
    from cleanenv.trace.report import terminal

    text = terminal.render(trace, caller.environ, is_terminal=sys.stdout.isatty(), with_missing=missing)
    console.write(text.encode(errors="surrogateescape"))
