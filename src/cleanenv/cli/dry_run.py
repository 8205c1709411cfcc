"""``--dry-run``: what would be started."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from cleanenv.system import console
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanenv.system.execute import Call

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def dry_run_option(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Add --dry-run to a command."""
    option = click.option("-n", "--dry-run", is_flag=True, help="Print the command and its environment; start nothing.")
    return option(function)


def show_call(call: Call) -> None:
    """Print ``call``: the command as a shell would be given it, then a variable a line."""
    import shlex

    words = " ".join(shlex.quote(readable(word)) for word in call.arguments)
    variables = "".join(f"  {name}={readable(call.environ[name])}\n" for name in sorted(call.environ))
    console.write(os.fsencode(f"command: {words}\nenvironment:\n{variables}"))
