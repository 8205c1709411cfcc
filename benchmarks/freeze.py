"""Freezing environments of four sizes: cleanenv beside pip, uv, pipdeptree and the barest scan."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import measure
from measure import Command

SIZES = (16, 160, 650, 5000)
REAL = tuple((Path(__file__).parent / "packages.txt").read_text(encoding="ascii").split())
COPIED = ("METADATA", "RECORD", "WHEEL", "INSTALLER")
# By size: times as quick as the newest pip, milliseconds of the scan in process.
TIMES_AS_QUICK = {160: 5, 5000: 12}
SCAN_MILLISECONDS = {650: 10.0, 5000: 80.0}

# The least that any program has to do, in this one's language.
BARE_SCAN = """
import os, sys
site = sys.argv[1]
lines = []
for entry in os.listdir(site):
    if entry.endswith(".dist-info"):
        file = os.open(f"{site}/{entry}/METADATA", os.O_RDONLY)
        head = os.read(file, 1024)
        os.close(file)
        name = head[head.find(b"\\nName: ") + 7 :].partition(b"\\n")[0].decode()
        try:
            os.close(os.open(f"{site}/{entry}/direct_url.json", os.O_RDONLY))
        except OSError:
            lines.append(f"{name}=={entry[:-10].partition('-')[2]}")
print("\\n".join(sorted(lines, key=str.lower)))
"""
IMPORTLIB = """
import importlib.metadata, sys
for found in importlib.metadata.distributions(path=sys.argv[1:]):
    print(f"{found.metadata['Name']}=={found.version}")
"""
IN_PROCESS = """
import statistics, sys, time
from cleanenv.environments.environment import read_environment
from cleanenv.freeze import plain
environment = read_environment(sys.argv[1])
seen = []
for _ in range(int(sys.argv[2]) + 1):
    start = time.perf_counter()
    plain.freeze(environment)
    seen.append(time.perf_counter() - start)
print(statistics.median(seen[1:]) * 1000)
"""


def main(folder: Path, runs: int) -> int:
    """Measure, print the tables, and return how many goals are missed."""
    tool = measure.install(folder)
    pip = newest_pip(folder)
    home = folder / "home"
    home.mkdir()
    environ = {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    missed = 0
    for size in SIZES:
        environment = environment_of(size, folder)
        own = str(tool / "bin/python")
        scan = float(measure.run(own, "-I", "-c", IN_PROCESS, str(environment), str(runs)))
        missed += compare(size, commands(environment, tool, pip), scan, environ, runs)
    return missed


def newest_pip(folder: Path) -> Path:
    """Install the newest pip that can be had into a folder that any interpreter can run; return that."""
    measure.run(sys.executable, "-m", "venv", str(folder / "installer"))
    python = str(folder / "installer/bin/python")
    measure.run(python, "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(folder / "newest"), "pip")
    return folder / "newest/pip"


def environment_of(size: int, folder: Path) -> Path:
    """Make an environment of ``size`` distributions beside venv's own: as many real ones as there are, then copies."""
    environment = folder / f"env-{size}"
    measure.run(sys.executable, "-I", "-m", "venv", str(environment))
    install = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(environment))
    measure.run(*install, "--no-deps", "--only-binary", ":all:", *REAL[:size])
    site_packages = next(environment.glob("lib/python*/site-packages"))
    own = sorted(site_packages.glob("*.dist-info"))
    for number in range(size - len(REAL)):
        copy(own[number % len(own)], number)
    return environment


def copy(info: Path, number: int) -> None:
    """Install the metadata of ``info`` once more, under another name."""
    name, _, version = info.name.partition("-")
    target = info.with_name(f"{name}_{number}-{version}")
    target.mkdir()
    for file in COPIED:
        if (info / file).exists():
            shutil.copyfile(info / file, target / file)
    metadata = (target / "METADATA").read_bytes()
    before, field, rest = metadata.partition(b"\nName: ")
    name, _, rest = rest.partition(b"\n")
    (target / "METADATA").write_bytes(before + field + name.rstrip() + b"-%d\n" % number + rest)


def commands(environment: Path, tool: Path, pip: Path) -> list[Command]:
    """Return how each lists ``environment``."""
    cleanenv, own, python = str(tool / "bin/cleanenv"), str(tool / "bin/python"), str(environment / "bin/python")
    site_packages = str(next(environment.glob("lib/python*/site-packages")))
    beside = Path(sys.executable).parent
    return [
        Command("cleanenv freeze", (cleanenv, "freeze", str(environment))),
        Command("uv pip freeze", (str(beside / "uv"), "pip", "freeze", "-p", str(environment))),
        Command("pip freeze, newest", (python, str(pip), "freeze")),
        Command("pip freeze, bundled", (python, "-m", "pip", "freeze")),
        Command("pipdeptree", (str(beside / "pipdeptree"), "--python", python, "-o", "freeze")),
        Command("python -I, importlib.metadata", (own, "-I", "-c", IMPORTLIB, site_packages)),
        Command("python -I, a bare scan", (own, "-I", "-c", BARE_SCAN, site_packages)),
        Command("python -I -S, a bare scan", (own, "-I", "-S", "-c", BARE_SCAN, site_packages)),
    ]


def compare(size: int, listed: list[Command], scan: float, environ: dict[str, str], runs: int) -> int:
    """Compare ``listed``, and ``scan``, the milliseconds of the scan in process; return how many goals are missed."""
    figures = measure.side_by_side(listed, environ, Path(environ["HOME"]), runs)
    print(f"freeze, {size} distributions, medians of {runs}\n{measure.table(figures, 'uv pip freeze')}\n")
    ours = figures["cleanenv freeze"].seconds
    goals = [("cleanenv freeze / uv pip freeze", ours / figures["uv pip freeze"].seconds, 1.0)]
    if size in TIMES_AS_QUICK:
        ratio = ours / figures["pip freeze, newest"].seconds
        goals.append(("cleanenv freeze / pip freeze, newest", ratio, 1 / TIMES_AS_QUICK[size]))
    if size in SCAN_MILLISECONDS:
        goals.append(("the scan in process, in ms", scan, SCAN_MILLISECONDS[size]))
    missed = measure.judge(goals)
    floor = figures["python -I -S, a bare scan"].seconds / figures["uv pip freeze"].seconds
    if floor > 1.0:
        print(f"       no program in Python can be level with uv here: the barest scan takes {floor:.2f} of its time")
    ours_printed, theirs_printed = (measure.run(*listed[number].words, environ=environ) for number in (0, 2))
    if ours_printed != theirs_printed:
        print("DIFFERS what cleanenv and the newest pip print")
        missed += 1
    print()
    return missed
