"""What the replay of tcsh tells, as root and as an ordinary user."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support import namespace
from tests.support.surroundings import skip_or_fail
from tests.support.trace_cases import (
    PATH,
    USERS,
    Case,
    chain,
    changes_of,
    check,
    is_gone,
    parametrize,
    replay,
    seen,
    skipped,
    write,
)

RC = ".tcshrc"
CASES = (
    Case("setenv", {RC: "# one\nsetenv FOO 1\n"}, {"FOO": ["1 at .tcshrc:2"]}),
    Case(".cshrc, where there is no .tcshrc", {".cshrc": "setenv FOO 1\n"}, {"FOO": ["1 at .cshrc:1"]}),
    Case(
        ".tcshrc, and .cshrc left alone",
        {RC: "setenv FOO 1\n", ".cshrc": "setenv FOO 2\n"},
        {"FOO": ["1 at .tcshrc:1"]},
    ),
    Case("unsetenv", {RC: "setenv FOO 1\nunsetenv FOO\n"}, {"FOO": ["1 at .tcshrc:1", "unset at .tcshrc:2"]}),
    Case("empty is not unset", {RC: "setenv FOO\n"}, {"FOO": [" at .tcshrc:1"]}),
    Case("set path", {RC: "set path = ($path /opt/x)\n"}, {"PATH": [f"{PATH}:/opt/x at .tcshrc:1"]}),
    Case("an alias", {RC: "alias sv 'setenv FOO \\!*'\n\nsv 1\n"}, {"FOO": ["1 at .tcshrc:3"]}),
    Case(
        "a chain of files",
        {RC: "true\nsource ~/a.csh\n", "a.csh": "\n\nsource {home}/b.csh\n", "b.csh": "setenv FOO 1\n"},
        {"FOO": ["1 at .tcshrc:2 › a.csh:3 › b.csh:1"]},
    ),
    Case(
        "source into nowhere",
        {RC: "source ~/a.csh >& /dev/null\n", "a.csh": "echo noise\nsetenv FOO 1\n"},
        {"FOO": ["1 at .tcshrc:1 › a.csh:2"]},
    ),
    Case(
        "source in a loop",
        {RC: "foreach file (~/d/*.csh)\n  source $file\nend\n", "d/a.csh": "setenv A 1\n", "d/b.csh": "\nsetenv B 2\n"},
        {"A": ["1 at .tcshrc:2 › d/a.csh:1"], "B": ["2 at .tcshrc:2 › d/b.csh:2"]},
    ),
    Case("a loop", {RC: "foreach x (a b)\n  setenv FOO $x\nend\n"}, {"FOO": ["b at .tcshrc:2"]}),
    Case(
        "a conditional", {RC: "if (0) then\n  setenv FOO 1\nelse\n  setenv FOO 2\nendif\n"}, {"FOO": ["2 at .tcshrc:4"]}
    ),
    Case("a conditional of one line", {RC: "if ($?prompt) setenv FOO 1\n"}, {"FOO": ["1 at .tcshrc:1"]}),
    Case("the status of the command before", {RC: "false\nif ($status) setenv FOO 1\n"}, {"FOO": ["1 at .tcshrc:2"]}),
    Case("eval", {RC: "true\neval 'setenv FOO 1'\n"}, {"FOO": ["1 at .tcshrc:2 [in an eval]"]}),
    Case("eval of what a program prints", {RC: "eval `echo setenv FOO 1`\n"}, {"FOO": ["1 at .tcshrc:1 [in an eval]"]}),
    Case(
        "switch",
        {RC: "switch (b)\ncase a:\n  setenv FOO 1\n  breaksw\ncase b:\n  setenv FOO 2\nendsw\n"},
        {"FOO": ["2 at .tcshrc:6"]},
    ),
    Case("two on a line", {RC: "setenv FOO 1; setenv BAR 2\n"}, {"BAR": ["2 at .tcshrc:1"], "FOO": ["1 at .tcshrc:1"]}),
    Case(
        "one line twice",
        {RC: "setenv FOO 1\nunsetenv FOO\nsetenv FOO 1\n"},
        {"FOO": ["1 at .tcshrc:1", "unset at .tcshrc:2", "1 at .tcshrc:3"]},
    ),
    Case("a subshell does not last", {RC: "(setenv FOO 1)\nsetenv FOO 2\n"}, {"FOO": ["2 at .tcshrc:2"]}),
    Case(
        "a here-document is none",
        {RC: "cat << END > /dev/null\nsetenv FOO 1\nEND\nsetenv FOO 1\n"},
        {"FOO": ["1 at .tcshrc:4"]},
    ),
    Case("quotes, a newline", {RC: 'setenv FOO "a\'b\\\nc"\n'}, {"FOO": ["a'b\nc at .tcshrc:1"]}),
    Case("bytes that are no UTF-8", {RC: "setenv FOO a\udcffb\n"}, {"FOO": ["a\udcffb at .tcshrc:1"]}),
    Case(
        "login",
        {RC: "setenv FOO 1\n", ".login": "\nsetenv FOO 2\n"},
        {"FOO": ["1 at .tcshrc:1", "2 at .login:2"]},
        ["--login"],
    ),
    Case(
        "no login",
        {RC: "if ($?loginsh) setenv FOO 1\nsetenv BAR 1\n", ".login": "setenv FOO 2\n"},
        {"BAR": ["1 at .tcshrc:2"]},
    ),
)


@pytest.mark.parametrize("user", USERS)
@parametrize(*CASES)
def test_place(case: Case, user: str) -> None:
    check(case, user, "tcsh")


def test_files_of_the_system(home: Path, tmp_path: Path) -> None:
    """As Debian's csh.cshrc has it: a loop over the files of a folder."""
    etc = tmp_path / "etc"
    loop = "\nforeach FILE (`/bin/ls /etc/csh/cshrc.d/*`)\n  source $FILE;\nend\n"
    write(etc, {"csh.cshrc": loop, "csh/cshrc.d/zz.csh": "\nsetenv FOO system\n", "csh.login": "setenv FOO login\n"})
    write(home, {RC: "setenv FOO mine\n"})
    if not namespace.is_possible(etc):
        skip_or_fail("a mount namespace with an overlay over /etc takes root")
    assert seen(replay("tcsh", home, "FOO", login=True, prefix=namespace.over_etc(etc)), home, "FOO") == {
        "FOO": [
            "system at /etc/csh.cshrc:3 › /etc/csh/cshrc.d/zz.csh:2",
            "login at /etc/csh.login:1",
            "mine at .tcshrc:1",
        ]
    }


