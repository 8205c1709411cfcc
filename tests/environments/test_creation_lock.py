"""Creating an environment is whole and exclusive: processes wait for each other, what was killed is never used."""

from __future__ import annotations

import fcntl
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cleanenv.environments import creation_lock
from cleanenv.environments.discovery import UNFINISHED
from cleanenv.errors import EnvironmentUnusableError
from tests.support.command import Done, call, write_program
from tests.support.interpreters import as_a_python
from tests.support.surroundings import NOBODY

OWN = getattr(sys, "_base_executable", sys.executable)
LIMIT = 60
# A venv that stops half way until it is let go; it counts how often it was started.
SLOW_VENV = f"""
echo x >>"$0.attempts"
await() {{ while [ ! -e "$0.$1" ]; do read -rt 0.05 <> <(:); done; }}
mkdir -p "$it/bin"
echo "home = /usr/bin" >"$it/pyvenv.cfg"
ln -s {shlex.quote(OWN)} "$it/bin/python"
touch "$0.half"
await go
{shlex.quote(OWN)} -I -m venv --without-pip -- "$it" || exit
printf '#!/bin/sh\\necho own pip\\n' >"$it/bin/pip"
chmod +x "$it/bin/pip"
"""


class Site:
    """A directory in which ``it`` is created by a venv that waits."""

    def __init__(self, folder: Path, tool: list[str], caller: dict[str, str]) -> None:
        self.folder = folder
        self.target = folder / "new" / "it"
        self.python = write_program(folder / "python", as_a_python(SLOW_VENV))
        self.tool = tool
        self.caller = caller
        self.started: list[subprocess.Popen[str]] = []

    def words(self, *command: str) -> list[str]:
        return [*self.tool, "run", str(self.target), "--create", "--python", str(self.python), "--", *command]

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start a run that creates ``it``."""
        process = subprocess.Popen(
            self.words(*command),
            env=self.caller,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def start_half(self) -> subprocess.Popen[str]:
        """Start a run, and return when half of the environment is there."""
        process = self.start("true")
        self.wait(self.at("half").exists)
        return process

    def start_waiting(self, *command: str) -> subprocess.Popen[str]:
        """Start a run, and return when it has said that it waits for another."""
        process = self.start(*command)
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line.startswith("waiting for ")
        assert line.endswith(f", which is creating '{self.target}'\n")
        return process

    def let_go(self) -> None:
        self.at("go").touch()

    def at(self, name: str) -> Path:
        return Path(f"{self.python}.{name}")

    def wait(self, condition: Callable[[], bool]) -> None:
        limit = time.monotonic() + LIMIT
        while not condition():
            assert time.monotonic() < limit
            os.sched_yield()

    def call(self, *words: str) -> Done:
        return call([*self.tool, *words], self.caller, self.folder)

    @property
    def attempts(self) -> int:
        return len(self.at("attempts").read_text().splitlines())

    def check_whole(self) -> None:
        assert (self.target / "bin/pip").exists()
        assert not (self.target / UNFINISHED).exists()
        assert self.call("run", str(self.target), "--", "pip") == (0, "own pip\n", "")


@pytest.fixture
def site(tmp_path: Path, tool: list[str], caller: dict[str, str]) -> Iterator[Site]:
    made = Site(tmp_path, tool, caller)
    yield made
    made.let_go()
    for process in made.started:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=LIMIT)


def test_others_wait_and_then_use_it(site: Site) -> None:
    first = site.start_half()
    others = [site.start_waiting("pip") for _ in range(3)]
    site.let_go()
    assert [process.communicate(timeout=LIMIT)[0] for process in (first, *others)] == ["", *["own pip\n"] * 3]
    assert {process.returncode for process in (first, *others)} == {0}
    assert site.attempts == 1
    site.check_whole()


def test_all_at_once(site: Site) -> None:
    """Whoever comes first creates it."""
    site.let_go()
    started = [site.start("pip") for _ in range(6)]
    said = [process.communicate(timeout=LIMIT) for process in started]
    assert [out for out, _ in said] == ["own pip\n"] * 6
    assert "".join(err for _, err in said).count("created the environment") == 1
    assert site.attempts == 1
    site.check_whole()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_one_that_waits_takes_nothing_with_it(site: Site, number: int) -> None:
    first = site.start_half()
    other = site.start_waiting("pip")
    other.send_signal(number)
    assert other.wait(LIMIT) in (-number, 130)
    assert (site.target / "pyvenv.cfg").exists()
    site.let_go()
    assert first.wait(LIMIT) == 0
    site.check_whole()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_if_the_first_gives_up_the_next_one_creates_it(site: Site, number: int) -> None:
    first = site.start_half()
    other = site.start_waiting("pip")
    first.send_signal(number)
    assert first.wait(LIMIT) in (-number, 130)
    site.let_go()
    assert other.communicate(timeout=LIMIT)[0] == "own pip\n"
    assert site.attempts == 2
    site.check_whole()


def test_if_the_first_fails_the_next_one_tries(site: Site) -> None:
    write_program(site.python, as_a_python(SLOW_VENV + '[ "$(wc -l <"$0.attempts")" -gt 1 ]\n'))
    first = site.start_half()
    other = site.start_waiting("pip")
    site.let_go()
    assert first.wait(LIMIT) == 3
    assert other.communicate(timeout=LIMIT)[0] == "own pip\n"
    site.check_whole()


@pytest.mark.parametrize("step", ["lock", "half"])
def test_what_was_killed_is_not_used(site: Site, step: str) -> None:
    """Not by any command; the system's pip would answer. The next --create creates it anew."""
    first = site.start_half() if step == "half" else site.start("true")
    if step == "half":
        site.at("half").unlink()
    site.wait((site.target / UNFINISHED).exists)
    first.kill()
    first.wait()
    fact = f"Error: the environment '{site.target}' is not finished, its creation is under way or was interrupted: "
    path = str(site.target)
    if step == "half":
        for words in (("run", path, "--", "pip"), ("env", path), ("shell", path)):
            assert site.call(*words) == (3, "", f"{fact}finish it with --create\n")
        assert site.call("freeze", path) == (3, "", f"{fact}finish it with 'cleanenv shell ENV --create'\n")
    site.let_go()  # its venv goes on alone, and is waited for
    done = call(site.words("pip"), site.caller, site.folder)
    assert (done.status, done.out) == (0, "own pip\n")
    assert f"created the environment '{site.target}'" in done.err
    site.check_whole()


