"""names: the same answers as packaging.utils, without its imports."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import InvalidName, canonicalize_name

from cleanenv.environments import names

NAMES = st.text(st.sampled_from("abzAZ09-_.~ é\n"), max_size=8)


@given(NAMES.filter(str.isascii))
def test_canonical_names_are_those_of_packaging(text: str) -> None:
    assert names.canonical(text) == canonicalize_name(text)


@given(NAMES)
def test_valid_names_are_those_of_packaging(text: str) -> None:
    try:
        canonicalize_name(text, validate=True)
        expected = True
    except InvalidName:
        expected = False
    assert names.is_valid(text) == expected
