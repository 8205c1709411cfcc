"""A line that asks for a terminal is named, as a replay has none."""

from __future__ import annotations

import pytest

from cleanenv.trace import terminal_tests
from tests.support.running_shell import FILES, PROMPTS, SHELLS, Running, setting
from tests.support.trace_cases import home_of


@pytest.mark.parametrize(
    "line",
    [
        "[ -t 0 ] || return",
        "[[ ! -t 1 ]] && return",
        "if test -t 2; then",
        "[ -n x -a -t 0 ] || return",
        "isatty; or exit",
        "if tty -s; then",
        "export GPG_TTY=$(tty)",
        "set -gx GPG_TTY (tty)",
        "GPG_TTY=`tty`",
    ],
)
def test_asks(line: str) -> None:
    assert terminal_tests.ASKS.search(line)


@pytest.mark.parametrize(
    "line",
    ["tar -t 0", "[ -f x ] && tar -tf 0", "export TTY=1", "[ -t1 ]", "stty -ixon", "testing -t 0", "alias t='tty2 -s'"],
)
def test_does_not_ask(line: str) -> None:
    assert not terminal_tests.ASKS.search(line)


@pytest.mark.parametrize("shell", SHELLS)
def test_it_is_said_where_something_may_depend_on_it(shell: str) -> None:
    ends = "isatty stdin; or exit" if shell == "fish" else "[ -t 0 ] || return"
    text = PROMPTS[shell] + f"{ends}\n" + setting(shell, "PYTHONPATH", "/x") + "\n"
    place = f"{FILES[shell]}:{PROMPTS[shell].count(chr(10)) + 1}"
    with home_of("myself", {FILES[shell]: text}) as home, Running(shell, home, ["-i"]) as running:
        found = running.trace("PYTHONPATH")
        test = found["terminal_test"]
        assert test is not None
        assert f"{test['file'].removeprefix(f'{home}/')}:{test['line']}" == place
        report = running.call("trace", "PYTHONPATH")
        assert f"Note: ~/{place} asks for a terminal, which the replay does not have" in report
        assert "it was set later, in this shell" not in report
        if found["replay"]["finished"]:
            assert f"or on a terminal, which the replay does not have and ~/{place} asks for" in report
