"""What the replay of fish tells, as root and as an ordinary user."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from cleanenv.trace.model import EVAL
from tests.support import namespace
from tests.support.installed_shells import find_shell
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

RC = ".config/fish/config.fish"
STORE = "# This file contains fish universal variable definitions.\n# VERSION: 3.0\n"
CASES = (
    Case("set -gx", {RC: "# one\nset -gx FOO 1\n"}, {"FOO": [f"1 at {RC}:2"]}),
    Case("set and erase", {RC: "set -gx FOO 1\nset -e FOO\n"}, {"FOO": [f"1 at {RC}:1", f"unset at {RC}:2"]}),
    Case(
        "set -gx of what is exported already",
        {RC: "set -gx FOO 1\n\nset FOO 2\nset -a FOO 3\n"},
        {"FOO": [f"1 at {RC}:1", f"2 at {RC}:3", f"2 3 at {RC}:4"]},
    ),
    Case("set -Ux", {RC: "\nset -Ux FOO 1\n"}, {"FOO": [f"1 at {RC}:2"]}),
    Case(
        "a universal variable of earlier",
        {".config/fish/fish_variables": STORE + "SETUVAR OTHER:1\nSETUVAR --export FOO:a\\x20b\n", RC: "true\n"},
        {"FOO": ["a b at .config/fish/fish_variables:4"]},
    ),
    Case(
        "fish_user_paths of earlier",
        {".config/fish/fish_variables": STORE + "SETUVAR fish_user_paths:/opt/x/bin\n"},
        {"PATH": [f"/opt/x/bin:{PATH} at .config/fish/fish_variables:3"]},
    ),
    Case(
        "conf.d, in its order",
        {".config/fish/conf.d/b.fish": "set -gx FOO b\n", ".config/fish/conf.d/a.fish": "\nset -gx FOO a\n"},
        {"FOO": ["a at .config/fish/conf.d/a.fish:2", "b at .config/fish/conf.d/b.fish:1"]},
    ),
    Case(
        "a function",
        {RC: "function ff\n    set -gx FOO $argv\nend\nff 1\nff 2\n"},
        {"FOO": [f"1 at {RC}:4 › {RC}:2 in ff()", f"2 at {RC}:5 › {RC}:2 in ff()"]},
    ),
    Case(
        "a function of the functions folder",
        {".config/fish/functions/gg.fish": "function gg\n    set -gx FOO g\nend\n", RC: "true\ngg\n"},
        {"FOO": [f"g at {RC}:2 › .config/fish/functions/gg.fish:2 in gg()"]},
    ),
    Case(
        "functions that an eval made",
        {RC: "true\neval 'function outer\n inner\nend\nfunction inner\n set -gx FOO 1\nend'\n\nouter\n"},
        {"FOO": [f"1 at {RC}:9 › {RC}:2 in outer() [in an eval] › {RC}:2 in inner() [in an eval]"]},
    ),
    Case(
        "a function that a pipe made",
        {RC: "true\nprintf 'function ff\\n set -gx FOO 1\\nend\\n' | source\n\n\nff\n"},
        {"FOO": [f"1 at {RC}:5 › {RC}:2 in ff() [in an eval]"]},
    ),
    Case("eval", {RC: "true\neval 'set -gx FOO 1'\n"}, {"FOO": [f"1 at {RC}:2 [in an eval]"]}),
    Case(
        "source in a function",
        {RC: "function ff\n    source {home}/a.fish\nend\n\nff\n", "a.fish": "\n\nset -gx FOO 1\n"},
        {"FOO": [f"1 at {RC}:5 › {RC}:2 in ff() › a.fish:3"]},
    ),
    Case(
        "source into nowhere",
        {RC: "source ~/a.fish >/dev/null 2>&1\n", "a.fish": "echo noise\nset -gx FOO 1\n"},
        {"FOO": [f"1 at {RC}:1 › a.fish:2"]},
    ),
    Case(
        "the dot, in a loop",
        {
            RC: "for file in ~/d/*.fish\n    . $file\nend\n",
            "d/1.fish": "set -gx ONE 1\n",
            "d/2.fish": "set -gx TWO 2\n",
        },
        {"ONE": [f"1 at {RC}:2 › d/1.fish:1"], "TWO": [f"2 at {RC}:2 › d/2.fish:1"]},
    ),
    Case(
        "a program piped into source",
        {RC: "true\nsh -c 'echo set -gx FOO 1' | source\n"},
        {"FOO": [f"1 at {RC}:2 [in an eval]"]},
    ),
    Case(
        "psub",
        {RC: "source (echo 'set -gx FOO 1' | psub)\n"},
        {"FOO": [f"1 at {RC}:1 › *:1 [process substitution]"]},
    ),
    Case(
        "a temporary file, as bass has it",
        {
            RC: "function bass\n    set -l file (mktemp)\n    sh -c 'echo set -gx FOO 1' >$file\n"
            "    source $file\n    rm $file\nend\nbass\n"
        },
        {"FOO": [f"1 at {RC}:7 › {RC}:4 in bass() › *:1 [temporary file]"]},
    ),
    Case("a name that is worked out", {RC: "set -l name dyn\nset -gx $name''amic 1\n"}, {"dynamic": [f"1 at {RC}:2"]}),
    Case(
        "a conditional",
        {RC: "if test 1 = 2\n    set -gx FOO 1\nelse\n    set -gx FOO 2\nend\n"},
        {"FOO": [f"2 at {RC}:4"]},
    ),
    Case("one among others on a line", {RC: "true; and set -gx FOO 1; or true\n"}, {"FOO": [f"1 at {RC}:1"]}),
    Case(
        "what does not last",
        {RC: "begin\n    set -lx FOO local\nend\nFOO=x true\nsh -c 'FOO=3'\nset -gx FOO 4\n"},
        {"FOO": [f"4 at {RC}:6"]},
    ),
    Case(
        "set -x in a loop",
        {RC: 'for n in 1 2\n    set -gx FOO "$FOO$n"\nend\n'},
        {"FOO": [f"1 at {RC}:2", f"12 at {RC}:2"]},
    ),
    Case("a newline and quotes", {RC: 'set -gx FOO a\\n"b\'c"\\Xff\n'}, {"FOO": [f"a\nb'c\udcff at {RC}:1"]}),
    Case(
        "a hook of the prompt",
        {RC: "function hook --on-event fish_prompt\n    set -gx FOO 1\nend\n"},
        {"FOO": [f"1 at {RC}:2 in hook()"]},
    ),
    Case(
        "what a hook of the prompt calls",
        {
            ".config/fish/functions/inner.fish": "function inner\n    set -gx FOO 1\nend\n",
            RC: "function hook --on-event fish_prompt\n    true\n    inner\nend\n",
        },
        {"FOO": [f"1 at {RC}:3 in hook() › .config/fish/functions/inner.fish:2 in inner()"]},
    ),
    Case(
        "only where it is interactive",
        {RC: "status is-interactive; or exit\nset -gx FOO 1\n"},
        {"FOO": [f"1 at {RC}:2"]},
    ),
    Case("only at login", {RC: "status is-login; and set -gx FOO 1\n"}, {"FOO": [f"1 at {RC}:1"]}, ["--login"]),
    Case("where it stands", {RC: "set -gx FOO (status filename)\n"}, {"FOO": [f"{{home}}/{RC} at {RC}:1"]}),
)


def of_this_fish(case: Case) -> Case:
    """Return the case as this fish can tell it: from 4.0 on the line in a file that is soon gone is any, or none."""
    program = find_shell("fish").program
    version = subprocess.run([program, "--version"], env={"PATH": "/bin"}, capture_output=True, text=True, check=True)
    if int(version.stdout.split()[-1].partition(".")[0]) < 4:  # fish, version 4.0.2
        return case
    expected = {name: [text.replace("*:1 [", "* [") for text in texts] for name, texts in case.expected.items()}
    return replace(case, expected=expected)


@pytest.mark.parametrize("user", USERS)
@parametrize(*CASES)
def test_place(case: Case, user: str) -> None:
    check(of_this_fish(case), user, "fish")


def test_fish_add_path(home: Path) -> None:
    """The line of the user's, and below it what fish does there."""
    (home / "bin").mkdir()
    write(home, {RC: "\nfish_add_path {home}/bin\n"})
    change = changes_of(replay("fish", home, "PATH"), "PATH")[0]
    assert change["added"] == [str(home / "bin")]
    assert chain(change["chain"][:1], home) == f"{RC}:2"
    assert change["chain"][1]["function"] == "fish_add_path"


