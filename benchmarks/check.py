"""Check beside deptry, on projects without a leak; and how its time grows with the number of files."""

from __future__ import annotations

import itertools
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import measure
from measure import Command

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES = 500
PEER = 1.0  # of deptry's time
MILLISECONDS = 250.0  # for FILES files, on a machine that does nothing else
GROWTH = 5.0  # times, for four times as many files
PROJECTS = ("httpie", "scrapy", "mavproxy", "flask")
PYPROJECT = '[project]\nname = "project"\nversion = "1"\ndependencies = ["package1", "package2", "package3"]\n'


def main(folder: Path, runs: int) -> int:
    """Measure, print the tables, and return how many goals are missed."""
    tool = measure.install(folder)
    peer = measure.install_peers(folder, ["deptry"])
    environment = folder / "my_env"
    measure.run(sys.executable, "-I", "-m", "venv", str(environment))
    fill(next(environment.glob("lib/python3*/site-packages")))
    home = folder / "home"
    home.mkdir()
    environ = {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    words = (str(tool / "bin/cleanenv"), "check", str(environment))
    missed = 0
    for name, project in (*made(folder), *downloaded(folder)):
        missed += beside_deptry(name, project, words, peer, environ, runs)
    return missed + growth(folder, words, environ, runs)


def beside_deptry(  # noqa: PLR0917  all that one measurement needs
    name: str, project: Path, words: tuple[str, ...], peer: Path, environ: Mapping[str, str], runs: int
) -> int:
    """Measure one project; return how many goals are missed."""
    # What is found is another matter; here only the time counts.
    ignore = ("sh", "-c", 'cd "$1" && shift && "$@" >/dev/null 2>&1 || [ $? = 1 ]', "sh", str(project))
    commands = [Command("cleanenv check", (*ignore, *words))]
    if (peer / "deptry").exists():
        commands.append(Command("deptry", (*ignore, str(peer / "deptry"), ".", *_requirements(project))))
    figures = measure.side_by_side(commands, environ, project, runs)
    count = sum(1 for _ in project.rglob("*.py"))
    print(f"check, {name} ({count} files), medians of {runs}\n{measure.table(figures, 'cleanenv check')}\n")
    goals = []
    ours = figures["cleanenv check"].seconds
    if "deptry" in figures:
        goals.append((f"{name}: check / deptry", ours / figures["deptry"].seconds, PEER))
    if name == "made":
        goals.append((f"{FILES} files, in ms", ours * 1000, MILLISECONDS))
    return measure.judge(goals)


def _requirements(project: Path) -> tuple[str, ...]:
    """Return the option without which deptry ends at once: it knows neither setup.cfg nor setup.py."""
    if (project / "pyproject.toml").exists() and "[project]" in (project / "pyproject.toml").read_text():
        return ()
    empty = project.parent / "empty.txt"
    empty.touch()
    return ("--requirements-files", str(empty))


def growth(folder: Path, words: tuple[str, ...], environ: Mapping[str, str], runs: int) -> int:
    """Compare the time for a project with that for one of four times the files, both without that for none."""
    empty, small, large = folder / "empty", folder / "small", folder / "large"
    empty.mkdir()
    copy_sources(small, FILES)
    for number in range(4):
        copy_sources(large / f"part{number}", FILES)
    seconds = {}
    for project in (empty, small, large):
        figures = measure.side_by_side([Command("check", ("env", "-C", str(project), *words))], environ, folder, runs)
        seconds[project] = figures["check"].seconds if "check" in figures else 0.0
    ratio = (seconds[large] - seconds[empty]) / max(seconds[small] - seconds[empty], 0.001)
    return measure.judge([("four times the files, in times the time", ratio, GROWTH)])


def made(folder: Path) -> list[tuple[str, Path]]:
    """Return a project of FILES files of the standard library, which import what is declared besides."""
    project = folder / "made"
    copy_sources(project / "src", FILES)
    (project / "pyproject.toml").write_text(PYPROJECT)
    for number, path in enumerate(sorted(project.rglob("*.py"))):
        path.write_bytes(b"import package%d\n" % (number % 3 + 1) + path.read_bytes())
    return [("made", project)]


def downloaded(folder: Path) -> list[tuple[str, Path]]:
    """Return the source distributions that can be had here."""
    projects = []
    for name in PROJECTS:
        place = folder / f"sdist-{name}"
        place.mkdir()
        words = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", name, name]
        done = subprocess.run(words, cwd=place, env=measure.network() | {"PATH": "/usr/bin:/bin"}, check=False)
        archives = list(place.glob("*.tar.gz"))
        if done.returncode != 0 or not archives:
            print(f"no source distribution of {name} to be had here", file=sys.stderr)
            continue
        with tarfile.open(archives[0]) as file:
            file.extractall(place / "sources", filter="data")
        projects.append((name, next((place / "sources").iterdir())))
    return projects


def copy_sources(directory: Path, most: int) -> None:
    """Copy the first ``most`` files of the standard library that are no tests."""
    library = Path(sysconfig.get_path("stdlib"))
    sources = (path for path in sorted(library.rglob("*.py")) if not {"test", "tests", "site-packages"} & {*path.parts})
    for number, path in enumerate(itertools.islice(sources, most)):
        target = directory / f"part_{number // 50}" / f"module_{number}.py"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())


def fill(site_packages: Path) -> None:
    """Install 200 packages of a module and their metadata."""
    for number in range(200):
        info = site_packages / f"package{number}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: package{number}\nVersion: 1.0\n")
        (info / "RECORD").write_text(f"package{number}/__init__.py,,\n")
        (site_packages / f"package{number}").mkdir()
        (site_packages / f"package{number}" / "__init__.py").touch()
