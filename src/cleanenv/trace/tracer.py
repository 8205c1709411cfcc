"""What the module that traces a shell must offer, and where it is found."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.shell.definition import Shell
    from cleanenv.trace.model import Replay
    from cleanenv.trace.start import Given


@runtime_checkable
class Tracer(Protocol):
    """A module of cleanenv.trace that serves a shell."""

    def replay(
        self, row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float, given: Given
    ) -> Replay:
        """Return what the startup of ``program`` does in ``environ``, within ``timeout`` seconds.

        ``given`` is what the command line of the user's shell says of its startup files.
        """


def of(row: Shell) -> Tracer:
    """Return the module that traces the startup of ``row``."""
    module: object = importlib.import_module(f"cleanenv.trace.shells.{row.tracer}")
    assert isinstance(module, Tracer)  # noqa: S101  the registry's promise, which a test holds
    return module
