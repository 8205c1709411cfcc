"""Verifying the 160 distributions of packages.txt, beside sha256sum over the same files."""

from __future__ import annotations

import sys
from pathlib import Path

import measure
from measure import Command

REAL = tuple((Path(__file__).parent / "packages.txt").read_text(encoding="ascii").split())
# Of the time that sha256sum takes for the same files, one after the other, on the same machine.
MOST_TIMES = 1.5
# The files that verify compares: what is recorded, without bytecode.
LIST = """
import csv, glob, os, sys
for record in sorted(glob.glob(sys.argv[1] + "/*.dist-info/RECORD")):
    for path, hashed, _ in csv.reader(open(record, encoding="utf-8", newline="")):
        if hashed and not path.endswith(".pyc"):
            print(os.path.normpath(os.path.join(sys.argv[1], path)), end="\\0")
"""


def main(folder: Path, runs: int) -> int:
    """Measure, print the table, and return how many goals are missed."""
    tool = measure.install(folder)
    environment = folder / "my_env"
    measure.run(sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, str(environment))
    install = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(environment))
    measure.run(*install, "--no-deps", "--only-binary", ":all:", *REAL)
    site_packages = next(environment.glob("lib/python*/site-packages"))
    files = folder / "files"
    listed = measure.run(sys.executable, "-I", "-c", LIST, str(site_packages))
    files.write_text(listed, encoding="utf-8")
    cleanenv = str(tool / "bin/cleanenv")
    commands = [
        Command("sha256sum", ("xargs", "-0", "-n", "100000", "-a", str(files), "sha256sum")),
        Command("cleanenv verify", (cleanenv, "verify", str(environment))),
        Command("cleanenv verify --quick", (cleanenv, "verify", str(environment), "--quick")),
    ]
    home = folder / "home"
    home.mkdir()
    environ = {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    figures = measure.side_by_side(commands, environ, home, runs)
    print(f"verify, {len(REAL)} distributions, {listed.count(chr(0)):,} files, medians of {runs}")
    print(measure.table(figures, "sha256sum"))
    ratio = figures["cleanenv verify"].seconds / figures["sha256sum"].seconds
    return measure.judge([("cleanenv verify / sha256sum", ratio, MOST_TIMES)])
