"""``cleanenv doctor [ENV]``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cleanenv.doctor import diagnosis
from cleanenv.system import console, invocation

if TYPE_CHECKING:
    from cleanenv.doctor.diagnosis import Diagnosis


@click.command()
@click.argument("env", required=False, metavar="[ENV]")
@click.option("--trace", "is_traced", is_flag=True, help="Replay your shell's startup, and name file and line.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, as the schema in cleanenv.doctor has it.")
@click.option("--html", "file", metavar="FILE", help="Write a page to FILE too, whole or not at all.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing: the exit status says it.")
@click.pass_context
def command(
    context: click.Context, env: str | None, *, is_traced: bool, as_json: bool, file: str | None, quiet: bool
) -> None:
    """Say what leaks into this shell and into ENV, what that hides, and how to mend it.

    Without ENV it judges the shell alone. Changes nothing. Exit status: 0
    nothing found, 1 something found.
    """
    environ = invocation.environ()
    found = diagnosis.examine(env, environ, invocation.folder())
    if is_traced:
        found = _trace(found, environ)
    if file is not None:
        _write_page(found, file, environ.get("HOME", ""))
    if not quiet:
        click.echo(_text(found, environ, as_json=as_json), nl=False)
    if found.findings:
        context.exit(1)


def _trace(found: Diagnosis, environ: dict[str, str]) -> Diagnosis:
    from cleanenv.doctor import trace_link

    traced, remarks = trace_link.trace(found, environ)
    console.warn(remarks)
    return traced


def _write_page(found: Diagnosis, file: str, home: str) -> None:
    from cleanenv.doctor.report import html
    from cleanenv.system import atomic_write

    atomic_write.write(file, html.render(found, home).encode())


def _text(found: Diagnosis, environ: dict[str, str], *, as_json: bool) -> bytes:
    if as_json:
        from cleanenv.doctor.report import json_document

        return json_document.render(found).encode()
    from cleanenv.doctor.report import terminal

    return terminal.render(found, environ, is_terminal=sys.stdout.isatty())
