"""Instructions instead of time: what ``run`` and ``freeze`` execute, beside the bare interpreter and uv.

Valgrind's callgrind counts them, so the figures do not depend on the machine's load
and differ by less than a hundredth from run to run: a change that makes a start
slower shows on a busy machine too.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COLLECTED = re.compile(r"Collected : (\d+)")
# The hash seed cannot be chosen under -I, and moves the counts a little.
COUNTS = 3
# callgrind loses its count at execve, so there the process ends instead.
ENDED_AT_EXECVE = """
import os, sys
os.execve = lambda *_: os._exit(0)
path = sys.argv.pop(1)
sys.argv[0] = path
scope = {"__name__": "__main__", "__file__": path}
with open(path) as file:
    exec(compile(file.read(), path, "exec"), scope)
"""
DISTRIBUTIONS = ("alpha", "beta")
# Times the bare interpreter's count; measured 1.75 and 1.41 with Python 3.11.
RUN_GOAL = 1.8
FREEZE_GOAL = 1.5


def main(folder: Path, _: int) -> int:
    """Count, print the table, and return how many goals are missed."""
    if shutil.which("valgrind") is None:
        print("instructions are not counted: valgrind is not installed (Debian: apt-get install valgrind)")
        return 1
    environment = make_environment(folder / "my_env")
    tool = measure.install(folder)
    python = str(tool / "bin/python")
    (program,) = tool.glob("lib/python3*/site-packages/cleanenv/__main__.py")
    wrapper = folder / "ended_at_execve.py"
    wrapper.write_text(ENDED_AT_EXECVE, encoding="ascii")
    uv = str(Path(sys.executable).parent / "uv")
    bare = (python, "-I", "-S")
    commands = {
        "python -I -S": (*bare, "-c", "pass"),
        "cleanenv run": (*bare, str(wrapper), str(program), "run", str(environment), "--", "true"),
        "uv run": (uv, "run", "--offline", "-p", str(environment), "--no-project", "true"),
        "cleanenv freeze": (*bare, str(program), "freeze", str(environment)),
        "uv pip freeze": (uv, "pip", "freeze", "-p", str(environment)),
    }
    environ = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    counts = {}
    for name, words in commands.items():
        counted = count(words, environ, folder)
        if counted is None:
            print(f"not counted here: {name}", file=sys.stderr)
        else:
            counts[name] = counted
    print(table(counts, "python -I -S"))
    return judge(counts)


def make_environment(path: Path) -> Path:
    """Create an environment with two distributions and nothing else."""
    measure.run(sys.executable, "-I", "-m", "venv", "--without-pip", str(path))
    site_packages = next(path.glob("lib/python3*/site-packages"))
    for name in DISTRIBUTIONS:
        metadata = site_packages / f"{name}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="ascii")
    return path


def count(words: Sequence[str], environ: Mapping[str, str], folder: Path) -> int | None:
    """Return the median number of instructions of the first process of a command; None if it cannot be counted."""
    if not Path(words[0]).exists():
        return None
    # The first run writes bytecode and caches.
    if subprocess.run(words, env=environ, cwd=folder, check=False, **measure.SILENT).returncode != 0:
        return None
    valgrind = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
    counts = []
    for _ in range(COUNTS):
        done = subprocess.run(
            (*valgrind, *words), env=environ, cwd=folder, capture_output=True, text=True, errors="replace", check=False
        )
        found = COLLECTED.search(done.stderr)
        if done.returncode != 0 or found is None:
            return None
        counts.append(int(found[1]))
    return int(statistics.median(counts))


def table(counts: Mapping[str, int], unit: str) -> str:
    """Return a table of the counts, in millions, and their ratios to ``unit``."""
    lines = [f"{'':16}  {'millions':>8}  {'ratio':>6}"]
    for name, counted in counts.items():
        lines.append(f"{name:16}  {counted / 1e6:8.1f}  {counted / counts[unit]:6.2f}")
    return "\n".join(lines) + "\n"


def judge(counts: Mapping[str, int]) -> int:
    """Print the ratios that matter; return how many goals are missed, or 1 if one could not be judged."""
    bare = counts.get("python -I -S")
    ours = [("cleanenv run", RUN_GOAL), ("cleanenv freeze", FREEZE_GOAL)]
    if bare is None or any(name not in counts for name, _ in ours):
        return 1
    missed = measure.judge([(f"{name} / python -I -S", counts[name] / bare, goal) for name, goal in ours])
    for name, peer in (("cleanenv run", "uv run"), ("cleanenv freeze", "uv pip freeze")):
        if peer in counts:
            print(f"       {name} / {peer}: {counts[name] / counts[peer]:.2f}")
    return missed
