"""Starting the shells under test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import hostile, namespace
from tests.support.surroundings import skip_or_fail


@pytest.fixture(scope="session")
def hostile_etc(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the words that start a command below an /etc full of hostile startup files."""
    folder = tmp_path_factory.mktemp("etc")
    hostile.write_system(folder)
    if not namespace.is_possible(folder):
        skip_or_fail("a mount namespace with an overlay over /etc takes root")
    return namespace.over_etc(folder)


@pytest.fixture
def hostile_home(home: Path) -> Path:
    """Return a home with a hostile startup file in every place."""
    hostile.write_home(home)
    return home
