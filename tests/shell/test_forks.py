"""No init file starts a process without need: counted with strace against the same start with an empty init file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from cleanenv.clean.plan import Overrides, activate, build_plan
from cleanenv.environments.environment import read_environment
from cleanenv.shell import command
from cleanenv.shell.detect import Found
from cleanenv.system import execute
from cleanenv.system.invocation import state_directory
from tests.support.surroundings import CHECKOUT, skip_or_fail
from tests.support.terminal import Terminal

# What tcsh's sched holds, which the system's file may have filled, is told only by its output: one substitution.
NEEDED = {"tcsh": 1}
FORK = re.compile(r"\b(?:clone3?|v?fork)\((?!.*CLONE_THREAD)")


def forks(call: execute.Call, folder: Path, marker: str) -> int:
    """Return how many processes the start of an interactive shell makes, up to its end at the first prompt."""
    log = folder / "strace.log"
    trace = ["strace", "-f", "-qq", "-e", "trace=clone,clone3,fork,vfork", "-o", str(log)]
    with Terminal([*trace, call.program, *call.arguments[1:]], call.environ, folder) as terminal:
        if marker:
            terminal.wait_prompt(marker)
        terminal.wait_quiet()
        terminal.enter("exit")
        terminal.wait_end()
    return sum(bool(FORK.search(line)) for line in log.read_text().splitlines())


def test_init_starts_nothing(found: Found, venv: Path, caller: dict[str, str], tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        skip_or_fail("strace is not installed")
    environment = read_environment(str(venv))
    assert environment is not None
    plan = activate(build_plan(caller, Overrides()), environment)
    state = state_directory(caller, may_make=True)
    ours = command.clean_shell(found.shell, found.program, plan, environment.prompt, state, is_interactive=True)
    empty = tmp_path / "shells"
    shutil.copytree(CHECKOUT / "shells", empty)
    for file in (empty / found.shell.init).parent.iterdir():
        if file.is_file():
            file.write_text("")
    real = command.shells_directory()
    bare = execute.Call(
        ours.program,
        [word.replace(real, str(empty)) for word in ours.arguments],
        {name: value.replace(real, str(empty)) for name, value in ours.environ.items()},
    )
    more = NEEDED.get(found.shell.name, 0)
    assert forks(ours, tmp_path, f"({environment.prompt}) ") <= forks(bare, tmp_path, "") + more


@pytest.mark.parametrize(
    "line", ["clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD)", "vfork()", "clone3({flags=CLONE_VFORK})"]
)
def test_what_counts_as_a_fork(line: str) -> None:
    assert FORK.search(f"123 {line} = 124")


def test_a_thread_is_no_fork() -> None:
    assert not FORK.search("123 clone3({flags=CLONE_VM|CLONE_THREAD}) = 124")
