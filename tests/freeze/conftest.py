"""Environments for the tests of freeze: some of files alone, some real, made by each interpreter present."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.fake_environment import FakeEnvironment


@pytest.fixture
def fake(tmp_path: Path) -> FakeEnvironment:
    """Make an empty environment of Python 3.11."""
    return FakeEnvironment.bare(tmp_path / "my_env")
