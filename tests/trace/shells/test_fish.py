"""What the replay of fish tells, as root and as an ordinary user."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from cleanenv.trace.model import EVAL, Missing
from tests.conftest import find_shell, skip_or_fail
from tests.support import namespace
from tests.support.trace_replaying import Case, check, is_gone, name_of, ordinary_user, replay, spelled, told, write

RC = ".config/fish/config.fish"
STORE = "# This file contains fish universal variable definitions.\n# VERSION: 3.0\n"
CASES = (
    Case("set -gx", {RC: "# one\nset -gx FOO 1\n"}, [f"FOO=1 @ ~/{RC}:2"]),
    Case("set and erase", {RC: "set -gx FOO 1\nset -e FOO\n"}, [f"FOO=1 @ ~/{RC}:1", f"FOO @ ~/{RC}:2"]),
    Case(
        "set -gx of what is exported already",
        {RC: "set -gx FOO 1\n\nset FOO 2\nset -a FOO 3\n"},
        [f"FOO=1 @ ~/{RC}:1", f"FOO=2 @ ~/{RC}:3", f"FOO=2 3 @ ~/{RC}:4"],
    ),
    Case("set -Ux", {RC: "\nset -Ux FOO 1\n"}, [f"FOO=1 @ ~/{RC}:2"]),
    Case(
        "a universal variable of earlier",
        {".config/fish/fish_variables": STORE + "SETUVAR OTHER:1\nSETUVAR --export FOO:a\\x20b\n", RC: "true\n"},
        ["FOO=a b @ ~/.config/fish/fish_variables:4"],
    ),
    Case(
        "fish_user_paths of earlier",
        {".config/fish/fish_variables": STORE + "SETUVAR fish_user_paths:/opt/x/bin\n"},
        ["PATH=/opt/x/bin:/usr/local/bin:/usr/bin:/bin @ ~/.config/fish/fish_variables:3"],
    ),
    Case(
        "conf.d, in its order",
        {".config/fish/conf.d/b.fish": "set -gx FOO b\n", ".config/fish/conf.d/a.fish": "\nset -gx FOO a\n"},
        ["FOO=a @ ~/.config/fish/conf.d/a.fish:2", "FOO=b @ ~/.config/fish/conf.d/b.fish:1"],
    ),
    Case(
        "a function",
        {RC: "function ff\n    set -gx FOO $argv\nend\nff 1\nff 2\n"},
        [f"FOO=1 @ ~/{RC}:4 > ~/{RC}:2 in ff", f"FOO=2 @ ~/{RC}:5 > ~/{RC}:2 in ff"],
    ),
    Case(
        "a function of the functions folder",
        {".config/fish/functions/gg.fish": "function gg\n    set -gx FOO g\nend\n", RC: "true\ngg\n"},
        [f"FOO=g @ ~/{RC}:2 > ~/.config/fish/functions/gg.fish:2 in gg"],
    ),
    Case("eval", {RC: "true\neval 'set -gx FOO 1'\n"}, [f"FOO=1 @ ~/{RC}:2 (eval)"]),
    Case(
        "source in a function",
        {RC: "function ff\n    source HOME/a.fish\nend\n\nff\n", "a.fish": "\n\nset -gx FOO 1\n"},
        [f"FOO=1 @ ~/{RC}:5 > ~/{RC}:2 in ff > ~/a.fish:3"],
    ),
    Case(
        "source into nowhere",
        {RC: "source ~/a.fish >/dev/null 2>&1\n", "a.fish": "echo noise\nset -gx FOO 1\n"},
        [f"FOO=1 @ ~/{RC}:1 > ~/a.fish:2"],
    ),
    Case(
        "the dot, in a loop",
        {
            RC: "for file in ~/d/*.fish\n    . $file\nend\n",
            "d/1.fish": "set -gx ONE 1\n",
            "d/2.fish": "set -gx TWO 2\n",
        },
        [f"ONE=1 @ ~/{RC}:2 > ~/d/1.fish:1", f"TWO=2 @ ~/{RC}:2 > ~/d/2.fish:1"],
    ),
    Case(
        "a program piped into source",
        {RC: "true\nsh -c 'echo set -gx FOO 1' | source\n"},
        [f"FOO=1 @ ~/{RC}:2 (eval)"],
    ),
    Case(
        "psub",
        {RC: "source (echo 'set -gx FOO 1' | psub)\n"},
        [f"FOO=1 @ ~/{RC}:1 > (process substitution):1"],
    ),
    Case(
        "a temporary file, as bass has it",
        {
            RC: "function bass\n    set -l file (mktemp)\n    sh -c 'echo set -gx FOO 1' >$file\n"
            "    source $file\n    rm $file\nend\nbass\n"
        },
        [f"FOO=1 @ ~/{RC}:7 > ~/{RC}:4 in bass > (temporary file):1"],
    ),
    Case("a name that is worked out", {RC: "set -l name dyn\nset -gx $name''amic 1\n"}, [f"dynamic=1 @ ~/{RC}:2"]),
    Case(
        "a conditional", {RC: "if test 1 = 2\n    set -gx FOO 1\nelse\n    set -gx FOO 2\nend\n"}, [f"FOO=2 @ ~/{RC}:4"]
    ),
    Case("one among others on a line", {RC: "true; and set -gx FOO 1; or true\n"}, [f"FOO=1 @ ~/{RC}:1"]),
    Case(
        "what does not last",
        {RC: "begin\n    set -lx FOO local\nend\nFOO=x true\nsh -c 'FOO=3'\nset -gx FOO 4\n"},
        [f"FOO=4 @ ~/{RC}:6"],
    ),
    Case(
        "set -x in a loop",
        {RC: 'for n in 1 2\n    set -gx FOO "$FOO$n"\nend\n'},
        [f"FOO=1 @ ~/{RC}:2", f"FOO=12 @ ~/{RC}:2"],
    ),
    Case("a newline and quotes", {RC: 'set -gx FOO a\\n"b\'c"\\Xff\n'}, [f"FOO=a\nb'c\udcff @ ~/{RC}:1"]),
    Case(
        "a hook of the prompt",
        {RC: "function hook --on-event fish_prompt\n    set -gx FOO 1\nend\n"},
        [f"FOO=1 @ ~/{RC}:2 in hook"],
    ),
    Case(
        "what a hook of the prompt calls",
        {
            ".config/fish/functions/inner.fish": "function inner\n    set -gx FOO 1\nend\n",
            RC: "function hook --on-event fish_prompt\n    true\n    inner\nend\n",
        },
        [f"FOO=1 @ ~/{RC}:3 in hook > ~/.config/fish/functions/inner.fish:2 in inner"],
    ),
    Case(
        "only where it is interactive", {RC: "status is-interactive; or exit\nset -gx FOO 1\n"}, [f"FOO=1 @ ~/{RC}:2"]
    ),
    Case("only at login", {RC: "status is-login; and set -gx FOO 1\n"}, [f"FOO=1 @ ~/{RC}:1"], login=True),
    Case("where it stands", {RC: "set -gx FOO (status filename)\n"}, [f"FOO=~/{RC} @ ~/{RC}:1"]),
)


def is_at_least_4() -> bool:
    """Tell whether this fish shows a handler no longer what called it, so that lines are found in files alone."""
    program = find_shell("fish").program
    version = subprocess.run([program, "--version"], env={"PATH": "/bin"}, capture_output=True, text=True, check=True)
    return int(version.stdout.split()[-1].partition(".")[0]) >= 4  # fish, version 4.0.2


def is_of_a_file_that_is_gone(case: Case) -> bool:
    return any("file)" in place or "substitution)" in place for place in case.told)


def check_without_the_last_line(case: Case, home: Path, *, prefix: Sequence[str] = (), program: str = "") -> None:
    """As ``check``, but the line in a file that may be gone before it can be read is any, or none."""
    write(home, case.files)
    replayed = replay("fish", home, prefix=prefix, program=program)
    places = [place.rpartition(":") for place in told(replayed, home, "FOO")]
    assert [place[0] for place in places] == [place.rpartition(":")[0] for place in case.told]
    assert {place[2] for place in places} <= {"1", "None"}


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_place(case: Case, home: Path) -> None:
    if is_of_a_file_that_is_gone(case) and is_at_least_4():
        check_without_the_last_line(case, home)
    else:
        check("fish", case, home)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_place_for_an_ordinary_user(case: Case) -> None:
    with ordinary_user("fish") as user:
        if is_of_a_file_that_is_gone(case) and is_at_least_4():
            pytest.skip("as for root: the line is any, or none")
        check("fish", case, user.home, user.prefix, user.program)


def test_fish_add_path(home: Path) -> None:
    """The line of the user's, and below it what fish does there."""
    (home / "bin").mkdir()
    write(home, {RC: "\nfish_add_path HOME/bin\n"})
    change = next(change for change in replay("fish", home).changes if change.name == "PATH")
    assert change.added == (str(home / "bin"),)
    assert spelled(change.chain[:1], home) == f"~/{RC}:2"
    assert change.chain[1].function == "fish_add_path"


