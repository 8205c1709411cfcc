"""Startup files are read in one way: whole lines of regular files, and never by waiting."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleanenv.trace.engine import source_file


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Leave nothing of these files behind."""
    source_file.forget()
    yield
    source_file.forget()


def write(tmp_path: Path, text: bytes) -> str:
    (tmp_path / "rc").write_bytes(text)
    return str(tmp_path / "rc")


def test_lines_and_bytes_that_are_not_text(tmp_path: Path) -> None:
    file = source_file.read(write(tmp_path, b"one\n  two\xff \r\nthree"))
    assert file.lines == ("one", "  two\udcff \r", "three")
    assert [file.line(number) for number in (None, 0, 1, 2, 3, 4)] == ["", "", "one", "two\udcff", "three", ""]


def test_a_statement_goes_on_behind_a_backslash(tmp_path: Path) -> None:
    file = source_file.read(write(tmp_path, b"a \\\nb \\\nc\nd\ne \\"))
    assert [file.statement(number) for number in (None, 0, 1, 2, 4, 5, 6)] == [
        *("", "", "a \\\nb \\\nc", "b \\\nc", "d", "e \\", "")
    ]


def test_a_statement_has_an_end(tmp_path: Path) -> None:
    file = source_file.read(write(tmp_path, b"a\\\n" * 1000))
    assert file.statement(1).count("\n") == source_file.LONGEST_STATEMENT


def test_only_so_much_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_file, "LARGEST", 5)
    assert source_file.read(write(tmp_path, b"one\ntwo\n")).lines == ("one", "t")


def test_a_file_is_read_once_until_it_is_forgotten(tmp_path: Path) -> None:
    path = write(tmp_path, b"old")
    assert source_file.read(path).lines == ("old",)
    write(tmp_path, b"new")
    assert source_file.read(path).lines == ("old",)
    source_file.forget()
    assert source_file.read(path).lines == ("new",)


def test_what_is_not_a_regular_file_has_no_lines(tmp_path: Path) -> None:
    """The test's time limit would end one that waited for the writer of a FIFO."""
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "dangling").symlink_to("nowhere")
    for path in (tmp_path, tmp_path / "fifo", tmp_path / "dangling", tmp_path / "missing", Path("/dev/zero")):
        assert source_file.read(str(path)).lines == ()
    assert source_file.read("a\0b").lines == ()


def test_a_fifo_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may take the name between the look at it and open(2)."""
    os.mkfifo(tmp_path / "fifo")
    monkeypatch.setattr(os.path, "isfile", lambda _: True)
    assert source_file.read(str(tmp_path / "fifo")).lines == ()


def test_this_processs_own_descriptors_are_not_read(tmp_path: Path) -> None:
    """``source /dev/stdin`` read another file in the shell than it would here."""
    descriptor = os.open(write(tmp_path, b"mine"), os.O_RDONLY)
    try:
        assert source_file.read(f"/dev/fd/{descriptor}").lines == ()
        assert source_file.read(f"/proc/self/fd/{descriptor}").lines == ()
    finally:
        os.close(descriptor)


def test_what_gives_nothing_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "conf.d").mkdir()
    there = write(tmp_path, b"")
    paths = [there, *(str(tmp_path / name) for name in ("dangling", "conf.d", "missing"))]
    assert [(Path(one.file).name, one.reason) for one in source_file.missing(paths)] == [
        ("dangling", "it is a dangling link"),
        ("conf.d", "it is a directory"),
        ("missing", "it does not exist"),
    ]
    assert source_file.missing([str(tmp_path / "conf.d")], [str(tmp_path / "conf.d")]) == ()
