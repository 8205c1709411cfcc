"""The `dev` script, as far as it can be seen without setting a checkout up."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]

# Stands where the checkout's Python would and tells what it was started with.
PYTHON = """#!/bin/sh
printf '<%s>' "$@"
pwd
env
"""


def dev(script: Path, *words: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the script at ``script`` in ``folder`` with next to no environment."""
    environ.setdefault("PATH", "/usr/bin:/bin")
    return subprocess.run([script, *words], cwd=folder, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a checkout under a path with blanks, which looks as if it had been set up."""
    top = tmp_path / "a  checkout"
    (top / "src" / "bin").mkdir(parents=True)
    for name in ("dev", "pyproject.toml", "src/bin/cleanenv"):
        shutil.copy(TOP / name, top / name)
    (top / ".venv" / "bin").mkdir(parents=True)
    python = top / ".venv" / "bin" / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    (top / ".venv" / "checkout").symlink_to(top)
    (top / ".venv" / "ready-tool").touch()
    os.utime(top / "pyproject.toml", (0, 0))
    os.utime(top / "src/bin/cleanenv", (0, 0))
    return top


def test_help_names_every_command(tmp_path: Path) -> None:
    for words in ((), ("help",), ("--help",)):
        shown = dev(TOP / "dev", *words, folder=tmp_path)
        assert (shown.returncode, shown.stderr) == (0, "")
        for command in ("cleanenv", "test", "lint", "coverage", "build", "floors", "docs", "bench"):
            assert f"\n  {command} " in shown.stdout


def test_an_unknown_command_is_refused(tmp_path: Path) -> None:
    refused = dev(TOP / "dev", "tset", folder=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "Error: no command 'tset': './dev help' lists them.\n"


@pytest.mark.parametrize("linked", [False, True])
def test_the_tool_gets_words_folder_and_environment_as_they_are(checkout: Path, tmp_path: Path, linked: bool) -> None:
    script = checkout / "dev"
    if linked:
        (tmp_path / "link").symlink_to("a  checkout/dev")
        script = tmp_path / "link"
    environ = {"PYTHONHOME": "/nowhere", "PYTHONPATH": "/x", "PIP_TARGET": "/y", "CDPATH": "/usr"}
    started = dev(script, "cleanenv", "run", "a b", "", "$(x)", folder=tmp_path, **environ)
    assert started.stderr == ""
    first, *rest = started.stdout.splitlines()
    assert first == f"<-I><-m><cleanenv><run><a b><><$(x)>{tmp_path}"
    kept = dict(line.split("=", 1) for line in rest)
    assert {name: kept.get(name) for name in environ} == environ
    assert not [name for name in kept if name.startswith("dev_")]


def test_a_ready_checkout_starts_no_process_but_the_tool(checkout: Path, tmp_path: Path) -> None:
    started = dev(checkout / "dev", "cleanenv", folder=tmp_path, PATH="/nowhere")
    assert started.stdout.startswith("<-I><-m><cleanenv>")


@pytest.mark.parametrize("changed", ["pyproject.toml", "src/bin/cleanenv"])
def test_a_change_of_the_packaging_is_installed_once(checkout: Path, tmp_path: Path, changed: str) -> None:
    os.utime(checkout / ".venv" / "ready-tool", (1, 1))
    os.utime(checkout / changed, (2, 2))
    tools = folder_of(tmp_path / "tools", "env", "sed", "ln", "rm", "mv", "sh")
    first, second = (dev(checkout / "dev", "cleanenv", folder=tmp_path, PATH=tools) for _ in range(2))
    assert first.stderr == "dev: installing cleanenv and what 'tool' needs into .venv (once, half a minute or more)\n"
    assert second.stderr == ""
    assert first.returncode == second.returncode == 0
    assert not (checkout / ".venv.lock").is_symlink()


def test_a_moved_checkout_is_set_up_again_and_says_what_it_lacks(checkout: Path, tmp_path: Path) -> None:
    moved = checkout.rename(tmp_path / "elsewhere")
    tools = folder_of(tmp_path / "tools", "env", "sed", "ln", "rm", "mv", "sh")
    refused = dev(moved / "dev", "cleanenv", folder=tmp_path, PATH=tools)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "Error: found no Python 3.10 or newer with its venv module: install one, or uv.\n"
    assert not (moved / ".venv.lock").is_symlink()


def fake(tools: str, name: str, script: str) -> None:
    """Put a program of the system's that is not under test here, as a script of ``sh``."""
    program = Path(tools) / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.parametrize(("version", "is_too_old"), [("3.9.2-3", True), ("3.10.0-1", False), ("3.11.2-1+b1", False)])
def test_debians_python_is_judged_before_anything_is_installed(
    checkout: Path, tmp_path: Path, version: str, is_too_old: bool
) -> None:
    tools = folder_of(tmp_path / "tools", "env", "sed", "ln", "rm", "mv", "sh", "dpkg")
    fake(tools, "id", "echo 0")
    fake(tools, "dpkg-query", "exit 1")
    fake(tools, "apt-get", f'echo "$*" >>{tmp_path}/apt-log')
    fake(tools, "apt-cache", f'[ "$*" = "--no-all-versions show python3" ] && echo "Version: {version}"')
    (checkout / ".venv" / "checkout").unlink()
    refused = dev(checkout / "dev", "cleanenv", folder=tmp_path, PATH=tools)
    asked = (tmp_path / "apt-log").read_text()
    assert refused.returncode == 1
    if is_too_old:
        assert refused.stderr == (
            f"Error: this system's Python {version} is too old, cleanenv needs 3.10: install a newer one, or uv.\n"
        )
        assert "install" not in asked
    else:
        assert "found no Python 3.10 or newer with its venv module" in refused.stderr
        assert "install --no-install-recommends python3-venv" in asked


def test_a_python_that_is_chosen_and_unusable_is_named(checkout: Path, tmp_path: Path) -> None:
    tools = folder_of(tmp_path / "tools", "env", "sed", "ln", "rm", "mv", "sh")
    (checkout / ".venv" / "checkout").unlink()
    refused = dev(checkout / "dev", "cleanenv", folder=tmp_path, PATH=tools, DEV_PYTHON="python3.99")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: DEV_PYTHON='python3.99' is not a Python 3.10 or newer")


def folder_of(folder: Path, *programs: str) -> str:
    """Make a folder that holds nothing but links to the named programs."""
    folder.mkdir()
    for name in programs:
        (folder / name).symlink_to(str(shutil.which(name, path="/usr/bin:/bin")))
    return str(folder)
