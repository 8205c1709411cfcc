"""ENV itself: what in it is broken, leaves it, or runs unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.doctor.finding import Finding, Subject


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what is wrong inside the environment; nothing where none was asked for."""
    if subject.environment is None:
        return
    yield from ()
