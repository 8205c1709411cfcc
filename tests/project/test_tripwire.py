"""The tripwire fires in every process of the tests, also in the workers of xdist."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.surroundings import REAL_HOME
from tests.support.tripwire import TripwireError


def test_it_knows_the_real_home() -> None:
    assert os.environ["HOME"] != REAL_HOME
    assert not Path(os.environ["HOME"]).is_relative_to(REAL_HOME)


@pytest.mark.parametrize("place", ["/etc", REAL_HOME])
def test_nothing_is_written(place: str, tmp_path: Path) -> None:
    inside = Path(place) / ".cleanenv-tests-must-not-write-this"
    (tmp_path / "file").touch()
    for write in (
        inside.touch,
        inside.mkdir,
        inside.unlink,
        inside.rmdir,
        lambda: inside.symlink_to(tmp_path),
        lambda: inside.hardlink_to(tmp_path / "file"),
        lambda: (tmp_path / "file").rename(inside),
        lambda: inside.rename(tmp_path / "file"),
        lambda: inside.chmod(0o700),
    ):
        with pytest.raises(TripwireError):
            write()
    assert not inside.exists()


def test_a_link_may_lead_there(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(REAL_HOME)


def test_no_child_lives_in_the_real_home() -> None:
    with pytest.raises(TripwireError):
        subprocess.run(["true"], env={"HOME": REAL_HOME, "PATH": "/usr/bin:/bin"}, check=True)
