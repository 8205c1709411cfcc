"""The stage on which each check of doctor is shown something, and something near it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doctor.stage import Stage


@pytest.fixture
def stage(tmp_path: Path, home: Path) -> Stage:
    return Stage(tmp_path, home)
