"""What stands in the prompt is the name, character by character: no shell decodes it, and no terminal obeys it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.installed_shells import find_shell
from tests.support.terminal import Terminal

NAMES = (
    "\\x1b]0;OWNED\\x07",
    "\\e[31mred\\e[0m",
    "\\033[2J\\w\\u\\h\\$\\n",
    "a\\\\b",
    "!",
    "!! and !1",
    "$(echo OWNED)`echo OWNED`",
    "%n %~ %{%}",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shell", ["bash", "dash", "ash", "yash", "ksh93", "mksh", "zsh"])
def test_the_marker_is_shown_as_it_is(
    shell: str, name: str, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    env = Path(shutil.copytree(venv, tmp_path / "envs" / name, symlinks=True))
    program = find_shell(shell).program
    with Terminal([*tool, "shell", str(env), "--shell", program, "-q"], caller, tmp_path) as terminal:
        terminal.wait_prompt(f"({name}) ")
        assert terminal.last_line().startswith(f"({name}) ")
        assert "OWNED\n" not in terminal.text()
        terminal.enter("exit")
        assert terminal.wait_end() == 0
