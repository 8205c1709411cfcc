"""Begins to measure coverage at every start of the Python of ``./dev coverage``, which copies this file there.

Coverage's own way, a variable that is inherited, ends at the clean environments
that the tests, and the tool itself, start processes with.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

CHECKOUT = os.path.dirname(os.path.dirname(sys.prefix))
# For coverage alone: the tool must not see that it is measured.
VARIABLES = {
    "COVERAGE_PROCESS_START": os.path.join(CHECKOUT, "pyproject.toml"),
    "COVERAGE_FILE": os.path.join(CHECKOUT, ".coverage"),
}


def start() -> None:
    """Measure this process until it ends or becomes another program."""
    import coverage

    os.environ.update(VARIABLES)
    measured = coverage.process_startup()
    for name in VARIABLES:
        del os.environ[name]
    if measured is None:
        return
    replace, itself = os.execve, os.getpid()

    def save_and_replace(path: str, arguments: list[str], environ: Mapping[str, str]) -> NoReturn:
        if os.getpid() == itself:  # a fork has no data of its own, and no open file to write it to
            measured.stop()
            measured.save()
        replace(path, arguments, environ)

    os.execve = save_and_replace  # type: ignore[assignment]


try:  # noqa: SIM105  without the import of contextlib, which the tool does without
    start()
except OSError:
    pass  # a process whose directory is gone, or that may not write, stays unmeasured
