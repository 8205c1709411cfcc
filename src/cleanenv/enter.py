"""Entering a clean shell: which one, with what greeting."""

from __future__ import annotations

from cleanenv import caller, message, start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.detect import Found
    from cleanenv.launch import Call
    from cleanenv.session import Session


def call(opened: Session, shell: str | None, *, greet: bool, is_rehearsal: bool = False) -> Call:
    """Return the call of the clean shell of ``opened``: ``shell``, a name or a path, else the configured or the user's.

    Prints the greeting where the shell will be interactive and ``greet`` says
    so; a rehearsal makes no folder. Raises ShellUnusableError.
    """
    environ = caller.environ()
    found = _find(opened.shell if shell is None else shell)
    is_interactive = caller.is_terminal()
    if found.shell.early:
        from cleanenv import guard

        guard.check(found, opened.plan, is_interactive=is_interactive)
    if is_interactive and greet:
        from cleanenv import intro

        message.say(intro.line(found.shell.name, opened.environment, opened.plan.dropped, environ))
    return start.clean_shell(
        found.shell,
        found.program,
        opened.plan,
        message.readable(opened.environment.prompt),
        start.state_folder(environ, may_make=not is_rehearsal),
        is_interactive=is_interactive,
    )


def _find(name: str | None) -> Found:
    from cleanenv import detect

    if name is not None:
        return detect.choose(name, [], caller.environ())
    from cleanenv.ancestry import walk

    return detect.choose(None, walk(), caller.environ())
