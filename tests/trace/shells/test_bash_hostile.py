"""Startup files of bash that fight back: the trace goes on or says where it ended, and nothing is left behind."""

from __future__ import annotations

import time

import psutil
import pytest

from tests.support.command import listing
from tests.support.trace_cases import USERS, Case, chain, check, document, home_of, parametrize, replay, trace

FIVE_MEGABYTES = "head -c 5000000 /dev/zero | tr '\\0' x"
CLOSE_ALL = 'for fd in /proc/self/fd/*; do fd=${fd##*/}; case $fd in 0|1|2) ;; *) eval "exec $fd>&-" ;; esac; done\n'
ODD_FUNCTIONS = "".join(
    f"{name}() {{ exit 9; }}\n" for name in ("printf", "read", "mapfile", "compgen", "kill", "test", "[")
)


@pytest.mark.parametrize("user", USERS)
@parametrize(
    Case(
        "early return",
        {".bashrc": "case $- in *i*) ;; *) return ;; esac\nexport X=1\nreturn\nexport X=2\n"},
        {"X": ["1 at .bashrc:2"]},
    ),
    Case("return without PS1", {".bashrc": '[ -z "$PS1" ] && return\nexport X=1\n'}, {"X": ["1 at .bashrc:2"]}),
    Case(
        "set -e",
        {".bashrc": "set -e\nexport X=1\nfalse || :\nif false; then :; fi\nexport Y=2\n"},
        {"X": ["1 at .bashrc:2"], "Y": ["2 at .bashrc:5"]},
    ),
    Case(
        "set -u",
        {".bashrc": "set -u\nexport X=1\nunset X\nset -- a\nexport Y=$1\n"},
        {"X": ["1 at .bashrc:2", "unset at .bashrc:3"], "Y": ["a at .bashrc:5"]},
    ),
    Case(
        "set -eu",
        {".bashrc": "set -eu\nset -o pipefail\nexport X=1\nX=2\n"},
        {"X": ["1 at .bashrc:3", "2 at .bashrc:4"]},
    ),
    Case(
        "set +x",
        {".bashrc": "set -x\nPS4='$(exit 3)'\nexport X=1\n{ set +x; } 2>/dev/null\nexport Y=2\n"},
        {"X": ["1 at .bashrc:3"], "Y": ["2 at .bashrc:5"]},
    ),
    Case(
        "IFS",
        {".bashrc": "IFS=1=X\nexport X=1\nIFS=\nexport Y=2\nexport $Z Z=3\n"},
        {"X": ["1 at .bashrc:2"], "Y": ["2 at .bashrc:4"], "Z": ["3 at .bashrc:5"]},
    ),
    Case("descriptors closed", {".bashrc": f"exec 3>&- 9>&-\n{CLOSE_ALL}export X=1\n"}, {"X": ["1 at .bashrc:3"]}),
    Case("output closed", {".bashrc": "exec >&- 2>&- <&-\nexport X=1\n"}, {"X": ["1 at .bashrc:2"]}),
    Case(
        "output elsewhere",
        {".bashrc": "exec >/dev/null 2>&1\nexport X=1\nexec > >(cat) 2>&1\nexport Y=2\n"},
        {"X": ["1 at .bashrc:2"], "Y": ["2 at .bashrc:4"]},
    ),
    Case("functions replaced", {".bashrc": f"{ODD_FUNCTIONS}export X=1\n"}, {"X": ["1 at .bashrc:8"]}),
    Case(
        "aliases",
        {".bashrc": "alias printf=false builtin=false case=false local=false [=false\nexport X=1\n:\n"},
        {"X": ["1 at .bashrc:2"]},
    ),
    Case(
        "read from nowhere",
        {".bashrc": "read -p 'Name? ' name </dev/tty\nread -r name\nexport X=1\n"},
        {"X": ["1 at .bashrc:3"]},
    ),
    Case(
        "options of patterns",
        {".bashrc": "shopt -s nocasematch failglob nullglob extglob\nset -f -C\nexport X=a\nX=A\n"},
        {"X": ["a at .bashrc:3", "A at .bashrc:4"]},
    ),
    Case("posix mode", {".bashrc": "set -o posix\nexport X=1\nX=2\n"}, {"X": ["1 at .bashrc:2", "2 at .bashrc:3"]}),
    Case(
        "traps",
        {".bashrc": "trap 'export Z=1' ERR\ntrap : RETURN EXIT\nf() { X=2; }\nexport X=1\nf\nfalse\n"},
        {"X": ["1 at .bashrc:4", "2 at .bashrc:5 › .bashrc:3 in f()"]},
    ),
    Case("megabytes", {".bashrc": f"{FIVE_MEGABYTES}; {FIVE_MEGABYTES} >&2\nexport X=1\n"}, {"X": ["1 at .bashrc:2"]}),
    Case("syntax error", {".bashrc": "export X=1\nif then fi\nexport X=2\n"}, {"X": ["1 at .bashrc:1"]}),
    Case(
        "syntax error in another file",
        {".bashrc": ". ~/bad.sh\nexport X=1\n", "bad.sh": "export Y=1\n)\n"},
        {"X": ["1 at .bashrc:2"], "Y": ["1 at .bashrc:1 › bad.sh:1"]},
    ),
    Case(
        "a file that is not there",
        {".bashrc": ". ~/nowhere.sh\nnothing_like_this\nexport X=1\n"},
        {"X": ["1 at .bashrc:3"]},
    ),
    Case("the folder gone", {".bashrc": "mkdir ~/t; cd ~/t; rmdir ~/t\nexport X=1\ncd ~\n"}, {"X": ["1 at .bashrc:2"]}),
    Case(
        "words that are code",
        {
            ".bashrc": "'$(touch ~/made)'\n\"]\"\n'a]b[\"$(touch ~/made)\"]'\nunset 'x$(touch ~/made)'\n"
            "n='$(touch ~/made)'\nunset $n\n[ -e ~/made ] || export X=1\n"
        },
        {"X": ["1 at .bashrc:7"]},
    ),
    Case("umask", {".bashrc": "umask 777\nexport X=1\n"}, {"X": ["1 at .bashrc:2"]}),
)
def test_the_trace_goes_on(case: Case, user: str) -> None:
    found = check(case, user, "bash")
    assert found["replay"]["finished"]
    assert found["skipped"] == []


