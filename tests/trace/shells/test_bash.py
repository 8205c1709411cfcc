"""Each way in which bash sets a variable: the place that is named is the one written here."""

from __future__ import annotations

import pytest

from tests.support.trace_cases import USERS, Case, check, parametrize

pytestmark = pytest.mark.parametrize("user", USERS)

PROFILE_LOOP = """for part in ~/profile.d/*.sh; do
    if [ -r "$part" ]; then
        . "$part"
    fi
done
unset part
"""


@parametrize(
    # bash names the line on which the words of an eval end, and counts on from there.
    Case(
        "an eval of several lines",
        {".bashrc": 'lib=/opt/x\neval "\nexport X=$lib\n"\nalias c=d\nalias e=f\n'},
        {"X": ["/opt/x at .bashrc:2 [in an eval]"]},
    ),
    Case(
        "an eval of several lines, and then one of one",
        {".bashrc": "eval '\n\nexport X=1\n'\nalias c=d\neval \"$(printf 'export X=2\\n\\nexport Y=3')\"\nalias e=f\n"},
        {"X": ["1 at .bashrc:1 [in an eval]", "2 at .bashrc:6 [in an eval]"], "Y": ["3 at .bashrc:6 [in an eval]"]},
    ),
    Case(
        "a function that an eval of several lines made",
        {".bashrc": 'eval "\nput() {\n    export X=\\$1\n}\n"\nalias c=d\nput 1\nalias e=f\n'},
        {"X": ["1 at .bashrc:7 › .bashrc:1 in put() [in an eval]"]},
    ),
    Case(
        "a function that a function's eval of several lines made",
        {".bashrc": 'make() {\n  eval "$1() {\n    export X=1\n  }"\n}\nmake f\nf\n'},
        {"X": ["1 at .bashrc:7 › .bashrc:2 in f() [in an eval]"]},
    ),
    Case(
        "an alias after an eval",
        {
            ".bashrc": "eval \"$(echo true)\"\nalias e=export up='export Y=2'\nalias down=up\n\n"
            "e X=1\nup\ndown\nunset Y\ndown\n"
        },
        {"X": ["1 at .bashrc:5"], "Y": ["2 at .bashrc:6", "unset at .bashrc:8", "2 at .bashrc:9"]},
    ),
    Case(
        "a name never seen before, in front of a function",
        {".bashrc": "f() { command true; \\command :; echo >/dev/null; }\nX=1 f\nY='a b' Z=3 f\n"},
        {"X": [], "Y": [], "Z": []},
    ),
    Case("export", {".bashrc": "\nexport X=1\n"}, {"X": ["1 at .bashrc:2"]}),
    Case("export twice", {".bashrc": "export X=1\nexport X=2\n"}, {"X": ["1 at .bashrc:1", "2 at .bashrc:2"]}),
    Case("the same again", {".bashrc": "export X=1\nexport X=1\n"}, {"X": ["1 at .bashrc:1"]}),
    Case("append", {".bashrc": "export X=1\n:\nX+=:2\n"}, {"X": ["1 at .bashrc:1", "1:2 at .bashrc:3"]}),
    Case("declare", {".bashrc": "declare -x X=1\n"}, {"X": ["1 at .bashrc:1"]}),
    Case(
        "declare both ways",
        {".bashrc": "declare -ix X=1\ndeclare +x X\n"},
        {"X": ["1 at .bashrc:1", "unset at .bashrc:2"]},
    ),
    Case("typeset", {".bashrc": "# a comment\n\ntypeset -x X=1\n"}, {"X": ["1 at .bashrc:3"]}),
    Case("readonly", {".bashrc": "export X\nreadonly X=1\n"}, {"X": ["1 at .bashrc:2"]}),
    Case("read", {".bashrc": "export X\nread -r X <<<one\n"}, {"X": ["one at .bashrc:2"]}),
    Case("read without a value", {".bashrc": "export X=1\nread -r X\n"}, {"X": ["1 at .bashrc:1", " at .bashrc:2"]}),
    Case("printf -v", {".bashrc": "export X=\nprintf -v X '%s' one\n"}, {"X": [" at .bashrc:1", "one at .bashrc:2"]}),
    Case("nameref", {".bashrc": "export X=1\ndeclare -n r=X\nr=2\n"}, {"X": ["1 at .bashrc:1", "2 at .bashrc:3"]}),
    Case("export by a nameref", {".bashrc": "declare -n r=X\nX=1\nexport r\n"}, {"X": ["1 at .bashrc:3"]}),
    Case("export of a name in a variable", {".bashrc": "n=X\nexport $n=1\n"}, {"X": ["1 at .bashrc:2"]}),
    Case("export by a command in a variable", {".bashrc": "e=export\n$e X=1\n"}, {"X": ["1 at .bashrc:2"]}),
    Case(
        "export with quotes",
        {".bashrc": "export 'X=a b'\nexport \"Y=c\"\n"},
        {"X": ["a b at .bashrc:1"], "Y": ["c at .bashrc:2"]},
    ),
    Case("two at once", {".bashrc": "export X=1 Y=2\n"}, {"X": ["1 at .bashrc:1"], "Y": ["2 at .bashrc:1"]}),
    Case("one line, two commands", {".bashrc": "X=1; export X; Y=$X\n"}, {"X": ["1 at .bashrc:1"]}),
    Case("set -a", {".bashrc": "set -a\nX=1\nset +a\nY=2\n"}, {"X": ["1 at .bashrc:2"], "Y": []}),
    Case(
        "set -a and a file",
        {".bashrc": "set -a; . ~/.env\nset +a\n", ".env": "# mine\nX=1\n"},
        {"X": ["1 at .bashrc:1 › .env:2"]},
    ),
    Case("set -a and read", {".bashrc": "set -a\nread X <<<1\n"}, {"X": ["1 at .bashrc:2"]}),
    Case(
        "a command in backquotes",
        {".bashrc": 'put() { export Y=2; echo 1 2; }\nexport X="`put`"\n'},
        {"X": ["1 2 at .bashrc:2"], "Y": []},
    ),
    Case(
        "a default in what is exported",
        {".bashrc": 'export Y\nexport X="${Y:=2}"\n'},
        {"X": ["2 at .bashrc:2"], "Y": ["2 at .bashrc:2"]},
    ),
    Case("default", {".bashrc": "export X\n: ${X:=1}\n"}, {"X": ["1 at .bashrc:2"]}),
    Case("arithmetic", {".bashrc": "export X=1\n((X += 4))\n"}, {"X": ["1 at .bashrc:1", "5 at .bashrc:2"]}),
    Case("for", {".bashrc": "export X\nfor X in a b; do :; done\n"}, {"X": ["a at .bashrc:2", "b at .bashrc:2"]}),
    Case(
        "a function",
        {".bashrc": "put() {\n    export X=$1\n}\n\nput 1\nput 2\n"},
        {"X": ["1 at .bashrc:5 › .bashrc:2 in put()", "2 at .bashrc:6 › .bashrc:2 in put()"]},
    ),
    Case(
        "a function of another file",
        {".bashrc": ". ~/lib.sh\nput 1\n", "lib.sh": "#\nput() { export X=$1; }\n"},
        {"X": ["1 at .bashrc:2 › lib.sh:2 in put()"]},
    ),
    Case(
        "functions in functions",
        {".bashrc": "inner() { X=1; }\nouter() {\n    inner\n}\nexport X\nouter\n"},
        {"X": ["1 at .bashrc:6 › .bashrc:3 in outer() › .bashrc:1 in inner()"]},
    ),
    Case("eval", {".bashrc": "\neval 'export X=1'\n"}, {"X": ["1 at .bashrc:2 [in an eval]"]}),
    Case(
        "eval as a builtin",
        {".bashrc": "builtin eval $'\\n\\n\\nexport X=1'\n"},
        {"X": ["1 at .bashrc:1 [in an eval]"]},
    ),
    Case(
        "eval behind an assignment",
        {".bashrc": "#\nA=1 eval $'\\n\\nexport X=1'\n"},
        {"X": ["1 at .bashrc:2 [in an eval]"]},
    ),
    Case(
        "eval of many lines",
        {".bashrc": "eval \"$(printf 'A=1\\nB=2\\n\\n\\nexport X=1\\n')\"\nexport Y=1\n:\n:\n:\n"},
        {"X": ["1 at .bashrc:1 [in an eval]"], "Y": ["1 at .bashrc:2"]},
    ),
    Case(
        "a function made by eval",
        {".bashrc": "eval $'put() {\\n:\\nexport X=1\\n}'\n#\n#\nput\n"},
        {"X": ["1 at .bashrc:4 › .bashrc:1 in put() [in an eval]"]},
    ),
    Case(
        "here-document",
        {".bashrc": "export X\nread -r X <<EOF\none\nEOF\nexport Y=2\n"},
        {"X": ["one at .bashrc:2"], "Y": ["2 at .bashrc:5"]},
    ),
    Case(
        "a here-document that is sourced",
        {".bashrc": "\n. /dev/stdin <<'EOF'\nexport X=1\nEOF\n"},
        {"X": ["1 at .bashrc:2 › /dev/stdin:1"]},
    ),
    Case(
        "process substitution",
        {".bashrc": "#\nsource <(echo; echo 'export X=1')\n"},
        {"X": ["1 at .bashrc:2 › /dev/fd/63:2 [process substitution]"]},
    ),
    Case(
        "a temporary file",
        {".bashrc": "t=~/.made\necho 'export X=1' >$t\n. $t\nrm $t\n"},
        {"X": ["1 at .bashrc:3 › .made:1 [temporary file]"]},
    ),
    Case(
        "into /dev/null",
        {".bashrc": ". ~/lib.sh >/dev/null 2>&1\n", "lib.sh": "\nexport X=1\n"},
        {"X": ["1 at .bashrc:1 › lib.sh:2"]},
    ),
    Case(
        "by a relative path",
        {".bashrc": "cd ~/etc\n. ./lib.sh\ncd ..\n", "etc/lib.sh": "export X=1\n"},
        {"X": ["1 at .bashrc:2 › etc/lib.sh:1"]},
    ),
    Case(
        "with a backslash",
        {".bashrc": "\\. ~/lib.sh\n", "lib.sh": "export X=1\n"},
        {"X": ["1 at .bashrc:1 › lib.sh:1"]},
    ),
    Case(
        "profile.d",
        {".bashrc": PROFILE_LOOP, "profile.d/a.sh": "export X=a\n", "profile.d/b.sh": "#\nexport X=b\n"},
        {"X": ["a at .bashrc:3 › profile.d/a.sh:1", "b at .bashrc:3 › profile.d/b.sh:2"]},
    ),
    Case("if", {".bashrc": "if [ -d / ]; then\n    export X=1\nelse\n    export X=2\nfi\n"}, {"X": ["1 at .bashrc:2"]}),
    Case(
        "and, or",
        {".bashrc": "[ -d / ] && export X=1\n[ -d /nowhere ] || export Y=2\n"},
        {"X": ["1 at .bashrc:1"], "Y": ["2 at .bashrc:2"]},
    ),
    Case("case", {".bashrc": "case $- in\n*i*)\n    export X=1\n    ;;\nesac\n"}, {"X": ["1 at .bashrc:3"]}),
    Case(
        "a continued line",
        {".bashrc": "export \\\n    X=1 \\\n    Y=2\n"},
        {"X": ["1 at .bashrc:1"], "Y": ["2 at .bashrc:1"]},
    ),
    Case(
        "unset and set again",
        {".bashrc": "export X=1\nunset X\nX=2\nexport X\n"},
        {"X": ["1 at .bashrc:1", "unset at .bashrc:2", "2 at .bashrc:3", "2 at .bashrc:4"]},
    ),
    Case("export -n", {".bashrc": "export X=1\nexport -n X\n"}, {"X": ["1 at .bashrc:1", "unset at .bashrc:2"]}),
    Case(
        "export of what was set before",
        {".bashrc": "PYTHONPATH=/a\n:\nexport PYTHONPATH\n"},
        {"PYTHONPATH": ["/a at .bashrc:1", "/a at .bashrc:3"]},
    ),
    Case("set and not exported", {".bashrc": "PYTHONPATH=/a\nX=1\n"}, {"PYTHONPATH": [], "X": []}),
    Case(
        "a subshell",
        {".bashrc": "(export X=1)\nY=$(export X=2; echo $X)\nexport Y\n"},
        {"X": [], "Y": ["2 at .bashrc:3"]},
    ),
    Case("a pipeline", {".bashrc": "echo 1 | read X\nexport X\necho 2 | { read X; export X; }\n"}, {"X": []}),
    Case(
        "before a command",
        {".bashrc": "export X=1\nf() { :; }\nX=2 true\nX=3 f\nX=4 eval :\n"},
        {"X": ["1 at .bashrc:1"]},
    ),
    Case(
        "before a command that sources",
        {".bashrc": "X=2 . ~/lib.sh\n", "lib.sh": "Y=$X\nexport Y\n"},
        {"X": [], "Y": ["2 at .bashrc:1 › lib.sh:2"]},
    ),
    Case(
        "local",
        {".bashrc": "export X=1\nf() {\n    local X=2\n    :\n    X=3\n    :\n}\nf\n:\n"},
        {"X": ["1 at .bashrc:1"]},
    ),
    Case(
        "local, the value kept",
        {".bashrc": "export X=1\nf() {\n    local X=$X\n    X=3\n    :\n}\nf\nX=4\n"},
        {"X": ["1 at .bashrc:1", "4 at .bashrc:8"]},
    ),
    Case("declare in a function", {".bashrc": "f() {\n    declare -x X=2\n    :\n}\nf\n"}, {"X": []}),
    Case(
        "declare -g in a function",
        {".bashrc": "f() {\n    declare -gx X=2\n    :\n}\nf\n"},
        {"X": ["2 at .bashrc:5 › .bashrc:2 in f()"]},
    ),
    Case(
        "local, and the outer one after it",
        {".bashrc": "export X=1\nf() {\n    local X=2\n}\ng() {\n    X=5\n}\nf\ng\n"},
        {"X": ["1 at .bashrc:1", "5 at .bashrc:9 › .bashrc:6 in g()"]},
    ),
    Case("an array", {".bashrc": "export X=(1 2)\n"}, {"X": []}),
    Case(
        "a newline",
        {".bashrc": "export X=$'a\\nb'\nexport Y='declare -x Z=\"1\"'\n"},
        {"X": ["a\nb at .bashrc:1"], "Y": ['declare -x Z="1" at .bashrc:2'], "Z": []},
    ),
    Case(
        "bytes that are no UTF-8",
        {".bashrc": "export X=$'\\377'\nexport Y=\udcfe\n"},
        {"X": ["\udcff at .bashrc:1"], "Y": ["\udcfe at .bashrc:2"]},
    ),
    Case(
        "at the prompt",
        {".bashrc": "hook() {\n    export X=1\n}\nPROMPT_COMMAND='hook; export Y=2'\n"},
        {"X": ["1 at PROMPT_COMMAND [in an eval] › .bashrc:2 in hook()"], "Y": ["2 at PROMPT_COMMAND [in an eval]"]},
    ),
    Case(
        "at the prompt, an array",
        {".bashrc": "PROMPT_COMMAND=(: 'export X=1')\n"},
        {"X": ["1 at PROMPT_COMMAND [in an eval]"]},
    ),
    Case("a name that bash knows", {".bashrc": "export BASH_ENV=~/.env\n"}, {"BASH_ENV": ["{home}/.env at .bashrc:1"]}),
    Case(
        "values with blanks",
        {
            ".bashrc": "export X\nX=\"a b\"\nX='c d'\nX=$(echo e f)\nX=`echo g h`\nX=$((1 + 2))\nX=\"i j\"'k l'\n"
            "X=$(echo m) true\nX=$(echo n)$(echo o p)\n"
        },
        {
            "X": [
                "a b at .bashrc:2",
                "c d at .bashrc:3",
                "e f at .bashrc:4",
                "g h at .bashrc:5",
                "3 at .bashrc:6",
                "i jk l at .bashrc:7",
                "no p at .bashrc:9",
            ]
        },
    ),
    Case(
        "a value of many lines",
        {".bashrc": "export X\nX=$(cat <<'EOF'\nexport Y=1\n(b)\nEOF\n)\n"},
        {"X": ["export Y=1\n(b) at .bashrc:2"], "Y": []},
    ),
    Case("a long value", {".bashrc": f"export X\nX={'ab' * 9000}\n"}, {"X": [f"{'ab' * 9000} at .bashrc:2"]}),
    Case("an element", {".bashrc": "export X=1\nX[0]=2\nX[1]=3\n"}, {"X": ["1 at .bashrc:1", "unset at .bashrc:2"]}),
    Case(
        "unset of a name in a variable",
        {".bashrc": "export X_1=a X_2=b\nn=1\nunset X_$n\nunset X_${n}1 X_2\n"},
        {"X_1": ["a at .bashrc:1", "unset at .bashrc:3"], "X_2": ["b at .bashrc:1", "unset at .bashrc:4"]},
    ),
    Case(
        "counting",
        {".bashrc": "export X=1\n: $((X++))\n((++X))\nlet X=9\n"},
        {"X": [f"{n} at .bashrc:{at}" for n, at in ((1, 1), (2, 2), (3, 3), (9, 4))]},
    ),
    Case(
        "functions one after the other",
        {".bashrc": "f() {\n    export X=1\n}\ng() {\n    export X=2\n}\nf\n[ -d / ]\ng; f\n[ -d / ] && g\n"},
        {
            "X": [
                "1 at .bashrc:7 › .bashrc:2 in f()",
                "2 at .bashrc:9 › .bashrc:5 in g()",
                "1 at .bashrc:9 › .bashrc:2 in f()",
                "2 at .bashrc:10 › .bashrc:5 in g()",
            ]
        },
    ),
    Case(
        "a function called test",
        {".bashrc": "f() {\n    export X=1\n}\ntest() {\n    export Y=$1\n}\nf\ntest 2\n"},
        {"X": ["1 at .bashrc:7 › .bashrc:2 in f()"], "Y": ["2 at .bashrc:8 › .bashrc:5 in test()"]},
    ),
    Case(
        "a function of its own name again",
        {".bashrc": "f() {\n    if [ $1 -gt 0 ]; then f $(($1 - 1)); fi\n    export X=$1\n}\nf 1\n"},
        {"X": ["0 at .bashrc:5 › .bashrc:2 in f() › .bashrc:3 in f()", "1 at .bashrc:5 › .bashrc:3 in f()"]},
    ),
    Case(
        "local, and exported",
        {".bashrc": "f() {\n    local X=1 Y\n    export X Y=2\n    :\n}\nf\nexport Z=3\n"},
        {"X": [], "Y": [], "Z": ["3 at .bashrc:7"]},
    ),
    Case(
        "local, and exported in a function of its",
        {".bashrc": "f() {\n    local X=1\n    g\n    export Y=2\n}\ng() { export X; X=2; }\nf\n:\n"},
        {"X": [], "Y": ["2 at .bashrc:7 › .bashrc:4 in f()"]},
    ),
    Case(
        "for a command that is no program",
        {".bashrc": "X=1 export Y=2\nZ=1 read Y <<<3\n"},
        {"X": [], "Y": ["2 at .bashrc:1", "3 at .bashrc:2"]},
    ),
    Case("an alias", {".bashrc": "alias put=export\nput X=1\n"}, {"X": ["1 at .bashrc:2"]}),
)
def test_the_place(case: Case, user: str) -> None:
    found = check(case, user, "bash")
    assert found["replay"]["finished"]


@parametrize(
    Case("profile", {".profile": "export X=1\n", ".bashrc": "export X=2\n"}, {"X": ["1 at .profile:1"]}, ["--login"]),
    Case(
        "bash_profile first",
        {
            ".bash_profile": ". ~/.bashrc\n",
            ".bash_login": "export X=1\n",
            ".profile": "export X=1\n",
            ".bashrc": "\nexport X=2\n",
        },
        {"X": ["2 at .bash_profile:1 › .bashrc:2"]},
        ["--login"],
    ),
    Case(
        "bash_login next",
        {".bash_login": "export X=1\n", ".profile": "export X=2\n"},
        {"X": ["1 at .bash_login:1"]},
        ["--login"],
    ),
    Case(
        "no login", {".profile": "export X=1\n", ".bashrc": "export X=2\n"}, {"X": ["2 at .bashrc:1"]}, ["--no-login"]
    ),
    Case("by default no login", {".profile": "export X=1\n", ".bashrc": "export X=2\n"}, {"X": ["2 at .bashrc:1"]}),
)
def test_the_files_that_are_read(case: Case, user: str) -> None:
    check(case, user, "bash")
