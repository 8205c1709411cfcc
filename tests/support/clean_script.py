"""Running a script in a clean shell, for the tests of what is special to one shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from cleanenv.shell import detect, registry
from tests.support.surroundings import skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

TIME_LIMIT = 60


def require(name: str) -> str:
    """Return the program of the shell called ``name``; skip where it is missing, in CI fail."""
    program = detect.find_program(registry.by_name(name), os.environ.get("PATH", os.defpath))
    if program is None:
        skip_or_fail(f"{name} is not installed")
        raise AssertionError
    return program


def caller(home: Path, program: str, **more: str) -> dict[str, str]:
    """Return an environment that knows ``home``, ``program`` and the system's programs."""
    path = os.pathsep.join((os.path.dirname(program), "/usr/bin", "/bin"))
    return {"HOME": str(home), "PATH": path, "TERM": "xterm", "LANG": "C.UTF-8", **more}


def command(name: str, env: Path, *options: str) -> list[str]:
    """Return the command that starts the clean shell ``name`` around ``env``."""
    return [sys.executable, "-I", "-m", "cleanenv", "shell", str(env), "--shell", name, *options]


def run(name: str, env: Path, home: Path, script: str, *options: str, **more: str) -> str:
    """Run ``script`` in the clean shell ``name`` and return what it prints; fail where it fails or complains."""
    done = subprocess.run(
        command(name, env, *options),
        env=caller(home, require(name), **more),
        input=script,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def exported(dump: Path) -> dict[str, str]:
    """Return the environment that ``env -0`` wrote into ``dump``."""
    entries = dump.read_text(encoding="utf-8").split("\0")
    return {name: value for name, _, value in (entry.partition("=") for entry in entries if entry)}


def make_venv(path: Path) -> Path:
    """Make an empty environment at ``path``."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(path)], check=True)
    return path


def make_virtualenv(path: Path) -> Path:
    """Make an environment at ``path`` by virtualenv, which has activate scripts for more shells."""
    # PYTHONHOME and the like of who runs the tests are none of its business.
    environ = {"HOME": str(path.parent), "PATH": os.defpath}
    subprocess.run([sys.executable, "-m", "virtualenv", "-q", "--without-pip", str(path)], check=True, env=environ)
    return path


def make_conda(path: Path) -> Path:
    """Make what looks like an environment of conda's at ``path``."""
    (path / "conda-meta").mkdir(parents=True)
    (path / "bin").mkdir()
    interpreter = shutil.which("python3", path=os.defpath) or sys.executable
    (path / "bin" / "python").symlink_to(interpreter)
    return path
