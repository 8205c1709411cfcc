"""``cleanenv freeze [ENV]``."""

from __future__ import annotations

import click

from cleanenv.cli import options
from cleanenv.cli.printing import Printing
from cleanenv.errors import UsageError
from cleanenv.freeze import plain
from cleanenv.freeze.requirements_text import Choice
from cleanenv.session import session
from cleanenv.system import console


@click.command("freeze", cls=Printing)
@click.argument("env", required=False)
@click.option("--exact", is_flag=True, help="Print pip's lines alone: nothing left out, nothing masked.")
@click.option("--all", "tools", is_flag=True, help="List pip too, and below Python 3.12 setuptools and wheel.")
@click.option("--exclude", "excluded", metavar="NAME", multiple=True, help="Leave NAME out; may be repeated.")
@click.option("--top-level", is_flag=True, help="List only what nothing else in ENV needs.")
@click.option("--annotate", is_flag=True, help="Write behind each line what needs it: '# via NAME, …'.")
@click.option("--format", "form", type=click.Choice(("requirements", "json")), help="The form of the listing.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, whole or not at all.")
@click.option("--check", "file", metavar="FILE", help="Compare ENV with a requirements file; exit 1 if they differ.")
@click.option("--json", "as_json", is_flag=True, help="With --check: report as JSON.")
@click.pass_context
def command(
    context: click.Context,
    env: str | None,
    *,
    exact: bool,
    tools: bool,
    excluded: tuple[str, ...],
    top_level: bool,
    annotate: bool,
    form: str | None,
    output: str | None,
    file: str | None,
    as_json: bool,
) -> None:
    """Print what ENV holds, whatever leaks around it, as requirements.

    Reads the metadata of ENV and starts nothing of it.
    """
    if file is None and as_json:
        raise UsageError("--json belongs to --check: write --format json for the listing")
    if file is not None and (annotate or form or output):
        raise UsageError("--check goes with neither --annotate, --format nor -o: redirect its report with '>'")
    if annotate and form == "json":
        raise UsageError("--annotate belongs to the requirements form: in JSON 'required_by' says it")
    caller = options.caller(context)
    environment = session.find(env, caller)
    choice = Choice(exact=exact, tools=tools, excluded=excluded)
    home = caller.environ.get("HOME")
    if file is not None:
        from cleanenv.freeze import check

        report = check.check(environment, file, caller.directory, choice, top_level=top_level, home=home)
        plain.write(check.render(report) if as_json else check.words(report), None)
        console.warn(remark.message for remark in report.remarks)
        if report.is_drift:
            context.exit(1)
    elif top_level or annotate or form == "json":
        from cleanenv.freeze import views

        text, remarks = views.freeze(
            environment, choice, top_level=top_level, annotate=annotate, form=form or views.REQUIREMENTS, home=home
        )
        plain.write(text, output)
        console.warn(remark.message for remark in remarks)
    else:
        plain.print_listing(environment, choice, home, output)
