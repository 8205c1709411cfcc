"""Timing commands side by side: in turn, A B C A B C, so that a drift of the machine meets all alike."""

from __future__ import annotations

import os
import pty
import select
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).resolve().parent.parent
TIME = "/usr/bin/time"
SILENT = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
NETWORK = ("PIP_", "UV_", "SSL_", "REQUESTS_", "CURL_", "HTTP", "http", "NO_PROXY", "no_proxy")


class Command(NamedTuple):
    """What to time: ``words`` as they are typed; with ``prompt``, until that text stands on a terminal.

    ``typed`` is typed ahead on that terminal.
    """

    name: str
    words: Sequence[str]
    prompt: str = ""
    typed: str = ""


class Figures(NamedTuple):
    """Median seconds, and the peak kilobytes of the largest process (0 where nothing here can tell)."""

    seconds: float
    kilobytes: int


def side_by_side(
    commands: Sequence[Command], environ: Mapping[str, str], folder: Path, runs: int
) -> dict[str, Figures]:
    """Return the figures of each command that succeeds, after one run that warms up and is not counted."""
    runnable = [command for command in commands if _once(command, environ, folder) is not None]
    seen: dict[str, list[float]] = {command.name: [] for command in runnable}
    for _ in range(runs):
        for command in runnable:
            seconds = _once(command, environ, folder)
            if seconds is not None:
                seen[command.name].append(seconds)
    return {
        command.name: Figures(statistics.median(seen[command.name]), peak(command, environ, folder))
        for command in runnable
        if seen[command.name]
    }


def peak(command: Command, environ: Mapping[str, str], folder: Path) -> int:
    """Return the peak kilobytes of the largest process of a command, on no terminal; 0 where nothing here can tell.

    A process counts the memory of the one that it was forked from as its own
    (ru_maxrss outlives execve), so a small program has to fork: GNU time.
    """
    told = folder / "peak"
    words = [TIME, "-f", "%M", "-o", str(told), *command.words]
    if command.typed or not os.access(TIME, os.X_OK):
        return 0
    done = subprocess.run(words, env=environ, cwd=folder, check=False, **SILENT)
    return int(told.read_text(encoding="ascii")) if done.returncode == 0 else 0


def _once(command: Command, environ: Mapping[str, str], folder: Path) -> float | None:
    try:
        return _until_prompt(command, environ, folder) if command.prompt else _whole(command, environ, folder)
    except FileNotFoundError:
        return None


def _whole(command: Command, environ: Mapping[str, str], folder: Path) -> float | None:
    start = time.perf_counter()
    done = subprocess.run(command.words, env=environ, cwd=folder, check=False, **SILENT)
    return time.perf_counter() - start if done.returncode == 0 else None


def _until_prompt(command: Command, environ: Mapping[str, str], folder: Path) -> float | None:
    """Time from the start to the prompt, on a terminal of its own; then end the shell by hanging up."""
    start = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe(command.words[0], list(command.words), dict(environ))
    try:
        os.write(terminal, command.typed.encode())
        printed = b""
        while command.prompt.encode() not in printed:
            if not select.select([terminal], [], [], 10)[0]:
                return None
            printed += os.read(terminal, 65536)
        return time.perf_counter() - start
    except OSError:
        return None
    finally:
        os.close(terminal)
        os.waitpid(pid, 0)


def table(figures: Mapping[str, Figures], unit: str) -> str:
    """Return a table of medians and their ratios to the command called ``unit``."""
    width = max(map(len, figures))
    lines = [f"{'':{width}}  {'median':>9}  {'ratio':>6}  {'peak':>8}"]
    for name, one in figures.items():
        ratio = one.seconds / figures[unit].seconds
        peak = f"{one.kilobytes / 1024:6.1f} MB" if one.kilobytes else ""
        lines.append(f"{name:{width}}  {one.seconds * 1000:6.1f} ms  {ratio:6.2f}  {peak:>8}")
    return "\n".join(lines)


def judge(goals: Sequence[tuple[str, float, float]]) -> int:
    """Print each goal (name, value, limit) with whether it is met; return how many are missed."""
    for name, value, limit in goals:
        print(f"{'met   ' if value <= limit else 'MISSED'} {name}: {value:.2f}, goal {limit:.2f}")
    return sum(value > limit for _, value, limit in goals)


def install(folder: Path) -> Path:
    """Install cleanenv as users do, into an environment in ``folder``; return that.

    An editable installation starts slower: its finder is imported at every start.
    """
    environment = folder / "tool"
    run(sys.executable, "-I", "-m", "venv", str(environment))
    # By name, as some files of the shells begin with a dot.
    unwanted = (".git", ".venv*", ".shells", ".*_cache", ".hypothesis", "__pycache__", "build", "dist", "*.egg-info")
    source = shutil.copytree(TOP, folder / "source", symlinks=True, ignore=shutil.ignore_patterns(*unwanted))
    run(str(environment / "bin/python"), "-I", "-m", "pip", "install", "--quiet", str(source))
    return environment


def install_peers(folder: Path, names: Sequence[str]) -> Path:
    """Install each of ``names`` that can be had into one environment of its own; return the folder of commands."""
    commands = folder / "peers"
    commands.mkdir()
    for name in names:
        environment = folder / f"peer-{name}"
        try:
            run(sys.executable, "-m", "uv", "venv", "--quiet", str(environment))
            run(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(environment), name)
        except subprocess.CalledProcessError:
            print(f"not installable here: {name}", file=sys.stderr)
            continue
        (commands / name).symlink_to(environment / "bin" / name)
    return commands


def network() -> dict[str, str]:
    """Return the caller's variables that say how to reach the network."""
    return {name: value for name, value in os.environ.items() if name.startswith(NETWORK)}


def run(*words: str, environ: Mapping[str, str] | None = None, folder: Path | None = None) -> str:
    """Run a command and return what it prints; raise CalledProcessError where it fails."""
    done = subprocess.run(words, env=environ, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


Benchmark = Callable[[Path, int], int]
