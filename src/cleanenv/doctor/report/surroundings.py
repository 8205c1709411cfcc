"""When and where a report was made, so that a page that is sent on can be placed."""

from __future__ import annotations

import platform
import time
from importlib import metadata
from typing import NamedTuple

DISTRIBUTION = "cleanenv-shell"


class Surroundings(NamedTuple):
    """The date with the offset of the local time, the host's name, the user's shell and cleanenv's version."""

    date: str
    host: str
    shell: str
    version: str


def surroundings(shell: str) -> Surroundings:
    """Return those of this process, whose user has ``shell``; a version that is not known is empty."""
    try:
        version = metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        version = ""
    return Surroundings(time.strftime("%Y-%m-%d %H:%M %z"), platform.node(), shell, version)
