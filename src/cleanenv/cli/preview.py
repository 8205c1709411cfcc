"""``--dry-run``: what would be started."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import click

from cleanenv.start import Call

dry_run: Callable[[Callable[..., object]], Callable[..., object]] = click.option(
    "-n", "--dry-run", is_flag=True, help="Print the command and its environment; start nothing."
)


def show(call: Call) -> None:
    """Print ``call``: the command as a shell would be given it, then a variable a line."""
    from cleanenv.cli.forms import one_line

    click.echo(f"command: {' '.join(shlex.quote(one_line(word)) for word in call.arguments)}")
    click.echo("environment:")
    for name in sorted(call.environ):
        click.echo(f"  {name}={one_line(call.environ[name])}".encode(errors="surrogateescape"))
