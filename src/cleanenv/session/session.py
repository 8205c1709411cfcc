"""From what the user asked for to a clean environment: configuration, ENV, plan, sourced files."""

from __future__ import annotations

import os

from cleanenv.clean import policy
from cleanenv.clean.plan import BY_KEEP, Plan, activate, build_plan
from cleanenv.environments import discovery
from cleanenv.environments.environment import Environment, require_usable
from cleanenv.errors import EnvironmentUnusableError
from cleanenv.session.config import Config, load, merge
from cleanenv.system import execute
from cleanenv.system.invocation import directory_inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.clean.difference import Difference
    from cleanenv.system.execute import Call
    from cleanenv.system.invocation import Invocation


LIBRARY_PATH = "LD_LIBRARY_PATH"  # the loader's; its directories are looked at only if it is set


class Session:
    """An environment, the plan in which it is active, and the ``config`` that led to them."""

    __slots__ = ("config", "environment", "plan")

    def __init__(self, environment: Environment, plan: Plan, config: Config) -> None:
        self.environment = environment
        self.plan = plan
        self.config = config


def find(env: str | None, caller: Invocation) -> Environment:
    """Return the environment ``env``, else the one that the configuration names, else the active one or that here."""
    if env is None:
        config = load(caller.environ, caller.directory)
        _report(config.passed_over)
        env = config.env
    return discovery.find(env, caller.environ, caller.directory)


def prepare(request: Config, caller: Invocation) -> Session:
    """Return the session that ``request``, the command line, means to ``caller``; print what is worth knowing of it.

    Raises UsageError, EnvironmentUnusableError, ShellUnusableError and
    SourceFailedError.
    """
    configured = load(caller.environ, caller.directory)
    config = merge(configured, request)
    if not config.quiet:
        _report(config.passed_over or config.left_out)
    notes: list[str] = []
    changes = None
    if config.create:
        from cleanenv.environments.creation import find_or_make

        # The setup files first: on clusters they bring the Python and the libraries to create ENV with.
        plan = _plan(caller, config)
        asking = caller.environ
        if config.overrides.source:
            from cleanenv.session import setup_script

            changes, notes = _run_setup_files(configured, request, plan, caller)
            asking = setup_script.seen_by(caller.environ, changes, plan.environ)
            plan = _plan(caller, config, changes)
        environment, made = find_or_make(
            config.env, config.python, plan.environ, asking, caller.directory, is_quiet=config.quiet
        )
        notes += made
    else:
        environment = discovery.find(config.env, caller.environ, caller.directory, discovery.CREATE)
    require_usable(environment)
    plan = _plan(caller, config, changes, environment)
    if config.overrides.source and changes is None:
        changes, notes = _run_setup_files(configured, request, plan, caller)
        plan = _plan(caller, config, changes, environment)
    notes += _notes(plan, caller.environ)
    if _has_libraries(caller.environ.get(LIBRARY_PATH, "")):
        notes += _lost_libraries(environment.python, plan, caller)
    if notes and not config.quiet:
        from cleanenv.system import console

        for note in notes:
            console.say(note)
    return Session(environment, activate(plan, environment), config)


def _plan(
    caller: Invocation, config: Config, changes: Difference | None = None, environment: Environment | None = None
) -> Plan:
    return build_plan(caller.environ, config.overrides, changes, environment, directory_inside())


def _run_setup_files(
    configured: Config, request: Config, plan: Plan, caller: Invocation
) -> tuple[Difference, list[str]]:
    """Run the configured setup files in ``plan``, then the command line's; return as ``setup_script.run``."""
    from cleanenv.session import setup_script
    from cleanenv.session.setup_script import SetupFile

    files = [SetupFile(path) for path in configured.overrides.source]
    files += [SetupFile(path, request.source_shell) for path in request.overrides.source]
    return setup_script.run(files, plan.environ, caller)


def _report(sentence: str) -> None:
    if sentence:
        from cleanenv.system import console

        console.say(sentence)


def command(request: Config, words: Sequence[str], caller: Invocation, *, is_separated: bool = True) -> Call:
    """Return the call of the command ``words`` in the session of ``request``; raise as ``prepare`` and ``execute``.

    ``is_separated`` tells whether ``--`` was in front of ``words``: if it was not, the word that was taken for ENV
    may have been meant as the command.
    """
    try:
        opened = prepare(request, caller)
    except EnvironmentUnusableError as error:
        if is_separated or not error.remedy.endswith(discovery.CREATE):
            raise
        import shlex

        line = shlex.join(("cleanenv", "run", "--", request.env or "", *words))
        raise EnvironmentUnusableError(error.fact, f"{error.remedy}; if it is the command, write: {line}") from error
    call = execute.command(words, opened.plan.environ)
    is_from_env = call.program.startswith(f"{opened.environment.bin}/")
    if not is_from_env and not opened.config.quiet and _is_script(call.program):
        from cleanenv.session import foreign_programs
        from cleanenv.system import console

        note = foreign_programs.note(words[0], call.program, opened.environment)
        if note is not None:
            console.say(note)
    return call


def _is_script(program: str) -> bool:
    """Tell whether ``program`` is a script; a file that may not be read is none.

    Most commands are none, and then what reads the rest of the first line need not be imported.
    """
    try:
        descriptor = os.open(program, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return os.read(descriptor, 2) == b"#!"
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _has_libraries(path: str) -> bool:
    """Tell whether a directory on ``path`` has a shared library: to look for the right one costs a millisecond."""
    for directory in path.replace(";", ":").split(":") if path else ():
        try:
            names = os.listdir(directory or ".")
        except OSError:
            continue
        for name in names:
            if ".so" in name:
                return True
    return False


def _lost_libraries(program: str, plan: Plan, caller: Invocation) -> list[str]:
    """Return a sentence if ``program`` does not find a library any more, now that LD_LIBRARY_PATH is not passed on."""
    from cleanenv.session import lost_libraries

    note = lost_libraries.note(program, plan.environ, caller.environ)
    return [] if note is None else [note]


def _notes(plan: Plan, caller: Mapping[str, str]) -> list[str]:
    """Return a sentence for each variable that is kept though it may do harm, and for each value that was refused."""
    notes = []
    for name, reason in plan.reasons.items():
        if reason == BY_KEEP:
            kind = policy.hazard(name)
            if kind:
                notes.append(f"{name} kept as requested: {kind}")
    for name, kind in sorted(plan.refused.items()):
        if kind == policy.BAD_VALUE:
            notes.append(f"{name} not passed on: its value is one that sudo refuses too")
        elif kind not in policy.BY_NAME:
            notes.append(f"{name} not passed on: '{caller[name]}' is {kind}")
    return notes
