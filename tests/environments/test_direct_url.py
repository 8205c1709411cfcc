"""direct_url.json."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanenv.environments import direct_url


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"url": "https://a/b.git", "vcs_info": {"vcs": "git", "commit_id": "f00"}}, "git+https://a/b.git@f00"),
        (
            {"url": "https://a/b", "vcs_info": {"vcs": "hg", "commit_id": "1"}, "subdirectory": "x/y"},
            "hg+https://a/b@1#subdirectory=x/y",
        ),
        ({"url": "https://a/b.zip", "archive_info": {}}, "https://a/b.zip"),
        ({"url": "https://a/b.zip", "archive_info": {"hash": "sha256=1"}}, "https://a/b.zip#sha256=1"),
        (
            {"url": "https://a/b.zip", "archive_info": {"hashes": {"md5": "2"}}, "subdirectory": "z"},
            "https://a/b.zip#md5=2&subdirectory=z",
        ),
        ({"url": "file:///a%20b", "dir_info": {}}, "file:///a%20b"),
        ({"url": "file:///a", "dir_info": {"editable": False}, "vcs_info": None}, "file:///a"),
    ],
)
def test_references_are_pips(value: object, expected: str) -> None:
    origin = direct_url.parse(json.dumps(value).encode())
    assert origin.reference(origin.url) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"url": 1, "dir_info": {}}',
        b'{"dir_info": {}}',
        b'{"url": "file:///a"}',
        b'{"url": "file:///a", "dir_info": {}, "archive_info": {}}',
        b'{"url": "file:///a", "dir_info": []}',
        b'{"url": "file:///a", "dir_info": {"editable": "yes"}}',
        b'{"url": "https://a/b", "dir_info": {}}',
        b'{"url": "file://elsewhere/a", "dir_info": {}}',
        b'{"url": "file:a", "dir_info": {}}',
        b'{"url": "https://a", "vcs_info": {"vcs": "git"}}',
        b'{"url": "https://a", "vcs_info": {"vcs": "git", "commit_id": 5}}',
        b'{"url": "https://a", "archive_info": {"hash": "abc"}}',
        b'{"url": "https://a", "archive_info": {"hashes": {"md5": 1}}}',
        b'{"url": "https://a", "archive_info": {"hash": "md5=1", "hashes": {"md5": "2"}}}',
    ],
)
def test_what_breaks_pep_610_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        direct_url.parse(data)


@given(
    st.binary()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda value: (
            st.lists(value)
            | st.dictionaries(
                st.sampled_from(
                    ["url", "dir_info", "vcs_info", "archive_info", "hash", "hashes", "editable", "vcs", "commit_id"]
                ),
                value,
            )
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_anything_is_an_origin_or_a_value_error(data: bytes) -> None:
    try:
        origin = direct_url.parse(data)
    except ValueError:
        return
    assert origin.kind in {"vcs", "archive", "dir"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("file:///a/b%20c", "/a/b c"),
        ("file://localhost/a", "/a"),
        ("file:/a", "/a"),
        ("FILE:///a#egg=x", "/a"),
        ("file:///a%zz%2", "/a%zz%2"),
        ("file:///%C3%A4", "/ä"),
        ("file:///%ff", "/\udcff"),
    ],
)
def test_local_paths(url: str, expected: str) -> None:
    assert direct_url.local_path(url) == expected