SKIPPED = (
    ("exec zsh", "replace the shell"),
    ("exec -l /bin/zsh -i", "replace the shell"),
    ("exec env zsh > /dev/null", "replace the shell"),
    ("command exec fish", "replace the shell"),
    ("tmux", "take over the terminal"),
    ("exec tmux new-session -A -s main", "replace the shell"),
    ("screen -R", "take over the terminal"),
    ("startx", "take over the terminal"),
    ("zsh -l", "start another shell"),
    ("trap - DEBUG", "end the trace"),
    ("trap 'true' EXIT DEBUG", "end the trace"),
    ("set +T", "end the trace"),
    ("set +euT", "end the trace"),
    ("set +o functrace", "end the trace"),
    ("shopt -u extdebug", "end the trace"),
    ("history -a", "write the history file"),
    ("A=1 B=$(true) exec zsh", "replace the shell"),
    ("/usr/bin/tmux attach", "take over the terminal"),
    ("ssh-agent -s", "leave a program running"),
)


@pytest.mark.parametrize(("command", "reason"), SKIPPED)
def test_a_command_that_would_end_it_is_skipped_and_named(command: str, reason: str) -> None:
    text = f"put() {{ export X=$1; }}\nput 1\n{command}\nput 2\n"
    with home_of("myself", {".bashrc": text}) as home:
        found = document(trace("myself", home, "X", "--shell", "bash", "--json"))
        assert [change["new"] for change in found["variables"][0]["changes"]] == ["1", "2"]
        (skipped,) = found["skipped"]
        assert (skipped["text"], chain(skipped["chain"], home)) == (command, ".bashrc:3")
        assert reason in skipped["reason"]
        printed = trace("myself", home, "X", "--shell", "bash").out
        # What half of all startup files have, and what changes no variable, is no news to anybody.
        is_printed = reason not in ("end the trace", "write the history file")
        assert (f"Skipped '{command}' at ~/.bashrc:3: {skipped['reason']}.\n" in printed) == is_printed
        assert is_printed or "Skipped" not in printed


