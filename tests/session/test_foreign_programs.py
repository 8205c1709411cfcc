"""A Python program that the clean PATH finds outside ENV is named, in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import call, write_program
from tests.support.environments import make_venv
from tests.support.terminal import Terminal


@pytest.fixture
def outside(caller: dict[str, str], tmp_path: Path) -> Path:
    """Return a directory that is let in by --path."""
    del caller["LANG"]
    return tmp_path / "tools"


@pytest.mark.parametrize(
    ("first_line", "is_named"),
    [
        ("#!/usr/bin/python3", True),
        ("#!/usr/bin/env python3", True),
        ("#!/usr/bin/env -S python3.11 -I", True),
        ("#! /opt/pypy/bin/pypy3", True),
        ("#!/bin/sh\n'''exec' /a/very/long/path/bin/python \"$0\" \"$@\"", True),
        ("#!/bin/sh", False),
        ("#!/usr/bin/env bash\n# not python", False),
        ("", False),
    ],
)
def test_run(
    tool: list[str], venv: Path, caller: dict[str, str], outside: Path, first_line: str, is_named: bool
) -> None:
    program = write_program(outside / "lint", f"{first_line}\n")
    words = [*tool, "run", "--path", str(outside), "--dry-run", str(venv), "lint"]
    note = f"Note: lint is {program}, not the environment's: install it there\n"
    assert call(words, caller).err == (note if is_named else "")
    assert call([*words[:-2], "--quiet", *words[-2:]], caller).err == ""
    assert call([*words[:-1], str(program)], caller).err == "", "a path is meant as it is"


def test_the_environments_own_is_not_named(tool: list[str], venv: Path, caller: dict[str, str], outside: Path) -> None:
    write_program(outside / "lint", "#!/usr/bin/python3\n")
    own = write_program(venv / "bin/lint", f"#!{venv}/bin/python\nprint('own')\n")
    try:
        assert call([*tool, "run", "--path", str(outside), str(venv), "lint"], caller) == (0, "own\n", "")
    finally:
        own.unlink()


def test_a_shell_says_whose_pip_it_has(tool: list[str], caller: dict[str, str], outside: Path, tmp_path: Path) -> None:
    env = make_venv(tmp_path / "bare")
    write_program(outside / "pip", "#!/usr/bin/python3\n")
    write_program(tmp_path / "home/.local/bin/uv", "#!/bin/sh\n")
    caller |= {"HOME": str(tmp_path / "home"), "PATH": f"{tmp_path}/home/.local/bin:/usr/bin:/bin"}
    words = [*tool, "shell", "--path", str(outside), str(env), "--shell", "bash"]
    with Terminal(words, caller, tmp_path) as terminal:
        terminal.wait_prompt("(bare)")
        said = f"Note: bare has no pip; 'pip' is {outside}/pip, and uv is left out: let it in with --path ~/.local/bin"
        assert said in terminal.text()
    write_program(env / "bin/pip", "#!/bin/sh\n")
    with Terminal(words, caller, tmp_path) as terminal:
        terminal.wait_prompt("(bare)")
        assert "has no pip" not in terminal.text()