def test_the_venv_of_one_that_was_killed_is_waited_for(site: Site) -> None:
    """It would write into what the next one creates."""
    first = site.start_half()
    first.kill()
    first.wait()
    other = site.start_waiting("pip")
    assert site.attempts == 1
    site.let_go()
    assert other.communicate(timeout=LIMIT)[0] == "own pip\n"
    assert site.attempts == 2
    site.check_whole()


def test_without_a_name(site: Site) -> None:
    """The unfinished .venv of the directory is found, and finished."""
    site.target = site.folder / ".venv"
    first = site.start_half()
    first.kill()
    first.wait()
    site.let_go()
    assert site.call("run", "--", "pip").status == 3
    done = site.call("run", "--create", "--python", str(site.python), "--", "pip")
    assert (done.status, done.out) == (0, "own pip\n")
    site.check_whole()


def leave_unfinished(path: Path, content: str = "1") -> None:
    (path / "bin").mkdir(parents=True)
    (path / "bin/x").touch()
    (path / "pyvenv.cfg").write_text("home = /usr/bin\n")
    (path / UNFINISHED).write_text(content)


@pytest.mark.parametrize("content", ["1", "999999999", "", "\0\0", "x" * 100])
def test_a_stale_lock_is_taken_whatever_is_in_it(tmp_path: Path, content: str) -> None:
    """The number may be that of another process by now: the system knows who has the lock."""
    path = tmp_path / "it"
    leave_unfinished(path, content)
    if not content:
        (path / "pyvenv.cfg").unlink()
        (path / "bin/x").unlink()
        (path / "bin").rmdir()
    lock = creation_lock.take(str(path))
    assert lock is not None
    assert os.listdir(path) == [UNFINISHED]
    assert (path / UNFINISHED).read_text().startswith(f"{os.getpid()} ")
    lock.undo()
    assert os.listdir(tmp_path) == ["it"], "it was there before"


