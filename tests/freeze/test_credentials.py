"""Credentials in URLs."""

from __future__ import annotations

import pytest

from cleanenv.freeze.credentials import masked


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
