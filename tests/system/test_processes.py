"""The processes above one, read from real trees."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from cleanenv.system import processes
from cleanenv.system.processes import LIMIT, Ancestry, ancestors
from tests.support.command import write_program

PRINT = "from cleanenv.system.processes import ancestors; print(*(process.pid for process in ancestors()))"
# Starts itself as a child so many times, and the rest of its words at the end.
NESTED = """#!/bin/sh
deeper=$1
shift
if [ "$deeper" -gt 0 ]; then
    "$0" $((deeper - 1)) "$@"
    exit $?
fi
"$@"
exit $?
"""


@pytest.fixture
def nested(tmp_path: Path) -> str:
    return str(write_program(tmp_path / "nested", NESTED))


def pids(nested: str, depth: int) -> list[int]:
    """Return the processes above a Python that ``depth`` + 1 shells stand above, below this process."""
    words = [nested, str(depth), sys.executable, "-I", "-c", PRINT]
    done = subprocess.run(words, env={"PATH": "/usr/bin:/bin"}, stdout=subprocess.PIPE, check=True)
    return [int(pid) for pid in done.stdout.split()]


@pytest.mark.parametrize("depth", [0, 1, 40])
def test_every_process_up_to_the_first(nested: str, depth: int) -> None:
    found = pids(nested, depth)
    assert found.index(os.getpid()) == depth + 1
    own = [process.pid for process in ancestors()]
    assert found[depth + 2 :] == own[: LIMIT - depth - 2]


def test_the_walk_ends_in_a_tree_that_is_too_deep(nested: str) -> None:
    found = pids(nested, LIMIT + 6)
    assert len(found) == LIMIT
    assert len(set(found)) == LIMIT
    assert os.getpid() not in found


def test_a_tree_is_read_as_far_as_it_is_asked_for_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    argv = processes._argv

    def counted(pid: int) -> tuple[str, ...]:
        read.append(pid)
        return argv(pid)

    monkeypatch.setattr(processes, "_argv", counted)
    tree = Ancestry()
    assert read == []
    first = next(iter(tree))
    assert read == [first.pid] == [os.getppid()]
    assert next(iter(tree)) is first
    assert read == [first.pid]
    everything = list(tree)
    assert everything[0] is first
    assert len(read) == len(everything) == len(set(read))
    assert list(tree) == everything
    assert list(islice(tree, 2)) == everything[:2]
    assert len(read) == len(everything)


def test_a_process_that_is_gone_has_nothing_above() -> None:
    child = subprocess.Popen(["true"], env={"PATH": "/usr/bin:/bin"})
    child.wait()
    assert ancestors(child.pid) == []


def test_a_program_that_was_replaced_while_it_runs(tmp_path: Path) -> None:
    """As a shell is by an upgrade: proc(5) says so behind its name."""
    shell = tmp_path / "bash"
    shutil.copy(os.path.realpath("/bin/sh"), shell)
    code = PRINT.replace("process.pid", "process.program")
    words = [str(shell), "-c", 'rm "$1"; "$2" -I -c "$3"; exit $?', "sh", str(shell), sys.executable, code]
    done = subprocess.run(words, env={"PATH": "/usr/bin:/bin"}, stdout=subprocess.PIPE, check=True)
    assert os.fsdecode(done.stdout).split()[0] == str(shell)


def test_psutil_reads_the_same() -> None:
    """It stands in where there is no /proc."""
    by_psutil = [(process.pid, process.program) for process in processes._from_psutil(os.getpid())]
    assert by_psutil == [(process.pid, process.program) for process in ancestors()]
