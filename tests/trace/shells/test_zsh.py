"""zsh: the place that is named is the one written here, as its user has it and as the superuser has."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.session.test_catkin import workspace  # noqa: F401  a fixture
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

INTO_TEMPORARY = '. "$_SETUP_TMP"'
PLUGINS = """ZSH=~/omz
plugins=(one two)
source $ZSH/init.zsh
"""
PLUGINS_INIT = """for plugin in $plugins; do
    if [[ -f $ZSH/plugins/$plugin/$plugin.plugin.zsh ]]; then
        source "$ZSH/plugins/$plugin/$plugin.plugin.zsh"
    fi
done
"""


MADE = """#
eval "
inner() {
    export X=\\$1
}
outer() {
    inner \\$1
}"
"""


@pytest.mark.parametrize("user", USERS)
@parametrize(
    Case("append", {".zshrc": "export X=1\n:\nX+=:2\n"}, {"X": ["1 at .zshrc:1", "1:2 at .zshrc:3"]}),
    Case("typeset -x", {".zshrc": "typeset -x X=1\ntypeset +x X\n"}, {"X": ["1 at .zshrc:1", "unset at .zshrc:2"]}),
    Case("read", {".zshrc": "export X=\nread X <<<one\n"}, {"X": [" at .zshrc:1", "one at .zshrc:2"]}),
    Case("a pipeline", {".zshrc": "export X=\nprint one | read X\n"}, {"X": [" at .zshrc:1", "one at .zshrc:2"]}),
    Case(
        "path+=",
        {".zshrc": "#\npath+=(/opt/x)\n"},
        {"PATH": ["/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/x at .zshrc:2"]},
    ),
    Case(
        "typeset -T",
        {".zshrc": "typeset -xT X x\nx+=(/a)\nx+=(/b)\n"},
        {"X": [" at .zshrc:1", "/a at .zshrc:2", "/a:/b at .zshrc:3"]},
    ),
    Case(
        "an empty IFS",
        {".zshrc": "IFS=\nexport X=1\nX=2\nexport Y; Y=3\nunset X\n"},
        {"X": ["1 at .zshrc:2", "2 at .zshrc:3", "unset at .zshrc:5"], "Y": [" at .zshrc:4", "3 at .zshrc:4"]},
    ),
    Case("allexport", {".zshrc": "setopt all_export; X=1\n"}, {"X": ["1 at .zshrc:1"]}),
    Case(
        "allexport in a function",
        {".zshrc": "f() {\n    setopt local_options all_export\n    X=1\n    Y=2\n}\nf\nexport Z=3\n:\n"},
        {"X": ["1 at .zshrc:6 › .zshrc:3 in f()"], "Y": ["2 at .zshrc:6 › .zshrc:4 in f()"], "Z": ["3 at .zshrc:7"]},
    ),
    Case("export by a command in a variable", {".zshrc": "e=export\n$e X=1\n"}, {"X": ["1 at .zshrc:2"]}),
    Case(
        "a function of another file",
        {".zshrc": ". ~/lib.zsh\nput 1\n", "lib.zsh": "#\nput() {\n    export X=$1\n}\n"},
        {"X": ["1 at .zshrc:2 › lib.zsh:3 in put()"]},
    ),
    Case(
        "a function that is loaded when it is called",
        {".zshrc": "fpath+=(~/functions)\nautoload -Uz put\nput 1\n", "functions/put": "#\nexport X=$1\n"},
        {"X": ["1 at .zshrc:3 › functions/put:2 in put()"]},
    ),
    Case(
        "a function without a name",
        {".zshrc": "() {\n    export X=1\n}\n"},
        {"X": ["1 at .zshrc:1 › .zshrc:2 in (anon)()"]},
    ),
    Case("eval", {".zshrc": "\neval $':\\n:\\nexport X=1'\n:\n"}, {"X": ["1 at .zshrc:2 [in an eval]"]}),
    Case(
        "eval that sources",
        {".zshrc": "eval 'source ~/lib.zsh'\n", "lib.zsh": "\nexport X=1\n"},
        {"X": ["1 at .zshrc:1 [in an eval] › lib.zsh:2"]},
    ),
    Case(
        "into /dev/null",
        {".zshrc": ". ~/lib.zsh >/dev/null 2>&1\n{\n    export Y=2\n} 2>/dev/null\n", "lib.zsh": "\nexport X=1\n"},
        {"X": ["1 at .zshrc:1 › lib.zsh:2"], "Y": ["2 at .zshrc:3"]},
    ),
    Case(
        "plugins",
        {
            ".zshrc": PLUGINS,
            "omz/init.zsh": PLUGINS_INIT,
            "omz/plugins/one/one.plugin.zsh": "export X=1\n",
            "omz/plugins/two/two.plugin.zsh": "#\nexport X=2\n",
        },
        {
            "X": [
                "1 at .zshrc:3 › omz/init.zsh:3 › omz/plugins/one/one.plugin.zsh:1",
                "2 at .zshrc:3 › omz/init.zsh:3 › omz/plugins/two/two.plugin.zsh:2",
            ]
        },
    ),
    Case(
        "unset and set again",
        {".zshrc": "export X=1\nunset X\nX=2\nexport X\n"},
        {"X": ["1 at .zshrc:1", "unset at .zshrc:2", "2 at .zshrc:4"]},
    ),
    Case(
        "before a command",
        {".zshrc": "export X=1\nf() {\n    export Y=$X\n}\nX=2 f\nX=3 true\nZ=4 f\n:\n"},
        {"X": ["1 at .zshrc:1"], "Y": ["2 at .zshrc:5 › .zshrc:3 in f()", "1 at .zshrc:7 › .zshrc:3 in f()"], "Z": []},
    ),
    Case(
        "local",
        {".zshrc": "export X=1\nf() {\n    local -x X=2\n    X=3\n    :\n}\ng() { X=5; }\nf\ng\n"},
        {"X": ["1 at .zshrc:1", "5 at .zshrc:9 › .zshrc:7 in g()"]},
    ),
    # zsh's own IFS ends in a NUL (zshparam(1)), which no environment can hold.
    Case(
        "IFS before a function",
        {".zshrc": "export X=right\nf() {\n  for i in 1; do export Y=1; done\n}\nIFS=$' \\t\\n' f\nexport Z=2\n"},
        {"X": ["right at .zshrc:1"], "Y": ["1 at .zshrc:5 › .zshrc:3 in f()"], "Z": ["2 at .zshrc:6"]},
    ),
    Case("export IFS", {".zshrc": "export IFS\nexport X=1\n"}, {"X": ["1 at .zshrc:2"], "IFS": [" \t\n at .zshrc:1"]}),
    Case(
        "IFS under allexport",
        {".zshrc": "setopt allexport\nIFS=$IFS\nX=1\nunsetopt allexport\nexport Y=2\n"},
        {"X": ["1 at .zshrc:3"], "Y": ["2 at .zshrc:5"], "IFS": [" \t\n at .zshrc:2"]},
    ),
    Case(
        "a NUL in a value, and in a command",
        {".zshrc": "export X=$'a\\0b'\nX=$'c\\0d\\0'\nY=\"a\0b\"\nexport Y Z=3\n"},
        {"X": ["a at .zshrc:1", "c at .zshrc:2"], "Y": ["a at .zshrc:4"], "Z": ["3 at .zshrc:4"]},
    ),
    Case(
        "a function that an eval made",
        {
            ".zshrc": "alias a=b\neval \"$(printf 'f() {\\n\\n\\n  export X=/x\\n}\\n')\"\nf\n"
            "alias c=d\nalias e=g\nalias h=i\n"
        },
        {"X": ["/x at .zshrc:3 › .zshrc:2 in f() [in an eval]"]},
    ),
    Case(
        "functions of an eval that call each other",
        {".zshrc": MADE + "outer 1\nalias a=b\nalias c=d\ninner() {\n    export X=$1\n}\nouter 2\n"},
        {
            "X": [
                "1 at .zshrc:9 › .zshrc:2 in outer() [in an eval] › .zshrc:2 in inner() [in an eval]",
                "2 at .zshrc:15 › .zshrc:2 in outer() [in an eval] › .zshrc:13 in inner()",
            ]
        },
    ),
    Case(
        "a function whose name is in a variable of an eval",
        {".zshrc": "n=made\neval '\n\"$n\"() {\n    export X=1\n}'\nalias a=b\nmade\n"},
        {"X": ["1 at .zshrc:7 › .zshrc:2 in made() [in an eval]"]},
    ),
    Case(
        "a function without a name in an eval",
        {".zshrc": "\neval '() {\n\n    export X=1\n}'\nalias a=b\n"},
        {"X": ["1 at .zshrc:2 [in an eval] › .zshrc:2 in (anon)() [in an eval]"]},
    ),
    Case(
        "a function that a function's eval made",
        {".zshrc": 'make() {\n    eval "$1() {\n\n    export X=1\n}"\n}\nmake f\nf\n'},
        {"X": ["1 at .zshrc:8 › .zshrc:2 in f() [in an eval]"]},
    ),
    Case(
        "a function that zsh/parameter made",
        {".zshrc": "functions[f]='export X=1'\n:\nf\n"},
        {"X": ["1 at .zshrc:3"]},
    ),
    Case(
        "odd values",
        {".zshrc": "export X=$'a\\nb\\t\"\\''\nexport Y=$'\\xff' Z=\n"},
        {"X": ["a\nb\t\"' at .zshrc:1"], "Y": ["\udcff at .zshrc:2"], "Z": [" at .zshrc:2"]},
    ),
    Case(
        "at the prompt",
        {".zshrc": "hook() {\n    export X=1\n}\nprecmd_functions+=(hook)\nprecmd() { export Y=2; }\n"},
        {"X": ["1 at .zshrc:2 in hook()"], "Y": ["2 at .zshrc:5 in precmd()"]},
    ),
    Case(
        "ZDOTDIR",
        {".zshenv": "export X=1\nZDOTDIR=~/z\n", "z/.zshrc": "#\nexport X=2\n", ".zshrc": "export X=3\n"},
        {"X": ["1 at .zshenv:1", "2 at z/.zshrc:2"]},
    ),
    Case(
        "login",
        {f".z{name}": f"export X={name}\n" for name in ("shenv", "profile", "shrc", "login")},
        {"X": ["shenv at .zshenv:1", "profile at .zprofile:1", "shrc at .zshrc:1", "login at .zlogin:1"]},
        ["--login"],
    ),
    Case(
        "the variable of a loop",
        {
            ".zshrc": "export X=\nfor X in a b; do\n    [[ -n $X ]]\ndone\n:\n",
            ".zlogin": "for X in b c; do\n    [[ -n $X ]] || :\n    [[ -n $X ]]\ndone\n:\n",
        },
        {"X": [" at .zshrc:1", "a at .zshrc:2", "b at .zshrc:3", "c at .zlogin:3"]},
        ["--login"],
    ),
    Case(
        "the variable of a loop that counts",
        {".zshrc": "export X=0\nfor ((X = 0; X < 2; X++)); do\n    [[ -n $X ]]\ndone\n:\n"},
        {"X": ["0 at .zshrc:1", "1 at .zshrc:3", "2 at .zshrc:3"]},
    ),
    Case(
        "the variable of a loop, exported in it",
        {".zshrc": "for X in a b; do\n    export X\n    [[ -n $X ]]\ndone\n:\n"},
        {"X": ["a at .zshrc:2", "b at .zshrc:3"]},
    ),
    Case(
        "a local one in front of it",
        {".zshrc": "export X=1\nf() {\n    local X=2\n    [[ -n $X ]]\n}\nf && f\n[[ -n $X ]]\n:\n"},
        {"X": ["1 at .zshrc:1"]},
    ),
    Case(
        "a local one in front of it, and another that is exported",
        {
            ".zshrc": "export X=1\nf() {\n    local X=2\n    typeset -x Y=5\n    [[ -n $X ]]\n}\n"
            "f\n[[ $X ]]\nexport X=6\n"
        },
        {
            "X": ["1 at .zshrc:1", "6 at .zshrc:9"],
            "Y": ["5 at .zshrc:7 › .zshrc:4 in f()"],  # exported is global
        },
    ),
    Case(
        "two in one, the last one quoted",
        {".zshrc": 'export X=1 Y="a b"\n:\nexport X="1 2" Y=3\n:\n'},
        {"X": ["1 at .zshrc:1", "1 2 at .zshrc:3"], "Y": ["a b at .zshrc:1", "3 at .zshrc:3"]},
    ),
    Case(
        "before a function, and then back",
        {".zshrc": "export X=1\nf() {\n    [[ -n $X ]]\n}\nX=2 f\n[[ -n $X ]]\nexport X=3\n"},
        {"X": ["1 at .zshrc:1", "3 at .zshrc:7"]},
    ),
    Case(
        "by an expansion",
        {".zshrc": "export X=1\n[[ -n ${X::=2} ]]\n: $((X = 3))\nq=${X::=4}\n[[ X=5 -gt 1 ]]\necho $((X++))\n:\n"},
        {"X": [f"{number} at .zshrc:{number}" for number in range(1, 7)]},
    ),
    Case(
        "by a trap of a function",
        {".zshrc": "export X=1\nf() {\n    trap 'X=2' EXIT\n    [[ -n $X ]]\n}\nf\n[[ -n $X ]]\n:\n"},
        {"X": ["1 at .zshrc:1", "2 at .zshrc:6 › .zshrc:4 in f()"]},
    ),
    Case(
        "the array that is tied to it",
        {".zshrc": "path=(/opt/x)\ntypeset -xT X x\nx=/a\n[[ -n $x ]]\n"},
        {"PATH": ["/opt/x at .zshrc:1"], "X": [" at .zshrc:2", "/a at .zshrc:3"]},
    ),
    Case(
        "a list",
        {".zshrc": "[[ -d / ]] && export X=1\n[[ -d / ]] && X=2\n:\n"},
        {"X": ["1 at .zshrc:1", "2 at .zshrc:2"]},
    ),
    Case(
        "many in one",
        {".zshrc": "export X=1 Y='a b' Z=\"c=d\"\ntypeset -gx Q=1\nsetopt sh_word_split\na='R=1 S=2'\n:\nexport $a\n"},
        {
            "X": ["1 at .zshrc:1"],
            "Y": ["a b at .zshrc:1"],
            "Z": ["c=d at .zshrc:1"],
            "Q": ["1 at .zshrc:2"],
            "R": ["1 at .zshrc:6"],
            "S": ["2 at .zshrc:6"],
        },
    ),
    Case(
        "names that a tracer might use",
        {".zshrc": "export name=1 type=2\nexport kind=3\nname=4\n"},
        {"name": ["1 at .zshrc:1", "4 at .zshrc:3"], "type": ["2 at .zshrc:1"], "kind": ["3 at .zshrc:2"]},
    ),
    Case("no rcs", {".zshenv": "unsetopt rcs\nexport X=1\n", ".zshrc": "export X=2\n"}, {"X": ["1 at .zshenv:2"]}),
)
def test_the_place(case: Case, user: str) -> None:
    found = check(case, user, "zsh")
    assert found["replay"]["finished"]
    assert found["skipped"] == []


@parametrize(
    Case("set -u", {".zshrc": "set -u\nexport X=1\nunset X\n"}, {"X": ["1 at .zshrc:2", "unset at .zshrc:3"]}),
    Case(
        "an error",
        {".zshrc": "export X=1\n: ${Q?}\nexport X=2\n", ".zlogin": "X=3\n"},
        {"X": ["1 at .zshrc:1", "3 at .zlogin:1"]},
        ["--login"],
    ),
    Case(
        "options",
        {".zshrc": "setopt ksh_arrays sh_word_split no_glob no_clobber xtrace\nIFS=:1\nexport X=1\nX+=:2\n"},
        {"X": ["1 at .zshrc:3", "1:2 at .zshrc:4"]},
    ),
    Case(
        "emulate",
        {".zshrc": "emulate sh\nexport X=1\nemulate -R ksh\nX=2\n"},
        {"X": ["1 at .zshrc:2", "2 at .zshrc:4"]},
    ),
    Case("descriptors", {".zshrc": "exec 3>&- 9>&-\nexec >&- 2>&- <&-\nexport X=1\n"}, {"X": ["1 at .zshrc:3"]}),
    Case(
        "functions and aliases",
        {".zshrc": "print() { exit 9; }\nprintf() { exit 9; }\nalias -g local=x\nalias builtin=false\nexport X=1\n"},
        {"X": ["1 at .zshrc:5"]},
    ),
    Case(
        "read from nowhere", {".zshrc": "read 'x?Name? ' </dev/tty\nread -k1 y\nexport X=1\n"}, {"X": ["1 at .zshrc:3"]}
    ),
)
def test_the_trace_goes_on(case: Case) -> None:
    assert check(case, "myself", "zsh")["replay"]["finished"]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("exec fish", "replace the shell"),
        ("[[ -z $TMUX ]] && exec tmux new-session -A", "replace the shell"),
        ("[[ -n $TMUX ]] || exec tmux", "replace the shell"),
        ("tmux attach", "take over the terminal"),
        ("command startx", "take over the terminal"),
        ("trap - DEBUG", "end the trace"),
        ("TRAPDEBUG() { : }", "end the trace"),
    ],
)
def test_a_command_that_would_end_it_is_skipped_and_named(command: str, reason: str) -> None:
    with home_of("myself", {".zshrc": f"export X=1\n{command}\nexport X=2\n"}) as home:
        found = document(trace("myself", home, "X", "--shell", "zsh", "--json"))
        assert written(found["variables"][0]["changes"], home) == ["1 at .zshrc:1", "2 at .zshrc:3"]
        (skipped,) = found["skipped"]
        assert (skipped["text"], chain(skipped["chain"], home)) == (command, ".zshrc:2")
        assert reason in skipped["reason"]


@pytest.mark.parametrize(
    "command",
    ["exec 9>/dev/null", "[[ -n $TMUX ]] && exec tmux", "[[ -n $text ]] && exec tmux", "(exec true)", "x='exec tmux'"],
)
def test_what_looks_like_it_is_run(command: str) -> None:
    with home_of("myself", {".zshrc": f"{command}\nexport X=1\n"}) as home:
        found = document(trace("myself", home, "X", "--shell", "zsh", "--json"))
        assert (found["skipped"], found["variables"][0]["replayed"]) == ([], "1")


def test_the_limit_ends_it_and_names_the_place() -> None:
    files = {".zshrc": "export X=1\n. ~/slow.zsh\n", "slow.zsh": "slow() {\n    while :; do :; done\n}\nslow\n"}
    with home_of("myself", files) as home:
        begun = time.monotonic()
        found = document(trace("myself", home, "X", "--shell", "zsh", "--json", "--timeout", "1"))
        assert time.monotonic() - begun < 30
        assert written(found["variables"][0]["changes"], home) == ["1 at .zshrc:1"]
        assert found["replay"]["timed_out"]
        assert chain(found["replay"]["last"], home) == ".zshrc:2 › slow.zsh:4 › slow.zsh:2 in slow()"


def test_files_that_give_nothing_are_named() -> None:
    with home_of("myself", {".zshrc/in": "", ".zshenv": "export X=1\n"}) as home:
        (home / ".zlogin").symlink_to("nowhere")
        found = document(trace("myself", home, "X", "--shell", "zsh", "--json", "--login"))
        named = {Path(one["file"]).name: one["reason"] for one in found["missing"] if one["file"].startswith(str(home))}
        assert named == {
            ".zprofile": "it does not exist",
            ".zshrc": "it is a directory",
            ".zlogin": "it is a dangling link",
        }


@pytest.mark.parametrize("setting", ["export ZDOTDIR=$HOME/z", ": ${ZDOTDIR:=$HOME/z}"])
def test_the_systems_files(tmp_path: Path, setting: str) -> None:
    """The zshenv runs before any tracer, and may say where the others are."""
    if not namespace.is_possible(tmp_path):
        skip_or_fail("an /etc of its own takes root and overlayfs")
    folder = tmp_path / "zsh"
    folder.mkdir()
    (folder / "zshenv").write_text(f'#\n{setting}\nif true; then\n    export X="it\'s one"\nfi\n', encoding="ascii")
    (folder / "zshrc").write_text("\n\nexport X=two\n", encoding="ascii")
    with home_of("myself", {"z/.zshrc": "export X=three\n", ".zshrc": "export X=four\n"}) as home:
        words = [*namespace.over_etc(tmp_path), *TOOL, "trace", "X", "--shell", "zsh", "--json"]
        found = document(call(words, environ_of(home)))
        assert written(found["variables"][0]["changes"], home) == [
            "it's one at /etc/zsh/zshenv:4",
            "two at /etc/zsh/zshrc:3",
            "three at z/.zshrc:1",
        ]


def test_catkin(workspace: Path) -> None:  # noqa: F811  the fixture
    """The chain through setup.zsh and setup.sh, whose temporary file is named as such."""
    zsh, sh = workspace / "devel/setup.zsh", workspace / "devel/setup.sh"

    def line_of(path: Path, text: str) -> int:
        lines = path.read_text(encoding="utf-8").split("\n")
        return next(number for number, line in enumerate(lines, 1) if text in line)

    with home_of("myself", {".zshrc": f"#\n\nsource {zsh}\n"}) as home:
        found = document(trace("myself", home, "PYTHONPATH", "--shell", "zsh", "--json"))
        change = found["variables"][0]["changes"][-1]
        assert str(workspace) in (change["new"] or "")
        outer = f".zshrc:3 › {zsh}:{line_of(zsh, 'emulate -R zsh -c')} [in an eval]"
        inner = line_of(sh, INTO_TEMPORARY)
        assert chain(change["chain"], home).startswith(f"{outer} › {sh}:{inner} › /tmp/setup.sh.")
        assert change["chain"][-1]["note"] == "temporary file"


@pytest.mark.parametrize(
    "text",
    [
        "late() { export X=1; zle -F $1; }\nexec {fd}</dev/null\nzle -F $fd late\n",
        "zmodload zsh/sched\nlate() { export X=1; }\nsched +1 late\n",
        "late() { zle -F $1; }\nhook() { exec {fd}</dev/null; zle -F $fd late; }\nprecmd_functions+=(hook)\n",
    ],
)
def test_work_that_is_put_off_is_named(text: str) -> None:
    with home_of("myself", {".zshrc": text}) as home:
        (note,) = document(trace("myself", home, "X", "--shell", "zsh", "--json"))["replay"]["notes"]
        assert "when the prompt waits" in note
    with home_of("myself", {".zshrc": "zmodload zsh/sched\nzle -N late\n"}) as home:
        assert document(trace("myself", home, "X", "--shell", "zsh", "--json"))["replay"]["notes"] == []


def test_compinit_is_traced_by_its_call() -> None:
    """It runs 70,000 commands; what comes after it is seen as ever, and so is a function of the user's own."""
    text = "autoload -Uz compinit add-zsh-hook\ncompinit -D -u\nexport X=1\nhook() { export X=2; }\n"
    with home_of("myself", {".zshrc": f"{text}add-zsh-hook precmd hook\nX=3\n"}) as home:
        found = document(trace("myself", home, "X", "--shell", "zsh", "--json"))
        places = [(change["new"], change["chain"][-1]["line"]) for change in found["variables"][0]["changes"]]
        assert places == [("1", 3), ("3", 6), ("2", 4)]
        assert found["replay"]["finished"]
