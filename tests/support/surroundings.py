"""Where the tests run, as it was before they had a home of their own, and what to do if something is missing there."""

from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
USER = pwd.getpwuid(os.getuid()).pw_name  # fish puts another one right
NOBODY = 65534  # an ordinary user, for whom everything must be readable
UNKNOWN_USER = 54321  # one that no password database knows
IS_CI = os.environ.get("CI") == "true"
# Handed on to the workers of xdist, which are started in the tests' own home.
REAL_HOME = os.environ.setdefault("TESTS_REAL_HOME", os.path.expanduser("~"))

# Removes root's permission to read and write anything, if it is installed.
UNPRIVILEGED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")


def skip_or_fail(reason: str) -> None:
    """Skip on a laptop, fail in CI, where nothing may be missing."""
    if IS_CI:
        pytest.fail(reason)
    pytest.skip(reason)


def unprivileged() -> tuple[str, ...]:
    """Return the words before a command that may not read and write what modes forbid."""
    if os.geteuid() != 0:
        return ()
    if not shutil.which("setpriv"):
        skip_or_fail("root may read and write anything, and setpriv, which prevents that, is not installed")
    return UNPRIVILEGED
