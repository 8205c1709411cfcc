"""A variable of a function's own, exported or not, is no lasting change, in every shell that has such."""

from __future__ import annotations

import pytest

from tests.support.bourne_family import of
from tests.support.trace_cases import Case, check, parametrize

WITH_LOCAL = ("bash", "zsh", "mksh", "yash", "dash", "ash")
WITH_TYPESET = ("bash", "zsh", "mksh", "yash")

# LOCAL is the word that declares, and `function` stands in front where the shell wants it.
ANY_SHELL = (
    Case(
        "three values",
        {"RC": "f() {\n    LOCAL X=1\n    X=2\n    X=3\n    :\n}\nf\n:\nexport Y=1\n"},
        {"X": [], "Y": ["1 at RC:9"]},
    ),
    Case(
        "on one line, and called twice",
        {"RC": "f() { LOCAL X=1; X=2; X=3; :; }\nf\nf\nexport Y=1\n"},
        {"X": [], "Y": ["1 at RC:4"]},
    ),
    Case(
        "in front of an exported one",
        {"RC": "export X=0\nf() {\n    LOCAL X=1\n    X=2\n    X=3\n    :\n}\nf\nX=4\n:\n"},
        {"X": ["0 at RC:1", "4 at RC:9"]},
    ),
    Case(
        "with the value of the exported one",
        {"RC": "export X=0\nf() {\n    LOCAL X=$X\n    X=2\n    :\n}\nf\n:\nX=4\n:\n"},
        {"X": ["0 at RC:1", "4 at RC:9"]},
    ),
    Case(
        "and then exported",
        {"RC": "f() {\n    LOCAL X=1\n    export X\n    X=2\n    X=3\n    :\n}\nf\n:\nexport X=5\n"},
        {"X": ["5 at RC:10"]},
    ),
    Case(
        "and another that lasts",
        {"RC": "f() {\n    LOCAL X=1\n    export Y=$X\n    :\n}\nf\n:\n"},
        {"X": [], "Y": ["1 at RC:6 › RC:3 in f()"]},
    ),
    Case(
        "and a name in its value",
        {"RC": 'f() {\n    LOCAL X="set Y now"\n    export Y=1\n    :\n}\nf\n:\n'},
        {"X": [], "Y": ["1 at RC:6 › RC:3 in f()"]},
    ),
)


def in_shell(case: Case, shell: str, declaration: str) -> Case:
    """Return the case as ``shell`` has it."""
    text = case.files["RC"].replace("LOCAL", declaration)
    if shell == "ksh93":
        text = text.replace("f() {", "function f {")
    return of(Case(case.name, {"RC": text}, case.expected), shell)


@pytest.mark.parametrize("shell", WITH_LOCAL)
@parametrize(*ANY_SHELL)
def test_local(case: Case, shell: str) -> None:
    check(in_shell(case, shell, "local"), "myself", shell)


@pytest.mark.parametrize("shell", WITH_TYPESET)
@parametrize(*ANY_SHELL)
def test_typeset(case: Case, shell: str) -> None:
    check(in_shell(case, shell, "typeset"), "myself", shell)


@pytest.mark.parametrize("declaration", ["typeset", "typeset -x"])
@parametrize(*ANY_SHELL)
def test_ksh93(case: Case, declaration: str) -> None:
    check(in_shell(case, "ksh93", declaration), "myself", "ksh93")


def test_ksh93_integer() -> None:
    check(in_shell(ANY_SHELL[0], "ksh93", "integer -x"), "myself", "ksh93")


@pytest.mark.parametrize(
    ("shell", "declaration"),
    [("bash", "local -x"), ("bash", "declare -x"), ("zsh", "local -x"), ("mksh", "local -x"), ("yash", "typeset -x"),
     ("mksh", "typeset -x")],
)  # fmt: skip
@parametrize(*ANY_SHELL)
def test_with_the_flag_of_export(case: Case, shell: str, declaration: str) -> None:
    check(in_shell(case, shell, declaration), "myself", shell)


def test_in_zsh_typeset_exports_a_global_one() -> None:
    """By its option GLOBAL_EXPORT (zshoptions(1)), which is set; `local -x` is local all the same."""
    files = {".zshrc": "f() {\n    typeset -x X=1\n    X=2\n    :\n}\nf\n:\n"}
    check(Case("", files, {"X": [f"{n} at .zshrc:6 › .zshrc:{n + 1} in f()" for n in (1, 2)]}), "myself", "zsh")


def test_in_ksh93_a_posix_function_has_none() -> None:
    """ksh93(1), Functions: those of `name()` share all variables with what calls them, and that may be a function."""
    files = {
        ".kshrc": "f() {\n    typeset -x X=$1\n    X=2\n    X=3\n    :\n}\nf 1\n"
        "function g {\n    f 4\n    export Y=1\n}\ng\n:\n"
    }
    inside = [f"{n} at .kshrc:7 › .kshrc:{n + 1} in f()" for n in (1, 2, 3)]
    check(Case("", files, {"X": inside, "Y": ["1 at .kshrc:12 › .kshrc:10 in g()"]}), "myself", "ksh93")


@pytest.mark.parametrize("shell", ["mksh", "yash"])
def test_behind_a_sourced_file_too(shell: str) -> None:
    """What a startup file sources is read in a function of the tracer's."""
    files = {
        "RC": ". ~/lib\nf() {\n    typeset -x X=1\n    X=2\n    :\n}\nf\n:\ntypeset -x Z=1\n",
        "lib": "typeset -x Y=1\n. ~/lob\ntypeset -x W=1\n",
        "lob": ":\n",
    }
    expected = {"X": [], "Y": ["1 at RC:1 › lib:1"], "W": ["1 at RC:1 › lib:3"], "Z": ["1 at RC:9"]}
    check(of(Case("", files, expected), shell), "myself", shell)


FISH = ".config/fish/config.fish"


@parametrize(
    Case(
        "set -lx", {FISH: "function f\n    set -lx X 1\n    set X 2\n    set X 3\n    true\nend\nf\ntrue\n"}, {"X": []}
    ),
    Case(
        "set -fx",
        {FISH: "function f\n    set -fx X 1\n    begin\n        set X 2\n    end\n    true\nend\nf\ntrue\n"},
        {"X": []},
    ),
    Case(
        "set -x in a function", {FISH: "function f\n    set -x X 1\n    set X 2\n    true\nend\nf\ntrue\n"}, {"X": []}
    ),
    Case(
        "in front of an exported one",
        {FISH: "set -gx X 0\nfunction f\n    set -lx X 1\n    set X 2\n    set -gx X 3\n    set X 4\nend\nf\ntrue\n"},
        {"X": [f"0 at {FISH}:1", f"3 at {FISH}:8 › {FISH}:5 in f()"]},
    ),
    Case("in a block", {FISH: "begin\n    set -lx X 1\n    set X 2\nend\nset -gx X 3\n"}, {"X": [f"3 at {FISH}:5"]}),
    Case(
        "and another that lasts",
        {FISH: "function f\n    set -fx X 1\n    set -gx Y $X\nend\nf\n"},
        {"X": [], "Y": [f"1 at {FISH}:5 › {FISH}:3 in f()"]},
    ),
)
def test_fish(case: Case) -> None:
    check(case, "myself", "fish")
