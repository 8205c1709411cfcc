"""Credentials in URLs."""

from __future__ import annotations

import pytest

from cleanenv.system.credentials import masked


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a.git", "https://example.org/a.git"),
        ("https://me:secret@example.org/a.git", "https://me:****@example.org/a.git"),
        ("https://ghp_token@example.org/a.git", "https://****@example.org/a.git"),
        ("https://user:p@ss@example.org/a", "https://user:****@example.org/a"),
        ("ssh://git@example.org/a.git", "ssh://git@example.org/a.git"),
        ("ssh://me@example.org/a.git", "ssh://me@example.org/a.git"),
        ("ssh://me:secret@example.org/a.git", "ssh://me:****@example.org/a.git"),
        ("https://git@example.org/a.git", "https://git@example.org/a.git"),
        ("https://${USER}:${TOKEN}@example.org/a", "https://${USER}:${TOKEN}@example.org/a"),
        ("https://${TOKEN}@example.org/a", "https://${TOKEN}@example.org/a"),
        ("https://example.org/a?token=abc", "https://example.org/a?token=****"),
        (
            "https://example.org/a?x=1&private_token=abc&y=2#sha256=00",
            "https://example.org/a?x=1&private_token=****&y=2#sha256=00",
        ),
        ("https://example.org/a?X-Amz-Signature=ab", "https://example.org/a?X-Amz-Signature=****"),
        ("https://example.org/a?access_key=${KEY}", "https://example.org/a?access_key=${KEY}"),
        ("https://example.org/p@th?q=1", "https://example.org/p@th?q=1"),
        ("file:///tmp/a@b", "file:///tmp/a@b"),
        ("/srv/plain", "/srv/plain"),
    ],
)
def test_secrets_are_masked_and_nothing_else(url: str, expected: str) -> None:
    assert masked(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        # A token as the user: its password is empty, or says nothing.
        ("https://ghp_token:@github.com/a.git", "https://****:@github.com/a.git"),
        ("https://me:x-oauth-basic@github.com/a.git", "https://****:x-oauth-basic@github.com/a.git"),
        ("git+https://0a1b2c3d4e5f60718293:x@example.org/a", "git+https://****:x@example.org/a"),
        ("https://glpat-0a1b2c3d4e5f6071:pass@example.org/a", "https://****:****@example.org/a"),
        ("ssh://0a1b2c3d4e5f60718293a4b5@example.org/a", "ssh://****@example.org/a"),
        ("https://oauth2:secret@example.org/a", "https://oauth2:****@example.org/a"),
        ("https://${TOKEN}:@example.org/a", "https://${TOKEN}:@example.org/a"),
        ("https://${TOKEN}:x-oauth-basic@example.org/a", "https://${TOKEN}:x-oauth-basic@example.org/a"),
        # A password that is not encoded.
        ("https://me:se cret@example.org/a", "https://me:****@example.org/a"),
        ("https://me:se#cret@example.org/a#egg=a", "https://me:****@example.org/a#egg=a"),
        ("https://me:12#cret@example.org/a", "https://me:****@example.org/a"),
        ("https://me:se/cret@example.org/a", "https://me:****@example.org/a"),
        ("https://me:se?cret@example.org/a", "https://me:****@example.org/a"),
        ("https://tok#en@example.org/a", "https://****@example.org/a"),
        ("https://git@h:secret@example.org/a", "https://git@h:****@example.org/a"),
        ("https://git@h:se/cret@example.org/a", "https://git@h:****@example.org/a"),
        ("https://git@h:secret/a", "https://git@h:****/a"),
        # Near misses.
        ("https://example.org#egg=a@1", "https://example.org#egg=a@1"),
        ("https://example.org:8080/p@th", "https://example.org:8080/p@th"),
        ("https://git@example.org:8080/a", "https://git@example.org:8080/a"),
        ("https://me:s@[::1]:8080/a", "https://me:****@[::1]:8080/a"),
        ("ssh://git@example.org:team/a.git@v1", "ssh://git@example.org:team/a.git@v1"),
        ("git+https://example.org/a@feature/x#egg=a", "git+https://example.org/a@feature/x#egg=a"),
        # Tokens in the fragment.
        ("https://example.org/a.zip#egg=a&token=abc", "https://example.org/a.zip#egg=a&token=****"),
        ("https://example.org/a.zip#access_token=abc", "https://example.org/a.zip#access_token=****"),
        ("https://example.org/a.zip#sha256=00&private-token=a&x=1",
         "https://example.org/a.zip#sha256=00&private-token=****&x=1"),
        # One URL in another.
        ("https://e.org/?to=https://me:secret@e.org/", "https://e.org/?to=https://me:****@e.org/"),
    ],
)  # fmt: skip
def test_secrets_in_unusual_places_are_masked(url: str, expected: str) -> None:
    assert masked(url) == expected


def test_each_url_of_a_line_is_masked() -> None:
    line = "-i https://me:a b@a.org/ --extra-index-url='https://you:c@b.org/?key=d' foo@c --trusted-host=e.org:80"
    assert masked(line) == (
        "-i https://me:****@a.org/ --extra-index-url='https://you:****@b.org/?key=****' foo@c --trusted-host=e.org:80"
    )
    assert masked("a://" * 5000) == "a://" * 5000
