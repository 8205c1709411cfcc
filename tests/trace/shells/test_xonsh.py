"""What the replay of xonsh tells, as root and as an ordinary user."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.session.test_catkin import workspace
from tests.support import namespace
from tests.support.surroundings import skip_or_fail
from tests.support.trace_cases import (
    PATH,
    USERS,
    Case,
    chain,
    changes_of,
    check,
    is_gone,
    parametrize,
    replay,
    seen,
    skipped,
    write,
)

RC = ".config/xonsh/rc.xsh"
CASES = (
    Case("$X =", {RC: "# one\n$FOO = 1\n"}, {"FOO": [f"1 at {RC}:2"]}),
    Case("~/.xonshrc", {".xonshrc": "$FOO = 1\n"}, {"FOO": ["1 at .xonshrc:1"]}),
    Case("del", {RC: "$FOO = 1\ndel $FOO\n"}, {"FOO": [f"1 at {RC}:1", f"unset at {RC}:2"]}),
    Case(
        "$PATH.append and insert",
        {RC: "$PATH.append('/opt/x')\n\n$PATH.insert(0, '/opt/y')\n"},
        {"PATH": [f"{PATH}:/opt/x at {RC}:1", f"/opt/y:{PATH}:/opt/x at {RC}:3"]},
    ),
    Case(
        "a path of another name",
        {RC: "$PYTHONPATH = ['/a']\n$PYTHONPATH.append('/b')\n"},
        {"PYTHONPATH": [f"/a at {RC}:1", f"/a:/b at {RC}:2"]},
    ),
    Case(
        "a function", {RC: "def ff(value):\n    $FOO = value\n\nff('1')\n"}, {"FOO": [f"1 at {RC}:4 › {RC}:2 in ff()"]}
    ),
    Case(
        "an alias",
        {RC: "def _ff(args):\n    $FOO = args[0]\n\naliases['ff'] = _ff\nff 1\n"},
        {"FOO": [f"1 at {RC}:5 › {RC}:2 in _ff()"]},
    ),
    Case(
        "source",
        {RC: "source ~/a.xsh\n", "a.xsh": "\nsource {home}/b.xsh\n", "b.xsh": "$FOO = 1\n"},
        {"FOO": [f"1 at {RC}:1 › a.xsh:2 › b.xsh:1"]},
    ),
    Case("source-bash", {RC: "true\nsource-bash ~/a.sh\n", "a.sh": "export FOO=1\n"}, {"FOO": [f"1 at {RC}:2 › a.sh"]}),
    Case(
        "rc.d, behind rc.xsh",
        {".config/xonsh/rc.d/b.xsh": "$FOO = 'b'\n", ".config/xonsh/rc.d/a.xsh": "\n$FOO = 'a'\n", RC: "$FOO = 1\n"},
        {"FOO": [f"1 at {RC}:1", "a at .config/xonsh/rc.d/a.xsh:2", "b at .config/xonsh/rc.d/b.xsh:1"]},
    ),
    Case(
        "a module",
        {RC: "import sys\nsys.path.insert(0, '{home}/lib')\nimport mine\n", "lib/mine.xsh": "$FOO = 1\n"},
        {"FOO": [f"1 at {RC}:3 › lib/mine.xsh:1"]},
    ),
    Case("execx", {RC: "execx('$FOO = 1')\n"}, {"FOO": [f"1 at {RC}:1 [in an eval]"]}),
    Case(
        "update",
        {RC: "${...}.update({'FOO': '1',\n    'BAR': '2'})\n"},
        {"FOO": [f"1 at {RC}:1"], "BAR": [f"2 at {RC}:1"]},
    ),
    Case(
        "a name that is worked out",
        {RC: "for n in range(2):\n    ${'FOO' + str(n)} = n\n"},
        {"FOO0": [f"0 at {RC}:2"], "FOO1": [f"1 at {RC}:2"]},
    ),
    Case(
        "what does not last",
        {RC: "with ${...}.swap(FOO='a'):\n    true\n$FOO='b' true\n$FOO = 'c'\n"},
        {"FOO": [f"c at {RC}:4"]},
    ),
    Case(
        "a conditional", {RC: "if $XONSH_INTERACTIVE:\n    $FOO = 1\nelse:\n    $FOO = 2\n"}, {"FOO": [f"1 at {RC}:2"]}
    ),
    Case("a newline and quotes", {RC: "$FOO = 'a\\nb\"c'\n"}, {"FOO": [f'a\nb"c at {RC}:1']}),
    Case(
        "a hook of the prompt",
        {RC: "@events.on_pre_prompt\ndef hook():\n    $FOO = 1\n"},
        {"FOO": [f"1 at {RC}:3 in hook()"]},
    ),
    Case("input() from nobody", {RC: "input('name? ')\n$FOO = 1\n"}, {"FOO": [f"1 at {RC}:2"]}),
)


__all__ = ["workspace"]  # the fixture


@parametrize(*CASES)
def test_place(case: Case) -> None:
    check(case, "myself", "xonsh")


# Starting xonsh takes half a second.
@pytest.mark.parametrize("user", USERS[1:])
@parametrize(*CASES[::3])
def test_place_for_an_ordinary_user(case: Case, user: str) -> None:
    check(case, user, "xonsh")


def test_files_of_the_system(home: Path, tmp_path: Path) -> None:
    etc = tmp_path / "etc"
    write(etc, {"xonsh/xonshrc": "\n$FOO = 'system'\n", "xonsh/rc.d/a.xsh": "$FOO = 'a'\n"})
    write(home, {RC: "$FOO = 'mine'\n"})
    if not namespace.is_possible(etc):
        skip_or_fail("a mount namespace with an overlay over /etc takes root")
    assert seen(replay("xonsh", home, "FOO", prefix=namespace.over_etc(etc)), home, "FOO") == {
        "FOO": ["system at /etc/xonsh/xonshrc:2", f"mine at {RC}:1", "a at /etc/xonsh/rc.d/a.xsh:1"]
    }


def test_a_catkin_workspace(workspace: Path, home: Path) -> None:
    """What ROS' own setup file sets, by way of bash."""
    setup = workspace / "devel/setup.bash"
    write(home, {RC: f"true\nsource-bash {setup}\n"})
    names = ("PYTHONPATH", "CMAKE_PREFIX_PATH", "LD_LIBRARY_PATH", "ROS_PACKAGE_PATH")
    replayed = replay("xonsh", home, *names)
    for name in names:
        (change,) = changes_of(replayed, name)
        assert chain(change["chain"], home) == f"{RC}:2 › {setup}", name
    assert str(workspace / "devel/lib/python3/dist-packages") in changes_of(replayed, "PYTHONPATH")[0]["added"]


