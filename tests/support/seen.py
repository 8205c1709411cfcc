"""What a program inside the shell under test saw, reported out of band by dump.py."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

DUMP = Path(__file__).with_name("dump.py")


class Seen(NamedTuple):
    """One report of dump.py."""

    environ: dict[str, str]
    path: list[str]
    prefix: str
    executable: str
    folder: str
    arguments: list[str]


def load(report: Path) -> Seen:
    """Return the report in the file ``report``."""
    return Seen(**json.loads(report.read_text(encoding="ascii")))


def by_bare_interpreter(venv: Path, report: Path, environ: Mapping[str, str] | None = None) -> Seen:
    """Return what ``env -i ENV/bin/python`` sees, HOME apart, which tells it the user's site."""
    subprocess.run([str(venv / "bin/python"), str(DUMP), str(report)], env=dict(environ or {}), check=True)
    return load(report)