def test_conf_d_of_the_same_name_is_shadowed(home: Path) -> None:
    write(
        home, {".config/fish/conf.d/a.fish": "set -gx FOO mine\n", ".local/share/fish/vendor_conf.d/a.fish": "exit 1\n"}
    )
    write(home, {".local/share/fish/vendor_conf.d/b.fish": "set -gx BAR 1\n"})
    assert seen(replay("fish", home, "FOO", "BAR"), home, "FOO", "BAR") == {
        "FOO": ["mine at .config/fish/conf.d/a.fish:1"],
        "BAR": ["1 at .local/share/fish/vendor_conf.d/b.fish:1"],
    }


def test_what_must_not_be_started(home: Path) -> None:
    write(home, {RC: "true\nexec tmux attach\nif true\n    tmux new-session\nend\nexec zsh\nset -gx FOO 1\n"})
    replayed = replay("fish", home, "FOO")
    assert skipped(replayed, home) == [
        ("exec tmux attach", f"{RC}:2"),
        ("tmux new-session", f"{RC}:4"),
        ("exec zsh", f"{RC}:6"),
    ]
    assert seen(replayed, home, "FOO") == {"FOO": [f"1 at {RC}:7"]}


def test_an_endless_loop_is_ended_and_named(home: Path) -> None:
    """With what it started, and with all that was seen before."""
    word = f"{os.getpid()}987"
    write(home, {RC: f"set -gx FOO 1\nsleep {word} &\nsource ~/a.fish\n", "a.fish": "\nwhile true\n    true\nend\n"})
    replayed = replay("fish", home, "FOO", timeout=2)
    assert (replayed["replay"]["finished"], replayed["replay"]["timed_out"]) == (False, True)
    assert chain(replayed["replay"]["last"], home).startswith(f"{RC}:3 › a.fish:")
    assert seen(replayed, home, "FOO") == {"FOO": [f"1 at {RC}:1"]}
    assert is_gone(word)


