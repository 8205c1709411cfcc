"""ksh93: the place that is named is the one written here, as its user has it and as the superuser has."""

from __future__ import annotations

import pytest

from tests.support import namespace
from tests.support.command import call
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
    trace,
    written,
)


@pytest.mark.parametrize("user", USERS)
@parametrize(
    Case("append", {".kshrc": "export X=1\n:\nX+=:2\n"}, {"X": ["1 at .kshrc:1", "1:2 at .kshrc:3"]}),
    Case("typeset -x", {".kshrc": "#\ntypeset -x X=1\nX=2\n"}, {"X": ["1 at .kshrc:2", "2 at .kshrc:3"]}),
    Case(
        "control characters before hexadecimal digits",
        {".kshrc": "export X=$'\\001b' Y=$'\\037ff'\nexport Z='\\\\x[01]'\nexport W=$'\\177a\\001\\002g'\n"},
        {
            "X": ["\x01b at .kshrc:1"],
            "Y": ["\x1fff at .kshrc:1"],
            "Z": ["\\\\x[01] at .kshrc:2"],
            "W": ["\x7fa\x01\x02g at .kshrc:3"],
        },
    ),
    Case("typeset +x", {".kshrc": "export X=1\ntypeset +x X\n"}, {"X": ["1 at .kshrc:1", "unset at .kshrc:2"]}),
    Case("read", {".kshrc": "export X=\nread X <<<one\n:\n"}, {"X": [" at .kshrc:1", "one at .kshrc:2"]}),
    Case("nameref", {".kshrc": "export X=1\nnameref r=X\nr=2\n:\n"}, {"X": ["1 at .kshrc:1", "2 at .kshrc:3"]}),
    Case("eval", {".kshrc": "\neval $':\\n:\\nexport X=1'\n:\n"}, {"X": ["1 at .kshrc:2 [in an eval]"]}),
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
    Case("set -eu, set -f", {".kshrc": "set -euf\nexport X=1\nX=2\n"}, {"X": ["1 at .kshrc:2", "2 at .kshrc:3"]}),
    Case("IFS", {".kshrc": "IFS=1:=\nexport X=1\n"}, {"X": ["1 at .kshrc:2"]}),
    Case("descriptors", {".kshrc": "exec 3>&- 9>&-\nexec >&- 2>&- <&-\nexport X=1\n"}, {"X": ["1 at .kshrc:3"]}),
    Case("functions", {".kshrc": "print() { exit 9; }\nprintf() { exit 9; }\nexport X=1\n"}, {"X": ["1 at .kshrc:3"]}),
    Case("read from nowhere", {".kshrc": "read x </dev/tty\nread y\nexport X=1\n"}, {"X": ["1 at .kshrc:3"]}),
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


@pytest.mark.parametrize("wrong", ["if true; then\n((\n", "foo )\n", "'\n"])
def test_a_syntax_error_is_named(wrong: str) -> None:
    """`.` reads a file as a whole; what of it the real startup runs is not known."""
    with home_of("myself", {".kshrc": f"export X=1\n{wrong}"}) as home:
        (note,) = document(trace("myself", home, "X", "--shell", "ksh93", "--json"))["replay"]["notes"]
        assert f"{home}/.kshrc has a syntax error" in note
    with home_of("myself", {".kshrc": "export X=1\nfalse\n"}) as home:
        assert document(trace("myself", home, "X", "--shell", "ksh93", "--json"))["replay"]["notes"] == []
