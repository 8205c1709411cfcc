"""What only elvish has: a daemon that holds the history."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

from tests.support import clean_script
from tests.support.surroundings import unprivileged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TIME_LIMIT = 30
TICK = 0.05


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_script.make_venv(tmp_path_factory.mktemp("elvish") / "my_env")


@pytest.fixture
def short() -> Iterator[Path]:
    """Return a directory with a short path, as a socket's must be."""
    with tempfile.TemporaryDirectory() as directory:
        yield Path(directory)


def wait_until(condition: Callable[[], bool], child: pexpect.spawn[str]) -> None:
    """Read what ``child`` writes until ``condition`` holds."""
    deadline = time.monotonic() + TIME_LIMIT
    while not condition():
        assert time.monotonic() < deadline, child.before
        child.expect([pexpect.TIMEOUT, pexpect.EOF], timeout=TICK)


def test_own_daemon(env: Path, tmp_path: Path) -> None:
    program = clean_script.require("elvish")
    # A short path, and so a short name: a socket has little over a hundred characters.
    state = tmp_path / ".local/state/cleanenv"
    words = clean_script.command("elvish", env, "--quiet")
    environ = clean_script.caller(tmp_path, program)
    child = pexpect.spawn(words[0], words[1:], env=environ, encoding="utf-8", timeout=TIME_LIMIT)
    try:
        wait_until((state / "elvish.sock").exists, child)
        child.expect_exact("(my_env) ")
        child.send("exit 7\r")
        child.expect(pexpect.EOF)
    finally:
        child.close()
    assert child.exitstatus == 7
    wait_until(lambda: not (state / "elvish.sock").exists(), child)
    made = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert made == {".local/state/cleanenv/elvish.db", ".local/state/cleanenv/handshakes/elvish-interactive"}


def enter(env: Path, environ: dict[str, str], sockets: Path, prefix: tuple[str, ...] = ()) -> str:
    """Return what an interactive elvish prints until it ends, with its daemon and the daemon's socket."""
    words = [*prefix, *clean_script.command("elvish", env, "--quiet")]
    child = pexpect.spawn(words[0], words[1:], env=environ, encoding="utf-8", timeout=TIME_LIMIT)
    try:
        child.expect_exact("(my_env) ")
        printed = child.before or ""
        child.send("exit 7\r")
        child.expect(pexpect.EOF)
        printed += child.before or ""
        wait_until(lambda: not list(sockets.glob("*.sock")), child)
    finally:
        child.close()
    assert child.exitstatus == 7
    return printed


@pytest.mark.parametrize("state", ["read-only", "long", "none"])
@pytest.mark.parametrize("place", ["TMPDIR", "XDG_RUNTIME_DIR"])
def test_a_home_that_cannot_hold_its_socket(env: Path, tmp_path: Path, short: Path, state: str, place: str) -> None:
    """Read-only, too long for a socket's path, or not set: the daemon listens elsewhere, and nothing is left there."""
    program = clean_script.require("elvish")
    home = tmp_path / ("home" if state != "long" else "h" * 100)
    home.mkdir()
    environ = clean_script.caller(home, program) | {place: str(short)}
    if state == "none":
        del environ["HOME"]
    if state == "read-only":
        home.chmod(0o555)
    printed = enter(env, environ, short, unprivileged())
    home.chmod(0o755)
    assert "daemon" not in printed
    assert (home / ".local").exists() == (state == "long")


def test_script_is_clean_and_passes_its_status_on(env: Path, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    clean_script.run("elvish", env, tmp_path, f"e:env -0 > {dump}\nfn f {{|x| echo $x }}\nf 1\n")
    environ = clean_script.exported(dump)
    assert [name for name in environ if name.startswith("CLEANENV")] == []
    assert environ["VIRTUAL_ENV"] == str(env)
