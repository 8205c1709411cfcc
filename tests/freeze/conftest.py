"""Environments for the tests of freeze: some of files alone, some real, made by each interpreter present."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.freeze.rooms import VERSIONS, Room, candidates, works


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Make an empty environment of Python 3.11."""
    return Room(tmp_path / "my_env")


@pytest.fixture(scope="session")
def interpreters() -> dict[str, Path]:
    """Find the Pythons of this machine by version: at least the one that runs the tests."""
    found = {f"{sys.version_info[0]}.{sys.version_info[1]}": Path(sys._base_executable)}  # type: ignore[attr-defined]
    for python in candidates():
        for version in VERSIONS:
            if version not in found and works(python, version):
                found[version] = python
    return found


@pytest.fixture(scope="session")
def interpreter(interpreters: dict[str, Path], request: pytest.FixtureRequest) -> tuple[str, Path]:
    """One of the interpreters, by the parameter; skipped where it is not there."""
    version = str(request.param)
    if version not in interpreters:
        pytest.skip(f"no Python {version} on this machine")
    return version, interpreters[version]
