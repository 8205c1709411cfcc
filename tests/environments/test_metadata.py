"""Header fields, read as email.parser reads them."""

from __future__ import annotations

from email.parser import Parser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanenv.environments import metadata

if TYPE_CHECKING:
    from pathlib import Path

LINES = st.sampled_from(
    ["Metadata-Version: 2.1", "Name: demo", "name:other", "NAME:  third ", "Version: 1.0", "", "Summary: x: y",
     "no colon", " folded", "\tfolded", "Bad Key: 1", "Requires-Dist: a", ":empty", "Nam\xe9: x"]
)  # fmt: skip


@given(st.lists(LINES, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_fields_are_those_of_email_parser(lines: list[str], end: str) -> None:
    text = end.join(lines) + end
    parsed = Parser().parsestr(text.replace("\r\n", "\n"))
    if ":empty" in lines:  # email passes over it; no writer of metadata writes it
        return
    expected = [(key.lower(), value) for key, value in parsed.items()]
    assert list(metadata.fields(text.encode())) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"Metadata-Version: 2.1\nName: demo\nVersion: 1\n", "demo"),
        (b"Metadata-Version: 2.1\r\nName: demo\r\nVersion: 1\r\n", "demo"),
        (b"Name: demo\nMetadata-Version: 2.1\n", None),
        (b"Metadata-Version: 2.1\nName: demo\n folded\n", None),
        (b"Metadata-Version: 2.1\nName: cut", None),
        (b"", None),
    ],
)
def test_the_quick_look_is_sure_or_none(head: bytes, expected: str | None) -> None:
    assert metadata.quick_name(head) == expected


@given(st.binary(max_size=200))
def test_the_quick_look_agrees_with_the_long_one(data: bytes) -> None:
    head = b"Metadata-Version: 2.1\n" + data
    quick = metadata.quick_name(head)
    assert quick is None or quick.strip() == (metadata.field(head, "name") or "").strip()


def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    assert metadata.read(str(tmp_path / "pipe")) == b""
