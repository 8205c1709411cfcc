"""mksh, yash, busybox ash and dash: the place that is named is the one written here."""

from __future__ import annotations

import time

import pytest

from tests.conftest import skip_or_fail
from tests.support import namespace
from tests.support.command import call, listing
from tests.support.trace_cases import (
    TOOL,
    USERS,
    Case,
    chain,
    check,
    document,
    environ_of,
    home_of,
    parametrize,
    trace,
    written,
)

# The file of an interactive shell, and what else takes it to be read.
LOGIN = {".profile": "export ENV=$HOME/.rc\n"}
RC = {"mksh": ".rc", "yash": ".yashrc", "ash": ".rc", "dash": ".rc"}
SHELLS = tuple(RC)
TELL_LINES = ("mksh", "yash", "ash")

CASES = (
    Case("export", {"RC": "\nexport X=1\n"}, {"X": ["1 at RC:2"]}),
    Case("append", {"RC": 'export X=1\n:\nX="$X:2"\n'}, {"X": ["1 at RC:1", "1:2 at RC:3"]}),
    Case("set, then exported", {"RC": "X=1\n:\nexport X\n"}, {"X": ["1 at RC:3"]}),
    Case("two at once", {"RC": "export X=1 Y=2\n"}, {"X": ["1 at RC:1"], "Y": ["2 at RC:1"]}),
    Case("set -a", {"RC": "set -a\nX=1\nset +a\nY=2\n"}, {"X": ["1 at RC:2"], "Y": []}),
    Case("read", {"RC": "export X=\nread X <<EOF\none\nEOF\n:\n"}, {"X": [" at RC:1", "one at RC:2"]}),
    Case("a function", {"RC": "put() {\n    export X=$1\n}\n\nput 1\n"}, {"X": ["1 at RC:5 › RC:2 in put()"]}),
    Case(
        "a function of another file",
        {"RC": ". ~/lib.sh\nput 1\n", "lib.sh": "#\n#\nput() {\n    export X=$1\n}\n"},
        {"X": ["1 at RC:2 › lib.sh:4 in put()"]},
    ),
    Case("eval", {"RC": "\neval 'export X=1'\n"}, {"X": ["1 at RC:2 [in an eval]"]}),
    Case(
        "a file into /dev/null",
        {"RC": ". ~/lib.sh >/dev/null 2>&1\n", "lib.sh": "\nexport X=1\n:\n"},
        {"X": ["1 at RC:1 › lib.sh:2"]},
    ),
    Case(
        "a relative path",
        {"RC": "cd ~/etc\n. ./lib.sh\n", "etc/lib.sh": "export X=1\n"},
        {"X": ["1 at RC:2 › etc/lib.sh:1"]},
    ),
    Case(
        "profile.d",
        {
            "RC": 'for f in ~/profile.d/*.sh; do\n    if [ -r "$f" ]; then\n        . "$f"\n    fi\ndone\nunset f\n',
            "profile.d/a.sh": "export X=a\n",
            "profile.d/b.sh": "#\nexport X=b\n",
        },
        {"X": ["a at RC:3 › profile.d/a.sh:1", "b at RC:3 › profile.d/b.sh:2"]},
    ),
    Case(
        "conditions",
        {"RC": "if [ -d / ]; then\n    export X=1\nfi\n[ -d /nowhere ] || export Y=2\n"},
        {"X": ["1 at RC:2"], "Y": ["2 at RC:4"]},
    ),
    Case(
        "unset and set again",
        {"RC": "export X=1\nunset X\nexport X=2\n"},
        {"X": ["1 at RC:1", "unset at RC:2", "2 at RC:3"]},
    ),
    Case("a subshell", {"RC": "(export X=1)\nY=$(export X=2; echo $X)\nexport Y\n"}, {"X": [], "Y": ["2 at RC:3"]}),
    Case("before a command", {"RC": "export X=1\nX=2 true\nX=3 /bin/true\n:\n"}, {"X": ["1 at RC:1"]}),
    Case(
        "odd values",
        {"RC": "export X='a\nb' Y=\"it's\" Z=\n"},
        {"X": ["a\nb at RC:1"], "Y": ["it's at RC:1"], "Z": [" at RC:1"]},
    ),
    Case("set -u, set -f, IFS", {"RC": "set -u\nset -f\nIFS=1:\nexport X=1\n"}, {"X": ["1 at RC:4"]}),
    Case("set -e", {"RC": "set -e\nfalse || :\nexport X=1\n"}, {"X": ["1 at RC:3"]}),
    Case("printf replaced", {"RC": "printf() { exit 9; }\nexport X=1\n"}, {"X": ["1 at RC:2"]}),
    Case("early return", {"RC": "case $- in *i*) ;; *) return ;; esac\nexport X=1\nreturn\n"}, {"X": ["1 at RC:2"]}),
    Case(
        "megabytes",
        {"RC": "head -c 5000000 /dev/zero\nhead -c 5000000 /dev/zero >&2\nexport X=1\n"},
        {"X": ["1 at RC:3"]},
    ),
    Case("syntax error", {"RC": "export X=1\n)\nexport X=2\n"}, {"X": ["1 at RC:1"]}),
)
OF_THOSE_THAT_TELL_LINES = (
    Case(
        "a temporary file",
        {"RC": "t=~/.made\necho 'export X=1' >$t\n. $t\nrm $t\n"},
        {"X": ["1 at RC:3 › .made:1 [temporary file]"]},
    ),
    Case("into /dev/null", {"RC": "#\n{\n    export X=1\n    :\n} 2>/dev/null\n"}, {"X": ["1 at RC:3"]}),
    Case(
        "a function into /dev/null",
        {"RC": "put() {\n    export X=$1\n}\nput 1 2>/dev/null\n"},
        {"X": ["1 at RC:4 › RC:2 in put()"]},
    ),
)
BYTES = Case("bytes that are no UTF-8", {"RC": "export X=\udcff\n"}, {"X": ["\udcff at RC:1"]})
TYPESET = Case("typeset -x", {"RC": "typeset -x X=1\n"}, {"X": ["1 at RC:1"]})


