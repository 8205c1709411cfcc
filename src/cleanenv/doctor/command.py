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
    login: bool | None = None,
    as_json: bool = False,
    page: str | None = None,
    show_secrets: bool = False,
    quiet: bool = False,
) -> int:
    """Print what leaks into the shell of ``caller`` and into ``env``; return 1 if anything was found, else 0.

    ``login`` says whether a login's startup is replayed, None for what the shell
    is. ``page`` is the file that an HTML page is written to as well. Passwords and
    tokens are masked unless ``show_secrets``. Raises
    EnvironmentUnusableError, and UsageError if the page cannot be written.
    """
    subject = diagnosis.read_subject(env, caller)
    examined = diagnosis.examine(subject)
    if is_traced:
        from cleanenv.doctor import trace_link

        examined, warnings = trace_link.trace(examined, subject, login=login)
        console.warn(warnings)
    if examined.findings and not show_secrets:
        from cleanenv.system import masking

        examined = masking.masked(examined, masking.secrets(caller.environ))
    if page is not None:
        from cleanenv.doctor.report import html
        from cleanenv.system import atomic_write

        atomic_write.write(page, html.render(examined, subject.home).encode())
    if not quiet:
        console.write(_report(examined, caller, as_json=as_json))
    return int(bool(examined.findings))


def _report(examined: Diagnosis, caller: Invocation, *, as_json: bool) -> bytes:
    if as_json:
        from cleanenv.doctor.report import json_document

        return json_document.render(examined).encode()
    from cleanenv.doctor.report import terminal

    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return terminal.render(examined, caller.environ, is_terminal=is_terminal)
