"""What cleanenv itself needs and cannot import: one sentence, with the command that repairs it."""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path

import pytest

from tests.support import installation
from tests.support.command import Done, call
from tests.support.surroundings import skip_or_fail
from tests.support.terminal import Terminal

COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", "{venv}", "-q", "--", "true"),
    "run at once": ("run", "{venv}", "--", "true"),
    "shell": ("shell", "{venv}", "--shell", "bash", "-q"),
    "env": ("env", "{venv}"),
    "freeze": ("freeze", "{venv}"),
    "freeze --top-level": ("freeze", "{venv}", "--top-level"),
    "freeze --check": ("freeze", "{venv}", "--check", "requirements.txt"),
    "doctor": ("doctor", "{venv}"),
    "doctor --trace": ("doctor", "{venv}", "--trace"),
    "trace": ("trace", "MINE", "--shell", "bash"),
    "completion": ("completion", "zsh"),
}
# The commands that cannot do without a distribution; every other one works.
NEEDED: dict[str, set[str]] = {
    "click": set(COMMANDS) - {"run at once", "freeze", "doctor"},
    "packaging": {"freeze --top-level", "freeze --check"},
    "psutil": set(),
    "rich": set(),
    "shellingham": set(),
}
EMPTY_PROC = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"]


def check(done: Done, launcher: Path, distribution: str) -> None:
    """See that a call names ``distribution`` and the command that repairs it, in one sentence."""
    python = shlex.quote(str(launcher.with_name("python")))
    assert done.status == 70, done
    assert done.err.startswith("Error: cleanenv's own dependency '"), done
    assert f"run uv pip install --reinstall --python {python} " in done.err
    assert done.err.rpartition("python ")[2].strip("'\n").startswith(f"{distribution}>=")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("distribution", NEEDED)
def test_a_dependency_that_is_missing(distribution: str, venv: Path, caller: dict[str, str], tmp_path: Path) -> None:
    """Every command that needs it says so; the others work."""
    launcher = installation.make(tmp_path / "tool", without=distribution)
    Path("requirements.txt").write_text("", encoding="ascii")
    for name, words in COMMANDS.items():
        done = call([str(launcher), *(word.format(venv=venv) for word in words)], caller)
        if name in NEEDED[distribution]:
            check(done, launcher, distribution)
        else:
            assert done.err == "", (name, done)
            assert done.status in ((0, 1) if name.startswith("doctor") else (0,)), (name, done)


@pytest.mark.parametrize("name", ["doctor", "trace"])
def test_rich_is_needed_on_a_terminal(name: str, venv: Path, caller: dict[str, str], tmp_path: Path) -> None:
    launcher = installation.make(tmp_path / "tool", without="rich")
    command = [str(launcher), *(word.format(venv=venv) for word in COMMANDS[name])]
    with Terminal(command, caller, tmp_path) as terminal:
        assert terminal.wait_end() == 70
        assert "cleanenv's own dependency 'rich' cannot be imported" in terminal.text()


@pytest.mark.parametrize("distribution", ["psutil", "shellingham"])
def test_what_is_needed_if_the_process_table_is_not_in_proc(
    distribution: str, venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    if os.getuid() != 0 or shutil.which("unshare") is None:
        skip_or_fail("an empty /proc takes root and unshare(1)")
    launcher = installation.make(tmp_path / "tool", without=distribution)
    for words in (("shell", str(venv), "--dry-run"), ("shell", str(venv)), ("trace", "MINE")):
        check(call([*EMPTY_PROC, str(launcher), *words], caller), launcher, distribution)