@pytest.mark.parametrize(
    "command",
    [
        "exec 3>/dev/null",
        "exec",
        "set -- +T",
        "trap -p DEBUG",
        "history -s x",
        "shopt -u nullglob",
        "zsh -c :",
        "(exec env true)",
        "exec {fd}>&2",
    ],
)
def test_what_looks_like_it_is_run(command: str) -> None:
    with home_of("myself", {".bashrc": f"{command}\nexport X=1\n"}) as home:
        found = document(trace("myself", home, "X", "--shell", "bash", "--json"))
        assert found["skipped"] == []
        assert found["variables"][0]["replayed"] == "1"


def test_an_agent_is_not_started_by_a_function_in_a_substitution() -> None:
    text = 'start() {\n    ssh-agent -s\n}\neval "$(start)"\nexport X=1$SSH_AGENT_PID\nreadonly IFS\nexport Y=2 Z=3\n'
    with home_of("myself", {".bashrc": text}) as home:
        found = document(trace("myself", home, "X", "Y", "Z", "--shell", "bash", "--json"))
        assert [chain(skipped["chain"], home) for skipped in found["skipped"]] == [".bashrc:4 › .bashrc:2 in start()"]
        assert [variable["replayed"] for variable in found["variables"]] == ["1", "2", "3"]


def test_an_agent_is_not_started() -> None:
    with home_of("myself", {".bashrc": '\neval "$(ssh-agent -s)"\nexport X=$SSH_AGENT_PID\n'}) as home:
        found = document(trace("myself", home, "X", "--shell", "bash", "--json"))
        assert [chain(skipped["chain"], home) for skipped in found["skipped"]] == [".bashrc:2"]
        assert found["variables"][0]["replayed"] == ""


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("while :; do :; done", ""),
        ("sleep 1000", ""),
        ("until false; do :; done", "set -e\n"),
        ("while [ 1 ]; do [ 2 ]; done", ""),
        ("while :; do i=$((i + 1)); done", ""),
        ("cat /dev/zero", ""),
        ("tail -f /dev/null | cat", ""),
    ],
)
def test_the_limit_ends_it_and_names_the_place(line: str, text: str) -> None:
    files = {
        ".bashrc": f"{text}export X=1\n. ~/slow.sh\nexport X=2\n",
        "slow.sh": f"#\nslow() {{\n    {line}\n}}\nslow\n",
    }
    with home_of("myself", files) as home:
        begun = time.monotonic()
        words = ("X", "--shell", "bash", "--timeout", "1")
        found = document(trace("myself", home, *words, "--json"))
        assert time.monotonic() - begun < 30
        assert [change["new"] for change in found["variables"][0]["changes"]] == ["1"]
        number = 3 if text else 2
        assert found["replay"]["timed_out"]
        assert not found["replay"]["finished"]
        assert chain(found["replay"]["last"], home) == f".bashrc:{number} › slow.sh:5 › slow.sh:3 in slow()"
        said = f"The time limit (1 s) ended the startup at ~/.bashrc:{number} › ~/slow.sh:5 › ~/slow.sh:3 (in slow())"
        assert said in trace("myself", home, *words).out


@pytest.mark.parametrize(
    ("end", "line"),
    [
        ("exit", 2),
        ("exit 3", 2),
        ("set -e; false", 2),
        ("set -e; [ -d /nowhere ]", 2),
        ("kill -9 $$", 2),
        ("logout", 2),
    ],
)
def test_a_startup_that_ends_the_shell(end: str, line: int) -> None:
    with home_of(
        "myself", {".bashrc": f"export X=1\n{end}\nexport X=2\n", ".bash_logout": "touch ~/logged-out\n"}
    ) as home:
        before = listing(home)
        found = document(trace("myself", home, "X", "--shell", "bash", "--json"))
        assert (found["replay"]["finished"], found["replay"]["timed_out"]) == (False, False)
        assert chain(found["replay"]["last"], home) == f".bashrc:{line}"
        assert [change["new"] for change in found["variables"][0]["changes"]] == ["1"]
        assert listing(home) == before


