"""``cleanenv run [ENV] [--] COMMAND…``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cleanenv.cli import options
from cleanenv.cli.caller import invocation_of
from cleanenv.cli.dry_run import dry_run_option, show_call
from cleanenv.cli.printing import Printing
from cleanenv.errors import UsageError
from cleanenv.session import session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Unpack

SEPARATOR = "--"
EXAMPLE = "as in 'cleanenv run my_env pytest'"
SEPARATED_EXAMPLE = "as in 'cleanenv run my_env -- pytest -x'"
IS_SEPARATED = f"{__name__}.is_separated"


class RunCommand(Printing):
    """A command whose own words end where COMMAND begins; what follows is left as it is.

    COMMAND begins after the first ``--``, or with the first word after ENV that is no option.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words of COMMAND away before click sees them."""
        end = self._end_of_own_words(args)
        own, words = args[:end], args[end:]
        is_separated = words[:1] == [SEPARATOR]
        if is_separated:
            words = words[1:]
        ctx.meta[SEPARATOR] = words
        ctx.meta[IS_SEPARATED] = is_separated
        try:
            rest = super().parse_args(ctx, own)
        except click.NoSuchOption as error:
            if SEPARATOR in args:
                raise
            raise UsageError(
                f"no such option '{error.option_name}'", f"write a command with options after '--', {SEPARATED_EXAMPLE}"
            ) from error
        if words or ctx.resilient_parsing:
            return rest
        if is_separated:
            raise UsageError("no command after '--'", f"name one, {SEPARATED_EXAMPLE}")
        raise UsageError("no command", f"write it after ENV, {EXAMPLE}")

    def _end_of_own_words(self, args: Sequence[str]) -> int:
        """Return the position of the ``--`` or of COMMAND's first word; if there is neither, the number of words."""
        has_environment = False
        position = 0
        while position < len(args):
            word = args[position]
            if word == SEPARATOR:
                return position
            if word.startswith("-") and word != "-":
                position += 2 if self._takes_next(word) else 1
                continue
            if has_environment:
                return position
            has_environment = True
            position += 1
        return len(args)

    def _takes_next(self, word: str) -> bool:
        """Tell whether the word after the option ``word`` is its value."""
        for parameter in self.params:
            if isinstance(parameter, click.Option) and word in parameter.opts:
                return not (parameter.is_flag or parameter.count)
        return False

    def own_words(self, ctx: click.Context, args: Sequence[str]) -> int | None:
        """Return how many of ``args``, the complete words so far, are ours if the next word belongs to COMMAND."""
        words = ctx.meta[SEPARATOR]
        if words or ctx.meta[IS_SEPARATED]:
            return len(args) - len(words)
        is_env_given = ctx.params.get("env") is not None
        if is_env_given and not self._takes_next(args[-1]):
            return len(args)
        return None

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Show where the command goes."""
        return [*super().collect_usage_pieces(ctx), "[--] COMMAND…"]


@click.command(cls=RunCommand)
@options.env
@options.overrides
@dry_run_option
@click.pass_context
def command(context: click.Context, env: str | None, dry_run: bool, **values: Unpack[options.Values]) -> None:
    """Run COMMAND in the clean environment, with only ENV active.

    If the first word is ENV, the next one begins COMMAND; without ENV it
    begins after '--'. It is found on the clean PATH: status 127 if it does not exist, 126 if it
    cannot be started, otherwise its own.
    """
    request = options.request(env, values)
    words, is_separated = context.meta[SEPARATOR], context.meta[IS_SEPARATED]
    call = session.command(request, words, invocation_of(context), is_separated=is_separated)
    if dry_run:
        show_call(call)
    else:
        call.replace_process()
