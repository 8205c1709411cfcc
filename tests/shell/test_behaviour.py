"""The clean shell is the shell itself: exit status, signals, job control, resizing, nesting, history."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleanenv.shell.detect import Found
from tests.support.environments import make_venv
from tests.support.sessions import OWN, Session
from tests.support.surroundings import CHECKOUT

WAITER = CHECKOUT / "tests" / "support" / "waiter.py"
FOREGROUND = {"nushell": "job unfreeze"}
NO_JOB_CONTROL = ("elvish",)  # by its documentation it has none


@pytest.fixture
def session(found: Found, venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path) -> Iterator[Session]:
    with Session(found, venv, tool, caller, tmp_path) as opened:
        opened.ready()
        yield opened


class Waiter:
    """The program waiter.py in the foreground of a session."""

    def __init__(self, session: Session, report: Path) -> None:
        self.report = report
        session.enter(f"python {WAITER} {report}")
        session.wait(report.exists, "the program")
        self.pid = self.read()[0]

    def read(self) -> tuple[int, int, int]:
        """Return the pid, and the rows and columns last seen."""
        pid, rows, columns = self.report.read_text(encoding="ascii").split()
        return int(pid), int(rows), int(columns)

    def state(self) -> str:
        """Return the state letter of proc(5), empty when it is gone."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8")
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return stat.rpartition(")")[2].split()[0]


@pytest.mark.parametrize("status", [0, 7, 130])
def test_the_exit_status_is_the_shells(session: Session, found: Found, status: int) -> None:
    if status and is_xonsh_0_13(found):
        pytest.skip("xonsh 0.13 returns 0 whatever 'exit' is told")
    session.enter(f"exit {status}")
    assert session.wait_end() == status


def test_a_killed_shell_shows_the_signal(session: Session) -> None:
    os.kill(session.pid, signal.SIGKILL)
    assert session.wait_end() == 128 + signal.SIGKILL


def test_ctrl_c_stops_the_program_and_not_the_shell(session: Session, tmp_path: Path) -> None:
    waiter = Waiter(session, tmp_path / "waiter")
    session.send("\x03")
    session.wait(lambda: waiter.state() in ("", "Z"), "the end of the program")
    session.wait_prompt(session.marker)
    assert session.look().environ["VIRTUAL_ENV_PROMPT"] == "my_env"
    assert session.leave() == 0


def test_ctrl_z_stops_the_program_and_fg_goes_on(session: Session, found: Found, tmp_path: Path) -> None:
    if found.shell.name in NO_JOB_CONTROL:
        pytest.skip(f"{found.shell.name} has no job control")
    waiter = Waiter(session, tmp_path / "waiter")
    session.send("\x1a")
    session.wait(lambda: waiter.state() == "T", "the stop of the program")
    session.wait_prompt(session.marker)
    session.enter(FOREGROUND.get(found.shell.name, "fg"))
    session.wait(lambda: waiter.state() == "S", "the program to go on")
    session.send("\x03")
    session.wait(lambda: waiter.state() in ("", "Z"), "the end of the program")
    session.wait_prompt(session.marker)
    session.enter("exit")
    session.wait_end()


def test_resizing_reaches_the_program(session: Session, tmp_path: Path) -> None:
    waiter = Waiter(session, tmp_path / "waiter")
    assert waiter.read()[1:] == (50, 200)
    session.resize(33, 111)
    session.wait(lambda: waiter.read()[1:] == (33, 111), "the new size")


def test_nested_twice_and_back(session: Session, found: Found, tmp_path: Path) -> None:
    outer = session.look().environ
    for name in ("second", "third"):
        make_venv(tmp_path / name)
        session.enter(f"cleanenv shell {tmp_path / name} --shell {found.program}")
        session.wait_prompt(f"({name}) ")
        assert session.look().environ["VIRTUAL_ENV"] == str(tmp_path / name)
    inner = session.look().environ
    assert inner["PATH"].split(":")[1:] == outer["PATH"].split(":")[1:]
    for name in ("second", "my_env"):
        session.enter("exit")
        session.wait_prompt(f"({name}) ")
    back = session.look().environ
    own = OWN[found.shell.name]
    assert {n: v for n, v in back.items() if n not in own} == {n: v for n, v in outer.items() if n not in own}
    assert session.leave() == 0


def is_xonsh_0_13(found: Found) -> bool:
    if found.shell.name != "xonsh":
        return False
    return "/0.13" in subprocess.run([found.program, "--version"], capture_output=True, text=True, check=True).stdout


USERS_FILES = {
    ".bash_history": "echo old\n" * 2000,
    ".sh_history": "echo old\n" * 2000,
    ".zsh_history": ": 1700000000:0;echo old\n" * 2000,
    ".ash_history": "echo old\n",
    ".mksh_history": "echo old\n",
    ".yash_history": "echo old\n",
    ".history": "#+1700000000\necho old\n",
    ".local/share/fish/fish_history": "- cmd: echo old\n  when: 1700000000\n",
    ".config/fish/fish_variables": "# VERSION: 3.0\nSETUVAR fish_greeting:\n",
    ".config/nushell/history.txt": "echo old\n",
    ".local/share/xonsh/history_json/xonsh-1.json": "{}\n",
    ".config/elvish/rc.elv": "",
}


@pytest.fixture
def short_home() -> Iterator[Path]:
    """Return a home with a path of usual length: a socket's may have 107 bytes (unix(7)), which elvish's needs."""
    with tempfile.TemporaryDirectory(prefix="home-") as folder:
        yield Path(folder)


def test_nothing_of_the_users_changes_and_history_is_its_own(
    found: Found, venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path, short_home: Path
) -> None:
    home = short_home
    caller |= {"HOME": str(home)}
    for name, text in USERS_FILES.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    state = home / ".local/state/cleanenv"
    state.mkdir(parents=True)
    before = listing(home, state)
    for _ in range(2):
        with Session(found, venv, tool, caller, tmp_path) as session:
            session.ready()
            session.enter("echo remember-me")
            session.wait_prompt(session.marker)
            session.look()
            assert session.leave() == 0
    assert listing(home, state) == before
    remembered = [path for path in state.rglob("*") if path.is_file() and b"remember-me" in path.read_bytes()]
    assert bool(remembered) == keeps_history(found)


def keeps_history(found: Found) -> bool:
    """Tell whether this build of the shell saves a history at all (dash, csh and Debian's busybox do not)."""
    if found.shell.history is None:
        return False
    return found.shell.name != "ash" or b"HISTFILE" in Path(found.program).read_bytes()


def listing(folder: Path, without: Path) -> dict[str, tuple[int, int, int]]:
    """Return name, size, and times of all below ``folder``."""
    entries = [folder, *(path for path in folder.rglob("*") if without not in (path, *path.parents))]
    stats = {str(path): path.lstat() for path in entries}
    return {name: (stat.st_size, stat.st_mtime_ns, stat.st_mode) for name, stat in stats.items()}
