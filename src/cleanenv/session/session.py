"""From what the user asked for to a clean environment: configuration, ENV, plan, sourced files."""

from __future__ import annotations

from cleanenv.clean import policy
from cleanenv.clean.plan import BY_KEEP, Overrides, Plan, activate, build_plan
from cleanenv.environments import discovery
from cleanenv.environments.environment import Environment, require_usable
from cleanenv.session import config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Session:
    """An environment, its plan, and the ``remarks`` about it that belong on stderr."""

    __slots__ = ("environment", "plan", "remarks", "shell")

    def __init__(self, environment: Environment, plan: Plan, remarks: list[str], shell: str | None) -> None:
        self.environment = environment
        self.plan = plan
        self.remarks = remarks
        self.shell = shell

    def print_remarks(self) -> None:
        """Print the remarks on stderr."""
        if self.remarks:
            from cleanenv.system import console

            for remark in self.remarks:
                console.say(remark)


def find(name: str | None, caller: Mapping[str, str], folder: str) -> Environment:
    """Return the environment ``name``, else the one that the configuration names, else the active one or that here."""
    said = config.Config(name) if name is not None else config.load(caller, folder)
    return discovery.find(said.env, caller, folder)


def prepare(
    name: str | None,
    overrides: Overrides,
    caller: Mapping[str, str],
    folder: str,
    *,
    create: bool = False,
    python: str | None = None,
) -> Session:
    """Return the session that ``name`` and ``overrides`` mean to a caller in ``folder``.

    ``create`` makes ENV where it is missing, with ``python``, a path, a
    command or a version, else with cleanenv's own. Raises UsageError,
    EnvironmentUnusableError, ShellUnusableError and SourceFailedError.
    """
    said = config.merge(config.load(caller, folder), config.Config(name, None, overrides))
    remarks: list[str] = []
    plain = build_plan(caller, said.overrides)
    if create:
        from cleanenv.environments.creation import find_or_make

        environment, made = find_or_make(said.env, python, plain.environ, caller, folder)
        remarks += made
    else:
        environment = discovery.find(said.env, caller, folder, discovery.CREATE)
    require_usable(environment)
    plan = plain
    if said.overrides.source:
        from cleanenv.session import setup_script

        changes, printed = setup_script.run(said.overrides.source, plain.environ)
        remarks += printed.splitlines()
        plan = build_plan(caller, said.overrides, changes)
    remarks += _remarks(plan)
    return Session(environment, activate(plan, environment), remarks, said.shell)


def _remarks(plan: Plan) -> list[str]:
    harmful = [
        f"{name} is kept because you asked for it: {kind}"
        for name, reason in plan.reasons.items()
        if reason == BY_KEEP and (kind := policy.hazard(name))
    ]
    refused = [
        f"{name} stayed outside: its value is one that sudo refuses too"
        for name, kind in plan.dropped.items()
        if kind == policy.BAD_VALUE
    ]
    return harmful + refused
