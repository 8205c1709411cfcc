"""What the caller handed over, in the hands of click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.system.invocation import Invocation

if TYPE_CHECKING:
    import click


def invocation_of(context: click.Context) -> Invocation:
    """Return what the caller handed over, as ``commands.invoke`` was given it."""
    invocation = context.find_object(Invocation)
    if invocation is None:
        raise AssertionError("no invocation in the context")
    return invocation
