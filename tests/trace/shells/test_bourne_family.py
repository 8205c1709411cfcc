"""The shells of the Bourne family: one startup text, and in each of them the place that is named is the one written."""

from __future__ import annotations

import pytest

from tests.support import namespace
from tests.support.bourne_family import BY_ENV, RC, SHELLS, login_files, of
from tests.support.command import call, listing
from tests.support.surroundings import skip_or_fail
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
    replay,
    seen,
)

WITHOUT_LINES = ("dash",)  # it tells none: they are found by their text

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
)
SYNTAX_ERROR = Case("syntax error", {"RC": "export X=1\n)\nexport X=2\n"}, {"X": ["1 at RC:1"]})
WITH_LINES = (
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


@pytest.mark.parametrize("shell", SHELLS)
@parametrize(*CASES)
def test_the_place(case: Case, shell: str) -> None:
    found = check(of(case, shell), "myself", shell)
    assert found["replay"]["finished"]
    assert found["skipped"] == []


@pytest.mark.parametrize("shell", [shell for shell in SHELLS if shell not in WITHOUT_LINES])
@parametrize(*WITH_LINES)
def test_the_place_where_lines_are_told(case: Case, shell: str) -> None:
    check(of(case, shell), "myself", shell)


@pytest.mark.parametrize("shell", [shell for shell in SHELLS if shell != "ksh93"])  # which reads a file as a whole
def test_a_syntax_error_ends_the_file(shell: str) -> None:
    assert check(of(SYNTAX_ERROR, shell), "myself", shell)["replay"]["finished"]


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("shell", SHELLS)
def test_as_another_user(shell: str, user: str) -> None:
    check(of(CASES[7], shell), user, shell)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_limit_ends_it_and_names_the_place(shell: str) -> None:
    name = RC[shell]
    files = {**login_files(shell), name: "export X=1\n. ~/slow.sh\n", "slow.sh": "#\nwhile :; do :; done\n"}
    with home_of("myself", files) as home:
        found = replay(shell, home, "X", login=shell in BY_ENV, timeout=4)
        assert seen(found, home, "X") == {"X": [f"1 at {name}:1"]}
        assert found["replay"]["timed_out"]
        assert chain(found["replay"]["last"], home) == f"{name}:2 › slow.sh:2"


@pytest.mark.parametrize("shell", SHELLS)
def test_exit_is_an_early_end(shell: str) -> None:
    """Nothing that stands behind it is run, and nothing that a shell runs when it ends."""
    name = RC[shell]
    text = "trap 'touch ~/ended' EXIT\nexport X=1\nexit 3\n"
    files = {**login_files(shell), name: text, ".zlogout": "touch ~/ended\n", ".bash_logout": "touch ~/ended\n"}
    with home_of("myself", files) as home:
        found = replay(shell, home, "X", login=shell in BY_ENV)
        assert (found["replay"]["finished"], found["replay"]["timed_out"]) == (False, False)
        assert chain(found["replay"]["last"], home) == f"{name}:3"
        assert not (home / "ended").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_in_the_home_changes(shell: str) -> None:
    name = RC[shell]
    text = "HISTFILE=~/.mine\nHISTSIZE=5\nHISTFILESIZE=5 SAVEHIST=5\nexport X=1\n"
    histories = dict.fromkeys((".mine", ".history", ".sh_history", ".bash_history", ".zsh_history"), "a\n" * 100)
    with home_of("myself", {**login_files(shell), name: text, **histories}) as home:
        before = listing(home)
        found = replay(shell, home, "X", login=shell in BY_ENV)
        assert found["variables"][0]["replayed"] == "1"
        assert listing(home) == before


SYSTEMS_FILES = {
    "bash": {"profile": 1},
    "zsh": {"zsh/zprofile": 2, "zsh/zshrc": 3, "zsh/zlogin": 4},
    "ksh93": {"profile": 1, "ksh.kshrc": 2},
    "mksh": {"profile": 1},
    "ash": {"profile": 1},
    "dash": {"profile": 1},
}


@pytest.mark.parametrize("shell", [shell for shell in SHELLS if shell != "yash"])  # it has none
def test_the_systems_files_of_a_login(shell: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """One that sources others, as Debian's /etc/profile does, and those behind it in their order."""
    etc = tmp_path_factory.mktemp("etc")
    if not namespace.is_possible(etc):
        skip_or_fail("an /etc of its own takes root and overlayfs")
    expected = []
    for name, value in SYSTEMS_FILES[shell].items():
        path = etc / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"for f in /etc/profile.d/x{value}*.sh; do\n    . $f\ndone\n", encoding="ascii")
        (etc / "profile.d").mkdir(exist_ok=True)
        (etc / f"profile.d/x{value}.sh").write_text(f"\nexport X={value}\n", encoding="ascii")
        expected.append(f"{value} at /etc/{name}:2 › /etc/profile.d/x{value}.sh:2")
    with home_of("myself", {}) as home:
        words = [*namespace.over_etc(etc), *TOOL, "trace", "X", "--shell", shell, "--json", "--login"]
        assert seen(document(call(words, environ_of(home))), home, "X") == {"X": expected}
