"""What ``cleanenv doctor`` does, whichever way it was called."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cleanenv.doctor import codes, diagnosis
from cleanenv.errors import UsageError
from cleanenv.session import config
from cleanenv.system import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Subject
    from cleanenv.system.invocation import Invocation


def run(
    env: str | None,
    caller: Invocation,
    *,
    shell_only: bool = False,
    is_traced: bool = False,
    login: bool | None = None,
    as_json: bool = False,
    page: str | None = None,
    ignore: Sequence[str] = (),
    fail_on: str | None = None,
    show_secrets: bool = False,
    quiet: bool = False,
) -> int:
    """Print what leaks into the shell of ``caller`` and into ``env``; return 1 if anything was found, else 0.

    Without ``env`` it is the environment that other commands take, or none with
    ``shell_only``. ``login`` says whether a login's startup is replayed, None
    for what the shell is. ``page`` is the file that an HTML page is written to
    as well. Findings of the codes in ``ignore`` are left out, with those that
    the configuration names; ``fail_on`` is the least severity for which 1 is
    returned, None for all but notes on what is normal. Passwords and tokens
    are masked unless ``show_secrets``.

    Raises EnvironmentUnusableError, and UsageError if the page cannot be
    written, a code is unknown or the configuration is faulty.
    """
    ignored = _ignored(ignore, caller)
    subject = diagnosis.read_subject(env, caller, shell_only=shell_only)
    examined = diagnosis.without(diagnosis.examine(subject), ignored)
    if is_traced:
        from cleanenv.doctor import trace_link

        examined, warnings = trace_link.trace(examined, subject, login=login)
        console.warn(warnings)
    if examined.findings and not show_secrets:
        from cleanenv.system import masking

        examined = masking.masked(examined, masking.secrets(caller.environ))
    if page is not None:
        _write_page(page, examined, subject)
    status = int(any(diagnosis.fails(finding, fail_on) for finding in examined.findings))
    if not quiet:
        console.write(_report(examined, caller, as_json=as_json))
        if page is not None:
            console.say(f"wrote {page}")
    return status


def _ignored(named: Sequence[str], caller: Invocation) -> set[str]:
    """Return the codes to ignore: those ``named`` on the command line and those of the configuration.

    Raises UsageError for a code that does not exist.
    """
    configured = config.load(caller.environ, caller.directory).ignore
    for code in named:
        _require_known(code, f"--ignore {code!r}")
    for code, place in configured.items():
        _require_known(code, f"{place}: '{code}' in 'ignore'")
    return {*named, *configured}


def _require_known(code: str, subject: str) -> None:
    if code in codes.SEVERITY:
        return
    from difflib import get_close_matches

    similar = get_close_matches(code, codes.SEVERITY, n=1)
    advice = f"did you mean '{similar[0]}'?" if similar else "each finding shows its code in brackets"
    raise UsageError(f"{subject} is not a code of doctor's", advice)


def _write_page(page: str, examined: Diagnosis, subject: Subject) -> None:
    from cleanenv.doctor.report import html
    from cleanenv.doctor.report.surroundings import surroundings
    from cleanenv.system import atomic_write

    shell = examined.shell or diagnosis.users_shell(subject)
    atomic_write.write(page, html.render(examined, subject.home, surroundings(shell)).encode())


def _report(examined: Diagnosis, caller: Invocation, *, as_json: bool) -> bytes:
    if as_json:
        from cleanenv.doctor.report import json_document

        return json_document.render(examined).encode()
    from cleanenv.doctor.report import terminal

    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return terminal.render(examined, caller.environ, is_terminal=is_terminal)
