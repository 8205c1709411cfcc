"""Creating an environment is stopped by a signal at any moment; the rest is tested by the commands' own tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import write_program
from tests.support.interpreters import as_a_python

# The signal comes while the process is being started, before anybody knows of it.
SCRIPT = """
import os, subprocess, sys
from cleanenv.system import child_process
from cleanenv.environments import creation

class Interrupted(subprocess.Popen):
    def __init__(self, *words, **options):
        super().__init__(*words, **options)
        if "venv" not in words[0]:
            return
        os.kill(os.getpid(), int(sys.argv[3]))
        while not os.path.exists(sys.argv[2] + "/bin/x"):
            pass

child_process.subprocess.Popen = Interrupted
try:
    creation._create(sys.argv[1], sys.argv[2], {"PATH": os.defpath}, {"PATH": os.defpath}, os.getcwd())
except KeyboardInterrupt:
    sys.exit(130)
"""
# Writes until it is killed, and for a limited time in any case.
WRITER = """n=0
while [ "$n" -lt 3000 ] && mkdir -p "$it/bin"; do touch "$it/bin/x"; n=$((n + 1)); done
touch "$0.ended"
"""


@pytest.mark.parametrize(("number", "status"), [(2, 130), (15, -15), (1, -1)])
def test_a_signal_while_venv_is_being_started(number: int, status: int, tmp_path: Path) -> None:
    python = write_program(tmp_path / "python", as_a_python(WRITER))
    target = tmp_path / "new" / "it"
    done = subprocess.run(
        [sys.executable, "-I", "-c", SCRIPT, str(python), str(target), str(number)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (status, "", "")
    assert not target.parent.exists()
    assert not Path(f"{python}.ended").exists()
