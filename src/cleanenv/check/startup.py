"""The environment that a new terminal of the user's would have, by replaying the shell's startup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.shell import detect
from cleanenv.trace import start, tracing

if TYPE_CHECKING:
    from cleanenv.system.invocation import Invocation

EVERYTHING = "*"


def environ(caller: Invocation) -> dict[str, str]:
    """Return the variables after the startup of the caller's shell; raise ShellUnusableError if it cannot be run."""
    shell = detect.choose(None, caller.ancestry, caller.environ)
    started = start.read(shell.shell, shell.program, caller.ancestry, caller.environ)
    traced = tracing.run(
        shell.shell,
        shell.program,
        [EVERYTHING],
        caller.environ,
        login=started.login,
        timeout=tracing.LIMIT,
        ancestors=(),  # only values are asked for
        start=started,
    )
    values = {"HOME": caller.environ.get("HOME", "")}
    for variable in traced.variables:
        if variable.replayed is not None:
            values[variable.name] = variable.replayed
    return values
