"""The shells of this machine."""

from __future__ import annotations

import os

from cleanenv.shell import detect, registry
from tests.support.surroundings import skip_or_fail


def find_shell(name: str) -> detect.Found:
    """Return the shell ``name``; skip the test, or fail in CI, if it is not installed."""
    shell = registry.by_name(name)
    program = detect.find_program(shell, os.environ["PATH"])
    if program is None:
        skip_or_fail(f"{name} is not installed")
        raise AssertionError
    return detect.Found(shell, program)
