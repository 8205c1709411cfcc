"""Nothing of a hostile caller, home or /etc is visible inside, in any shell, on a terminal or from a script."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from pathlib import Path

import pytest

from cleanenv.shell.detect import Found
from tests.support import hostile
from tests.support.seen import DUMP, Seen, by_bare_interpreter, load
from tests.support.sessions import OWN, Session

# What elvish 0.19 says of a file that it does not read.
SAID = re.compile(r"Warning: ~/\.elvish/rc\.elv will be ignored .*\n")
# What is said of hostile.REFUSED.
REFUSED = (
    "EDITOR not passed on: '/hostile/editor' is a program that is not found\n"
    "SSL_CERT_FILE not passed on: '/hostile/ca.pem' is a path that does not exist\n"
    "TZDIR not passed on: '/hostile/zoneinfo' is a path that does not exist\n"
)
COUNTED = {"SHLVL"}  # the shell adds one; read-only values below are compared


@pytest.fixture
def plan(hostile_home: Path, venv: Path, tool: list[str]) -> dict[str, str]:
    """Return what ``cleanenv env`` promises under the same conditions."""
    printed = subprocess.run(
        [*tool, "env", str(venv), "--format", "json"],
        env=hostile.caller(hostile_home),
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    environ = json.loads(printed)
    assert isinstance(environ, dict)
    return environ


def check(seen: Seen, plan: dict[str, str], found: Found, venv: Path, tmp_path: Path) -> None:
    """Compare what a program inside saw with the plan, name by name and value by value."""
    own = OWN[found.shell.name]
    expected = plan | {"SHELL": "/bin/sh" if found.shell.applet_of(found.program) else found.program}
    visible = {name: value for name, value in seen.environ.items() if name not in (own | COUNTED) - expected.keys()}
    different = {name: (visible.get(name), expected.get(name)) for name in visible.keys() | expected.keys()}
    different = {name: pair for name, pair in different.items() if pair[0] != pair[1] and name not in COUNTED}
    assert different == {}
    assert not [name for name, value in seen.environ.items() if hostile.MARK in value.lower()]
    bare = by_bare_interpreter(venv, tmp_path / "bare.json", {"HOME": plan["HOME"]})
    assert seen.path == bare.path
    assert seen.prefix == str(venv)


def test_on_a_terminal(
    found: Found,
    hostile_etc: list[str],
    hostile_home: Path,
    venv: Path,
    tool: list[str],
    plan: dict[str, str],
    tmp_path: Path,
) -> None:
    """The alias ``python`` and the function ``cd`` of startup files are not there either."""
    with Session(found, venv, [*hostile_etc, *tool], hostile.caller(hostile_home), tmp_path) as session:
        session.ready()
        session.enter("cd /")
        session.wait_prompt(session.marker)
        seen = session.look()
        assert session.leave() == 0
        assert hostile.MARK not in SAID.sub("", session.text().partition("Leave with")[2])
    assert seen.folder == "/"
    assert not hostile.trapped(hostile_home)
    check(seen, plan, found, venv, tmp_path)


def test_reading_a_script(
    found: Found,
    hostile_etc: list[str],
    hostile_home: Path,
    venv: Path,
    tool: list[str],
    plan: dict[str, str],
    tmp_path: Path,
) -> None:
    """Standard input is a pipe: the shell reads it as a script, and is just as clean."""
    done = subprocess.run(
        [*hostile_etc, *tool, "shell", str(venv), "--shell", found.program],
        input=f"cd /\npython {DUMP} {tmp_path}/seen.json\n",
        env=hostile.caller(hostile_home) | hostile.REFUSED,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, SAID.sub("", done.stderr)) == (0, "", REFUSED)
    seen = load(tmp_path / "seen.json")
    assert seen.folder == "/"
    assert not hostile.trapped(hostile_home)
    passed_on = {name: value for name, value in plan.items() if name not in hostile.REFUSED}
    check(seen, passed_on, found, venv, tmp_path)


@pytest.mark.parametrize("under_ssh", [False, True])
def test_run_bash_with_a_socket_as_input(
    under_ssh: bool,
    hostile_etc: list[str],
    hostile_home: Path,
    venv: Path,
    tool: list[str],
    plan: dict[str, str],
    tmp_path: Path,
) -> None:
    """Bash takes a socket or SSH_CLIENT for a remote shell daemon and reads ~/.bashrc, unless SHLVL is set."""
    ssh = {"SSH_CLIENT": "192.0.2.1 1 22"} if under_ssh else {}
    ours, theirs = socket.socketpair()
    with ours, theirs:
        subprocess.run(
            [*hostile_etc, *tool, "run", str(venv), "--", "bash", "-c", f"python {DUMP} {tmp_path}/seen.json; true"],
            env=hostile.caller(hostile_home) | ssh,
            stdin=theirs.fileno(),
            check=True,
        )
    assert not hostile.trapped(hostile_home)
    seen = load(tmp_path / "seen.json")
    own = {"PWD", "OLDPWD", "_", "SHLVL"}
    assert {n: v for n, v in seen.environ.items() if n not in own} == {n: v for n, v in plan.items() if n not in own}
