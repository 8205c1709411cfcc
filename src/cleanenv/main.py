"""The two doors: what scripts run in loops goes straight to the core, everything else through click."""

# Every start passes here: of cleanenv's modules only those are imported that run what was asked.
from __future__ import annotations

import _signal  # what `signal` wraps in enums, whose import costs 4 ms
import os
import sys

from cleanenv.errors import CleanenvError
from cleanenv.system import invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

INTERRUPTED = 130
SEPARATOR = "--"


def start() -> NoReturn:
    """Run the command line of this process, and end it."""
    _signal.signal(_signal.SIGPIPE, _signal.SIG_DFL)  # end as other programs do when the reader goes away
    status = main()
    if status:
        sys.exit(status)
    os._exit(0)  # all is written and flushed; the interpreter would take a millisecond to clear up


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status; every error becomes one sentence here."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    invocation.fill_closed_streams()
    try:
        status = quick(words)
        if status is None:
            status = full(words)
        if sys.stdout is not None:
            sys.stdout.flush()
    except CleanenvError as error:
        _complain(str(error))
        return error.status
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        from cleanenv.system import console

        console.forget(1)
        _complain(f"cannot write to standard output ({(error.strerror or 'error').lower()})")
        return CleanenvError.status
    return status


def _complain(sentence: str) -> None:
    from cleanenv.system import console

    console.complain(sentence)


def quick(words: Sequence[str]) -> int | None:
    """Run ``run [ENV] -- COMMAND…``, ``shell [ENV]``, ``freeze [ENV]`` or ``doctor [ENV]``; None for anything else."""
    if not words or words[0] not in FORMS or "_CLEANENV_COMPLETE" in invocation.environ():
        return None
    own, command = _split(words[1:])
    if len(own) > 1 or any(word.startswith("-") for word in own):
        return None
    return FORMS[words[0]](own[0] if own else None, command)


def full(words: Sequence[str]) -> int:
    """Run any command line through click."""
    if sys.flags.no_site:  # the launcher's -S: all else may need what .pth files say
        import site

        site.main()
    from cleanenv.cli import commands

    return commands.invoke(words)


def _split(words: Sequence[str]) -> tuple[Sequence[str], Sequence[str] | None]:
    """Return the words before the first ``--``, and those behind it or None where there is none."""
    if SEPARATOR not in words:
        return words, None
    at = words.index(SEPARATOR)
    return words[:at], words[at + 1 :]


def _run(name: str | None, command: Sequence[str] | None) -> int | None:
    if not command:
        return None
    from cleanenv.clean.plan import Overrides
    from cleanenv.session import session
    from cleanenv.system import execute

    opened = session.prepare(name, Overrides(), invocation.environ(), invocation.folder())
    opened.print_remarks()
    execute.command(command, opened.plan.environ).replace_process()


def _shell(name: str | None, command: Sequence[str] | None) -> int | None:
    if command is not None:
        return None
    from cleanenv.clean.plan import Overrides
    from cleanenv.session import interactive, session

    opened = session.prepare(name, Overrides(), invocation.environ(), invocation.folder())
    opened.print_remarks()
    interactive.call(opened, None, greet=True).replace_process()


def _freeze(name: str | None, command: Sequence[str] | None) -> int | None:
    if command is not None:
        return None
    from cleanenv.freeze import plain

    environ = invocation.environ()
    if name is None:
        from cleanenv.session import session

        environment = session.find(name, environ, invocation.folder())
    else:  # what is named needs no configuration
        from cleanenv.environments import discovery

        environment = discovery.find(name, environ, invocation.folder())
    listing, remarks = plain.freeze(environment, home=environ.get("HOME"))
    if sys.stdout is not None:
        sys.stdout.buffer.write(listing.encode(errors="surrogateescape"))
        sys.stdout.flush()
    if remarks:
        from cleanenv.system import console

        console.warn(remark.message for remark in remarks)
    return 0


def _doctor(name: str | None, command: Sequence[str] | None) -> int | None:
    if command is not None:
        return None
    from cleanenv.doctor import diagnosis
    from cleanenv.doctor.report import terminal

    subject = diagnosis.read_subject(name, invocation.environ(), invocation.folder())
    found = diagnosis.examine(subject)
    if sys.stdout is not None:
        sys.stdout.buffer.write(terminal.render(found, subject.environ, is_terminal=sys.stdout.isatty()))
        sys.stdout.flush()
    return int(bool(found.findings))


FORMS = {"run": _run, "shell": _shell, "freeze": _freeze, "doctor": _doctor}
