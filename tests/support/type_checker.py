"""ty, a type checker with its own import resolution, as the judge of which imports only a leak satisfies."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support.surroundings import skip_or_fail

UNRESOLVED = re.compile(
    r"^(?P<file>[^:]+):(?P<line>\d+):\d+: \w+\[(?:import-not-found|unresolved-import)\] "
    r"Cannot resolve imported module `(?P<module>[\w.]+)`",
    re.MULTILINE,
)


def only_by_leak(project: Path, environment: Path, leak: Path, environ: dict[str, str]) -> set[str]:
    """Return the top-level modules that ``project`` finds with ``leak`` on the search path and not without it.

    What a setup.py imports is left out: whatever runs it brings that.
    """
    return _unresolved(project, environment, None, environ) - _unresolved(project, environment, leak, environ)


def _unresolved(project: Path, environment: Path, leak: Path | None, environ: dict[str, str]) -> set[str]:
    program = Path(sys.executable).parent / "ty"
    if not program.exists():
        skip_or_fail("ty is not installed")
    words = [str(program), "check", "--python", str(environment), "--output-format", "concise", "--exit-zero"]
    if leak is not None:
        words += ["--extra-search-path", str(leak)]
    done = subprocess.run([*words, "."], cwd=project, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    names = set()
    for match in UNRESOLVED.finditer(done.stdout):
        if os.path.basename(match["file"]) != "setup.py":
            names.add(match["module"].partition(".")[0])
    return names
