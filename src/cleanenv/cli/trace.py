"""`cleanenv trace [NAME…]`."""

from __future__ import annotations

import sys

import click

from cleanenv.shell import detect, registry
from cleanenv.system import invocation, processes


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--shell", "shell_name", metavar="NAME|PATH", help=f"Take this shell and not yours: {', '.join(registry.NAMES)}."
)
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
@click.option("--missing", is_flag=True, help="List the startup files that were looked for in vain, too.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, as the schema in cleanenv.trace has it.")
def command(
    names: tuple[str, ...],
    *,
    shell_name: str | None,
    login: bool | None,
    timeout: float,
    missing: bool,
    as_json: bool,
) -> None:
    """Say which line of which file set a variable.

    Replays the startup of your shell from a clean login, changing nothing of
    yours, and prints each change of the variables NAME (globs such as 'ROS_*'
    too; by default all that leak into Python, and PATH) with the files and
    lines that led to it. Also looks at /etc/environment, pam_env.conf and
    systemd's environment.d.
    """
    from cleanenv.trace import tracing

    environ = invocation.environ()
    tracing.check(names)
    ancestors = processes.ancestors()
    found = detect.choose(shell_name, ancestors, environ)
    is_login = detect.is_login(ancestors, found.program) if login is None else login
    trace = tracing.run(found.shell, found.program, names, environ, login=is_login, timeout=timeout)
    if as_json:
        from cleanenv.trace.report import json_document

        click.echo(json_document.document(trace))
        return
    from cleanenv.trace.report import terminal

    text = terminal.render(trace, environ, is_terminal=sys.stdout.isatty(), with_missing=missing)
    click.echo(text.encode(errors="surrogateescape"), nl=False)
