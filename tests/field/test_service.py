"""A service below its manager: the socket that it was passed, and its report that it is ready.

By sd_listen_fds(3) and sd_notify(3).
"""

from __future__ import annotations

import contextlib
import json
import select
import shlex
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.field.trial import CLEAN, HERE, NATIVE, PATIENCE, RUN, entering, installed, started, wait

APPLICATION = 'def app(environ, start):\n    start("200 OK", [])\n    return [b"from the passed socket"]\n'
# What a manager does between fork and exec: the socket becomes descriptor 3, and LISTEN_PID the process's own.
ACTIVATE = 'export LISTEN_PID=$$; exec 3<&"$1"; shift; exec "$@"'


class Manager(NamedTuple):
    """What a service manager holds: the service's socket, and the one on which the service reports to it."""

    listening: socket.socket
    notified: socket.socket
    variables: dict[str, str]

    def activated(self, words: list[str]) -> list[str]:
        """Return the words that start a service with the socket passed to it."""
        return [installed("bash"), "-c", ACTIVATE, "manager", str(self.listening.fileno()), *words]

    def hears(self, service: subprocess.Popen[bytes]) -> list[str]:
        """Return the lines of the next report of the service's; fail if it ends before that."""

        def has_come() -> bool:
            return bool(select.select([self.notified], [], [], 0)[0])

        wait(lambda: has_come() or service.poll() is not None, "the service's report")
        assert has_come(), f"the service has ended with status {service.returncode}"
        return self.notified.recv(4096).decode().splitlines()

    def answer(self) -> str:
        """Return what a request to the passed socket is answered with."""
        port = self.listening.getsockname()[1]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as response:
            return str(response.read().decode())


def becoming(way: str, tool: list[str], environment: Path, command: list[str], script: Path) -> list[str]:
    """Return the words whose process becomes the service: LISTEN_PID names the one that the manager started."""
    if way in {NATIVE, RUN}:
        return entering(way, tool, environment, command, script)
    installed(way)
    script.write_text(f"exec {shlex.join(command)}\n", encoding="utf-8")
    shell = shlex.join([*tool, "shell", str(environment), "--shell", way])
    return ["/bin/sh", "-c", f"exec {shell} <{shlex.quote(str(script))}"]


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, sockets: Path) -> Iterator[Manager]:
    """Yield a manager whose address is a path, and one whose address is an abstract socket's: systemd uses both."""
    address = str(sockets / "notify")
    bound, told = (address, address) if request.param == "path" else (f"\0{address}", f"@{address}")
    with (
        contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listening,
        contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as notified,
    ):
        notified.bind(bound)
        yield Manager(listening, notified, {"NOTIFY_SOCKET": told, "LISTEN_FDS": "1"})


@pytest.mark.parametrize("way", [NATIVE, *CLEAN])
def test_gunicorn_takes_the_passed_socket_and_reports_that_it_is_ready(
    way: str, manager: Manager, tool: list[str], programs: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text(APPLICATION, encoding="utf-8")
    # The control socket would lie in HOME, whose path may be too long for one.
    words = becoming(way, tool, programs, ["gunicorn", "--no-control-socket", "app:app"], tmp_path / "script")
    environ = caller | manager.variables
    with started(manager.activated(words), environ, tmp_path, [manager.listening.fileno()]) as service:
        assert manager.hears(service)[0] == "READY=1"
        assert manager.answer() == "from the passed socket"


@pytest.mark.parametrize("manager", ["path"], indirect=True)
@pytest.mark.parametrize("way", [NATIVE, *CLEAN])
def test_a_service_finds_all_that_its_manager_handed_down(
    way: str, manager: Manager, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "token").write_text("secret", encoding="ascii")
    state = tmp_path / "state"
    state.mkdir()
    handed = {
        "WATCHDOG_USEC": "30000000",
        "LISTEN_FDNAMES": "web",
        "CREDENTIALS_DIRECTORY": str(credentials),
        "STATE_DIRECTORY": str(state),
        "INVOCATION_ID": "0123456789abcdef0123456789abcdef",
        "JOURNAL_STREAM": "8:12345",
    }
    words = becoming(way, tool, venv, ["python", str(HERE / "service.py")], tmp_path / "script")
    environ = caller | manager.variables | handed
    with started(manager.activated(words), environ, tmp_path, [manager.listening.fileno()]) as service:
        ready, status = manager.hears(service)
    assert ready == "READY=1"
    found = json.loads(status.removeprefix("STATUS="))
    assert found == {
        "sockets": {"web": list(manager.listening.getsockname())},
        "watchdog": "30000000",
        "token": "secret",
        "invocation": handed["INVOCATION_ID"],
        "journal": "8:12345",
    }
    assert (state / "written").exists()


def test_what_says_which_program_a_manager_starts_is_not_passed_on(
    tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    """Near misses: names of systemd's own that say what systemctl and its kin run, or how they look."""
    names = ("SYSTEMD_EDITOR", "SYSTEMD_PAGER", "SYSTEMD_UNIT_PATH", "SYSTEMD_LESS", "LISTENING", "NOTIFY_PROGRAM")
    words = entering(RUN, tool, venv, ["python", "-c", "import os; print(sorted(os.environ))"], tmp_path / "job")
    with started(words, caller | dict.fromkeys(names, "/hostile"), tmp_path) as process:
        process.wait(PATIENCE)
    seen = (tmp_path / f"{Path(words[0]).name}.log").read_text(encoding="utf-8")
    assert "HOME" in seen
    assert [name for name in names if name in seen] == []
