"""-o: whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cleanenv.errors import UsageError
from cleanenv.system import atomic_write
from tests.support.surroundings import unprivileged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def only(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_obeys_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        atomic_write.write(str(tmp_path / "r.txt"), b"a\n")
    finally:
        os.umask(old)
    assert (tmp_path / "r.txt").read_bytes() == b"a\n"
    assert stat.S_IMODE((tmp_path / "r.txt").stat().st_mode) == 0o640
    assert only(tmp_path) == ["r.txt"]


def test_mode_and_link_stay(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "r.txt"
    target.write_text("old, and longer than the new")
    target.chmod(0o604)
    (tmp_path / "link").symlink_to("real/r.txt")
    atomic_write.write(str(tmp_path / "link"), b"new\n")
    assert (tmp_path / "link").is_symlink()
    assert target.read_bytes() == b"new\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o604
    assert only(tmp_path / "real") == ["r.txt"]


def test_a_dead_link_gets_its_target(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("r.txt")
    atomic_write.write(str(tmp_path / "link"), b"a")
    assert (tmp_path / "r.txt").read_bytes() == b"a"
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("missing/r.txt", "no directory"),
        (".", "is a directory"),
        ("", "is a directory"),
        ("new/", "no directory"),
        ("/dev/null", "device"),
        ("pipe", "pipe"),
        ("file/r.txt", "not a directory"),
        ("loop", "loop"),
        ("x" * 300, "too long"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_sentence(path: str, says: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("kept")
    (tmp_path / "loop").symlink_to("loop")
    before = only(tmp_path)
    with pytest.raises(UsageError) as caught:
        atomic_write.write(os.path.join(tmp_path, path), b"a")
    assert says in str(caught.value).lower()
    assert "\n" not in str(caught.value)
    assert only(tmp_path) == before
    assert (tmp_path / "file").read_text() == "kept"


WRITE = """
import resource, signal, sys
from cleanenv.system import atomic_write
from cleanenv.errors import UsageError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
if len(sys.argv) > 2:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    atomic_write.write(sys.argv[1], b"x" * 100000)
except UsageError as error:
    print(error)
"""


def write(target: Path, *limits: str, within: Sequence[str] = ()) -> str:
    """Write 100 kB to ``target`` in a process of its own; return the error."""
    command = [*within, sys.executable, "-c", WRITE, str(target), *limits]
    done = subprocess.run(command, capture_output=True, timeout=30, check=True)
    return done.stdout.decode()


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "r.txt"
    target.write_text("old")
    assert "too large" in write(target, "1000")
    assert target.read_text() == "old"
    assert only(tmp_path) == ["r.txt"]
    assert not write(target, "1000000")
    assert target.stat().st_size == 100_000


def test_a_folder_that_may_not_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "r.txt"
    target.write_text("old")
    within = unprivileged()
    tmp_path.chmod(0o555)
    try:
        assert "permission denied" in write(target, within=within)
    finally:
        tmp_path.chmod(0o755)
    assert target.read_text() == "old"
    assert only(tmp_path) == ["r.txt"]