def test_what_must_not_be_started(home: Path) -> None:
    write(home, {RC: "if (1) exec tmux\nexec zsh\nif (1) then\n  tmux attach\nendif\nsetenv FOO 1\n"})
    replayed = replay("tcsh", home, "FOO")
    assert skipped(replayed, home) == [
        ("if (1) exec tmux", ".tcshrc:1"),
        ("exec zsh", ".tcshrc:2"),
        ("tmux attach", ".tcshrc:4"),
    ]
    assert seen(replayed, home, "FOO") == {"FOO": ["1 at .tcshrc:6"]}


def test_an_endless_loop_is_ended_and_named(home: Path) -> None:
    word = f"{os.getpid()}987"
    write(home, {RC: f"setenv FOO 1\nsleep {word} &\nsource ~/a.csh\n", "a.csh": "\nwhile (1)\nend\n"})
    replayed = replay("tcsh", home, "FOO", timeout=2)
    assert (replayed["replay"]["finished"], replayed["replay"]["timed_out"]) == (False, True)
    assert chain(replayed["replay"]["last"], home) == ".tcshrc:3 › a.csh:2"
    assert seen(replayed, home, "FOO") == {"FOO": ["1 at .tcshrc:1"]}
    assert is_gone(word)


@pytest.mark.parametrize(
    "hostile",
    [
        "set x = $<\n",
        "yes | head -c 5000000\n",
        "alias echo true; alias env false\n",
        "set noclobber noglob\n",
        "set echo verbose\n",
        "set savehist = (1000 merge) history = 1000\n",
        "onintr -\n",
    ],
)
def test_startups_that_fight_back(hostile: str, home: Path) -> None:
    write(home, {RC: hostile + "setenv FOO 1\n"})
    replayed = replay("tcsh", home, "FOO")
    assert replayed["replay"]["finished"]
    assert seen(replayed, home, "FOO") == {"FOO": ["1 at .tcshrc:2"]}


def test_an_error_ends_its_file_alone(home: Path) -> None:
    write(home, {RC: "setenv FOO 1\nsetenv BAD $nothing_of_this_name\nsetenv FOO 2\n", ".login": "setenv FOO 3\n"})
    replayed = replay("tcsh", home, "FOO", login=True)
    assert replayed["replay"]["finished"]
    assert seen(replayed, home, "FOO") == {"FOO": ["1 at .tcshrc:1", "3 at .login:1"]}


def test_exit_is_an_end(home: Path) -> None:
    write(home, {RC: "setenv FOO 1\nexit 3\n"})
    replayed = replay("tcsh", home, "FOO")
    assert seen(replayed, home, "FOO") == {"FOO": ["1 at .tcshrc:1"]}


@pytest.mark.parametrize("command", ["unalias *", "alias postcmd true", "set path = ()"])
def test_an_alias_taken_away_is_said(command: str, home: Path) -> None:
    """Then nothing more is told, but the end is compared; without a path tcsh starts no program of ours either."""
    write(home, {RC: f"{command}\nsetenv FOO 1\n"})
    change = changes_of(replay("tcsh", home, "FOO"), "FOO")[0]
    assert change["new"] == "1"
    assert change["notes"]


def test_no_startup_file_at_all(home: Path) -> None:
    replayed = replay("tcsh", home, "FOO")
    assert {"file": str(home / ".tcshrc"), "reason": "it does not exist"} in replayed["missing"]
    assert {"file": str(home / ".cshrc"), "reason": "it does not exist"} in replayed["missing"]
    assert replayed["replay"]["finished"]


def test_a_startup_file_that_is_a_folder(home: Path) -> None:
    (home / RC).mkdir()
    assert {"file": str(home / RC), "reason": "it is a directory"} in replay("tcsh", home)["missing"]
    shutil.rmtree(home / RC)
