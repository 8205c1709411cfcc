"""ksh93: the place that is named is the one written here, as its user has it and as the superuser has."""

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


@pytest.mark.parametrize("user", USERS)
@parametrize(
    Case("export", {".kshrc": "\nexport X=1\n"}, {"X": ["1 at .kshrc:2"]}),
    Case("append", {".kshrc": "export X=1\n:\nX+=:2\n"}, {"X": ["1 at .kshrc:1", "1:2 at .kshrc:3"]}),
    Case("typeset -x", {".kshrc": "#\ntypeset -x X=1\nX=2\n"}, {"X": ["1 at .kshrc:2", "2 at .kshrc:3"]}),
    Case("typeset +x", {".kshrc": "export X=1\ntypeset +x X\n"}, {"X": ["1 at .kshrc:1", "unset at .kshrc:2"]}),
    Case("read", {".kshrc": "export X=\nread X <<<one\n:\n"}, {"X": [" at .kshrc:1", "one at .kshrc:2"]}),
    Case(
        "here-document", {".kshrc": "export X=\nread X <<EOF\none\nEOF\n"}, {"X": [" at .kshrc:1", "one at .kshrc:2"]}
    ),
    Case("nameref", {".kshrc": "export X=1\nnameref r=X\nr=2\n:\n"}, {"X": ["1 at .kshrc:1", "2 at .kshrc:3"]}),
    Case("set -a", {".kshrc": "set -a\nX=1\nset +a\nY=2\n"}, {"X": ["1 at .kshrc:2"], "Y": []}),
    Case("eval", {".kshrc": "\neval $':\\n:\\nexport X=1'\n:\n"}, {"X": ["1 at .kshrc:2 [in an eval]"]}),
    Case(
        "a function", {".kshrc": "put() {\n    export X=$1\n}\nput 1\n"}, {"X": ["1 at .kshrc:4 › .kshrc:2 in put()"]}
    ),
    Case(
        "a function of another file",
        {".kshrc": ". ~/lib.ksh\nput 1\n", "lib.ksh": "#\n#\nfunction put {\n    export X=$1\n}\n"},
        {"X": ["1 at .kshrc:2 › lib.ksh:4 in put()"]},
    ),
    Case(
        "into /dev/null",
        {".kshrc": ". ~/lib.ksh >/dev/null 2>&1\n{\n    export Y=2\n} 2>/dev/null\n", "lib.ksh": "\nexport X=1\n"},
        {"X": ["1 at .kshrc:1 › lib.ksh:2"], "Y": ["2 at .kshrc:3"]},
    ),
    Case(
        "a loop over files",
        {
            ".kshrc": 'for f in ~/profile.d/*.sh; do\n    [[ -r $f ]] && . "$f"\ndone\n',
            "profile.d/a.sh": "export X=a\n",
            "profile.d/b.sh": "#\nexport X=b\n",
        },
        {"X": ["a at .kshrc:2 › profile.d/a.sh:1", "b at .kshrc:2 › profile.d/b.sh:2"]},
    ),
    Case(
        "a temporary file",
        {".kshrc": "t=~/.made\nprint 'export X=1' >$t\n. $t\nrm $t\n"},
        {"X": ["1 at .kshrc:3 › .made:1 [temporary file]"]},
    ),
    Case(
        "conditions",
        {".kshrc": "if [[ -d / ]]; then\n    export X=1\nfi\n[[ -d /nowhere ]] || export Y=2\n"},
        {"X": ["1 at .kshrc:2"], "Y": ["2 at .kshrc:4"]},
    ),
    Case(
        "unset and set again",
        {".kshrc": "export X=1\nunset X\nexport X=2\n"},
        {"X": ["1 at .kshrc:1", "unset at .kshrc:2", "2 at .kshrc:3"]},
    ),
    Case(
        "a subshell",
        {".kshrc": "(export X=1)\nY=$(export X=2; print $X)\nexport Y\n"},
        {"X": [], "Y": ["2 at .kshrc:3"]},
    ),
    Case("before a command", {".kshrc": "export X=1\nX=2 true\nX=3 /bin/true\n:\n"}, {"X": ["1 at .kshrc:1"]}),
    Case(
        "a local one",
        {".kshrc": "export X=1\nfunction f {\n    typeset -x X=2\n    :\n}\nf\n:\n"},
        {"X": ["1 at .kshrc:1"]},
    ),
    Case(
        "odd values",
        {".kshrc": "export X=$'a\\nb' Y=\"it's\" Z=$'\\xff'\n"},
        {"X": ["a\nb at .kshrc:1"], "Y": ["it's at .kshrc:1"], "Z": ["\udcff at .kshrc:1"]},
    ),
    Case(
        "login",
        {".profile": "#\nexport ENV=$HOME/.mine\n", ".mine": "export X=1\n"},
        {"X": ["1 at .mine:1"]},
        ["--login"],
    ),
)
def test_the_place(case: Case, user: str) -> None:
    found = check(case, user, "ksh93")
    assert found["replay"]["finished"]
    assert found["skipped"] == []


