"""What is printed on stderr: broken at words on a terminal, and as one line anywhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanenv.system import console
from tests.support.command import call
from tests.support.terminal import Terminal

REFUSED = (
    ["run", "no-such-environment", "true"],
    ["shell", "no-such-environment-at-all", "--shell", "unknown"],
    ["freeze", "no-such-environment"],
    ["env", "--format", "yaml"],
)


@pytest.mark.parametrize("words", REFUSED, ids=lambda words: words[0])
@pytest.mark.parametrize("columns", [60, 80])
def test_a_terminal_breaks_no_word(
    tool: list[str], caller: dict[str, str], tmp_path: Path, words: list[str], columns: int
) -> None:
    line = call([*tool, *words], caller, tmp_path).err
    assert line.count("\n") == 1, "elsewhere it is one line"
    assert len(line) > columns, "a case that is too short shows nothing"
    with Terminal([*tool, *words], caller, tmp_path, columns=columns) as terminal:
        assert terminal.wait_end() > 0
        shown = terminal.text()
    assert max(map(len, shown.splitlines())) <= columns
    assert " ".join(shown.split()) == " ".join(line.split())


@given(words=st.lists(st.text(st.characters(categories=["L", "P"]), min_size=1, max_size=50), min_size=1))
def test_nothing_is_lost(words: list[str]) -> None:
    lines = console.wrapped(" ".join(words), 60)
    assert " ".join(lines).split(" ") == words
    assert all(len(line) <= 60 or " " not in line for line in lines)
