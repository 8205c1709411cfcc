"""The process that called cleanenv: the one place where os.environ is read."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def environ() -> Mapping[str, str]:
    """Return the environment that cleanenv was started in."""
    return dict(os.environ)
