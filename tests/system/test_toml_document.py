"""A TOML file whose mistakes are shown with file and line."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanenv.errors import UsageError
from cleanenv.system.toml_document import Document


def refusal(content: bytes) -> str:
    """Return the sentence with which ``content`` is refused."""
    with pytest.raises(UsageError) as refused:
        Document("/p/x.toml", content)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"a = 1\nb = \n", 2),
        (b"a = 1\n\n[table\n", 3),
        (b"a = 1\na = 2\n", 2),
        (b"a = 'open", 1),
        (b"x = 1\n\n\na = [1,\n", 4),
        (b"keep = [PYTHONPATH]\n", 1),
    ],
)
def test_what_is_no_toml_is_named_with_its_line(content: bytes, line: int) -> None:
    """The parser's own place, or the end where it found none."""
    assert refusal(content).startswith(f"/p/x.toml:{line}: not valid TOML (")
    assert refusal(content).endswith("): fix that line")
    assert "\n" not in refusal(content)
    assert "column" not in refusal(content)


def test_what_is_no_utf8_is_named_with_its_line() -> None:
    """TOML 1.0 is UTF-8."""
    assert refusal(b"a = 1\nb = 2\nc = '\xf6'\n") == "/p/x.toml:3: not valid TOML (not UTF-8): fix that line"


def test_tables() -> None:
    """By their keys, empty where there is none, refused where it is something else."""
    document = Document("/p/x.toml", b"[tool.cleanenv]\nenv = 'a'\n")
    assert document.table("tool", "cleanenv") == {"env": "a"}
    assert document.table("tool", "nothing", "below") == {}
    assert document.table() == {"tool": {"cleanenv": {"env": "a"}}}
    assert Document("/p/x.toml", b"").table("tool", "cleanenv") == {}
    with pytest.raises(UsageError) as refused:
        Document("/p/x.toml", b"a = 1\n[tool]\ncleanenv = 3\n").table("tool", "cleanenv")
    assert str(refused.value) == "/p/x.toml:3: 'cleanenv' must be a table"


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("a = 1\nkeep = []\n", "keep", "/x:2"),
        ("keep_it = 1\nkeep-it = 2\nkeep = 3\n", "keep", "/x:3"),
        ("a = 1 # keep\nkeep = []\n", "keep", "/x:2"),
        ("# keep it simple\nkeep = []\n", "keep", "/x:2"),
        ("  # keep it simple\nkeep = []\n", "keep", "/x:2"),
        ("[a]\npath = 1\n[tool.cleanenv]\npath = 1\n", "path", "/x:4"),
        ('name = "cleanenv"\npath = 1\n[tool.cleanenv]\npath = 1\n', "path", "/x:4"),
        ('[a]\nneeds = ["cleanenv-shell"]\npath = 1\n[ tool . cleanenv ]\npath = 1\n', "path", "/x:5"),
        ("path = 1\n[tool]\ncleanenv.path = 1\n", "path", "/x:3"),
        ("path = 1\n[tool]\ncleanenv = { env = 'a', path = 1 }\n", "path", "/x:3"),
        ("[tool.cleanenv.set]\nLD_PRELOAD = ''\n", "set", "/x:1"),
        ('keep = [\n  "LANG",\n  "LD_*",\n]\n', "LD_*", "/x:3"),
        ("a = 1\n", "keep", "/x"),
        ("a = '#'\nkeep = '#'\n", "keep", "/x:2"),
    ],
)
def test_the_place_of_a_word(text: str, word: str, place: str) -> None:
    """In cleanenv's own table first, as a whole word, and not in a comment."""
    assert Document("/x", text.encode()).place(word) == place


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (b"a = " + b"[" * 3000 + b"]" * 3000, "nested too deeply"),
        (b"a = " + b"{a = " * 3000 + b"1" + b"}" * 3000, "nested too deeply"),
        (b"a = " + b"1" * 5000, "Exceeds the limit"),
        (b"a = 2026-02-30", ""),
        (b"a" + b".a" * 20_000 + b" = 1", "too many dots in its lines"),
        (b"[a" + b".a" * 20_000 + b"]", "too many dots in its lines"),
        ((b"a" + b".b" * 1_500 + b" = 1\n") * 40, "too many dots in its lines"),
    ],
    ids=range(7),
)
def test_what_the_parser_cannot_take_is_refused_in_time(content: bytes, fact: str) -> None:
    """Not by what interpreters raise for it: RecursionError, ValueError, or nothing for many seconds."""
    said = refusal(b"[tool.cleanenv]\n" + content)
    assert said.startswith("/p/x.toml:")
    assert fact in said
    assert len(said) < 200


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="[]{}=.,\"'#\\\n ab1-_T:", max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UsageError):
        Document("/p/x.toml", text.encode()).table("a", "b")