@parametrize(
    Case("early return", {".kshrc": "[[ $- == *i* ]] || return\nexport X=1\nreturn\n"}, {"X": ["1 at .kshrc:2"]}),
    Case("set -eu, set -f", {".kshrc": "set -euf\nexport X=1\nX=2\n"}, {"X": ["1 at .kshrc:2", "2 at .kshrc:3"]}),
    Case("IFS", {".kshrc": "IFS=1:=\nexport X=1\n"}, {"X": ["1 at .kshrc:2"]}),
    Case("descriptors", {".kshrc": "exec 3>&- 9>&-\nexec >&- 2>&- <&-\nexport X=1\n"}, {"X": ["1 at .kshrc:3"]}),
    Case("functions", {".kshrc": "print() { exit 9; }\nprintf() { exit 9; }\nexport X=1\n"}, {"X": ["1 at .kshrc:3"]}),
    Case("read from nowhere", {".kshrc": "read x </dev/tty\nread y\nexport X=1\n"}, {"X": ["1 at .kshrc:3"]}),
    Case(
        "megabytes",
        {".kshrc": "head -c 5000000 /dev/zero\nhead -c 5000000 /dev/zero >&2\nexport X=1\n"},
        {"X": ["1 at .kshrc:3"]},
    ),
)
def test_the_trace_goes_on(case: Case) -> None:
    assert check(case, "myself", "ksh93")["replay"]["finished"]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("exec fish", "replace the shell"),
        ("[[ -z $TMUX ]] && exec tmux", "replace the shell"),
        ("tmux attach", "take over the terminal"),
        ("trap - DEBUG", "end the trace"),
        ("set +o functrace", "end the trace"),
    ],
)
def test_a_command_that_would_end_it_is_skipped_and_named(command: str, reason: str) -> None:
    with home_of("myself", {".kshrc": f"export X=1\n{command}\nexport X=2\n"}) as home:
        found = document(trace("myself", home, "X", "--shell", "ksh93", "--json"))
        assert written(found["variables"][0]["changes"], home) == ["1 at .kshrc:1", "2 at .kshrc:3"]
        (skipped,) = found["skipped"]
        assert (skipped["text"], chain(skipped["chain"], home)) == (command, ".kshrc:2")
        assert reason in skipped["reason"]


def test_the_limit_ends_it_and_names_the_place() -> None:
    files = {".kshrc": "export X=1\n. ~/slow.ksh\n", "slow.ksh": "#\nslow() {\n    while :; do :; done\n}\nslow\n"}
    with home_of("myself", files) as home:
        begun = time.monotonic()
        found = document(trace("myself", home, "X", "--shell", "ksh93", "--json", "--timeout", "1"))
        assert time.monotonic() - begun < 30
        assert found["replay"]["timed_out"]
        assert chain(found["replay"]["last"], home) == ".kshrc:2 › slow.ksh:5 › slow.ksh:3 in slow()"


def test_exit_is_told() -> None:
    with home_of("myself", {".kshrc": "trap 'touch ~/ended' EXIT\nexport X=1\nexit 3\n"}) as home:
        found = document(trace("myself", home, "X", "--shell", "ksh93", "--json"))
        assert (found["replay"]["finished"], found["replay"]["timed_out"]) == (False, False)
        assert chain(found["replay"]["last"], home) == ".kshrc:3"
        assert not (home / "ended").exists()


def test_nothing_in_the_home_changes() -> None:
    text = "HISTFILE=~/.history\nHISTSIZE=5\nexport X=1\n"
    with home_of("myself", {".kshrc": text, ".history": "a\n" * 100, ".sh_history": "b\n"}) as home:
        before = listing(home)
        found = document(trace("myself", home, "X", "--shell", "ksh93", "--json"))
        assert found["variables"][0]["replayed"] == "1"
        assert listing(home) == before


def test_the_systems_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("etc")
    if not namespace.is_possible(folder):
        skip_or_fail("an /etc of its own takes root and overlayfs")
    (folder / "profile").write_text("#\nexport X=1\n", encoding="ascii")
    (folder / "ksh.kshrc").write_text("\n\nexport X=2\n", encoding="ascii")
    with home_of("myself", {".profile": "export X=a\n", ".kshrc": "export X=3\n"}) as home:
        words = [*namespace.over_etc(folder), *TOOL, "trace", "X", "--shell", "ksh93", "--json", "--login"]
        found = document(call(words, environ_of(home)))
        assert written(found["variables"][0]["changes"], home) == [
            "1 at /etc/profile:2",
            "a at .profile:1",
            "2 at /etc/ksh.kshrc:3",
            "3 at .kshrc:1",
        ]
