"""From what the user asked for to a clean environment: configuration, ENV, plan, sourced files."""

from __future__ import annotations

from cleanenv.clean import policy
from cleanenv.clean.plan import BY_KEEP, Plan, activate, build_plan
from cleanenv.environments import discovery
from cleanenv.environments.environment import Environment, require_usable
from cleanenv.session.config import Config, load, merge
from cleanenv.system import execute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.system.execute import Call
    from cleanenv.system.invocation import Invocation


class Session:
    """An environment, the plan in which it is active, and the ``shell`` that was asked for, if any."""

    __slots__ = ("environment", "plan", "shell")

    def __init__(self, environment: Environment, plan: Plan, shell: str | None) -> None:
        self.environment = environment
        self.plan = plan
        self.shell = shell


def find(env: str | None, caller: Invocation) -> Environment:
    """Return the environment ``env``, else the one that the configuration names, else the active one or that here."""
    if env is None:
        env = load(caller.environ, caller.directory).env
    return discovery.find(env, caller.environ, caller.directory)


def prepare(request: Config, caller: Invocation) -> Session:
    """Return the session that ``request``, the command line, means to ``caller``; print what is worth knowing of it.

    Raises UsageError, EnvironmentUnusableError, ShellUnusableError and
    SourceFailedError.
    """
    config = merge(load(caller.environ, caller.directory), request)
    notes: list[str] = []
    if config.create:
        from cleanenv.environments.creation import find_or_make

        plan = build_plan(caller.environ, config.overrides)
        environment, made = find_or_make(config.env, config.python, plan.environ, caller.environ, caller.directory)
        notes += made
    else:
        environment = discovery.find(config.env, caller.environ, caller.directory, discovery.CREATE)
    require_usable(environment)
    plan = build_plan(caller.environ, config.overrides, environment=environment)
    if config.overrides.source:
        from cleanenv.session import setup_script

        changes, printed = setup_script.run(config.overrides.source, plan.environ)
        notes += printed.splitlines()
        plan = build_plan(caller.environ, config.overrides, changes, environment)
    notes += _notes(plan, caller.environ)
    if notes and not config.quiet:
        from cleanenv.system import console

        for note in notes:
            console.say(note)
    return Session(environment, activate(plan, environment), config.shell)


def command(request: Config, words: Sequence[str], caller: Invocation) -> Call:
    """Return the call of the command ``words`` in the session of ``request``; raise as ``prepare`` and ``execute``."""
    return execute.command(words, prepare(request, caller).plan.environ)


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
