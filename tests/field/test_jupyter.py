"""A Jupyter kernel in a clean environment: it ends when its server is killed."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
from pathlib import Path

import pytest

from tests.field.trial import CLEAN, HERE, NATIVE, RUN, entering, installed, is_running, started, wait
from tests.support.command import write_program

# The kernel asks whether the server is still its parent (ipykernel's ParentPollerUnix), so each shell becomes it.
SCRIPT = """\
#!/bin/sh
exec {shell} <<END
exec python -m ipykernel_launcher -f $1
END
"""


def kernel_command(way: str, tool: list[str], environment: Path, folder: Path) -> list[str]:
    """Return the ``argv`` of a kernelspec."""
    if way in {NATIVE, RUN}:
        command = ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return entering(way, tool, environment, command, folder / "kernel")
    installed(way)
    shell = shlex.join([*tool, "shell", str(environment), "--shell", way])
    return [str(write_program(folder / "kernel", SCRIPT.format(shell=shell))), "{connection_file}"]


@pytest.mark.parametrize("way", [NATIVE, *CLEAN])
def test_a_kernel_ends_with_its_server(
    way: str, tool: list[str], programs: Path, caller: dict[str, str], home: Path, tmp_path: Path
) -> None:
    spec = home / ".local/share/jupyter/kernels/trial/kernel.json"
    spec.parent.mkdir(parents=True)
    argv = kernel_command(way, tool, programs, tmp_path)
    spec.write_text(json.dumps({"argv": argv, "display_name": "trial", "language": "python"}), encoding="utf-8")
    report = tmp_path / "kernel.pid"
    server_words = [str(programs / "bin/python"), str(HERE / "dying_server.py"), "trial", str(report)]
    with started(server_words, caller, tmp_path) as server:
        wait(lambda: report.exists() or server.poll() is not None, "the kernel")
        assert report.exists(), (tmp_path / "python.log").read_text(encoding="utf-8")
        kernel = int(report.read_text(encoding="ascii"))
        try:
            assert is_running(kernel)
            server.kill()
            wait(lambda: not is_running(kernel), "the end of the kernel", seconds=10)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(kernel, signal.SIGKILL)
