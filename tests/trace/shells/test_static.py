"""What is read, and not run, of the startup files of csh and elvish."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanenv.trace.syntax.static_grammar import AS_WRITTEN
from tests.support import namespace
from tests.support.surroundings import skip_or_fail
from tests.support.trace_cases import (
    PATH,
    Case,
    changes_of,
    check,
    parametrize,
    replay,
    seen,
    write,
)

RC = ".config/elvish/rc.elv"
CSH = (
    Case("setenv", {".cshrc": "# one\nsetenv FOO 1\n"}, {"FOO": ["1 at .cshrc:2"]}),
    Case("a comment is none", {".cshrc": "# setenv FOO 1\nsetenv FOO 2 # setenv FOO 3\n"}, {"FOO": ["2 at .cshrc:2"]}),
    Case("unsetenv", {".cshrc": "setenv FOO 1\nunsetenv FOO\n"}, {"FOO": ["1 at .cshrc:1", "unset at .cshrc:2"]}),
    Case("empty is not unset", {".cshrc": "setenv FOO\n"}, {"FOO": [" at .cshrc:1"]}),
    Case("what csh can put in", {".cshrc": 'setenv FOO "$HOME:${PATH}"\n'}, {"FOO": [f"{{home}}:{PATH} at .cshrc:1"]}),
    Case("set path", {".cshrc": "set path = (~/bin $path)\n"}, {"PATH": [f"{{home}}/bin:{PATH} at .cshrc:1"]}),
    Case(
        "behind a condition",
        {".cshrc": "if ($?prompt) setenv FOO 1\nif (1) then\n  setenv BAR 2\nendif\n"},
        {"FOO": ["1 at .cshrc:1"], "BAR": ["2 at .cshrc:3"]},
    ),
    Case(
        "a chain",
        {".cshrc": "\nsource ~/a.csh\n", "a.csh": "source {home}/b.csh >& /dev/null\n", "b.csh": "\nsetenv FOO 1\n"},
        {"FOO": ["1 at .cshrc:2 › a.csh:1 › b.csh:2"]},
    ),
    Case(
        "a loop over a folder",
        {
            ".cshrc": "foreach f (~/d/*.csh)\n  source $f\nend\n",
            "d/a.csh": "setenv FOO 1\n",
            "d/b.csh": "setenv FOO 2\n",
        },
        {"FOO": ["1 at .cshrc:2 › d/a.csh:1", "2 at .cshrc:2 › d/b.csh:1"]},
    ),
    Case(
        "files that source one another",
        {".cshrc": "source ~/a.csh\nsetenv FOO 1\n", "a.csh": "source ~/.cshrc\n"},
        {"FOO": ["1 at .cshrc:2"]},
    ),
    Case(
        "a here-document is none",
        {".cshrc": "cat << END\nsetenv FOO 1\nEND\nsetenv FOO 2\n"},
        {"FOO": ["2 at .cshrc:4"]},
    ),
    Case("a line of two", {".cshrc": "setenv FOO \\\n  1\n"}, {"FOO": ["1 at .cshrc:1"]}),
    Case("login", {".login": "setenv FOO 1\n"}, {"FOO": ["1 at .login:1"]}, ["--login"]),
)
ELVISH = (
    Case("set-env", {RC: "# one\nset-env FOO 1\n"}, {"FOO": [f"1 at {RC}:2"]}),
    Case("set E:", {RC: "set E:FOO = 'it''s'\n"}, {"FOO": [f"it's at {RC}:1"]}),
    Case("unset-env", {RC: "set-env FOO 1\nunset-env FOO\n"}, {"FOO": [f"1 at {RC}:1", f"unset at {RC}:2"]}),
    Case("del", {RC: "set E:FOO = 1\ndel E:FOO\n"}, {"FOO": [f"1 at {RC}:1", f"unset at {RC}:2"]}),
    Case(
        "set paths", {RC: "\nset paths = [~/bin $@paths /opt/x]\n"}, {"PATH": [f"{{home}}/bin:{PATH}:/opt/x at {RC}:2"]}
    ),
    Case("$E: in a word", {RC: "set-env FOO /a:$E:PATH\n"}, {"FOO": [f"/a:{PATH} at {RC}:1"]}),
    Case(
        "a module",
        {RC: "use mine\n", ".config/elvish/lib/mine.elv": "\nset-env FOO 1\n"},
        {"FOO": [f"1 at {RC}:1 › .config/elvish/lib/mine.elv:2"]},
    ),
    Case(
        "a module of a data folder",
        {RC: "use a/b\n", ".local/share/elvish/lib/a/b.elv": "set-env FOO 1\n"},
        {"FOO": [f"1 at {RC}:1 › .local/share/elvish/lib/a/b.elv:1"]},
    ),
    Case("behind a condition", {RC: "if $true { set-env FOO 1 }\n"}, {"FOO": [f"1 at {RC}:1"]}),
    Case("the old place", {".elvish/rc.elv": "set-env FOO 1\n"}, {"FOO": ["1 at .elvish/rc.elv:1"]}),
)


@parametrize(*CSH)
def test_csh(case: Case) -> None:
    check(case, "myself", "csh")


@parametrize(*ELVISH)
def test_elvish(case: Case) -> None:
    check(case, "myself", "elvish")


def test_files_of_the_system(home: Path, tmp_path: Path) -> None:
    """As Debian's csh.cshrc has it: a loop over what ls prints, the folder in a variable."""
    etc = tmp_path / "etc"
    loop = "set dir=/etc/csh/cshrc.d\nforeach FILE (`/bin/ls $dir/*`)\n  source $FILE;\nend\n"
    write(etc, {"csh.cshrc": loop, "csh/cshrc.d/zz.csh": "\nsetenv FOO system\n"})
    write(home, {".cshrc": "setenv FOO mine\n"})
    if not namespace.is_possible(etc):
        skip_or_fail("a mount namespace with an overlay over /etc takes root")
    assert seen(replay("csh", home, "FOO", prefix=namespace.over_etc(etc)), home, "FOO") == {
        "FOO": ["system at /etc/csh.cshrc:3 › /etc/csh/cshrc.d/zz.csh:2", "mine at .cshrc:1"]
    }


