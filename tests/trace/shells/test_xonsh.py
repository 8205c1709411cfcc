"""What the replay of xonsh tells, as root and as an ordinary user."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleanenv.trace.model import Missing
from tests.conftest import skip_or_fail
from tests.session.test_catkin import workspace
from tests.support import namespace
from tests.support.trace_replaying import Case, check, is_gone, name_of, ordinary_user, replay, spelled, told, write

RC = ".config/xonsh/rc.xsh"
BASE = "/usr/local/bin:/usr/bin:/bin"
CASES = (
    Case("$X =", {RC: "# one\n$FOO = 1\n"}, [f"FOO=1 @ ~/{RC}:2"]),
    Case("~/.xonshrc", {".xonshrc": "$FOO = 1\n"}, ["FOO=1 @ ~/.xonshrc:1"]),
    Case("del", {RC: "$FOO = 1\ndel $FOO\n"}, [f"FOO=1 @ ~/{RC}:1", f"FOO @ ~/{RC}:2"]),
    Case(
        "$PATH.append and insert",
        {RC: "$PATH.append('/opt/x')\n\n$PATH.insert(0, '/opt/y')\n"},
        [f"PATH={BASE}:/opt/x @ ~/{RC}:1", f"PATH=/opt/y:{BASE}:/opt/x @ ~/{RC}:3"],
    ),
    Case(
        "a path of another name",
        {RC: "$PYTHONPATH = ['/a']\n$PYTHONPATH.append('/b')\n"},
        [f"PYTHONPATH=/a @ ~/{RC}:1", f"PYTHONPATH=/a:/b @ ~/{RC}:2"],
    ),
    Case("a function", {RC: "def ff(value):\n    $FOO = value\n\nff('1')\n"}, [f"FOO=1 @ ~/{RC}:4 > ~/{RC}:2 in ff"]),
    Case(
        "an alias",
        {RC: "def _ff(args):\n    $FOO = args[0]\n\naliases['ff'] = _ff\nff 1\n"},
        [f"FOO=1 @ ~/{RC}:5 > ~/{RC}:2 in _ff"],
    ),
    Case(
        "source",
        {RC: "source ~/a.xsh\n", "a.xsh": "\nsource HOME/b.xsh\n", "b.xsh": "$FOO = 1\n"},
        [f"FOO=1 @ ~/{RC}:1 > ~/a.xsh:2 > ~/b.xsh:1"],
    ),
    Case(
        "source-bash", {RC: "true\nsource-bash ~/a.sh\n", "a.sh": "export FOO=1\n"}, [f"FOO=1 @ ~/{RC}:2 > ~/a.sh:None"]
    ),
    Case(
        "rc.d, behind rc.xsh",
        {".config/xonsh/rc.d/b.xsh": "$FOO = 'b'\n", ".config/xonsh/rc.d/a.xsh": "\n$FOO = 'a'\n", RC: "$FOO = 1\n"},
        [f"FOO=1 @ ~/{RC}:1", "FOO=a @ ~/.config/xonsh/rc.d/a.xsh:2", "FOO=b @ ~/.config/xonsh/rc.d/b.xsh:1"],
    ),
    Case(
        "a module",
        {RC: "import sys\nsys.path.insert(0, 'HOME/lib')\nimport mine\n", "lib/mine.xsh": "$FOO = 1\n"},
        [f"FOO=1 @ ~/{RC}:3 > ~/lib/mine.xsh:1"],
    ),
    Case("execx", {RC: "execx('$FOO = 1')\n"}, [f"FOO=1 @ ~/{RC}:1 (eval)"]),
    Case("update", {RC: "${...}.update({'FOO': '1',\n    'BAR': '2'})\n"}, [f"FOO=1 @ ~/{RC}:1", f"BAR=2 @ ~/{RC}:1"]),
    Case(
        "a name that is worked out",
        {RC: "for n in range(2):\n    ${'FOO' + str(n)} = n\n"},
        [f"FOO0=0 @ ~/{RC}:2", f"FOO1=1 @ ~/{RC}:2"],
    ),
    Case(
        "what does not last",
        {RC: "with ${...}.swap(FOO='a'):\n    true\n$FOO='b' true\n$FOO = 'c'\n"},
        [f"FOO=c @ ~/{RC}:4"],
    ),
    Case("a conditional", {RC: "if $XONSH_INTERACTIVE:\n    $FOO = 1\nelse:\n    $FOO = 2\n"}, [f"FOO=1 @ ~/{RC}:2"]),
    Case("a newline and quotes", {RC: "$FOO = 'a\\nb\"c'\n"}, [f'FOO=a\nb"c @ ~/{RC}:1']),
    Case(
        "a hook of the prompt",
        {RC: "@events.on_pre_prompt\ndef hook():\n    $FOO = 1\n"},
        [f"FOO=1 @ ~/{RC}:3 in hook"],
    ),
    Case("input() from nobody", {RC: "input('name? ')\n$FOO = 1\n"}, [f"FOO=1 @ ~/{RC}:2"]),
)


__all__ = ["workspace"]  # the fixture


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_place(case: Case, home: Path) -> None:
    check("xonsh", case, home)


# Starting xonsh takes half a second.
@pytest.mark.parametrize("case", CASES[::3], ids=name_of)
def test_place_for_an_ordinary_user(case: Case) -> None:
    with ordinary_user("xonsh") as user:
        check("xonsh", case, user.home, user.prefix, user.program)


def test_files_of_the_system(home: Path, tmp_path: Path) -> None:
    etc = tmp_path / "etc"
    write(etc, {"xonsh/xonshrc": "\n$FOO = 'system'\n", "xonsh/rc.d/a.xsh": "$FOO = 'a'\n"})
    write(home, {RC: "$FOO = 'mine'\n"})
    if not namespace.is_possible(etc):
        skip_or_fail("a mount namespace with an overlay over /etc takes root")
    assert told(replay("xonsh", home, prefix=namespace.over_etc(etc)), home, "FOO") == [
        "FOO=system @ /etc/xonsh/xonshrc:2",
        f"FOO=mine @ ~/{RC}:1",
        "FOO=a @ /etc/xonsh/rc.d/a.xsh:1",
    ]


def test_a_catkin_workspace(workspace: Path, home: Path) -> None:
    """What ROS' own setup file sets, by way of bash."""
    setup = workspace / "devel/setup.bash"
    write(home, {RC: f"true\nsource-bash {setup}\n"})
    changes = {change.name: change for change in replay("xonsh", home).changes}
    for name in ("PYTHONPATH", "CMAKE_PREFIX_PATH", "LD_LIBRARY_PATH", "ROS_PACKAGE_PATH"):
        assert spelled(changes[name].chain, home) == f"~/{RC}:2 > {setup}:None", name
    assert str(workspace / "devel/lib/python3/dist-packages") in changes["PYTHONPATH"].added