def of(case: Case, shell: str) -> Case:
    """Return the case with the file that ``shell`` reads."""
    name = RC[shell]
    files = {**LOGIN, **{name if file == "RC" else file: text for file, text in case.files.items()}}
    expected = {key: [line.replace("RC:", f"{name}:") for line in lines] for key, lines in case.expected.items()}
    return Case(case.name, files, expected, ["--login"])


@pytest.mark.parametrize("shell", SHELLS)
@parametrize(*CASES)
def test_the_place(case: Case, shell: str) -> None:
    found = check(of(case, shell), "myself", shell)
    assert found["replay"]["finished"]
    assert found["skipped"] == []


@pytest.mark.parametrize("shell", TELL_LINES)
@parametrize(*OF_THOSE_THAT_TELL_LINES)
def test_the_place_where_lines_are_told(case: Case, shell: str) -> None:
    check(of(case, shell), "myself", shell)


@pytest.mark.parametrize("shell", ["mksh", "ash", "dash"])  # yash reads characters, not bytes
def test_bytes_that_are_no_characters(shell: str) -> None:
    check(of(BYTES, shell), "myself", shell)


@pytest.mark.parametrize("shell", ["mksh", "yash"])
def test_typeset_outside_of_functions_is_not_local(shell: str) -> None:
    check(of(TYPESET, shell), "myself", shell)


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("shell", SHELLS)
def test_as_another_user(shell: str, user: str) -> None:
    check(of(CASES[7], shell), user, shell)


def test_mksh_has_a_file_without_env() -> None:
    check(Case("mkshrc", {".mkshrc": "#\nexport X=1\n"}, {"X": ["1 at .mkshrc:2"]}), "myself", "mksh")


@pytest.mark.parametrize("shell", ["ash", "dash"])
def test_the_files_of_a_login(shell: str) -> None:
    with home_of("myself", {".profile": "#\nexport X=1\n. /nowhere\nexport X=2\n"}) as home:
        found = document(trace("myself", home, "X", "--shell", shell, "--json", "--login"))
        assert written(found["variables"][0]["changes"], home) == ["1 at .profile:2"]
        assert found["replay"]["finished"]


