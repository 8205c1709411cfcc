"""``cleanenv run [ENV] -- COMMAND…``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cleanenv.cli import options
from cleanenv.cli.dry_run import dry_run_option, show_call
from cleanenv.cli.printing import Printing
from cleanenv.errors import UsageError
from cleanenv.session import session

if TYPE_CHECKING:
    from typing_extensions import Unpack

SEPARATOR = "--"
EXAMPLE = "as in 'cleanenv run my_env -- pytest'"


class RunCommand(Printing):
    """A command whose own words end at the first ``--``; what follows is left as it is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words after ``--`` away before click sees them."""
        own = args
        words: list[str] = []
        is_separated = SEPARATOR in args
        if is_separated:
            at = args.index(SEPARATOR)
            own, words = args[:at], args[at + 1 :]
        ctx.meta[SEPARATOR] = words
        if not is_separated and len(own) > 1 and not any(word.startswith("-") for word in own):
            raise UsageError("no '--' before the command", f"write 'cleanenv run {own[0]} -- {' '.join(own[1:])}'")
        rest = super().parse_args(ctx, own)
        if words or ctx.resilient_parsing:
            return rest
        if is_separated:
            raise UsageError("no command after '--'", f"name one, {EXAMPLE}")
        raise UsageError("no command", f"write it after '--', {EXAMPLE}")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Show where the command goes."""
        return [*super().collect_usage_pieces(ctx), "-- COMMAND…"]


@click.command(cls=RunCommand)
@click.argument("env", required=False, metavar="[ENV]")
@options.overrides
@dry_run_option
@click.pass_context
def command(context: click.Context, env: str | None, dry_run: bool, **values: Unpack[options.Values]) -> None:
    """Run COMMAND in the clean environment, with only ENV active.

    It is found on the clean PATH: status 127 if it does not exist, 126 if it
    cannot be started, otherwise its own.
    """
    call = session.command(options.request(env, values), context.meta[SEPARATOR], options.caller(context))
    if dry_run:
        show_call(call)
    else:
        call.replace_process()
