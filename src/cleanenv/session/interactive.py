"""Entering a clean shell: which one, with what greeting."""

from __future__ import annotations

from cleanenv.session import session
from cleanenv.shell import command, detect, preflight
from cleanenv.system import console
from cleanenv.system.invocation import state_directory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.session.config import Config
    from cleanenv.shell.definition import Shell
    from cleanenv.system.execute import Call
    from cleanenv.system.invocation import Invocation


def call(request: Config, caller: Invocation, *, is_rehearsal: bool = False) -> Call:
    """Return the call of the clean shell that ``request``, the command line, means to ``caller``.

    It is the one asked for, else the configured one, else the user's own; if
    that is not known, a sentence says so. If it will be interactive, prints the
    greeting. Neither is printed if the request is quiet. A rehearsal has no
    greeting and makes no directory. Raises ShellUnusableError,
    and as ``session.prepare`` does.
    """
    opened = session.prepare(request, caller)
    found = detect.choose(opened.config.shell, caller.ancestry, caller.environ)
    is_interactive = caller.is_terminal
    rc = None
    # A file on the command line is checked even if standard input is a script, which runs none.
    if request.rc or (opened.config.rc and is_interactive):
        rc = _rc(request, opened.config, found.shell, caller)
    state = state_directory(caller.environ, may_make=not is_rehearsal)
    preflight.check(found, opened.plan, state, is_interactive=is_interactive, may_write=not is_rehearsal)
    if found.why_assumed and not opened.config.quiet:
        console.say(found.why_assumed)
    if is_interactive and not (opened.config.quiet or is_rehearsal):
        from cleanenv.session import foreign_programs
        from cleanenv.shell import banner

        for line in banner.lines(
            found.shell.name,
            opened.environment,
            opened.plan,
            caller.environ,
            opened.config.overrides.source,
        ):
            console.say(line)
        note = foreign_programs.note_without_pip(opened.environment, opened.plan.base_path, caller.environ)
        if note is not None:
            console.say(note)
    return command.clean_shell(
        found.shell,
        found.program,
        opened.plan,
        console.readable(opened.environment.prompt),
        state,
        is_interactive=is_interactive,
        rc=rc if is_interactive else None,
    )


def _rc(request: Config, config: Config, shell: Shell, caller: Invocation) -> str | None:
    """Return the user's own file that ``shell`` is to run, None for none; raise UsageError if it cannot."""
    from cleanenv.session import rc

    if request.rc:
        return rc.requested(request.rc[0], shell, caller.directory)
    path, note = rc.configured(config.rc, shell)
    if note and not config.quiet:
        console.say(note)
    return path
