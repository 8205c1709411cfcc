"""What pip and cleanenv print of an environment, each in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.support.command import run

if TYPE_CHECKING:
    from collections.abc import Sequence


def clean_freeze(environment: Path, *options: str, env: dict[str, str] | None = None) -> bytes:
    """Return what pip prints in ``environment`` in an empty environment, or one that has only ``env``."""
    path = f"{Path(shutil.which('git') or '/usr/bin/git').parent}:/usr/bin:/bin"
    # An old pip prints the find-links of the machine's pip.conf.
    environ = {"PATH": path, "PIP_CONFIG_FILE": os.devnull, **(env or {})}
    return run(environment / "bin" / "python", "-m", "pip", "freeze", *options, env=environ)


class Outcome(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


def freeze(
    *words: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None, within: Sequence[str] = ()
) -> Outcome:
    """Run `cleanenv freeze` in a process of its own, isolated as the launcher starts it, by the command ``within``."""
    command = [*within, sys.executable, "-I", "-m", "cleanenv", "freeze", *map(str, words)]
    done = subprocess.run(command, env=env or {}, cwd=cwd, capture_output=True, timeout=60, check=False)
    return Outcome(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode())
