"""What ``cleanenv doctor`` does, whichever way it was called."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cleanenv.doctor import diagnosis
from cleanenv.system import console

if TYPE_CHECKING:
    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.system.invocation import Invocation


def run(
    env: str | None,
    caller: Invocation,
    *,
    is_traced: bool = False,
    as_json: bool = False,
    page: str | None = None,
    quiet: bool = False,
) -> int:
    """Print what leaks into the shell of ``caller`` and into ``env``; return 1 if anything does, else 0.

    ``page`` is the file that an HTML page is written to as well.
    """
    found = diagnosis.examine(env, caller.environ, caller.directory)
    if is_traced:
        from cleanenv.doctor import trace_link

        found, remarks = trace_link.trace(found, caller.environ)
        console.warn(remarks)
    if page is not None:
        from cleanenv.doctor.report import html
        from cleanenv.system import atomic_write

        atomic_write.write(page, html.render(found, caller.environ.get("HOME", "")).encode())
    if not quiet:
        console.write(_report(found, caller, as_json=as_json))
    return int(bool(found.findings))


def _report(found: Diagnosis, caller: Invocation, *, as_json: bool) -> bytes:
    if as_json:
        from cleanenv.doctor.report import json_document

        return json_document.render(found).encode()
    from cleanenv.doctor.report import terminal

    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return terminal.render(found, caller.environ, is_terminal=is_terminal)
