"""How a trial is made: ways into a clean environment, waiting for a condition, and ending what was started."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.support.command import write_program
from tests.support.surroundings import CHECKOUT, skip_or_fail

HERE = Path(__file__).parent
PROGRAMS = CHECKOUT / ".shells/programs"
PATIENCE = 30.0  # seconds; a limit, not a pause
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# How a job's command is run: as it is, and in each way into a clean environment that a job script may use.
NATIVE = "native"
RUN = "run"
SHELLS = ("bash", "dash", "zsh", "fish")
CLEAN = (RUN, *SHELLS)


def installed(program: str) -> str:
    """Return the path of a program of the system's; skip the test, or fail in CI, if it is not installed."""
    path = shutil.which(program, path=SYSTEM_PATH)
    if path is None:
        skip_or_fail(f"{program} is not installed")
        raise AssertionError
    return path


def entering(way: str, tool: Sequence[str], environment: Path, command: Sequence[str], job: Path) -> list[str]:
    """Return the words that run ``command`` in ``environment``, for a launcher to start.

    A ``way`` that is a shell's name is a job script, written at ``job``, with a here-document for the clean shell:
    a launcher hands its own standard input to the first of its processes alone.
    """
    if way == NATIVE:
        return [str(environment / "bin" / command[0]), *command[1:]]
    if way == RUN:
        return [*tool, "run", str(environment), "--", *command]
    installed(way)
    shell = shlex.join([*tool, "shell", str(environment), "--shell", way])
    write_program(job, f"#!/bin/sh\n{shell} <<'END'\n{shlex.join(command)}\nEND\n")
    return [str(job)]


def wait(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Return as soon as ``condition`` holds; fail if ``what`` has not come in time."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            pytest.fail(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.02)  # between two looks; what is waited for is another process


def is_running(pid: int) -> bool:
    """Tell whether the process is there and is not a zombie, which nobody has waited for yet."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"


@contextlib.contextmanager
def started(
    command: Sequence[str], environ: Mapping[str, str], folder: Path, fds: Sequence[int] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """Start ``command`` and end it afterwards; what it prints goes to a file in ``folder``."""
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command),
            env=dict(environ),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=tuple(fds),
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that was started here, by force if it does not go by itself."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait(10)
