"""Commands whose help is a result as any other: if it cannot be printed, that is one sentence."""

from __future__ import annotations

import click

from cleanenv.system import console


class Printing(click.Command):
    """A command that prints its help by ``console.write``."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return click's option with a callback of ours."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _print_help
        return option


def _print_help(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        console.write(f"{context.get_help()}\n".encode())
        context.exit()
