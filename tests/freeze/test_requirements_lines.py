"""The lines of a requirements file: encodings, comments, continuations and variables, as in pip's manual."""

from __future__ import annotations

import pytest

from cleanenv.freeze import requirements_lines


def lines(text: str) -> list[tuple[int, str]]:
    return list(requirements_lines.logical_lines(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\n  \nb", [(1, "a"), (4, "b")]),
        ("# all\n  # of it\na # rest\nb#c", [(3, "a"), (4, "b#c")]),
        ("a\t# tab", [(1, "a")]),
        ("https://e.org/a.zip#egg=a # why", [(1, "https://e.org/a.zip#egg=a")]),
        ("a \\\n  ==1 \\\n  # end\nb", [(1, "a   ==1"), (4, "b")]),
        ("a\\\n# comment\nb", [(1, "a"), (3, "b")]),
        ("a \\\n# comment \\\nb", [(1, "a"), (3, "b")]),
        ("a\\\n#b", [(1, "a")]),
        ("a # why \\\nb", [(1, "a")]),
        ("a \\", [(1, "a")]),
        ("\\\n\\\n", []),
        ("a\r\nb\rc", [(1, "a"), (2, "b"), (3, "c")]),
    ],
)
def test_lines(text: str, expected: list[tuple[int, str]]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a==${VERSION}", "a==1.0"),
        ("${VERSION}${VERSION}", "1.01.0"),
        ("${UNSET} ${EMPTY}", "${UNSET} ${EMPTY}"),
        ("$VERSION ${version} ${Version} {VERSION}", "$VERSION ${version} ${Version} {VERSION}"),
        ("${NESTED}", "${VERSION}"),
    ],
)
def test_variables(line: str, expected: str) -> None:
    environ = {"VERSION": "1.0", "EMPTY": "", "version": "2", "NESTED": "${VERSION}"}
    assert requirements_lines.expand(line, environ) == expected


TEXT = "# caf\N{LATIN SMALL LETTER E WITH ACUTE}\na\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode(encoding: str) -> None:
    assert requirements_lines.decode(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("order", ["be", "le"])
@pytest.mark.parametrize("width", ["16", "32"])
def test_both_byte_orders(width: str, order: str) -> None:
    assert requirements_lines.decode(f"\ufeff{TEXT}".encode(f"utf-{width}-{order}")) == TEXT


@pytest.mark.parametrize("start", ["# -*- coding: latin-1 -*-\n", "#!/x\n# vim: set fileencoding=latin-1 :\n"])
def test_a_declared_encoding(start: str) -> None:
    text = start + TEXT
    assert requirements_lines.decode(text.encode("latin-1")) == text


def test_the_encoding_of_the_locale_is_the_last_resort(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getpreferredencoding", lambda _: "cp1252")
    assert requirements_lines.decode(TEXT.encode("latin-1")) == TEXT


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"# coding: nonsense\na\n", "encoding 'nonsense', which Python does not know"),
        (b"# coding: hex\n00\n", "encoding 'hex', which Python does not know"),
        (b"# coding: ascii\n\xe9\n", "can't decode"),
        (b"a\0b\n", "NUL"),
        (b"\xff\xfea", "truncated"),
    ],
)
def test_what_is_not_text(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        requirements_lines.decode(data)


HOSTILE = (
    "a" + " " * 400_000 + "b",
    "a" + "#" * 400_000,
    "a\\\n" * 200_000,
    " " * 400_000,
    "${" * 200_000,
    "${A}" * 100_000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_time_is_linear(text: str) -> None:
    """Quadratic time would exceed the time limit of a test many times over."""
    for _, line in lines(text):
        assert len(requirements_lines.expand(line, {"A": "b"})) <= len(text)
