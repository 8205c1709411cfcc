"""Entering a clean shell: which one, with what greeting."""

from __future__ import annotations

from cleanenv.session import session
from cleanenv.shell import command, detect
from cleanenv.system import console
from cleanenv.system.invocation import state_directory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.session.config import Config
    from cleanenv.system.execute import Call
    from cleanenv.system.invocation import Invocation


def call(request: Config, caller: Invocation, *, is_rehearsal: bool = False) -> Call:
    """Return the call of the clean shell that ``request``, the command line, means to ``caller``.

    It is the one asked for, else the configured one, else the user's own. If
    it will be interactive, prints the greeting, unless the request is quiet.
    A rehearsal prints none and makes no directory. Raises ShellUnusableError,
    and as ``session.prepare`` does.
    """
    opened = session.prepare(request, caller)
    found = detect.choose(opened.shell, caller.ancestry, caller.environ)
    is_interactive = caller.is_terminal
    if found.shell.early:
        from cleanenv.shell import preflight

        preflight.check(found, opened.plan, is_interactive=is_interactive)
    if is_interactive and not (request.quiet or is_rehearsal):
        from cleanenv.shell import banner

        console.say(banner.line(found.shell.name, opened.environment, opened.plan.dropped, caller.environ))
    return command.clean_shell(
        found.shell,
        found.program,
        opened.plan,
        console.readable(opened.environment.prompt),
        state_directory(caller.environ, may_make=not is_rehearsal),
        is_interactive=is_interactive,
    )
