"""What the tests of the project as a whole share: its distributions, built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import distributions


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout that looks used: with bytecode of some older Python beside every module."""
    copy = distributions.copy_checkout(tmp_path_factory.mktemp("source") / "checkout")
    for module in [*copy.rglob("*.py")]:
        cache = module.parent / "__pycache__"
        cache.mkdir(exist_ok=True)
        (cache / f"{module.stem}.cpython-30.pyc").write_bytes(b"left by an earlier run")
    return copy


@pytest.fixture(scope="session")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> distributions.Distributions:
    """Return the distributions of the checkout."""
    return distributions.build(source, tmp_path_factory.mktemp("home"))