def test_what_must_not_be_started(home: Path) -> None:
    write(home, {RC: "exec tmux attach\ntmux new-session\nimport os\nos.execvp('zsh', ['zsh', '-l'])\n$FOO = 1\n"})
    replayed = replay("xonsh", home)
    assert [(skipped.text, spelled(skipped.chain, home)) for skipped in replayed.skipped] == [
        ("exec tmux attach", f"~/{RC}:1"),
        ("tmux new-session", f"~/{RC}:2"),
        ("exec zsh -l", f"~/{RC}:4"),
    ]
    assert told(replayed, home, "FOO") == [f"FOO=1 @ ~/{RC}:5"]


@pytest.mark.parametrize("loop", ["while True: pass", "import threading; threading.Event().wait()", "sleep 1000"])
def test_what_does_not_end_is_ended_and_named(loop: str, home: Path) -> None:
    word = f"{os.getpid()}986"
    write(home, {RC: "$FOO = 1\nsource ~/a.xsh\n", "a.xsh": f"true\n{loop.replace('1000', word)}\n"})
    replayed = replay("xonsh", home, timeout=4)
    assert (replayed.finished, replayed.timed_out) == (False, True)
    assert spelled(replayed.last, home) == f"~/{RC}:2 > ~/a.xsh:2"
    assert told(replayed, home, "FOO") == [f"FOO=1 @ ~/{RC}:1"]
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
    replayed = replay("xonsh", home)
    assert replayed.finished
    assert told(replayed, home, "FOO") == [f"FOO=1 @ ~/{RC}:2"]


@pytest.mark.parametrize("error", ["raise ValueError('no')", "this is ( no syntax", "import sys; sys.exit(3)"])
def test_an_error_ends_its_file_alone_and_is_said(error: str, home: Path) -> None:
    write(home, {RC: f"{error}\n$FOO = 1\n", ".xonshrc": "$FOO = 2\n"})
    replayed = replay("xonsh", home)
    assert told(replayed, home, "FOO") == ["FOO=2 @ ~/.xonshrc:1"]
    assert any(str(home / RC) in note for note in replayed.notes)


def test_nothing_of_the_users_is_written(home: Path) -> None:
    """No compiled module, no history of xonsh's or of the bash that it starts."""
    write(home, {RC: "import mine\nsource-bash ~/a.sh\n", ".config/xonsh/mine.py": "x = 1\n", "a.sh": "export FOO=1\n"})
    write(home, {".bash_history": "true\n" * 2000, ".bashrc": "HISTSIZE=10 HISTFILESIZE=10\n"})
    assert told(replay("xonsh", home), home, "FOO") == [f"FOO=1 @ ~/{RC}:2 > ~/a.sh:None"]


def test_no_startup_file_at_all(home: Path) -> None:
    replayed = replay("xonsh", home)
    assert Missing(str(home / ".xonshrc"), "it does not exist") in replayed.missing
    assert replayed.changes == ()
    assert replayed.finished
