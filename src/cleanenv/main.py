"""The two ways in: what scripts run in loops goes straight to the core, everything else through click."""

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

    from cleanenv.system.invocation import Invocation

INTERRUPTED = 130  # as shells have it
SEPARATOR = "--"


def start() -> NoReturn:
    """Run the command line of this process, and end it."""
    _signal.signal(_signal.SIGPIPE, _signal.SIG_DFL)  # end as other programs do when the reader goes away
    os._exit(main())  # all is written and flushed; the interpreter would take a millisecond to clear up


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status; every error becomes one sentence here."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    caller = None
    try:
        invocation.fill_closed_streams()
        caller = invocation.read()
        status = quick(words, caller)
        return full(words, caller) if status is None else status
    except CleanenvError as error:
        from cleanenv.system import console

        console.complain(str(error))
        return error.status
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  nothing may end in a traceback
        from cleanenv.system import failure

        return failure.report(error, words, caller)


def quick(words: Sequence[str], caller: Invocation) -> int | None:
    """Run ``run``, ``shell``, ``freeze``, ``doctor`` or ``check`` without options; None for anything else."""
    if not words or words[0] not in FORMS or "_CLEANENV_COMPLETE" in caller.environ:
        return None
    own = words[1:]
    if words[0] == "run" and len(own) > 1 and not any(word.startswith("-") for word in own[:2]):
        return _run(own[0], own[1:], caller, is_separated=False)
    command = None
    if SEPARATOR in own:
        at = own.index(SEPARATOR)
        own, command = own[:at], own[at + 1 :]
    if len(own) > 1 or (own and own[0].startswith("-")):
        return None
    return FORMS[words[0]](own[0] if own else None, command, caller)


def full(words: Sequence[str], caller: Invocation) -> int:
    """Run any command line through click."""
    if sys.flags.no_site:  # the launcher's -S: all else may need what .pth files say
        import site

        site.main()
    from cleanenv.cli import commands

    return commands.invoke(words, caller)


def _run(
    env: str | None, command: Sequence[str] | None, caller: Invocation, *, is_separated: bool = True
) -> int | None:
    if not command:
        return None
    from cleanenv.session import session
    from cleanenv.session.config import Config

    session.command(Config(env), command, caller, is_separated=is_separated).replace_process()


def _shell(env: str | None, command: Sequence[str] | None, caller: Invocation) -> int | None:
    if command is not None:
        return None
    from cleanenv.session import interactive
    from cleanenv.session.config import Config

    interactive.call(Config(env), caller).replace_process()


def _freeze(env: str | None, command: Sequence[str] | None, caller: Invocation) -> int | None:
    if command is not None:
        return None
    if env is None:
        from cleanenv.session import session

        environment = session.find(None, caller)
    else:  # what session.find does with a name, without importing the configuration
        from cleanenv.environments import discovery

        environment = discovery.find(env, caller.environ, caller.directory)
    from cleanenv.freeze import plain

    plain.print_listing(environment, environ=caller.environ)
    return 0


def _doctor(env: str | None, command: Sequence[str] | None, caller: Invocation) -> int | None:
    if command is not None:
        return None
    from cleanenv.doctor import command as doctor

    return doctor.run(env, caller)


def _check(env: str | None, command: Sequence[str] | None, caller: Invocation) -> int | None:
    if command is not None:
        return None
    from cleanenv.check import command as check

    return check.run(check.Options(env), caller)


FORMS = {"run": _run, "shell": _shell, "freeze": _freeze, "doctor": _doctor, "check": _check}