@pytest.mark.parametrize("what", ["thesis.tex", "src", "lib.so"])
def test_nothing_else_is_ever_removed(tmp_path: Path, what: str) -> None:
    """The mark may have come with a clone."""
    path = tmp_path / "it"
    leave_unfinished(path)
    (path / what).touch()
    before = sorted(os.listdir(path))
    with pytest.raises(EnvironmentUnusableError) as refused:
        creation_lock.take(str(path))
    assert str(refused.value) == (
        f"the unfinished environment '{path}' has '{what}' in it: remove it, or choose another path"
    )
    assert sorted(os.listdir(path)) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_what_another_user_left_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "it"
    leave_unfinished(path)
    os.chown(path / UNFINISHED, NOBODY, NOBODY)
    with pytest.raises(EnvironmentUnusableError, match="is another user's"):
        creation_lock.take(str(path))
    assert (path / "pyvenv.cfg").exists()


@pytest.mark.parametrize("what", ["finished", "something else", "file"])
def test_what_came_meanwhile_is_left_alone(tmp_path: Path, what: str) -> None:
    """The path was free when it was looked at."""
    path = tmp_path / "it"
    if what == "file":
        path.touch()
        with pytest.raises(FileExistsError):
            creation_lock.take(str(path))
        return
    path.mkdir()
    (path / ("pyvenv.cfg" if what == "finished" else "x")).touch()
    before = os.listdir(path)
    assert creation_lock.take(str(path)) is None
    assert os.listdir(path) == before


def test_a_mark_that_is_a_link_or_a_pipe_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "it"
    path.mkdir()
    (tmp_path / "target").write_text("kept")
    (path / UNFINISHED).symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match="symbolic links"):
        creation_lock.take(str(path))
    assert (tmp_path / "target").read_text() == "kept"
    (path / UNFINISHED).unlink()
    os.mkfifo(path / UNFINISHED)
    with pytest.raises(EnvironmentUnusableError):
        creation_lock.take(str(path))


def test_undo_and_finish(tmp_path: Path) -> None:
    """Undone, only what was created is removed, and not what somebody else put beside it; finished, nothing is."""
    path = tmp_path / "a/b/it"
    for beside in (None, tmp_path / "a/other"):
        lock = creation_lock.take(str(path))
        assert lock is not None
        (path / "lib").mkdir()
        if beside is not None:
            beside.touch()
        lock.undo()
        assert not (tmp_path / "a/b").exists()
        assert (tmp_path / "a").exists() is (beside is not None)
    lock = creation_lock.take(str(path))
    assert lock is not None
    (path / "lib").mkdir()
    lock.finish()
    lock.undo()  # by a signal at this moment
    assert os.listdir(path) == ["lib"]


def test_the_lock_is_released(tmp_path: Path) -> None:
    lock = creation_lock.take(str(tmp_path / "it"))
    assert lock is not None
    with (tmp_path / "it" / UNFINISHED).open() as mark:
        with pytest.raises(BlockingIOError):
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        lock.finish()
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_directory_that_leads_nowhere_ends(site: Site) -> None:
    (site.folder / "new").symlink_to("nowhere")
    site.let_go()
    done = call(site.words("true"), site.caller, site.folder)
    assert (done.status, done.out) == (3, "")
    assert done.err.startswith(f"Error: could not create '{site.target}'")