def living(marker: str) -> list[int]:
    """Return the processes in whose command line ``marker`` stands."""
    lines = {process.pid: " ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])}
    return [pid for pid, line in lines.items() if marker in line]


@pytest.mark.parametrize("timeout", ["1", "20"])
@pytest.mark.parametrize(
    "way", ["bash", "set -m; bash", "trap '' HUP TERM INT; bash", "setsid bash", "setsid setsid -f bash"]
)
def test_nothing_is_left_running(way: str, timeout: str) -> None:
    with home_of("myself", {}) as home:
        (home / "stay.sh").write_text("touch ~/began\nsleep 1000\n")
        last = "sleep 1000\n" if timeout == "1" else ""
        (home / ".bashrc").write_text(f"{way} ~/stay.sh &\nuntil [ -e ~/began ]; do :; done\nexport X=1\n{last}")
        found = document(trace("myself", home, "X", "--shell", "bash", "--timeout", timeout, "--json"))
        assert found["replay"]["timed_out"] == (timeout == "1")
        assert (home / "began").exists()
        assert living(f"{home}/stay.sh") == []


def test_a_line_that_names_the_history_file_and_cuts_it_is_skipped() -> None:
    line = "HISTFILE=~/.bash_history HISTFILESIZE=10"
    with home_of("myself", {".bashrc": f"{line}\nexport X=1\n", ".bash_history": "ls\n" * 2000}) as home:
        before = listing(home)
        found = document(trace("myself", home, "X", "--shell", "bash", "--json"))
        assert [skipped["text"] for skipped in found["skipped"]] == [line]
        assert found["variables"][0]["replayed"] == "1"
        assert listing(home) == before


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("HISTFILE=~/.mine", "{home}/.mine"),
        ("export HISTFILE=~/.mine", "{home}/.mine"),
        (":", "{home}/.bash_history"),
        ("unset HISTFILE", "none"),
    ],
)
@pytest.mark.parametrize("cutting", ["HISTFILESIZE=5", "HISTFILESIZE=5 Y=1", "export HISTFILESIZE=5"])
def test_no_history_is_cut_and_its_file_keeps_its_name(setting: str, name: str, cutting: str) -> None:
    """Without HISTFILE bash would cut ~/.history, which is another shell's."""
    files = dict.fromkeys((".mine", ".bash_history", ".history"), "ls\n" * 100)
    with home_of("myself", {**files, ".bashrc": f"{setting}\n{cutting}\nexport X=${{HISTFILE-none}}\n"}) as home:
        found = replay("bash", home, "X", "HISTFILE")
        assert found["variables"][0]["replayed"] == name.replace("{home}", str(home))
        assert found["skipped"] == []
        exported = [change["new"] for change in found["variables"][1]["changes"]]
        assert exported == ([f"{home}/.mine"] if "export" in setting else [])


def test_a_history_file_whose_name_is_readonly_is_not_cut() -> None:
    files = {".mine": "ls\n" * 100, ".bashrc": "readonly HISTFILE=~/.mine\nHISTFILESIZE=5\nexport X=1\n"}
    with home_of("myself", files) as home:
        found = replay("bash", home, "X")
        assert [skipped["text"] for skipped in found["skipped"]] == ["HISTFILESIZE=5"]
        assert found["variables"][0]["replayed"] == "1"


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("login", ["--login", "--no-login"])
def test_the_home_stays_as_it_was(user: str, login: str) -> None:
    """Names, sizes and times; the history too, which bash would cut to 500 lines at its exit."""
    rc = "HISTSIZE=10\nHISTFILESIZE=10\nshopt -s histappend\nhistory -s hidden\n"
    rc += "PROMPT_COMMAND='history -a; history -n'\n"
    files = {".bashrc": rc, ".profile": ". ~/.bashrc\n", ".bash_logout": "touch ~/logged-out\n"}
    files[".bash_history"] = "".join(f"echo {number}\n" for number in range(2000))
    with home_of(user, files) as home:
        before = listing(home)
        document(trace(user, home, "X", "--shell", "bash", "--json", login))
        assert listing(home) == before
