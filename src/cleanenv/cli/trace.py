"""`cleanenv trace [NAME…]`."""

from __future__ import annotations

import sys

import click

from cleanenv.shell import detect, registry
from cleanenv.system import invocation, processes


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--shell",
    "shell_name",
    metavar="NAME|PATH",
    help=f"Trace this shell instead of yours: {', '.join(registry.NAMES)}.",
)
@click.option(
    "--login/--no-login",
    default=None,
    help="Replay the startup of a login shell, or not; by default what your shell is.",
)
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=20,
    show_default=True,
    help="End the startup after this many seconds.",
)
@click.option("--missing", is_flag=True, help="Also list the startup files that do not exist or cannot be read.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, by the schema in cleanenv.trace.report.")
def command(
    names: tuple[str, ...],
    *,
    shell_name: str | None,
    login: bool | None,
    timeout: float,
    missing: bool,
    as_json: bool,
) -> None:
    """Report which line of which file set a variable.

    Runs the startup files of your shell once more, as a new terminal would,
    from a clean login and without a terminal; commands that would replace the
    shell, take over the terminal or stay running are skipped. Prints each change
    of the variables NAME (globs such as 'ROS_*' too; by default all that leak into
    Python, and PATH) with the files and lines that led to it. Also reads
    /etc/environment, pam_env.conf and systemd's environment.d.
    """
    from cleanenv.trace import tracing

    environ = invocation.environ()
    tracing.check(names)
    ancestors = processes.ancestors()
    chosen = detect.choose(shell_name, ancestors, environ)
    is_login = detect.is_login(ancestors, chosen.program) if login is None else login
    trace = tracing.run(chosen.shell, chosen.program, names, environ, login=is_login, timeout=timeout)
    if as_json:
        from cleanenv.trace.report import json_document

        click.echo(json_document.document(trace))
        return
    from cleanenv.trace.report import terminal

    text = terminal.render(trace, environ, is_terminal=sys.stdout.isatty(), with_missing=missing)
    click.echo(text.encode(errors="surrogateescape"), nl=False)