def test_conf_d_of_the_same_name_is_shadowed(home: Path) -> None:
    write(
        home, {".config/fish/conf.d/a.fish": "set -gx FOO mine\n", ".local/share/fish/vendor_conf.d/a.fish": "exit 1\n"}
    )
    write(home, {".local/share/fish/vendor_conf.d/b.fish": "set -gx BAR 1\n"})
    assert told(replay("fish", home), home, "FOO", "BAR") == [
        "FOO=mine @ ~/.config/fish/conf.d/a.fish:1",
        "BAR=1 @ ~/.local/share/fish/vendor_conf.d/b.fish:1",
    ]


def test_what_must_not_be_started(home: Path) -> None:
    write(home, {RC: "true\nexec tmux attach\nif true\n    tmux new-session\nend\nexec zsh\nset -gx FOO 1\n"})
    replayed = replay("fish", home)
    assert [(skipped.text, spelled(skipped.chain, home)) for skipped in replayed.skipped] == [
        ("exec tmux attach", f"~/{RC}:2"),
        ("tmux new-session", f"~/{RC}:4"),
        ("exec zsh", f"~/{RC}:6"),
    ]
    assert told(replayed, home, "FOO") == [f"FOO=1 @ ~/{RC}:7"]


def test_an_endless_loop_is_ended_and_named(home: Path) -> None:
    """With what it started, and with all that was seen before."""
    word = f"{os.getpid()}987"
    write(home, {RC: f"set -gx FOO 1\nsleep {word} &\nsource ~/a.fish\n", "a.fish": "\nwhile true\n    true\nend\n"})
    replayed = replay("fish", home, timeout=2)
    assert (replayed.finished, replayed.timed_out) == (False, True)
    assert spelled(replayed.last, home).startswith(f"~/{RC}:3 > ~/a.fish:")
    assert told(replayed, home, "FOO") == [f"FOO=1 @ ~/{RC}:1"]
    assert is_gone(word)


