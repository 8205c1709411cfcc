"""mksh, yash, busybox ash and dash: what they have apart from the family, and what blinds their tracer."""

from __future__ import annotations

import pytest

from tests.support.bourne_family import RC, login_files, of
from tests.support.trace_cases import (
    Case,
    chain,
    check,
    document,
    home_of,
    trace,
    written,
)

SHELLS = ("mksh", "yash", "ash", "dash")
BYTES = Case("bytes that are no UTF-8", {"RC": "export X=\udcff\n"}, {"X": ["\udcff at RC:1"]})
TYPESET = Case("typeset -x", {"RC": "typeset -x X=1\n"}, {"X": ["1 at RC:1"]})


@pytest.mark.parametrize("shell", ["mksh", "ash", "dash"])  # yash reads characters, not bytes
def test_bytes_that_are_no_characters(shell: str) -> None:
    check(of(BYTES, shell), "myself", shell)


@pytest.mark.parametrize("shell", ["mksh", "yash"])
def test_typeset_outside_of_functions_is_not_local(shell: str) -> None:
    check(of(TYPESET, shell), "myself", shell)


def test_mksh_has_a_file_without_env() -> None:
    check(Case("mkshrc", {".mkshrc": "#\nexport X=1\n"}, {"X": ["1 at .mkshrc:2"]}), "myself", "mksh")


@pytest.mark.parametrize("shell", ["ash", "dash"])
def test_the_files_of_a_login(shell: str) -> None:
    with home_of("myself", {".profile": "#\nexport X=1\n. /nowhere\nexport X=2\n"}) as home:
        found = document(trace("myself", home, "X", "--shell", shell, "--json", "--login"))
        assert written(found["variables"][0]["changes"], home) == ["1 at .profile:2"]
        assert found["replay"]["finished"]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("exec fish", "replace the shell"),
        ('[ -z "$TMUX" ] && exec tmux', "replace the shell"),
        ("tmux attach", "take over the terminal"),
        ("exec 9>/dev/null", "descriptors"),
    ],
)
def test_a_command_that_would_end_it_is_skipped_and_named(command: str, reason: str, shell: str) -> None:
    name = RC[shell]
    with home_of("myself", {**login_files(shell), name: f"export X=1\n{command}\nexport X=2\n"}) as home:
        found = document(trace("myself", home, "X", "--shell", shell, "--json", "--login"))
        assert written(found["variables"][0]["changes"], home) == [f"1 at {name}:1", f"2 at {name}:3"]
        (skipped,) = found["skipped"]
        assert (skipped["text"], chain(skipped["chain"], home)) == (command, f"{name}:2")
        assert reason in skipped["reason"]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("end", ["set +x", "PS4='+ '", "unset PS4"])
def test_what_blinds_the_tracer_is_said(shell: str, end: str) -> None:
    name = RC[shell]
    files = {name: f"{end}\nexport X=1\n. ~/lib.sh\n", "lib.sh": "#\nexport Y=1\n"}
    with home_of("myself", {**login_files(shell), **files}) as home:
        found = document(trace("myself", home, "X", "Y", "--shell", shell, "--json", "--login"))
        x, y = (variable["changes"][0] for variable in found["variables"])
        assert x["notes"]
        assert chain(x["chain"], home).removesuffix(":1") == name
        assert y["chain"][-1]["file"] == f"{home}/lib.sh"
        assert any("'set -x' off" in note for note in found["replay"]["notes"])


@pytest.mark.parametrize("shell", ["ash", "dash"])
def test_without_env_nothing_is_read(shell: str) -> None:
    with home_of("myself", {}) as home:
        found = document(trace("myself", home, "X", "--shell", shell, "--json", "--no-login"))
        assert found["replay"]["finished"]
        assert any("ENV, which is not set" in note for note in found["replay"]["notes"])


@pytest.mark.parametrize("shell", ["ash", "dash"])
def test_a_login_has_its_own_files(shell: str) -> None:
    with home_of("myself", {".profile": "export X=1\n"}) as home:
        notes = document(trace("myself", home, "X", "--shell", shell, "--json", "--login"))["replay"]["notes"]
        assert not any("ENV" in note for note in notes)


# In each line the same is skipped, in the shell itself and in subshells, which tell of no step.
AGENTS = (
    "ssh-agent -s && export B=1",
    'eval "$(ssh-agent -s)"',
    "(ssh-agent -s)",
    "export C=$(ssh-agent -s)",
    "if true; then ssh-agent -s; fi",
)


@pytest.mark.parametrize(("shell", "file"), [("mksh", ".mkshrc"), ("yash", ".yashrc"), ("ash", ".profile")])
def test_the_same_command_on_several_lines_is_placed_on_each(shell: str, file: str) -> None:
    text = "export A=1\n" + "".join(f"{line}\n" for line in AGENTS) + "alias agent='ssh-agent -s'\nagent\n"
    with home_of("myself", {file: text}) as home:
        words = ("A", "--shell", shell, "--json", *(["--login"] if file == ".profile" else []))
        skipped = document(trace("myself", home, *words))["skipped"]
        lines = [*AGENTS, "agent"]
        assert [one["text"] for one in skipped][: len(AGENTS)] == list(AGENTS)
        assert [one["chain"][-1]["line"] for one in skipped][: len(AGENTS)] == list(range(2, 2 + len(AGENTS)))
        assert skipped[-1]["text"] in (lines[-1], "alias agent='ssh-agent -s'")
