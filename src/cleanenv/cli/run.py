"""``cleanenv run [ENV] -- COMMAND…``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cleanenv.cli import options
from cleanenv.cli.dry_run import dry_run_option, show_call
from cleanenv.errors import UsageError
from cleanenv.system import execute

if TYPE_CHECKING:
    from typing_extensions import Unpack

SEPARATOR = "--"


class RunCommand(click.Command):
    """A command whose own words end at the first ``--``; what follows is left as it is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words behind ``--`` away before click sees them."""
        own, found, words = args, False, list[str]()
        if SEPARATOR in args:
            at = args.index(SEPARATOR)
            own, found, words = args[:at], True, args[at + 1 :]
        ctx.meta[SEPARATOR] = words
        rest = super().parse_args(ctx, own)
        if not words and not ctx.resilient_parsing:
            raise UsageError(
                "no command after '--': name one, as in 'cleanenv run my_env -- pytest'"
                if found
                else "no command: write it behind '--', as in 'cleanenv run my_env -- pytest'"
            )
        return rest

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Say where the command goes."""
        return [*super().collect_usage_pieces(ctx), "-- COMMAND…"]


@click.command(cls=RunCommand)
@click.argument("env", required=False, metavar="[ENV]")
@options.overrides
@dry_run_option
@click.pass_context
def command(context: click.Context, env: str | None, dry_run: bool, **asked: Unpack[options.Asked]) -> None:
    """Run COMMAND in the clean environment, with only ENV active.

    It is found on the clean PATH: status 127 where it is not, 126 where it
    cannot be started, otherwise its own.
    """
    opened = options.open_session(env, asked)
    call = execute.command(context.meta[SEPARATOR], opened.plan.environ)
    if dry_run:
        show_call(call)
    else:
        call.replace_process()
