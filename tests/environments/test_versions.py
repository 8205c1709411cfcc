"""versions: the cheap recogniser never says more than packaging."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.version import InvalidVersion, Version

from cleanenv.environments import versions

PARTS = st.sampled_from(
    [
        "0",
        "1",
        "01",
        "10",
        "2024",
        ".",
        "..",
        "a",
        "b",
        "rc",
        "c",
        ".dev",
        ".post",
        "-",
        "+",
        "_",
        "!",
        "v",
        " ",
        "cu118",
        "A",
    ]
)


@given(st.lists(PARTS, max_size=9).map("".join))
@example("1.0+abc.01")
@example("1.0.dev0.post1")
@example("1.0a1.post2.dev3+ab.5")
def test_what_counts_as_normal_is_what_packaging_writes(text: str) -> None:
    try:
        expected = str(Version(text))
    except InvalidVersion:
        expected = None
    assert versions.normal(text) == expected
    if versions.is_normal(text):
        assert text == expected


@pytest.mark.parametrize(
    "text", ["1.0", "0", "2024.1.1", "1.0rc1", "1.0.post1", "1.0.dev0", "1.0b2.post3.dev4", "2.1+cu118"]
)
def test_usual_versions_need_no_packaging(text: str) -> None:
    assert versions.is_normal(text)


@pytest.mark.parametrize("text", ["", "1.0-custom", "2004d", "1.0 0"])
def test_what_is_not_a_version(text: str) -> None:
    assert versions.normal(text) is None


def test_a_number_that_python_refuses_to_convert_is_not_an_error() -> None:
    assert not versions.is_normal("1" * 5000)
    versions.normal("1" * 5000)
