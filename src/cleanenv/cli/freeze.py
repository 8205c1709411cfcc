"""``cleanenv freeze [ENV]``."""

from __future__ import annotations

import click

from cleanenv.cli import candidates, options
from cleanenv.cli.caller import invocation_of
from cleanenv.cli.printing import Printing
from cleanenv.errors import UsageError
from cleanenv.freeze import plain
from cleanenv.freeze.requirements_text import Choice
from cleanenv.session import session
from cleanenv.system import console


@click.command("freeze", cls=Printing)
@options.env
@click.option("--exact", is_flag=True, help="Print pip's lines alone: nothing left out, nothing masked.")
@click.option("--all", "tools", is_flag=True, help="List pip too, and below Python 3.12 setuptools and wheel.")
@click.option("--exclude", "excluded", metavar="NAME", multiple=True, help="Leave NAME out; may be repeated.")
@click.option("--top-level", is_flag=True, help="List only what nothing else in ENV needs.")
@click.option("--annotate", is_flag=True, help="Append to each line what needs it: '# via NAME, …'.")
@click.option("--format", "form", type=click.Choice(("requirements", "json")), help="The form of the listing.")
@click.option(
    "-o", "--output", metavar="FILE", shell_complete=candidates.files, help="Write to FILE, whole or not at all."
)
@click.option(
    "--check",
    "file",
    metavar="FILE",
    shell_complete=candidates.files,
    help="Compare ENV with a requirements file, pyproject.toml or pylock.toml; exit 1 if they differ.",
)
@click.option(
    "--extra",
    "extras",
    metavar="NAME",
    multiple=True,
    help="With --check pyproject.toml or pylock.toml: this extra counts too. Repeat as needed.",
)
@click.option(
    "--group",
    "groups",
    metavar="NAME",
    multiple=True,
    help="With --check pyproject.toml or pylock.toml: this dependency group counts too. Repeat as needed.",
)
@click.option("--strict", is_flag=True, help="With --check: also report what is installed but not pinned in FILE.")
@click.option("--no-deps", is_flag=True, help="With --check: compare the lines of FILE alone, not what they need.")
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
    extras: tuple[str, ...],
    groups: tuple[str, ...],
    strict: bool,
    no_deps: bool,
    as_json: bool,
) -> None:
    """Print what is installed in ENV as requirements, whatever leaks into it.

    Reads the metadata in ENV and starts nothing of it.
    """
    if file is None and as_json:
        raise UsageError("--json is an option of --check", "use --format json for the listing")
    if file is None and (extras or groups or strict or no_deps):
        raise UsageError("--extra, --group, --strict and --no-deps are options of --check", "name a file with --check")
    if file is not None and (annotate or form or output):
        raise UsageError("--check cannot be combined with --annotate, --format or -o", "redirect its report with '>'")
    if annotate and form == "json":
        raise UsageError("--annotate is an option of the requirements form", "use 'required_by' in the JSON")
    caller = invocation_of(context)
    environment = session.find(env, caller)
    choice = Choice(exact=exact, tools=tools, excluded=excluded)
    home = None if caller.environ.get("PYTHONNOUSERSITE") else caller.environ.get("HOME")
    if file is not None:
        from cleanenv.freeze import check

        comparison = check.Options(
            extras=extras, groups=groups, top_level=top_level, dependencies=not no_deps, strict=strict
        )
        report = check.check(environment, file, caller.directory, choice, caller.environ, options=comparison)
        plain.write(check.render(report) if as_json else check.words(report), None)
        console.warn(problem.message for problem in report.problems)
        if report.is_drift:
            context.exit(1)
    elif top_level or annotate or form == "json":
        from cleanenv.freeze import views

        text, problems = views.freeze(
            environment, choice, top_level=top_level, annotate=annotate, form=form or views.REQUIREMENTS, home=home
        )
        plain.write(text, output)
        console.warn(problem.message for problem in problems)
    else:
        plain.print_listing(environment, choice, home, output)
