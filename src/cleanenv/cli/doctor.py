"""``cleanenv doctor [ENV]``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cleanenv import caller, locate
from cleanenv.doctor import diagnosis
from cleanenv.doctor.finding import Subject

if TYPE_CHECKING:
    from cleanenv.doctor.diagnosis import Diagnosis


@click.command()
@click.argument("env", required=False, metavar="[ENV]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its schema is in README.")
@click.option("--html", "file", metavar="FILE", help="Write a page to FILE too, whole or not at all.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing: the exit status says it.")
@click.pass_context
def command(context: click.Context, env: str | None, *, as_json: bool, file: str | None, quiet: bool) -> None:
    """Say what leaks into this shell and into ENV, what that hides, and how to mend it.

    Without ENV it judges the shell alone. Changes nothing. Exit status: 0
    nothing found, 1 something found.
    """
    environ = caller.environ()
    folder = caller.folder()
    environment = locate.find(env, environ, folder) if env is not None else None
    subject = Subject(environ, environment, folder, environ.get("HOME", ""), diagnosis.wanted(environ))
    found = diagnosis.diagnose(subject)
    if file is not None:
        _write_page(found, file)
    if not quiet:
        _print(found, environ, as_json=as_json)
    if found.findings:
        context.exit(1)


def _write_page(found: Diagnosis, file: str) -> None:
    from cleanenv import outfile
    from cleanenv.doctor import page

    outfile.write(file, page.render(found).encode())


def _print(found: Diagnosis, environ: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        from cleanenv.doctor import document

        text = document.render(found)
    else:
        from cleanenv.doctor import report

        text = report.styled(found, environ) if sys.stdout.isatty() else report.plain(found)
    # Bytes: a report is UTF-8 whatever the locale says.
    click.echo(text.encode(), nl=False)
