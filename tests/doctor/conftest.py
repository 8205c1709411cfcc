"""The scene that each check of doctor looks at, and a machine that sets nothing for pip."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import machine
from tests.support.doctor_scene import Scene
from tests.support.surroundings import skip_or_fail


@pytest.fixture
def scene(home: Path) -> Scene:
    return Scene(home.parent)


@pytest.fixture(scope="session", autouse=True)
def _nothing_told_to_pip(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let a machine on which /etc says which packages pip takes pass for a plain one."""
    files = machine.files()
    if files and not machine.hide(files, tmp_path_factory.mktemp("pip")):
        skip_or_fail(f"'{files[0]}' tells pip more than how to reach the network, and only root can hide it")
