"""The scene that check looks at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.check_scene import CheckScene


@pytest.fixture
def scene(tmp_path: Path) -> CheckScene:
    return CheckScene(tmp_path)
