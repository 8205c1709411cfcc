"""``cleanenv env [ENV]``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from cleanenv.cli import env_formats, options
from cleanenv.cli.caller import invocation_of
from cleanenv.cli.printing import Printing
from cleanenv.errors import UsageError
from cleanenv.session import session
from cleanenv.system import console
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from cleanenv.clean.plan import Plan


@click.command(cls=Printing)
@options.env
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
    """Print the clean environment of ENV, for other tools and for reading.

    The formats sh and fish also unset what is not kept, for
    eval "$(cleanenv env my_env --format sh)"; the others only hold what is set.
    """
    caller = invocation_of(context)
    if explain and context.get_parameter_source("form") != ParameterSource.DEFAULT:
        raise UsageError("--explain cannot be combined with --format", "give one of them")
    plan = session.prepare(options.request(env, values), caller).plan
    if explain:
        text = _explained(plan, caller.environ.get("PATH", ""))
    else:
        removed = env_formats.Removed(plan.dropped)
        text = env_formats.FORMS[form](dict(sorted(plan.environ.items())), removed)
    console.write(os.fsencode(text))


def _explained(plan: Plan, callers_path: str) -> str:
    """Return a table of names and reasons: what is kept, what is dropped, and the directories left out of PATH."""
    width = max(map(len, [*plan.environ, *plan.dropped]))
    kept = [f"  {readable(name):{width}}  {plan.reasons[name]}" for name in sorted(plan.environ)]
    dropped = [f"  {readable(name):{width}}  {plan.dropped[name]}" for name in sorted(plan.dropped)]
    lines = [f"kept ({len(kept)})", *kept, f"dropped ({len(dropped)})", *dropped]
    clean_path = plan.environ["PATH"].split(":")
    left_out = [directory for directory in dict.fromkeys(callers_path.split(":")) if directory not in clean_path]
    if callers_path and left_out:
        lines.append(f"left out of PATH ({len(left_out)})")
        lines += [f"  {readable(directory) or 'an empty entry, the current directory'}" for directory in left_out]
    return "\n".join(lines) + "\n"
