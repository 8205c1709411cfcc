"""Environments for the tests of freeze: some of files alone, some real, made by each interpreter present."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.command import run
from tests.support.fake_environment import FakeEnvironment


@pytest.fixture
def fake(tmp_path: Path) -> FakeEnvironment:
    """Make an empty environment of Python 3.11."""
    return FakeEnvironment.bare(tmp_path / "my_env")


@pytest.fixture(scope="session")
def pip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that has the newest pip."""
    path = tmp_path_factory.mktemp("pip")
    run(sys.executable, "-m", "venv", path / "env")
    python = path / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", "-U", "pip")
    return python