def test_a_program_that_does_not_end_is_named(home: Path) -> None:
    word = f"{os.getpid()}988"
    write(home, {RC: f"true\nsleep {word}\n"})
    replayed = replay("fish", home, "FOO", timeout=2)
    assert chain(replayed["replay"]["last"], home) == f"{RC}:2"
    assert is_gone(word)


def test_exit_is_an_end(home: Path) -> None:
    write(home, {RC: "set -gx FOO 1\nexit 3\nset -gx FOO 2\n"})
    assert seen(replay("fish", home, "FOO"), home, "FOO") == {"FOO": [f"1 at {RC}:1"]}


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
    replayed = replay("fish", home, "FOO")
    assert replayed["replay"]["finished"]
    assert seen(replayed, home, "FOO") == {"FOO": [f"1 at {RC}:{hostile.count(chr(10)) + 1}"]}


def test_a_syntax_error_ends_its_file_alone(home: Path) -> None:
    write(home, {".config/fish/conf.d/a.fish": "set -gx BAD 1\nset -gx BAD (\n", RC: "set -gx FOO 1\n"})
    replayed = replay("fish", home, "FOO", "BAD")
    assert replayed["replay"]["finished"]
    assert seen(replayed, home, "FOO", "BAD") == {"FOO": [f"1 at {RC}:1"], "BAD": []}


def test_nothing_of_the_users_is_written(home: Path) -> None:
    """``replay`` compares names, sizes and times; here is what fish would like to write."""
    write(home, {RC: "set -U there 1\nset -Ux FOO 1\n", ".config/fish/fish_variables": STORE})
    write(home, {".local/share/fish/fish_history": "- cmd: true\n  when: 1\n"})
    replay("fish", home)
    assert (home / ".config/fish/fish_variables").read_text(encoding="ascii") == STORE


def test_no_startup_file_at_all(home: Path) -> None:
    replayed = replay("fish", home, "FOO")
    assert {"file": str(home / RC), "reason": "it does not exist"} in replayed["missing"]
    assert seen(replayed, home, "FOO") == {"FOO": []}


@pytest.mark.parametrize("reason", ["it is a directory", "it is a dangling link"])
def test_a_startup_file_that_is_none(reason: str, home: Path) -> None:
    (home / RC).parent.mkdir(parents=True)
    if reason == "it is a directory":
        (home / RC).mkdir()
    else:
        (home / RC).symlink_to("gone")
    assert {"file": str(home / RC), "reason": reason} in replay("fish", home)["missing"]


def test_text_is_the_line_as_it_is_written(home: Path) -> None:
    write(home, {RC: "  set -gx FOO $HOME  # why\neval set -gx BAR 1\n"})
    replayed = replay("fish", home, "FOO", "BAR")
    assert changes_of(replayed, "FOO")[0]["text"] == "set -gx FOO $HOME  # why"
    assert changes_of(replayed, "BAR")[0]["chain"][-1]["note"] == EVAL


def test_files_of_the_system(home: Path, tmp_path: Path) -> None:
    etc = tmp_path / "etc"
    write(etc, {"fish/conf.d/a.fish": "\nset -gx FOO a\n", "fish/config.fish": "set -gx FOO system\n"})
    write(home, {RC: "set -gx FOO mine\n"})
    if not namespace.is_possible(etc):
        skip_or_fail("a mount namespace with an overlay over /etc takes root")
    assert seen(replay("fish", home, "FOO", prefix=namespace.over_etc(etc)), home, "FOO") == {
        "FOO": ["a at /etc/fish/conf.d/a.fish:2", "system at /etc/fish/config.fish:1", f"mine at {RC}:1"]
    }
