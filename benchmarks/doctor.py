"""Doctor without --trace beside what it cannot be faster than: ENV's interpreter and cleanenv's own, started bare."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import measure
from measure import Command

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PACKAGES = 200  # in ENV, and as many in the folder that leaks
GOAL = 3.0
LEVELS = 10  # shells between this process and the one whose ancestors are asked for
MILLISECONDS = 5.0
# Every variable was there from the first shell on, so that all of them are looked through.
ANCESTRY = """
import os, statistics, sys, time
from cleanenv.system import provenance
seen = []
for _ in range(int(sys.argv[1]) + 1):
    start = time.perf_counter()
    provenance.origins(list(os.environ), dict(os.environ))
    seen.append(time.perf_counter() - start)
print(statistics.median(seen[1:]) * 1000)
"""


def main(folder: Path, runs: int) -> int:
    """Measure, print the tables, and return how many goals are missed."""
    environment = folder / "my_env"
    measure.run(sys.executable, "-I", "-m", "venv", str(environment))
    tool = measure.install(folder)
    home = folder / "home"
    home.mkdir()
    clean = {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "xterm", "LANG": "C.UTF-8"}
    leaking = clean | {"PYTHONPATH": str(leak(folder / "leak")), "PIP_USER": "1", "ROS_DISTRO": "noetic"}
    fill(next(environment.glob("lib/python3*/site-packages")))
    cleanenv, python = str(tool / "bin/cleanenv"), str(tool / "bin/python")
    # The status says what was found; here only the time counts.
    doctor = ("sh", "-c", '"$@" || [ $? = 1 ]', "sh", cleanenv, "doctor", str(environment))
    commands = [
        Command("ENV's python", (str(environment / "bin/python"), "-c", "")),
        Command("cleanenv's python", (python, "-c", "")),
        Command("cleanenv's python, import click", (python, "-I", "-c", "import click")),
        Command("cleanenv doctor ENV", doctor),
        Command("cleanenv doctor ENV --json", (*doctor, "--json")),
        Command("cleanenv doctor ENV --html", (*doctor, "--html", str(folder / "page.html"))),
        Command("cleanenv doctor ENV, on a terminal", doctor, "this shell and"),
    ]
    missed = sum(
        compare(title, measure.side_by_side(commands, environ, folder, runs), runs)
        for title, environ in (("a clean caller", clean), ("a caller with leaks", leaking))
    )
    return missed + ancestry(python, leaking, runs)


def ancestry(python: str, environ: Mapping[str, str], runs: int) -> int:
    """Measure the search for the process that first had each variable; return how many goals are missed."""
    words = [python, "-I", "-c", ANCESTRY, str(runs)]
    for _ in range(LEVELS):
        words = ["sh", "-c", '"$@"; exit $?', "sh", *words]
    taken = float(measure.run(*words, environ=environ))
    return measure.judge([(f"ancestry through {LEVELS} shells, in ms", taken, MILLISECONDS)])


def compare(title: str, figures: Mapping[str, measure.Figures], runs: int) -> int:
    """Print the figures of one caller and return how many goals are missed."""
    print(f"doctor, {title}, medians of {runs}\n{measure.table(figures, 'cleanenv doctor ENV')}\n")
    bare = figures["ENV's python"].seconds + figures["cleanenv's python"].seconds
    ours = figures["cleanenv doctor ENV"].seconds
    return measure.judge([(f"{title}: doctor / (ENV's python + cleanenv's python)", ours / bare, GOAL)])


def fill(site_packages: Path) -> None:
    """Install packages of a module and their metadata."""
    for number in range(PACKAGES):
        info = site_packages / f"package{number}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: package{number}\nVersion: 1.0\n")
        (info / "RECORD").write_text(f"package{number}/__init__.py,,\n")
        (site_packages / f"package{number}").mkdir()
        (site_packages / f"package{number}" / "__init__.py").touch()


def leak(folder: Path) -> Path:
    """Make a folder for PYTHONPATH that hides each of those packages."""
    fill(folder)
    return folder
