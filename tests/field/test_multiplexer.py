"""tmux and screen around a clean shell: their commands reach their own server, and none nests unasked."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.field.trial import CLEAN, RUN, entering, installed, wait
from tests.support.command import call
from tests.support.terminal import Terminal

SERVER = "trial"


class Window:
    """A multiplexer's window, in which a command is run and what it printed is read afterwards."""

    def __init__(self, caller: dict[str, str], folder: Path) -> None:
        self.environ = caller
        self.folder = folder

    def script(self, command: str) -> Path:
        """Write a program that runs ``command`` and leaves its output and status in a file, whole or not at all.

        Descriptor 3 is the terminal: in a job script standard input is the here-document.
        """
        script = self.folder / "command"
        result = self.result()
        text = f"exec 3>&1\n{{ {command}; echo status $?; }} >{result}.part 2>&1\nmv {result}.part {result}\n"
        script.write_text(text, encoding="utf-8")
        return script

    def result(self) -> Path:
        return self.folder / "result"

    def read(self) -> list[str]:
        """Wait until the command has ended and return its lines, the status last."""
        wait(self.result().exists, "the command in the window")
        return self.result().read_text(encoding="utf-8").splitlines()


@pytest.fixture
def window(caller: dict[str, str], tmp_path: Path, sockets: Path) -> Iterator[Window]:
    """Yield a window for a server whose socket is not where the next person's is."""
    environ = caller | {"TMUX_TMPDIR": str(sockets), "SCREENDIR": str(sockets)}
    yield Window(environ, tmp_path)
    # Also what an unguarded tmux or screen would have started.
    ending = [["tmux", "-L", SERVER, "kill-server"], ["tmux", "kill-server"]]
    ending += [["screen", "-S", session.name, "-X", "quit"] for session in sockets.glob("[0-9]*.*")]
    for words in ending:
        with contextlib.suppress(FileNotFoundError):
            subprocess.run(words, env=environ, capture_output=True, check=False, timeout=10)


def tmux(window: Window, *words: str) -> str:
    """Run tmux outside and return what it prints."""
    command = [installed("tmux"), "-L", SERVER, "-f", "/dev/null", *words]
    done = subprocess.run(command, env=window.environ, capture_output=True, text=True, check=False, timeout=10)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def in_tmux(way: str, command: str, window: Window, tool: list[str], venv: Path) -> list[str]:
    """Run ``command`` in a clean environment in a window of tmux's, and return its lines."""
    words = entering(way, tool, venv, ["sh", str(window.script(command))], window.folder / "job")
    tmux(window, "new-session", "-d", "-s", "mine", shlex.join(words))
    return window.read()


@pytest.mark.parametrize("way", CLEAN)
def test_tmux_reaches_its_own_server(way: str, window: Window, tool: list[str], venv: Path) -> None:
    assert in_tmux(way, "tmux display -p '#S'", window, tool, venv) == ["mine", "status 0"]


@pytest.mark.parametrize("way", CLEAN)
def test_tmux_knows_its_own_pane(way: str, window: Window, tool: list[str], venv: Path) -> None:
    """Another window is the current one by then: what tmux is asked without a target is asked of that."""
    command = 'tmux new-window; tmux display -p -t "$TMUX_PANE" "#I #{pane_id}"'
    assert in_tmux(way, command, window, tool, venv) == ["0 %0", "status 0"]


@pytest.mark.parametrize("way", CLEAN)
def test_tmux_refuses_to_nest(way: str, window: Window, tool: list[str], venv: Path) -> None:
    first, status = in_tmux(way, "tmux new-session -s inner <&3", window, tool, venv)
    assert first == "sessions should be nested with care, unset $TMUX to force"
    assert status == "status 1"


def test_a_server_of_tmux_is_found_from_without(window: Window, tool: list[str], venv: Path, tmp_path: Path) -> None:
    """By TMUX_TMPDIR, where its socket lies; no TMUX is set there."""
    tmux(window, "new-session", "-d", "-s", "mine")
    command = [installed("tmux"), "-L", SERVER, "list-sessions", "-F", "#S"]
    done = call(entering(RUN, tool, venv, command, tmp_path / "job"), window.environ)
    assert (done.status, done.out) == (0, "mine\n"), done


def test_tmux_is_reached_from_an_interactive_shell(window: Window, tool: list[str], venv: Path) -> None:
    """As a person has it: typed at the prompt of a clean shell that the window opened with."""
    shell = shlex.join([*tool, "shell", str(venv), "--shell", "bash"])
    tmux(window, "new-session", "-d", "-s", "mine", "-x", "120", shell)
    wait(lambda: f"({venv.name})" in tmux(window, "capture-pane", "-p", "-t", "mine"), "the prompt")
    script = window.script("tmux display -p '#S'")
    tmux(window, "send-keys", "-t", "mine", f"sh {script}", "Enter")
    assert window.read() == ["mine", "status 0"]


@pytest.mark.parametrize("way", CLEAN)
def test_screen_opens_a_window_of_its_own_session(
    way: str, window: Window, tool: list[str], venv: Path, tmp_path: Path
) -> None:
    """Its guard: where STY names a session, ``screen PROGRAM`` is a new window of it, else another session within."""
    inner, session, done = tmp_path / "inner", tmp_path / "session", tmp_path / "done"
    os.mkfifo(done)
    report = f'echo "$STY" >{session}.part\nmv {session}.part {session}\necho done >{done}\n'
    inner.write_text(report, encoding="utf-8")
    # Without the wait the session would end with this window, perhaps before it has opened the other.
    command = f"screen sh {inner}; read line <{done}"
    words = entering(way, tool, venv, ["sh", str(window.script(command))], window.folder / "job")
    with Terminal([installed("screen"), "-c", "/dev/null", "-S", SERVER, *words], window.environ, tmp_path) as terminal:
        terminal.wait(session.exists, "the inner window")
    assert session.read_text(encoding="utf-8").strip().partition(".")[2] == SERVER
