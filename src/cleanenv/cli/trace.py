"""``cleanenv trace [NAME…]``."""

from __future__ import annotations

import sys

import click

from cleanenv.cli import options
from cleanenv.cli.printing import Printing
from cleanenv.shell import detect
from cleanenv.system import console


@click.command(cls=Printing)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@options.shell
@click.option(
    "--login/--no-login",
    default=None,
    help="Replay the startup of a login shell, or not. By default what your shell is.",
)
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=20,
    show_default=True,
    help="End the startup after so long.",
)
@click.option("--missing", is_flag=True, help="List the startup files that do not exist, too.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, as the schema in cleanenv.trace has it.")
@click.pass_context
def command(
    context: click.Context,
    names: tuple[str, ...],
    *,
    shell_name: str | None,
    login: bool | None,
    timeout: float,
    missing: bool,
    as_json: bool,
) -> None:
    """Report which line of which file set a variable.

    Replays the startup of your shell from a clean login, changing nothing of
    yours, and prints each change of the variables NAME (globs such as 'ROS_*'
    too; by default all that leak into Python, and PATH) with the files and
    lines that led to it. Also looks at /etc/environment, pam_env.conf and
    systemd's environment.d.
    """
    from cleanenv.trace import tracing

    caller = options.caller(context)
    tracing.check(names)
    found = detect.choose(shell_name, caller.ancestry, caller.environ)
    if login is None:
        login = detect.is_login(caller.ancestry, found.program)
    trace = tracing.run(found.shell, found.program, names, caller.environ, login=login, timeout=timeout)
    if as_json:
        from cleanenv.trace.report import json_document

        console.write(f"{json_document.document(trace)}\n".encode())
        return
    from cleanenv.trace.report import terminal

    text = terminal.render(trace, caller.environ, is_terminal=sys.stdout.isatty(), with_missing=missing)
    console.write(text.encode(errors="surrogateescape"))
