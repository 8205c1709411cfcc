"""``cleanenv env [ENV]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cleanenv.cli import env_formats, options
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from cleanenv.clean.plan import Plan


@click.command()
@click.argument("env", required=False, metavar="[ENV]")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(env_formats.FORMS)),
    default="text",
    show_default=True,
    help="How to print it.",
)
@click.option("--explain", is_flag=True, help="Print why each variable is kept, and what kind each dropped one is.")
@options.overrides
def command(env: str | None, form: str, explain: bool, **asked: Unpack[options.Asked]) -> None:
    """Print the clean environment of ENV, for other tools and for reading."""
    plan = options.open_session(env, asked).plan
    printed = _explained(plan) if explain else env_formats.FORMS[form](dict(sorted(plan.environ.items())))
    click.echo(printed.encode(errors="surrogateescape"), nl=False)


def _explained(plan: Plan) -> str:
    width = max(map(len, [*plan.environ, *plan.dropped]))
    kept = [f"  {readable(name):{width}}  {plan.reasons[name]}" for name in sorted(plan.environ)]
    dropped = [f"  {readable(name):{width}}  {kind}" for name, kind in sorted(plan.dropped.items())]
    return "\n".join((f"kept ({len(kept)})", *kept, f"dropped ({len(dropped)})", *dropped, ""))