def test_a_program_that_does_not_end_is_named(home: Path) -> None:
    word = f"{os.getpid()}988"
    write(home, {RC: f"true\nsleep {word}\n"})
    replayed = replay("fish", home, timeout=2)
    assert spelled(replayed.last, home) == f"~/{RC}:2"
    assert is_gone(word)


def test_exit_is_an_end(home: Path) -> None:
    write(home, {RC: "set -gx FOO 1\nexit 3\nset -gx FOO 2\n"})
    assert told(replay("fish", home), home, "FOO") == [f"FOO=1 @ ~/{RC}:1"]


@pytest.mark.parametrize(
    "hostile",
    [
        "read line\n",
        "yes | head -c 5000000\n",
        "function printf\nend\nfunction status\nend\nfunction source\n    builtin source $argv\nend\n",
        "set -g IFS x\nset -gx LC_ALL C\n",
        "bind x y; stty raw; kill -WINCH $fish_pid\n",
        "set -gx PATH\n",
    ],
)
def test_startups_that_fight_back(hostile: str, home: Path) -> None:
    write(home, {RC: hostile + "set -gx FOO 1\n"})
    replayed = replay("fish", home)
    assert replayed.finished
    assert told(replayed, home, "FOO") == [f"FOO=1 @ ~/{RC}:{hostile.count(chr(10)) + 1}"]


def test_a_syntax_error_ends_its_file_alone(home: Path) -> None:
    write(home, {".config/fish/conf.d/a.fish": "set -gx BAD 1\nset -gx BAD (\n", RC: "set -gx FOO 1\n"})
    replayed = replay("fish", home)
    assert replayed.finished
    assert told(replayed, home, "FOO", "BAD") == [f"FOO=1 @ ~/{RC}:1"]


def test_nothing_of_the_users_is_written(home: Path) -> None:
    """``replay`` compares names, sizes and times; here is what fish would like to write."""
    write(home, {RC: "set -U there 1\nset -Ux FOO 1\n", ".config/fish/fish_variables": STORE})
    write(home, {".local/share/fish/fish_history": "- cmd: true\n  when: 1\n"})
    replay("fish", home)
    assert (home / ".config/fish/fish_variables").read_text(encoding="ascii") == STORE


def test_no_startup_file_at_all(home: Path) -> None:
    replayed = replay("fish", home)
    assert Missing(str(home / RC), "it does not exist") in replayed.missing
    assert [change for change in replayed.changes if change.name not in ("LC_CTYPE", "PATH", "USER")] == []


@pytest.mark.parametrize("reason", ["it is a directory", "it is a dangling link"])
def test_a_startup_file_that_is_none(reason: str, home: Path) -> None:
    (home / RC).parent.mkdir(parents=True)
    if reason == "it is a directory":
        (home / RC).mkdir()
    else:
        (home / RC).symlink_to("gone")
    assert Missing(str(home / RC), reason) in replay("fish", home).missing


def test_text_is_the_line_as_it_is_written(home: Path) -> None:
    write(home, {RC: "  set -gx FOO $HOME  # why\neval set -gx BAR 1\n"})
    changes = {change.name: change for change in replay("fish", home).changes}
    assert changes["FOO"].text == "set -gx FOO $HOME  # why"
    assert changes["BAR"].chain[-1].note == EVAL


def test_files_of_the_system(home: Path, tmp_path: Path) -> None:
    etc = tmp_path / "etc"
    write(etc, {"fish/conf.d/a.fish": "\nset -gx FOO a\n", "fish/config.fish": "set -gx FOO system\n"})
    write(home, {RC: "set -gx FOO mine\n"})
    if not namespace.is_possible(etc):
        skip_or_fail("a mount namespace with an overlay over /etc takes root")
    assert told(replay("fish", home, prefix=namespace.over_etc(etc)), home, "FOO") == [
        "FOO=a @ /etc/fish/conf.d/a.fish:2",
        "FOO=system @ /etc/fish/config.fish:1",
        f"FOO=mine @ ~/{RC}:1",
    ]