@pytest.mark.parametrize("shell", ["mksh", "ash", "dash"])
def test_the_systems_files(shell: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("etc")
    if not namespace.is_possible(folder):
        skip_or_fail("an /etc of its own takes root and overlayfs")
    (folder / "profile").write_text("for f in /etc/profile.d/x*.sh; do\n    . $f\ndone\n", encoding="ascii")
    (folder / "profile.d").mkdir()
    (folder / "profile.d/x.sh").write_text("\nexport X=1\n", encoding="ascii")
    with home_of("myself", {}) as home:
        words = [*namespace.over_etc(folder), *TOOL, "trace", "X", "--shell", shell, "--json", "--login"]
        found = document(call(words, environ_of(home)))
        assert written(found["variables"][0]["changes"], home) == ["1 at /etc/profile:2 › /etc/profile.d/x.sh:2"]


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
    with home_of("myself", {**LOGIN, name: f"export X=1\n{command}\nexport X=2\n"}) as home:
        found = document(trace("myself", home, "X", "--shell", shell, "--json", "--login"))
        assert written(found["variables"][0]["changes"], home) == [f"1 at {name}:1", f"2 at {name}:3"]
        (skipped,) = found["skipped"]
        assert (skipped["text"], chain(skipped["chain"], home)) == (command, f"{name}:2")
        assert reason in skipped["reason"]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_limit_ends_it_and_names_the_place(shell: str) -> None:
    name = RC[shell]
    files = {**LOGIN, name: "export X=1\n. ~/slow.sh\n", "slow.sh": "#\nwhile :; do :; done\n"}
    with home_of("myself", files) as home:
        begun = time.monotonic()
        found = document(trace("myself", home, "X", "--shell", shell, "--json", "--login", "--timeout", "4"))
        assert time.monotonic() - begun < 30
        assert written(found["variables"][0]["changes"], home) == [f"1 at {name}:1"]
        assert found["replay"]["timed_out"]
        assert chain(found["replay"]["last"], home) == f"{name}:2 › slow.sh:2"


@pytest.mark.parametrize("shell", SHELLS)
def test_exit_is_told(shell: str) -> None:
    name = RC[shell]
    with home_of("myself", {**LOGIN, name: "trap 'touch ~/ended' EXIT\nexport X=1\nexit 3\n"}) as home:
        found = document(trace("myself", home, "X", "--shell", shell, "--json", "--login"))
        assert (found["replay"]["finished"], found["replay"]["timed_out"]) == (False, False)
        assert chain(found["replay"]["last"], home) == f"{name}:3"
        assert not (home / "ended").exists()


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("end", ["set +x", "PS4='+ '", "unset PS4"])
def test_what_blinds_the_tracer_is_said(shell: str, end: str) -> None:
    name = RC[shell]
    with home_of("myself", {**LOGIN, name: f"{end}\nexport X=1\n. ~/lib.sh\n", "lib.sh": "#\nexport Y=1\n"}) as home:
        found = document(trace("myself", home, "X", "Y", "--shell", shell, "--json", "--login"))
        x, y = (variable["changes"][0] for variable in found["variables"])
        assert x["notes"]
        assert chain(x["chain"], home).removesuffix(":1") == name
        assert y["chain"][-1]["file"] == f"{home}/lib.sh"
        assert any("'set -x' off" in note for note in found["replay"]["notes"])


@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_in_the_home_changes(shell: str) -> None:
    name = RC[shell]
    text = "HISTFILE=~/.history\nHISTSIZE=5\nexport X=1\n"
    with home_of("myself", {**LOGIN, name: text, ".history": "a\n" * 100}) as home:
        before = listing(home)
        found = document(trace("myself", home, "X", "--shell", shell, "--json", "--login"))
        assert found["variables"][0]["replayed"] == "1"
        assert listing(home) == before


@pytest.mark.parametrize("shell", ["ash", "dash"])
def test_without_env_nothing_is_read(shell: str) -> None:
    with home_of("myself", {}) as home:
        found = document(trace("myself", home, "X", "--shell", shell, "--json", "--no-login"))
        assert found["replay"]["finished"]
        assert any("ENV, which is not set" in note for note in found["replay"]["notes"])
