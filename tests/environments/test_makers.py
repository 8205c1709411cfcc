"""Environments as the tools make them, of every Python there is: a command really runs in them, and nowhere else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import hostile, interpreters
from tests.support.command import call
from tests.support.surroundings import skip_or_fail

# Runs on Python 2.7 too.
PROBE = """
import json, os, sys
print(json.dumps([sys.prefix, sys.executable, sys.path, list(sys.version_info[:2]), dict(os.environ)]))
"""
THIS = f"{sys.version_info[0]}.{sys.version_info[1]}"
LAST_FOR_PYTHON_2 = "virtualenv<20.22"


def make(*words: str) -> None:
    """Run the tool that makes an environment."""
    subprocess.run(words, check=True, capture_output=True, timeout=300)


def by_venv(python: str, path: Path) -> None:
    """Make it with the standard library."""
    make(python, "-m", "venv", "--without-pip", "--prompt", "it's", str(path))


def by_virtualenv(python: str, path: Path) -> None:
    """Make it with virtualenv."""
    make(sys.executable, "-m", "virtualenv", "--quiet", "--no-pip", "--prompt", "it's", "--python", python, str(path))


def by_uv(python: str, path: Path) -> None:
    """Make it with uv."""
    make(
        sys.executable,
        "-m",
        "uv",
        "venv",
        "--quiet",
        "--offline",
        "--no-config",
        "--prompt",
        "it's",
        "--python",
        python,
        str(path),
    )


def by_conda(python: str, path: Path) -> None:
    """Lay it out as conda does: an interpreter of its own and conda-meta."""
    by_venv(python, path)
    (path / "pyvenv.cfg").unlink()
    (path / "conda-meta").mkdir()


MAKERS: dict[str, Callable[[str, Path], None]] = {
    "venv": by_venv,
    "virtualenv": by_virtualenv,
    "uv": by_uv,
    "conda": by_conda,
}


def check(path: Path, home: Path, tool: list[str], version: str) -> None:
    """Run a command in the environment under a hostile caller; compare with the bare interpreter."""
    done = call([*tool, "run", "--quiet", str(path), "--", "python", "-c", PROBE], hostile.caller(home))
    assert (done.status, done.err) == (0, "")
    prefix, executable, search_path, version_info, environ = json.loads(done.out)
    bare = json.loads(call([str(path / "bin/python"), "-c", PROBE], {"HOME": str(home)}).out)
    assert version_info == [int(part) for part in version.split(".")]
    assert (prefix, executable, search_path) == tuple(bare[:3])
    assert executable == f"{path}/bin/python"
    assert environ["PATH"].split(":")[0] == f"{path}/bin"
    assert not [place for place in search_path if hostile.MARK in place]
    assert [name for name, value in environ.items() if hostile.MARK in value] == ["SHELL"]  # kept: who you are


def active(path: Path, home: Path, tool: list[str]) -> dict[str, str]:
    """Return what says that an environment is active."""
    done = call([*tool, "env", str(path), "--format", "json"], hostile.caller(home))
    names = ("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "CONDA_PREFIX", "CONDA_DEFAULT_ENV")
    return {name: value for name, value in json.loads(done.out).items() if name in names}


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_moved_and_with_a_space(kind: str, tmp_path: Path, home: Path, tool: list[str]) -> None:
    """The path says where it is, whatever its own scripts believe."""
    made, moved = tmp_path / "made here", tmp_path / "moved to" / "my env"
    MAKERS[kind](sys.executable, made)
    moved.parent.mkdir()
    for path in (made, moved):
        if path == moved:
            made.rename(moved)
        if kind != "conda":
            check(path, home, tool, THIS)
    assert call(
        [*tool, "run", str(moved), "--", "python", "-c", "import sys; print(sys.executable)"], {"HOME": str(home)}
    ).out == (f"{moved}/bin/python\n")
    assert active(moved, home, tool) == (
        {"CONDA_PREFIX": str(moved), "CONDA_DEFAULT_ENV": "my env"}
        if kind == "conda"
        else {"VIRTUAL_ENV": str(moved), "VIRTUAL_ENV_PROMPT": "it's"}
    )


@pytest.mark.parametrize("version", [version for version in interpreters.VERSIONS if version != "2.7"])
def test_every_python(version: str, tmp_path: Path, home: Path, tool: list[str]) -> None:
    """Older and newer than the one that runs cleanenv."""
    python = interpreters.find(version)
    if python is None:
        pytest.skip(f"no Python {version} here")
    by_venv(python, tmp_path / "my env")
    check(tmp_path / "my env", home, tool, version)


def test_python_2(tmp_path: Path, home: Path, tool: list[str]) -> None:
    """By the last virtualenv that makes environments for it."""
    python = interpreters.find("2.7")
    if python is None:
        pytest.skip("no Python 2.7 here")
    maker = tmp_path / "maker"
    make(sys.executable, "-m", "venv", str(maker))
    installed = call([str(maker / "bin/python"), "-m", "pip", "install", "-q", LAST_FOR_PYTHON_2], interpreters.NETWORK)
    if installed.status:
        skip_or_fail(f"{LAST_FOR_PYTHON_2} cannot be installed: {installed.err[-200:]}")
    made, moved = tmp_path / "my env", tmp_path / "moved"
    make(str(maker / "bin/virtualenv"), "--quiet", "--python", python, "--no-pip", "--no-wheel", str(made))
    check(made, home, tool, "2.7")
    shutil.move(made, moved)
    check(moved, home, tool, "2.7")
