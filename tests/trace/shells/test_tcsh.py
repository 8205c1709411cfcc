"""What the replay of tcsh tells, as root and as an ordinary user."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from cleanenv.trace.model import Missing
from tests.conftest import skip_or_fail
from tests.support import namespace
from tests.support.trace_replaying import Case, check, is_gone, name_of, ordinary_user, replay, spelled, told, write

RC = ".tcshrc"
BASE = "/usr/local/bin:/usr/bin:/bin"
CASES = (
    Case("setenv", {RC: "# one\nsetenv FOO 1\n"}, ["FOO=1 @ ~/.tcshrc:2"]),
    Case(".cshrc, where there is no .tcshrc", {".cshrc": "setenv FOO 1\n"}, ["FOO=1 @ ~/.cshrc:1"]),
    Case(".tcshrc, and .cshrc left alone", {RC: "setenv FOO 1\n", ".cshrc": "setenv FOO 2\n"}, ["FOO=1 @ ~/.tcshrc:1"]),
    Case("unsetenv", {RC: "setenv FOO 1\nunsetenv FOO\n"}, ["FOO=1 @ ~/.tcshrc:1", "FOO @ ~/.tcshrc:2"]),
    Case("empty is not unset", {RC: "setenv FOO\n"}, ["FOO= @ ~/.tcshrc:1"]),
    Case("set path", {RC: "set path = ($path /opt/x)\n"}, [f"PATH={BASE}:/opt/x @ ~/.tcshrc:1"]),
    Case("an alias", {RC: "alias sv 'setenv FOO \\!*'\n\nsv 1\n"}, ["FOO=1 @ ~/.tcshrc:3"]),
    Case(
        "a chain of files",
        {RC: "true\nsource ~/a.csh\n", "a.csh": "\n\nsource HOME/b.csh\n", "b.csh": "setenv FOO 1\n"},
        ["FOO=1 @ ~/.tcshrc:2 > ~/a.csh:3 > ~/b.csh:1"],
    ),
    Case(
        "source into nowhere",
        {RC: "source ~/a.csh >& /dev/null\n", "a.csh": "echo noise\nsetenv FOO 1\n"},
        ["FOO=1 @ ~/.tcshrc:1 > ~/a.csh:2"],
    ),
    Case(
        "source in a loop",
        {RC: "foreach file (~/d/*.csh)\n  source $file\nend\n", "d/a.csh": "setenv A 1\n", "d/b.csh": "\nsetenv B 2\n"},
        ["A=1 @ ~/.tcshrc:2 > ~/d/a.csh:1", "B=2 @ ~/.tcshrc:2 > ~/d/b.csh:2"],
    ),
    Case("a loop", {RC: "foreach x (a b)\n  setenv FOO $x\nend\n"}, ["FOO=b @ ~/.tcshrc:2"]),
    Case("a conditional", {RC: "if (0) then\n  setenv FOO 1\nelse\n  setenv FOO 2\nendif\n"}, ["FOO=2 @ ~/.tcshrc:4"]),
    Case("a conditional of one line", {RC: "if ($?prompt) setenv FOO 1\n"}, ["FOO=1 @ ~/.tcshrc:1"]),
    Case("the status of the command before", {RC: "false\nif ($status) setenv FOO 1\n"}, ["FOO=1 @ ~/.tcshrc:2"]),
    Case("eval", {RC: "true\neval 'setenv FOO 1'\n"}, ["FOO=1 @ ~/.tcshrc:2 (eval)"]),
    Case("eval of what a program prints", {RC: "eval `echo setenv FOO 1`\n"}, ["FOO=1 @ ~/.tcshrc:1 (eval)"]),
    Case(
        "switch",
        {RC: "switch (b)\ncase a:\n  setenv FOO 1\n  breaksw\ncase b:\n  setenv FOO 2\nendsw\n"},
        ["FOO=2 @ ~/.tcshrc:6"],
    ),
    Case("two on a line", {RC: "setenv FOO 1; setenv BAR 2\n"}, ["BAR=2 @ ~/.tcshrc:1", "FOO=1 @ ~/.tcshrc:1"]),
    Case(
        "one line twice",
        {RC: "setenv FOO 1\nunsetenv FOO\nsetenv FOO 1\n"},
        ["FOO=1 @ ~/.tcshrc:1", "FOO @ ~/.tcshrc:2", "FOO=1 @ ~/.tcshrc:3"],
    ),
    Case("a subshell does not last", {RC: "(setenv FOO 1)\nsetenv FOO 2\n"}, ["FOO=2 @ ~/.tcshrc:2"]),
    Case(
        "a here-document is none",
        {RC: "cat << END > /dev/null\nsetenv FOO 1\nEND\nsetenv FOO 1\n"},
        ["FOO=1 @ ~/.tcshrc:4"],
    ),
    Case("quotes, a newline", {RC: 'setenv FOO "a\'b\\\nc"\n'}, ["FOO=a'b\nc @ ~/.tcshrc:1"]),
    Case("bytes that are no UTF-8", {RC: "setenv FOO a\udcffb\n"}, ["FOO=a\udcffb @ ~/.tcshrc:1"]),
    Case(
        "login",
        {RC: "setenv FOO 1\n", ".login": "\nsetenv FOO 2\n"},
        ["FOO=1 @ ~/.tcshrc:1", "FOO=2 @ ~/.login:2"],
        login=True,
    ),
    Case(
        "no login",
        {RC: "if ($?loginsh) setenv FOO 1\nsetenv BAR 1\n", ".login": "setenv FOO 2\n"},
        ["BAR=1 @ ~/.tcshrc:2"],
    ),
)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_place(case: Case, home: Path) -> None:
    check("tcsh", case, home)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_place_for_an_ordinary_user(case: Case) -> None:
    with ordinary_user("tcsh") as user:
        check("tcsh", case, user.home, user.prefix, user.program)


def test_files_of_the_system(home: Path, tmp_path: Path) -> None:
    """As Debian's csh.cshrc has it: a loop over the files of a folder."""
    etc = tmp_path / "etc"
    loop = "\nforeach FILE (`/bin/ls /etc/csh/cshrc.d/*`)\n  source $FILE;\nend\n"
    write(etc, {"csh.cshrc": loop, "csh/cshrc.d/zz.csh": "\nsetenv FOO system\n", "csh.login": "setenv FOO login\n"})
    write(home, {RC: "setenv FOO mine\n"})
    if not namespace.is_possible(etc):
        skip_or_fail("a mount namespace with an overlay over /etc takes root")
    assert told(replay("tcsh", home, login=True, prefix=namespace.over_etc(etc)), home, "FOO") == [
        "FOO=system @ /etc/csh.cshrc:3 > /etc/csh/cshrc.d/zz.csh:2",
        "FOO=login @ /etc/csh.login:1",
        "FOO=mine @ ~/.tcshrc:1",
    ]


