"""Twelve real environments from an index, by different makers: verified, cloned, proved, and their programs run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support import interpreters
from tests.support.command import listing, run
from tests.support.distributions import network
from tests.support.installed_wheels import UV
from tests.support.surroundings import CHECKOUT, skip_or_fail

pytestmark = [pytest.mark.clones, pytest.mark.timeout(1500)]

VIRTUALENV = Path(sys.executable).with_name("virtualenv")
# pip and uv write programs with different lines before the import, which tracebacks and warnings name.
LINE = re.compile(r"(line |:)\d+")
# virtualenv writes names for pip that pip itself does not.
TOOLS = ("pip", "wheel", "easy_install")
MANY = tuple((CHECKOUT / "benchmarks/packages.txt").read_text(encoding="ascii").split())


class Case(NamedTuple):
    """An environment: who makes it, with which Python, who installs what, and who clones it."""

    maker: str
    python: str
    by: str
    what: tuple[str, ...]
    cloner: str


CASES = {
    "venv-3.8": Case("venv", "3.8", "pip", ("flask", "requests"), "uv"),
    "venv-3.9": Case("venv", "3.9", "pip", ("pyyaml", "black"), "pip"),
    "venv-3.10": Case("venv", "3.10", "pip", ("sphinx", "setuptools", "wheel"), "uv"),
    "venv-3.12": Case("venv", "3.12", "uv", ("pytest", "coverage"), "uv"),
    "venv-3.13": Case("venv", "3.13", "pip", ("rich", "httpx"), "pip"),
    "virtualenv-3.9": Case("virtualenv", "3.9", "pip", ("six", "attrs"), "uv"),
    "virtualenv-3.11": Case("virtualenv", "3.11", "pip", ("jupyter-core", "notebook-shim", "pygments"), "uv"),
    "virtualenv-3.12": Case("virtualenv", "3.12", "uv", ("zope.interface", "zope.event"), "pip"),
    "uv-3.9": Case("uv", "3.9", "uv", ("numpy",), "uv"),
    "uv-3.10": Case("uv", "3.10", "uv", ("EDITABLE", "VCS", "six"), "uv"),
    "uv-3.13": Case("uv", "3.13", "uv", ("URL", "ruff"), "uv"),
    "uv-3.11-many": Case("uv", "3.11", "uv", ("--no-deps", "--only-binary", ":all:", *MANY), "uv"),
}


def make(case: Case, path: Path, directory: Path) -> None:
    python = interpreters.find(case.python)
    if python is None:
        skip_or_fail(f"no Python {case.python}")
        return
    environ = {**network(), "HOME": os.environ["HOME"], "PATH": "/usr/bin:/bin"}
    makers: dict[str, list[str | Path]] = {
        "venv": [python, "-m", "venv", path],
        "virtualenv": [VIRTUALENV, "-q", "-p", python, path],
        "uv": [UV, "-q", "venv", "-p", python, path],
    }
    run(*makers[case.maker], env=environ)
    what = [word for name in case.what for word in source(name, directory)]
    words: list[str | Path] = [UV, "-q", "pip", "install", "-p", path]
    if case.by == "pip":
        words = [path / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    run(*words, *what, env=environ, limit=900)


def source(name: str, directory: Path) -> list[str]:
    """Return the words that install ``name``: a project of the test's own, by directory, repository or URL."""
    if name not in ("EDITABLE", "VCS", "URL"):
        return [name]
    project = directory / name.lower()
    project.mkdir()
    (project / "pyproject.toml").write_text(
        "[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n"
        f"[project]\nname = 'own-{name.lower()}'\nversion = '1.0'\n"
        f"[project.scripts]\nown-{name.lower()} = 'own_{name.lower()}:main'\n"
    )
    (project / f"own_{name.lower()}.py").write_text("def main(): print('1.0')\n")
    if name == "EDITABLE":
        return ["-e", str(project)]
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(project)]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        run(*git, *words)
    if name == "VCS":
        return [f"own-vcs @ git+file://{project}"]
    run(UV, "build", "-q", "--wheel", project, env={**network(), "HOME": os.environ["HOME"], "PATH": "/usr/bin:/bin"})
    (wheel,) = project.glob("dist/*.whl")
    return [f"own-url @ {wheel.as_uri()}"]


def answers(environment: Path) -> dict[str, tuple[int, str]]:
    """Return what each program of a distribution prints for --version, its own place left out."""
    found = {}
    for program in sorted((environment / "bin").iterdir()):
        head = program.read_bytes()[:200] if program.is_file() and not program.is_symlink() else b""
        if not head.startswith(b"#!") or b"python" not in head or program.name.startswith(TOOLS):
            continue
        environ = {"PATH": f"{environment}/bin:/usr/bin:/bin", "HOME": os.environ["HOME"]}
        done = subprocess.run(
            [program, "--version"],
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
        text = (done.stdout + done.stderr).decode(errors="replace").replace("\n", "")  # some wrap their place
        found[program.name] = (done.returncode, LINE.sub("line", text.replace(str(environment), "ENV")))
    return found


@pytest.mark.parametrize("name", list(CASES))
def test_a_real_environment(name: str, tmp_path: Path, tool: list[str]) -> None:
    case = CASES[name]
    path, new = tmp_path / "my_env", tmp_path / "copy"
    make(case, path, tmp_path)
    before = listing(path)
    search = f"{UV.parent}:/usr/bin:/bin" if case.cloner == "uv" else "/usr/bin:/bin"
    environ = {**network(), "HOME": os.environ["HOME"], "PATH": search}
    environ["PYTHONPATH"] = "/usr/lib/python3/dist-packages"
    verified = subprocess.run([*tool, "verify", path], env=environ, capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stdout
    cloned = subprocess.run([*tool, "clone", path, new], env=environ, capture_output=True, text=True, check=False)
    assert cloned.returncode == 0, cloned.stdout + cloned.stderr
    assert f"installed with {case.cloner} in " in cloned.stderr
    assert listing(path) == before
    freeze = [run(*tool, "freeze", each, env=environ) for each in (path, new)]
    assert freeze[0] == freeze[1]
    assert answers(new) == answers(path)


def test_a_lock_file_restores_it(tmp_path: Path, tool: list[str]) -> None:
    """The pipe in README."""
    path = tmp_path / "my_env"
    make(Case("uv", "3.11", "uv", ("requests", "six"), "uv"), path, tmp_path)
    environ = {**network(), "HOME": os.environ["HOME"], "PATH": f"{UV.parent}:/usr/bin:/bin"}
    listed = run(*tool, "freeze", path, env=environ)
    lock = tmp_path / "pylock.toml"
    compiled = [UV, "pip", "compile", "-q", "--no-deps", "--format", "pylock.toml", "-p", path / "bin/python"]
    words = [*map(str, compiled), "-", "-o", str(lock)]
    subprocess.run(words, input=listed, env=environ, check=True, capture_output=True)
    run(*tool, "clone", path, tmp_path / "copy", "--from", lock, env=environ)
    run(UV, "venv", "-q", "-p", path / "bin/python", tmp_path / "second", env=environ)
    run(UV, "pip", "sync", "-q", "-p", tmp_path / "second", lock, env=environ)
    assert run(*tool, "freeze", tmp_path / "second", env=environ) == listed
