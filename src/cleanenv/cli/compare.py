"""``cleanenv compare ENV OTHER``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from cleanenv.cli import candidates
from cleanenv.cli.caller import invocation_of
from cleanenv.cli.printing import Printing
from cleanenv.errors import UsageError
from cleanenv.integrity import comparison, comparison_report
from cleanenv.session import session
from cleanenv.system import console

if TYPE_CHECKING:
    from cleanenv.integrity.comparison import Side
    from cleanenv.system.invocation import Invocation

STANDARD_INPUT = "-"


@click.command("compare", cls=Printing)
@click.argument("env", metavar="ENV", shell_complete=candidates.environments)
@click.argument("other", metavar="OTHER", shell_complete=candidates.environments)
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing; the exit status is the answer.")
@click.pass_context
def command(context: click.Context, env: str, other: str, *, as_json: bool, quiet: bool) -> None:
    """Compare what is installed in two environments, file by file; exit 1 if it differs.

    OTHER is an environment, a file that 'cleanenv freeze --format json' wrote,
    perhaps on another machine, or '-' to read that from standard input. The
    hashes are those in the RECORDs: 'cleanenv verify' compares the files with
    these. Starts nothing of either.
    """
    if as_json and quiet:
        raise UsageError("--json cannot be combined with --quiet", "leave one out")
    caller = invocation_of(context)
    here = comparison.read(session.find(env, caller), env)
    result = comparison.compare(here, _side(other, caller))
    if not quiet:
        text = comparison_report.document(result) if as_json else comparison_report.words(result)
        console.write(text.encode("utf-8", "surrogateescape"))
    if not result.is_equal:
        context.exit(1)


def _side(other: str, caller: Invocation) -> Side:
    """Read OTHER; raise UsageError or EnvironmentUnusableError."""
    if other == STANDARD_INPUT:
        return comparison_report.parse(sys.stdin.buffer.read() if sys.stdin is not None else b"", "standard input")
    path = os.path.join(caller.directory, other)
    if os.path.isfile(path):
        try:
            with open(path, "rb") as file:
                return comparison_report.parse(file.read(), other)
        except OSError as error:
            reason = (error.strerror or "error").lower()
            raise UsageError(f"cannot read '{other}' ({reason})", "change its permissions or name another") from error
    return comparison.read(session.find(other, caller), other)
