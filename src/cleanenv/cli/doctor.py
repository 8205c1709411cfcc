"""``cleanenv doctor [ENV]``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cleanenv.doctor import diagnosis
from cleanenv.system import console, invocation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Subject


@click.command()
@click.argument("env", required=False, metavar="[ENV]")
@click.option("--trace", "is_traced", is_flag=True, help="Replay your shell's startup, and report file and line.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; README links its schema.")
@click.option("--html", "file", metavar="FILE", help="Also write a page to FILE, atomically.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing, only set the exit status.")
@click.pass_context
def command(
    context: click.Context, env: str | None, *, is_traced: bool, as_json: bool, file: str | None, quiet: bool
) -> None:
    """Report what leaks into this shell and ENV, what that hides, and how to fix it.

    Without ENV only the shell is checked. Changes nothing. Exit status: 0 if
    nothing was found, 1 if something was.
    """
    subject = diagnosis.read_subject(env, invocation.environ(), invocation.folder())
    examined = diagnosis.examine(subject)
    if is_traced:
        examined = _trace(examined, subject)
    if file is not None:
        _write_page(examined, file, subject.home)
    if not quiet:
        click.echo(_text(examined, subject.environ, as_json=as_json), nl=False)
    if examined.findings:
        context.exit(1)


def _trace(examined: Diagnosis, subject: Subject) -> Diagnosis:
    from cleanenv.doctor import trace_link

    traced, warnings = trace_link.trace(examined, subject)
    console.warn(warnings)
    return traced


def _write_page(examined: Diagnosis, file: str, home: str) -> None:
    from cleanenv.doctor.report import html
    from cleanenv.system import atomic_write

    atomic_write.write(file, html.render(examined, home).encode())


def _text(examined: Diagnosis, environ: Mapping[str, str], *, as_json: bool) -> bytes:
    if as_json:
        from cleanenv.doctor.report import json_document

        return json_document.render(examined).encode()
    from cleanenv.doctor.report import terminal

    return terminal.render(examined, environ, is_terminal=sys.stdout.isatty())