@pytest.mark.parametrize(("name", "file"), [("csh", ".cshrc"), ("elvish", RC)])
def test_it_says_that_nothing_was_run(name: str, file: str, home: Path) -> None:
    write(home, {file: "touch {home}/ran\n"})
    replayed = replay(name, home, "FOO")
    assert not replayed["replay"]["replayed"]
    assert any("conditions were not evaluated" in note for note in replayed["replay"]["notes"])


@pytest.mark.parametrize(
    ("name", "file", "line"), [("csh", ".cshrc", "setenv FOO `date`"), ("elvish", RC, "set-env FOO (date)")]
)
def test_a_value_to_be_worked_out_is_as_it_is_written(name: str, file: str, line: str, home: Path) -> None:
    write(home, {file: line + "\n"})
    (change,) = changes_of(replay(name, home, "FOO"), "FOO")
    assert change["new"] == line.split(maxsplit=2)[2]
    assert change["notes"] == [AS_WRITTEN]


def test_a_file_that_is_sourced_and_not_there(home: Path) -> None:
    write(home, {".cshrc": "source ~/gone.csh\n"})
    assert {"file": str(home / "gone.csh"), "reason": "it does not exist"} in replay("csh", home)["missing"]


@pytest.mark.parametrize(("name", "file"), [("csh", ".cshrc"), ("elvish", RC)])
def test_no_startup_file_at_all(name: str, file: str, home: Path) -> None:
    assert {"file": str(home / file), "reason": "it does not exist"} in replay(name, home)["missing"]
