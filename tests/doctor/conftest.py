"""The stage on which each check of doctor is shown something, and something near it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import skip_or_fail
from tests.support import machine
from tests.support.doctor_stage import Stage


@pytest.fixture
def stage(tmp_path: Path, home: Path) -> Stage:
    return Stage(tmp_path, home)


@pytest.fixture(scope="session", autouse=True)
def _nothing_told_to_pip(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let a machine on which /etc says which packages pip takes pass for a plain one."""
    told = machine.files()
    if told and not machine.hide(told, tmp_path_factory.mktemp("pip")):
        skip_or_fail(f"'{told[0]}' tells pip more than how to reach the network, and only root can hide it")
