"""Entering a clean shell: which one, with what greeting."""

from __future__ import annotations

from cleanenv.shell import command, preflight
from cleanenv.system import console, invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.session.session import Session
    from cleanenv.shell.detect import Found
    from cleanenv.system.execute import Call


def call(opened: Session, shell: str | None, *, greet: bool, is_rehearsal: bool = False) -> Call:
    """Return the call of the clean shell of ``opened``: ``shell``, a name or a path, else the configured or the user's.

    Prints the greeting where the shell will be interactive and ``greet`` says
    so; a rehearsal makes no folder. Raises ShellUnusableError.
    """
    environ = invocation.environ()
    found = _find(opened.shell if shell is None else shell)
    is_interactive = invocation.is_terminal()
    state = command.state_folder(environ, may_make=not is_rehearsal)
    preflight.check(found, opened.plan, state, is_interactive=is_interactive, may_write=not is_rehearsal)
    if is_interactive and greet:
        from cleanenv.shell import banner

        console.say(banner.line(found.shell.name, opened.environment, opened.plan.dropped, environ))
    return command.clean_shell(
        found.shell,
        found.program,
        opened.plan,
        console.readable(opened.environment.prompt),
        state,
        is_interactive=is_interactive,
    )


def _find(name: str | None) -> Found:
    from cleanenv.shell import detect

    if name is not None:
        return detect.choose(name, [], invocation.environ())
    from cleanenv.system.processes import walk

    return detect.choose(None, walk(), invocation.environ())
