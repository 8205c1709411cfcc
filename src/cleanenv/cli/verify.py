"""``cleanenv verify [ENV]``."""

from __future__ import annotations

import click

from cleanenv.cli import options
from cleanenv.cli.caller import invocation_of
from cleanenv.cli.printing import Printing
from cleanenv.errors import UsageError
from cleanenv.integrity import report, verification
from cleanenv.session import session
from cleanenv.system import console


@click.command("verify", cls=Printing)
@options.env
@click.option("--quick", is_flag=True, help="Compare presence and sizes, not hashes.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing; the exit status is the answer.")
@click.pass_context
def command(context: click.Context, env: str | None, *, quick: bool, as_json: bool, quiet: bool) -> None:
    """Compare each file in ENV with what was recorded when it was installed; exit 1 if one differs.

    Reports files that are changed or missing, code that no distribution has
    installed, programs that another Python starts, and the command that
    repairs it. Starts nothing of ENV.
    """
    if as_json and quiet:
        raise UsageError("--json cannot be combined with --quiet", "leave one out")
    environment = session.find(env, invocation_of(context))
    result = verification.verify(environment, quick=quick)
    if not quiet:
        text = report.document(result) if as_json else report.words(result)
        console.write(text.encode("utf-8", "surrogateescape"))
        console.warn(problem.message for problem in result.inventory.problems)
    if not result.is_sound:
        context.exit(1)
