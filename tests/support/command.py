"""One call of a program with everything that decides it handed in, and what came of it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

LIMIT = 60  # seconds; a limit, not a pause


class Done(NamedTuple):
    """The status of a call, negative where a signal ended it, and what it printed."""

    status: int
    out: str
    err: str


def call(
    words: Sequence[str | bytes], environ: Mapping[str, str], folder: Path | None = None, given: str | None = None
) -> Done:
    """Run ``words`` in exactly ``environ``, with ``given`` as standard input, else with none."""
    done = subprocess.run(
        [os.fsencode(word) for word in words],
        env={os.fsencode(name): os.fsencode(value) for name, value in environ.items()},
        cwd=folder,
        input=None if given is None else os.fsencode(given),
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        check=False,
        timeout=LIMIT,
    )
    return Done(done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr))


def write_program(path: Path, text: str) -> Path:
    """Write an executable script at ``path``, its folder too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def listing(*folders: Path) -> dict[str, tuple[int, int, int]]:
    """Return mode, size and time of change of everything in and below ``folders``, links not followed."""
    found = {}
    for top in folders:
        for folder, names, files in os.walk(top):
            for name in (".", *names, *files):
                path = os.path.join(folder, name)
                told = os.lstat(path)
                found[path] = (told.st_mode, told.st_size, told.st_mtime_ns)
    return found


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None, limit: float = 300) -> bytes:
    """Run ``command`` and return its standard output; show both streams if it fails."""
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=env, capture_output=True, timeout=limit, check=False
    )
    if done.returncode:
        pytest.fail(f"{command}: {done.returncode}\n{done.stdout.decode()}\n{done.stderr.decode()}")
    return done.stdout
