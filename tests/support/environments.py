"""Virtual environments made for tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def make_venv(path: Path, *options: str) -> Path:
    """Make an environment at ``path`` with the interpreter that runs the tests."""
    python = getattr(sys, "_base_executable", sys.executable)
    subprocess.run([python, "-I", "-m", "venv", "--without-pip", *options, "--", str(path)], check=True)
    return path
