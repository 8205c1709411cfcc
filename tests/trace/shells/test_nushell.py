"""What the replay of nushell tells, as root and as an ordinary user."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.trace_cases import (
    PATH,
    USERS,
    Case,
    chain,
    check,
    is_gone,
    parametrize,
    replay,
    seen,
    skipped,
    write,
)

DIR = ".config/nushell"
RC = f"{DIR}/config.nu"
CASES = (
    Case("$env.X =", {RC: "# one\n$env.FOO = 1\n"}, {"FOO": [f"1 at {RC}:2"]}),
    Case(
        "env.nu, then config.nu",
        {f"{DIR}/env.nu": "\n$env.FOO = 'env'\n", RC: "$env.FOO = 'config'\n"},
        {"FOO": [f"env at {DIR}/env.nu:2", f"config at {RC}:1"]},
    ),
    Case(
        "login.nu",
        {f"{DIR}/login.nu": "\n$env.FOO = 1\n", RC: "true\n"},
        {"FOO": [f"1 at {DIR}/login.nu:2"]},
        ["--login"],
    ),
    Case("no login", {f"{DIR}/login.nu": "$env.FOO = 1\n", RC: "$env.BAR = 1\n"}, {"BAR": [f"1 at {RC}:1"]}),
    Case(
        "load-env",
        {RC: "load-env {\n    FOO: 1\n    BAR: 'b'\n}\n"},
        {"FOO": [f"1 at {RC}:1"], "BAR": [f"b at {RC}:1"]},
    ),
    Case(
        "load-env of what is worked out",
        {RC: "'FOO=1' | parse '{k}={v}' | transpose -rd\n| load-env\n"},
        {"FOO": [f"1 at {RC}:2"]},
    ),
    Case(
        "def --env",
        {RC: "def --env ff [value] {\n    $env.FOO = $value\n}\n\nff 1\n"},
        {"FOO": [f"1 at {RC}:5 › {RC}:2 in ff()"]},
    ),
    Case(
        "def without --env does not last",
        {RC: "def ff [] { $env.FOO = 1 }\nff\n$env.FOO = 2\n"},
        {"FOO": [f"2 at {RC}:3"]},
    ),
    Case(
        "a block that keeps it to itself",
        {RC: "do { $env.FOO = 1 }\nwith-env {FOO: 2} { }\n[1] | each {|| $env.FOO = 3 }\n$env.FOO = 4\n"},
        {"FOO": [f"4 at {RC}:4"]},
    ),
    Case("do --env", {RC: "do --env {\n    $env.FOO = 1\n}\n"}, {"FOO": [f"1 at {RC}:1 › {RC}:2"]}),
    Case(
        "source",
        {RC: "source ~/a.nu\n", "a.nu": "\nsource {home}/b.nu\n", "b.nu": "$env.FOO = 1\n"},
        {"FOO": [f"1 at {RC}:1 › a.nu:2 › b.nu:1"]},
    ),
    Case(
        "source beside itself",
        {RC: "source a.nu\n", f"{DIR}/a.nu": "$env.FOO = 1\n"},
        {"FOO": [f"1 at {RC}:1 › {DIR}/a.nu:1"]},
    ),
    Case("source-env", {RC: "true\nsource-env ~/a.nu\n", "a.nu": "$env.FOO = 1\n"}, {"FOO": [f"1 at {RC}:2 › a.nu:1"]}),
    Case(
        "use",
        {RC: "use ~/mine.nu\n", "mine.nu": "export-env {\n    $env.FOO = 1\n}\n"},
        {"FOO": [f"1 at {RC}:1 › mine.nu:2"]},
    ),
    Case(
        "overlay use",
        {RC: "overlay use ~/mine.nu\n", "mine.nu": "export-env {\n    $env.FOO = 1\n}\n"},
        {"FOO": [f"1 at {RC}:1 › mine.nu:2"]},
    ),
    Case(
        "autoload",
        {f"{DIR}/autoload/b.nu": "$env.FOO = 'b'\n", f"{DIR}/autoload/a.nu": "\n$env.FOO = 'a'\n"},
        {"FOO": [f"a at {DIR}/autoload/a.nu:2", f"b at {DIR}/autoload/b.nu:1"]},
    ),
    Case(
        "autoload of a vendor's",
        {".local/share/nushell/vendor/autoload/a.nu": "$env.FOO = 1\n"},
        {"FOO": ["1 at .local/share/nushell/vendor/autoload/a.nu:1"]},
    ),
    Case("hide-env", {RC: "$env.FOO = 1\nhide-env FOO\n"}, {"FOO": [f"1 at {RC}:1", f"unset at {RC}:2"]}),
    Case("PATH", {RC: "\n$env.PATH = ($env.PATH | prepend '/opt/x')\n"}, {"PATH": [f"/opt/x:{PATH} at {RC}:2"]}),
    Case(
        "a conditional",
        {RC: "if false {\n    $env.FOO = 1\n} else {\n    $env.FOO = 2\n}\n"},
        {"FOO": [f"2 at {RC}:4"]},
    ),
    Case("a loop", {RC: "for n in 1..2 {\n    $env.FOO = $n\n}\n"}, {"FOO": [f"1 at {RC}:2", f"2 at {RC}:2"]}),
    Case("quotes, a newline", {RC: '$env.FOO = "a\\nb\'c"\n'}, {"FOO": [f"a\nb'c at {RC}:1"]}),
    Case("what is no text is not exported", {RC: "$env.FOO = {a: 1}\n$env.BAR = 1\n"}, {"BAR": [f"1 at {RC}:2"]}),
    Case(
        "a command of the first file in the second",
        {f"{DIR}/env.nu": "use ~/a.nu *\n", RC: "$env.FOO = 1\n", "a.nu": "export def x [] { }\n"},
        {"FOO": [f"1 at {RC}:1"]},
    ),
)


@pytest.mark.parametrize("user", USERS)
@parametrize(*CASES)
def test_place(case: Case, user: str) -> None:
    check(case, user, "nushell")


def test_what_must_not_be_started(home: Path) -> None:
    write(home, {RC: "exec tmux attach\nif true {\n    tmux new\n}\n$env.FOO = 1\n"})
    replayed = replay("nushell", home, "FOO")
    assert skipped(replayed, home) == [
        ("exec tmux attach", f"{RC}:1"),
        ("tmux new", f"{RC}:3"),
    ]
    assert seen(replayed, home, "FOO") == {"FOO": [f"1 at {RC}:5"]}


@pytest.mark.parametrize("loop", ["loop { $env.FOO = 1 }", "^sleep 1000"])
def test_what_does_not_end_is_ended_and_its_file_named(loop: str, home: Path) -> None:
    word = f"{os.getpid()}985"
    write(home, {f"{DIR}/env.nu": "$env.BAR = 1\n", RC: loop.replace("1000", word) + "\n"})
    replayed = replay("nushell", home, "FOO", timeout=3)
    assert (replayed["replay"]["finished"], replayed["replay"]["timed_out"]) == (False, True)
    assert chain(replayed["replay"]["last"], home) == RC
    assert is_gone(word)


def test_an_error_ends_its_file_alone_and_is_said(home: Path) -> None:
    write(home, {RC: "$env.FOO = 1\nerror make {msg: no}\n$env.FOO = 2\n", f"{DIR}/autoload/a.nu": "$env.BAR = 1\n"})
    replayed = replay("nushell", home, "FOO", "BAR")
    assert seen(replayed, home, "FOO", "BAR") == {"FOO": [f"1 at {RC}:1"], "BAR": [f"1 at {DIR}/autoload/a.nu:1"]}
    assert any(str(home / RC) in note for note in replayed["replay"]["notes"])


def test_a_file_that_does_not_parse_is_left_out_and_said(home: Path) -> None:
    write(home, {f"{DIR}/env.nu": "$env.FOO = 1\ndef [\n", RC: "$env.FOO = 2\n"})
    replayed = replay("nushell", home, "FOO")
    assert seen(replayed, home, "FOO") == {"FOO": [f"2 at {RC}:1"]}
    assert any(str(home / DIR / "env.nu") in note for note in replayed["replay"]["notes"])


@pytest.mark.parametrize(
    "hostile",
    [
        "alias save = ignore\n",
        "def each [] { }\n",
        "input | ignore\n",
        "^sh -c 'yes | head -c 5000000'\n",
        "$env.config = {show_banner: false}\n",
        "hide-env PATH\n",
    ],
)
def test_startups_that_fight_back(hostile: str, home: Path) -> None:
    write(home, {RC: hostile + "$env.FOO = 1\n"})
    assert seen(replay("nushell", home, "FOO"), home, "FOO") == {"FOO": [f"1 at {RC}:2"]}


def test_no_startup_file_at_all(home: Path) -> None:
    replayed = replay("nushell", home, "FOO")
    assert {"file": str(home / RC), "reason": "it does not exist"} in replayed["missing"]
    assert seen(replayed, home, "FOO") == {"FOO": []}
    assert replayed["replay"]["finished"]