def test_what_must_not_be_started(home: Path) -> None:
    write(home, {RC: "if (1) exec tmux\nexec zsh\nif (1) then\n  tmux attach\nendif\nsetenv FOO 1\n"})
    replayed = replay("tcsh", home)
    assert [(skipped.text, spelled(skipped.chain, home)) for skipped in replayed.skipped] == [
        ("exec tmux", "~/.tcshrc:1"),
        ("exec zsh", "~/.tcshrc:2"),
        ("tmux attach", "~/.tcshrc:4"),
    ]
    assert told(replayed, home, "FOO") == ["FOO=1 @ ~/.tcshrc:6"]


def test_an_endless_loop_is_ended_and_named(home: Path) -> None:
    word = f"{os.getpid()}987"
    write(home, {RC: f"setenv FOO 1\nsleep {word} &\nsource ~/a.csh\n", "a.csh": "\nwhile (1)\nend\n"})
    replayed = replay("tcsh", home, timeout=2)
    assert (replayed.finished, replayed.timed_out) == (False, True)
    assert spelled(replayed.last, home) == "~/.tcshrc:3 > ~/a.csh:2"
    assert told(replayed, home, "FOO") == ["FOO=1 @ ~/.tcshrc:1"]
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
    replayed = replay("tcsh", home)
    assert replayed.finished
    assert told(replayed, home, "FOO") == ["FOO=1 @ ~/.tcshrc:2"]


def test_an_error_ends_its_file_alone(home: Path) -> None:
    write(home, {RC: "setenv FOO 1\nsetenv BAD $nothing_of_this_name\nsetenv FOO 2\n", ".login": "setenv FOO 3\n"})
    replayed = replay("tcsh", home, login=True)
    assert replayed.finished
    assert told(replayed, home, "FOO") == ["FOO=1 @ ~/.tcshrc:1", "FOO=3 @ ~/.login:1"]


def test_exit_is_an_end(home: Path) -> None:
    write(home, {RC: "setenv FOO 1\nexit 3\n"})
    replayed = replay("tcsh", home)
    assert told(replayed, home, "FOO") == ["FOO=1 @ ~/.tcshrc:1"]


@pytest.mark.parametrize("command", ["unalias *", "alias postcmd true", "set path = ()"])
def test_an_alias_taken_away_is_said(command: str, home: Path) -> None:
    """Then nothing more is told, but the end is compared; without a path tcsh starts no program of ours either."""
    write(home, {RC: f"{command}\nsetenv FOO 1\n"})
    change = next(change for change in replay("tcsh", home).changes if change.name == "FOO")
    assert change.new == "1"
    assert change.notes


def test_no_startup_file_at_all(home: Path) -> None:
    replayed = replay("tcsh", home)
    assert Missing(str(home / ".tcshrc"), "it does not exist") in replayed.missing
    assert Missing(str(home / ".cshrc"), "it does not exist") in replayed.missing
    assert replayed.finished


def test_a_startup_file_that_is_a_folder(home: Path) -> None:
    (home / RC).mkdir()
    assert Missing(str(home / RC), "it is a directory") in replay("tcsh", home).missing
    shutil.rmtree(home / RC)
