"""What the trials share: the environment with programs in it, and how a launched process reports."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.field.trial import PROGRAMS
from tests.support.surroundings import skip_or_fail


@pytest.fixture(scope="session")
def programs() -> Path:
    """Return the environment that ``dev`` installs gunicorn, ipykernel and their kin into; tests only read it."""
    if not (PROGRAMS / "ready").exists():
        skip_or_fail(f"'{PROGRAMS}' is missing: ./dev test makes it, on Debian as root")
    return PROGRAMS


@pytest.fixture
def sockets() -> Iterator[Path]:
    """Return an empty directory with a path so short that a socket's name fits: sun_path holds 108 bytes (unix(7))."""
    with tempfile.TemporaryDirectory(prefix="cleanenv-", dir="/tmp") as folder:
        os.chmod(folder, 0o700)  # screen insists
        yield Path(folder)
