"""The command: what it prints, its JSON against the schema, and what it refuses."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest

import cleanenv
from tests.support.command import call, write_program
from tests.support.installed_shells import find_shell
from tests.support.surroundings import NOBODY, skip_or_fail
from tests.support.terminal import Terminal
from tests.support.trace_cases import TOOL, USERS, document, environ_of, give, home_of, trace

SCHEMA = json.loads((Path(cleanenv.__file__).parent / "trace/report/schema.json").read_text(encoding="utf-8"))
LEAKY = {
    ".bashrc": "source ~/ws/setup.bash\nexport EDITOR=vi\nexport PATH=~/bin:$PATH\ntmux\n",
    "ws/setup.bash": "# a workspace\nexport PYTHONPATH=~/ws/lib:$PYTHONPATH\nexport ROS_DISTRO=noetic\n",
}
REPORT = """\
Replayed bash ({bash}), interactive, not as a login shell.
PYTHONPATH
├── ~/.bashrc:1 › ~/ws/setup.bash:2
│   ├── set to '{home}/ws/lib:'
│   └── line: export PYTHONPATH=~/ws/lib:$PYTHONPATH
└── not set now
ROS_DISTRO
├── ~/.bashrc:1 › ~/ws/setup.bash:3
│   ├── set to 'noetic'
│   └── line: export ROS_DISTRO=noetic
└── not set now
PATH
├── ~/.bashrc:3
│   ├── added '{home}/bin'
│   └── line: export PATH=~/bin:$PATH
"""


def test_the_report() -> None:
    """All that leaks, and no editor; ~ for home; what was skipped."""
    with home_of("myself", LEAKY) as home:
        done = trace("myself", home, "--shell", "bash")
        assert (done.status, done.err) == (0, "")
        assert done.out.startswith(REPORT.format(home=home, bash="/usr/bin/bash"))
        assert done.out.endswith("Skipped 'tmux' at ~/.bashrc:4: it would take over the terminal.\n")
        assert "EDITOR" not in done.out
        assert "\x1b" not in done.out


def test_globs_and_names() -> None:
    with home_of("myself", LEAKY) as home:
        found = document(trace("myself", home, "EDITOR", "R*", "NOTHING", "NO_*", "--shell", "bash", "--json"))
        assert {variable["name"]: variable["replayed"] for variable in found["variables"]} == {
            "EDITOR": "vi",
            "NOTHING": None,
            "ROS_DISTRO": "noetic",
        }


def test_set_by_nothing() -> None:
    """Says so, and where to look where it is set all the same."""
    with home_of("myself", LEAKY) as home:
        done = trace("myself", home, "NOTHING", "--shell", "bash")
        assert (done.status, done.err) == (0, "")
        assert "NOTHING\n├── nothing in this startup sets it\n└── not set now\n" in done.out
        done = trace("myself", home, "NOTHING", "--shell", "bash", more={"NOTHING": "1"})
        assert "nothing in this startup sets it; it may come from the login: see with --login\n" in done.out
        assert "└── set now: " in done.out
        done = trace("myself", home, "NOTHING", "--shell", "bash", "--login", more={"NOTHING": "1"})
        assert "nothing in this startup sets it\n" in done.out


def test_set_by_a_command_in_this_shell() -> None:
    """Nobody is sent to the login, as the shell itself started without it."""
    with home_of("myself", {}) as home:
        for setting in ("export X=1", "export Y=2 X=1"):
            done = call(["bash", "-c", f"{setting}; {' '.join(TOOL)} trace X --shell bash; :"], environ_of(home))
            assert "├── nothing in this startup sets it; it was set later, in this shell\n" in done.out
            assert "└── set now: bash (pid " in done.out


def test_a_glob_that_matches_nothing_is_named() -> None:
    """Also beside names, and one that matches is not."""
    with home_of("myself", LEAKY) as home:
        for words in (["NO_SUCH*"], ["ROS_DISTRO", "NO_SUCH*", "ROS_*"]):
            done = trace("myself", home, *words, "--shell", "bash")
            assert (done.status, done.err) == (0, "")
            assert done.out.splitlines()[1] == "No variable that is set now or by this startup matches 'NO_SUCH*'."
            assert done.out.count("matches") == 1
            assert "Nothing that leaks" not in done.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("while :; do :; done\n", "the time limit (1 s) ended the startup at ~/.bashrc:1"),
        ("exit\n", "the startup ended early at ~/.bashrc:1"),
    ],
)
def test_of_a_startup_cut_short_no_more_is_said_than_is_known(text: str, words: str) -> None:
    with home_of("myself", {".bashrc": f"{text}export X=1\n"}) as home:
        done = trace("myself", home, "X", "--shell", "bash", "--timeout", "1")
        assert f"├── not set before {words}: what later lines set is not known\n" in done.out
        assert f"\n{words[0].upper()}{words[1:]}: " in done.out
        assert "nothing in this startup" not in done.out


def test_a_shell_that_does_not_start_is_a_refusal(tmp_path: Path) -> None:
    """In every tracer; a script whose interpreter is missing stands in for the shells."""
    for name in ("bash", "zsh", "fish", "tcsh", "ksh93", "mksh", "xonsh"):
        program = write_program(tmp_path / name, "#!/nowhere/interpreter\n")
        with home_of("myself", {}) as home:
            done = trace("myself", home, "--shell", str(program))
        refusal = f"cannot start '{program}' (No such file or directory): choose another shell with --shell"
        assert done == (4, "", f"Error: {refusal}\n")


def test_what_is_asked_for_is_not_inherited() -> None:
    """LANG is set already, to what the startup sets it to."""
    with home_of("myself", {".bashrc": "export LANG=C.UTF-8\n"}) as home:
        found = document(trace("myself", home, "LANG", "--shell", "bash", "--json"))
        assert [change["new"] for change in found["variables"][0]["changes"]] == ["C.UTF-8"]


@pytest.mark.parametrize("colour", ["", "1"])
def test_colours_on_a_terminal(colour: str, tmp_path: Path) -> None:
    with home_of("myself", LEAKY) as home:
        environ = environ_of(home) | ({"NO_COLOR": colour} if colour else {})
        words = f"{' '.join(TOOL)} trace ROS_DISTRO --shell bash >{tmp_path}/out"
        printed = f"script --quiet --command '{words.split(' >', maxsplit=1)[0]}' /dev/null >{tmp_path}/out"
        done = call(["sh", "-c", printed], environ)
        assert done.status == 0
        out = (tmp_path / "out").read_text(encoding="utf-8")
        assert "~/.bashrc:1 › ~/ws/setup.bash:3" in out
        assert ("\x1b[36m" in out) == (not colour)


def test_control_characters_are_made_visible() -> None:
    files = {".bashrc": ". ~/$'\\e[31m'.sh\nexport X=$'\\e]0;title\\a' Y=$'\\377'\n", "\x1b[31m.sh": "export Z=1\n"}
    with home_of("myself", files) as home:
        done = trace("myself", home, "X", "Y", "Z", "--shell", "bash")
        assert done.status == 0
        assert "\x1b" not in done.out
        assert "set to '\\x1b]0;title\\x07'" in done.out
        assert "~/\\x1b[31m.sh:1" in done.out


@pytest.mark.parametrize(
    ("files", "options"),
    [
        (LEAKY, ()),
        (LEAKY, ("PATH", "NOTHING", "--missing")),
        ({".bashrc": "export X=1\nwhile :; do :; done\n"}, ("X", "--timeout", "0.5")),
        ({".bashrc": "export X=$'\\377'\nsource <(echo export X=2)\neval 'X=3'\nexit\n"}, ("X",)),
        ({}, ("--login", "--missing")),
    ],
)
def test_the_document_keeps_to_the_schema(files: dict[str, str], options: tuple[str, ...]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with home_of("myself", files) as home:
        found = document(trace("myself", home, "--shell", "bash", "--json", *options, more={"PYTHONPATH": "/x"}))
        jsonschema.validate(found, SCHEMA)
        assert found["version"] == SCHEMA["properties"]["version"]["const"]
        assert found["missing"] or files


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--shell", "nosuch"], 4, "unknown shell 'nosuch': cleanenv knows bash, "),
        (["--shell", "/bin/true"], 4, "unknown shell '/bin/true': cleanenv knows bash, "),
        (["--shell", "/nowhere/bash"], 4, "'/nowhere/bash' is not an executable: "),
        (["1X", "--shell", "bash"], 2, "'1X' is not a variable name: "),
        (["", "--shell", "bash"], 2, "'' is not a variable name: "),
        (["A=1", "--shell", "bash"], 2, "'A=1' is not a variable name: "),
        (["A B*", "--shell", "bash"], 2, "'A B*' is not a variable name: "),
        (["PÄTH", "--shell", "bash"], 2, "'PÄTH' is not a variable name: "),
        (["--timeout", "0"], 2, "Invalid value for '--timeout'"),
        (["--timeout", "nan"], 2, "--timeout 'nan' is not a number of seconds: "),
        (["--timeout", "1e400"], 2, "Invalid value for '--timeout'"),
        (["--timeout", "soon"], 2, "Invalid value for '--timeout'"),
    ],
)
def test_refusals(words: list[str], status: int, said: str) -> None:
    with home_of("myself", {}) as home:
        done = trace("myself", home, *words)
        assert (done.status, done.out) == (status, "")
        assert done.err.startswith(f"Error: {said}")
        assert done.err.count("\n") == 1


@pytest.mark.parametrize("user", USERS)
def test_no_startup_files(user: str) -> None:
    with home_of(user, {}) as home:
        found = document(trace(user, home, "X", "--shell", "bash", "--json", "--missing"))
        assert found["replay"]["finished"]
        assert {"file": f"{home}/.bashrc", "reason": "it does not exist"} in found["missing"]
        assert "Looked for ~/.bashrc: it does not exist.\n" in trace(user, home, "--shell", "bash", "--missing").out
        assert "Looked for" not in trace(user, home, "--shell", "bash").out


@pytest.mark.parametrize("user", USERS)
def test_startup_files_that_give_nothing(user: str) -> None:
    """Bash looks no further than a profile that is there and cannot be read."""
    files = {".profile": "export X=1\n", ".bash_login/file": ""}
    with home_of(user, files) as home:
        (home / ".bash_profile").symlink_to("nowhere")
        (home / ".bashrc").mkdir()
        give(user, home)
        found = document(trace(user, home, "X", "--shell", "bash", "--json", "--login"))
        missing = {os.path.basename(one["file"]): one["reason"] for one in found["missing"]}
        assert missing == {".bash_profile": "it is a dangling link", ".bash_login": "it is a directory"}
        assert found["variables"][0]["changes"] == []
        found = document(trace(user, home, "X", "--shell", "bash", "--json"))
        assert [one["reason"] for one in found["missing"]] == ["it is a directory"]


def test_an_unreadable_startup_file() -> None:
    user = USERS[-1]
    with home_of(user, {".bashrc": "export X=1\n"}) as home:
        (home / ".bashrc").chmod(0)
        give(user, home)
        found = document(trace(user, home, "X", "--shell", "bash", "--json"))
        assert [one["reason"] for one in found["missing"]] == ["it cannot be read"]
        assert NOBODY


def test_a_home_that_is_not_there() -> None:
    with home_of("myself", {}) as home:
        found = document(trace("myself", home, "X", "--shell", "bash", "--json", more={"HOME": "/nowhere/home"}))
        assert found["missing"][-1] == {"file": "/nowhere/home/.bashrc", "reason": "it does not exist"}


def test_a_bash_that_is_too_old(tmp_path: Path) -> None:
    """Stood in for by one that says it is 3.2."""
    old = write_program(
        tmp_path / "bash", "#!/bin/sh\nprintf 'unsupported\\0003.2.57\\000' >>\"$CLEANENV_TRACE_EVENTS\"\n"
    )
    with home_of("myself", {}) as home:
        done = trace("myself", home, "--shell", str(old))
        assert done == (4, "", "Error: bash 3.2.57 cannot be traced: use 4.4 or newer with --shell PATH\n")


def test_a_login_shell_is_replayed_as_one(tmp_path: Path) -> None:
    """What the shell above is decides, where no option says it."""
    files = {".profile": "export X=profile\nPS1='prompt> '\n", ".bashrc": "export X=bashrc\nPS1='prompt> '\n"}
    with home_of("myself", files) as home:
        for options, expected in ((["-l", "-i"], "profile"), (["-i"], "bashrc")):
            out = tmp_path / expected
            with Terminal(["/bin/bash", *options], environ_of(home), home) as terminal:
                terminal.wait_prompt("prompt>")
                terminal.enter(f"{' '.join(TOOL)} trace X --json >{out}.part; mv {out}.part {out}")
                terminal.wait(out.exists, "the document")
            found = json.loads(out.read_text(encoding="utf-8"))
            assert found["shell"]["login"] == (expected == "profile")
            assert found["variables"][0]["replayed"] == expected
            assert found["variables"][0]["origin"]["how"] == "without"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_full_temporary_directory_is_named(shell: str, tmp_path: Path) -> None:
    """It would look as if the startup had ended early."""
    fill = 'mount -t tmpfs -o size=64k none "$0" && head -c 61440 /dev/zero >"$0/fill" && exec "$@"'
    namespace = ("unshare", "--mount", "sh", "-c", fill, str(tmp_path))
    program = find_shell(shell).program
    text = "set -gx X 1\n" if shell == "fish" else "".join(f"export X={number}\n" for number in range(300))
    file = ".config/fish/config.fish" if shell == "fish" else f".{shell}rc"
    with home_of("myself", {file: text * 9}) as home:
        if call([*namespace, "true"], environ_of(home), home).status != 0:
            skip_or_fail("a mount namespace takes root")
        environ = {**environ_of(home), "TMPDIR": str(tmp_path)}
        done = call([*namespace, *TOOL, "trace", "X", "--shell", program], environ, home)
        assert (done.status, done.out) == (71, "")
        assert "no space left" in done.err
