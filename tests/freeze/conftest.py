"""Environments for the tests of freeze: some of files alone, some real, made by each interpreter present."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.freeze_rooms import Room


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Make an empty environment of Python 3.11."""
    return Room(tmp_path / "my_env")
