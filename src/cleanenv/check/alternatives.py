"""Imports that stand in for each other: ``try: import a`` with ``except ImportError: import b``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.check.first_party import BESIDE, GENERATED, NAMESPACE, ROOT
from cleanenv.check.resolution import LEAKED, NOWHERE
from cleanenv.check.use import FALLBACK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.check.first_party import FirstParty
    from cleanenv.check.resolution import Resolver
    from cleanenv.check.source_file import Source
    from cleanenv.check.use import Use


def group(use: Use, uses: Sequence[Use]) -> list[Use]:
    """Return the imports that stand in for each other with ``use``; none if it is not guarded."""
    if not use.group:
        return []
    return [other for other in uses if other.group == use.group and other.cell == use.cell]


def one_is_needed(alternatives: Sequence[Use], source: Source, own: FirstParty, resolver: Resolver) -> bool:
    """Tell whether one of ``alternatives`` has to be found, and none is found without a leak.

    One has to if the handler imports another; else the program goes on with none of them.
    """
    if not any(use.guard == FALLBACK for use in alternatives):
        return False
    for use in alternatives:
        if own.kind(use.top, source) in (BESIDE, ROOT, GENERATED, NAMESPACE):
            return False
        if resolver.resolve(use.module).status not in (LEAKED, NOWHERE):
            return False
    return True


def first_leaked(alternatives: Sequence[Use], resolver: Resolver) -> Use | None:
    """Return the first that only a leak has."""
    for use in alternatives:
        if resolver.resolve(use.module).status == LEAKED:
            return use
    return None
