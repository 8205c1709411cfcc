"""Requirements files: what pip takes is read, what it refuses is refused with file and line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from cleanenv.errors import UsageError
from cleanenv.freeze import requirements_file

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: Path, text: str) -> list[requirements_file.Wanted]:
    (folder / "r.txt").write_text(text)
    return requirements_file.read("r.txt", str(folder))


@pytest.mark.parametrize(
    ("line", "name", "specifier", "url"),
    [
        ("Foo.Bar==1.0  # comment", "Foo.Bar", "==1.0", None),
        ("foo[a,b] >=1,<2 ; python_version > '3'", "foo", "<2,>=1", None),
        ("foo==1.0 \\\n    --hash=sha256:" + "0" * 64, "foo", "==1.0", None),
        ("foo===1.0-odd", "foo", "===1.0-odd", None),
        ("foo @ https://example.org/a.zip#sha256=00", "foo", None, "https://example.org/a.zip#sha256=00"),
        ("-e git+https://e.org/a@f00#egg=foo", "foo", "", "git+https://e.org/a@f00#egg=foo"),
        ("--editable /some/path", None, None, "file:///some/path"),
        ("./below", None, None, "file://{}/below"),
        ("-i https://example.org/simple\nfoo", "foo", "", None),
    ],
)
def test_lines(line: str, name: str | None, specifier: str | None, url: str | None, tmp_path: Path) -> None:
    (wanted,) = read(tmp_path, f"# start\n\n{line}\n")
    assert wanted.name == name
    assert wanted.url == (url and url.format(tmp_path))
    if specifier is not None and wanted.url is None:
        assert str(wanted.specifier) == specifier
    assert wanted.where == f"r.txt:{4 if line.startswith('-i') else 3}"


def test_included_files_are_seen_from_the_including_one(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "more.txt").write_text("-c limits.txt\nb\n")
    (tmp_path / "sub" / "limits.txt").write_text("c<2\n")
    found = read(tmp_path, "a\n-r sub/more.txt\nd\n")
    assert [(wanted.name, wanted.where, wanted.is_constraint) for wanted in found] == [
        ("a", "r.txt:1", False),
        ("c", "sub/limits.txt:1", True),
        ("b", "sub/more.txt:2", False),
        ("d", "r.txt:3", False),
    ]


def test_a_file_may_be_included_twice(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("b\n")
    assert len(read(tmp_path, "-r more.txt\n-r more.txt\n")) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\n!!! nonsense\n", "r.txt:2"),
        ("a ==\n", "r.txt:1"),
        ("a\n\n-r r.txt\n", "r.txt:3"),
        ("-r ./../{name}/r.txt\n", "r.txt:1"),
        ("-r loop.txt\n", "loop.txt:1"),
        ("-r missing.txt\n", "r.txt:1"),
        ("-r https://example.org/r.txt\n", "r.txt:1"),
        ("a\n--nonsense\n", "r.txt:2"),
        ("a\0b\n", "r.txt"),
    ],
)
def test_what_cannot_be_read_names_file_and_line(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "loop.txt").write_text("-r r.txt\n")
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text.format(name=tmp_path.name))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    os.mkfifo(tmp_path / "pipe")
    for name, says in (
        ("missing", "no such file"),
        ("binary", "is no text"),
        (".", "is a directory"),
        ("pipe", "is a pipe"),
    ):
        with pytest.raises(UsageError, match=says):
            requirements_file.read(name, str(tmp_path))


def test_other_encodings(tmp_path: Path) -> None:
    (tmp_path / "utf16").write_text("foo==1.0\n", encoding="utf-16")
    (tmp_path / "bom").write_text("foo==1.0\n", encoding="utf-8-sig")
    for name in ("utf16", "bom"):
        assert [wanted.name for wanted in requirements_file.read(name, str(tmp_path))] == ["foo"]
