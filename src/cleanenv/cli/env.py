"""``cleanenv env [ENV]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cleanenv.cli import env_formats, options
from cleanenv.cli.printing import Printing
from cleanenv.session import session
from cleanenv.system import console
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from cleanenv.clean.plan import Plan


@click.command(cls=Printing)
@click.argument("env", required=False, metavar="[ENV]")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(env_formats.FORMS)),
    default="text",
    show_default=True,
    help="How to print it.",
)
@click.option("--explain", is_flag=True, help="Print why each variable is kept or dropped.")
@options.overrides
@click.pass_context
def command(
    context: click.Context, env: str | None, form: str, explain: bool, **values: Unpack[options.Values]
) -> None:
    """Print the clean environment of ENV, for other tools and for reading."""
    plan = session.prepare(options.request(env, values), options.caller(context)).plan
    text = _explained(plan) if explain else env_formats.FORMS[form](dict(sorted(plan.environ.items())))
    console.write(text.encode(errors="surrogateescape"))


def _explained(plan: Plan) -> str:
    """Return a table of names and reasons: what is kept, then what is dropped."""
    width = max(map(len, [*plan.environ, *plan.dropped]))
    kept = [f"  {readable(name):{width}}  {plan.reasons[name]}" for name in sorted(plan.environ)]
    dropped = [f"  {readable(name):{width}}  {plan.dropped[name]}" for name in sorted(plan.dropped)]
    lines = [f"kept ({len(kept)})", *kept, f"dropped ({len(dropped)})", *dropped]
    return "\n".join(lines) + "\n"