def test_what_must_not_be_started(home: Path) -> None:
    write(home, {RC: "exec tmux attach\ntmux new-session\nimport os\nos.execvp('zsh', ['zsh', '-l'])\n$FOO = 1\n"})
    replayed = replay("xonsh", home, "FOO")
    assert skipped(replayed, home) == [
        ("exec tmux attach", f"{RC}:1"),
        ("tmux new-session", f"{RC}:2"),
        ("os.execvp('zsh', ['zsh', '-l'])", f"{RC}:4"),
    ]
    assert seen(replayed, home, "FOO") == {"FOO": [f"1 at {RC}:5"]}


@pytest.mark.parametrize("loop", ["while True: pass", "import threading; threading.Event().wait()", "sleep 1000"])
def test_what_does_not_end_is_ended_and_named(loop: str, home: Path) -> None:
    word = f"{os.getpid()}986"
    write(home, {RC: "$FOO = 1\nsource ~/a.xsh\n", "a.xsh": f"true\n{loop.replace('1000', word)}\n"})
    replayed = replay("xonsh", home, "FOO", timeout=4)
    assert (replayed["replay"]["finished"], replayed["replay"]["timed_out"]) == (False, True)
    assert chain(replayed["replay"]["last"], home) == f"{RC}:2 › a.xsh:2"
    assert seen(replayed, home, "FOO") == {"FOO": [f"1 at {RC}:1"]}
    assert is_gone(word)


@pytest.mark.parametrize(
    "hostile",
    [
        "import json, builtins; json.dumps = None; builtins.open = None; print = None\n",
        "sh -c 'yes | head -c 5000000'\n",
        "import os; os.closerange(3, 50)\n",
        "import sys; sys.stdout = sys.stderr = None; sys.settrace(None)\n",
        "$RAISE_SUBPROC_ERROR = True\n",
        "$UPDATE_OS_ENVIRON = True\n",
    ],
)
def test_startups_that_fight_back(hostile: str, home: Path) -> None:
    write(home, {RC: hostile + "$FOO = 1\n"})
    replayed = replay("xonsh", home, "FOO")
    assert replayed["replay"]["finished"]
    assert seen(replayed, home, "FOO") == {"FOO": [f"1 at {RC}:2"]}


@pytest.mark.parametrize("error", ["raise ValueError('no')", "this is ( no syntax", "import sys; sys.exit(3)"])
def test_an_error_ends_its_file_alone_and_is_said(error: str, home: Path) -> None:
    write(home, {RC: f"{error}\n$FOO = 1\n", ".xonshrc": "$FOO = 2\n"})
    replayed = replay("xonsh", home, "FOO")
    assert seen(replayed, home, "FOO") == {"FOO": ["2 at .xonshrc:1"]}
    assert any(str(home / RC) in note for note in replayed["replay"]["notes"])


def test_nothing_of_the_users_is_written(home: Path) -> None:
    """No compiled module, no history of xonsh's or of the bash that it starts."""
    write(home, {RC: "import mine\nsource-bash ~/a.sh\n", ".config/xonsh/mine.py": "x = 1\n", "a.sh": "export FOO=1\n"})
    write(home, {".bash_history": "true\n" * 2000, ".bashrc": "HISTSIZE=10 HISTFILESIZE=10\n"})
    assert seen(replay("xonsh", home, "FOO"), home, "FOO") == {"FOO": [f"1 at {RC}:2 › a.sh"]}


def test_no_startup_file_at_all(home: Path) -> None:
    replayed = replay("xonsh", home, "FOO")
    assert {"file": str(home / ".xonshrc"), "reason": "it does not exist"} in replayed["missing"]
    assert seen(replayed, home, "FOO") == {"FOO": []}
    assert replayed["replay"]["finished"]
