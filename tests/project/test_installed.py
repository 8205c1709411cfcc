"""The tool where it is needed: installed in every way, under a leak that no Python survives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import call
from tests.support.distributions import Distributions, network
from tests.support.terminal import Terminal

pytestmark = pytest.mark.xdist_group("installed")  # the installations are made once, by one worker

FATAL = "raise SystemExit('a leak was imported: ' + __file__)\n"
LEAKING = ("click", "re", "os", "psutil", "sitecustomize", "usercustomize", "encodings", "cleanenv", "runpy", "site")
COMMANDS = (
    ("--version",),
    ("--help",),
    ("env", "{venv}"),
    ("run", "{venv}", "--", "python", "-c", ""),
    ("shell", "{venv}", "--shell", "bash", "--dry-run"),
    ("shell", "{venv}", "--dry-run"),
    ("trace", "--shell", "bash"),
    ("trace", "PYTHONPATH", "--shell", "bash", "--json"),
    ("completion", "bash"),
)


def install(way: str, wheel: Path, source: Path, folder: Path) -> Path:
    """Install ``wheel``, or ``source`` in place, as users do and return the command."""
    environ = network() | {"HOME": str(folder), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    environ |= {"UV_TOOL_DIR": str(folder / "tools"), "UV_TOOL_BIN_DIR": str(folder / "bin")}
    environ |= {"PIPX_HOME": str(folder / "pipx"), "PIPX_BIN_DIR": str(folder / "bin")}
    python = f"{folder}/venv/bin/python"
    make = [sys.executable, "-I", "-m", "venv", f"{folder}/venv"]
    steps = {
        "pip": [make, [python, "-m", "pip", "install", "--quiet", str(wheel)]],
        "pip -e": [make, [python, "-m", "pip", "install", "--quiet", "--editable", str(source)]],
        "uv tool": [["uv", "tool", "install", "--quiet", "--python", sys.executable, str(wheel)]],
        "pipx": [["pipx", "install", "--quiet", "--python", sys.executable, str(wheel)]],
    }
    for step in steps[way]:
        subprocess.run(step, env=environ, check=True, capture_output=True)
    return folder / ("bin" if way in ("uv tool", "pipx") else "venv/bin") / "cleanenv"


@pytest.fixture(scope="session", params=["pip", "pip -e", "uv tool", "pipx"])
def installed(
    request: pytest.FixtureRequest, built: Distributions, source: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return install(request.param, built.wheel, source, tmp_path_factory.mktemp("installed"))


@pytest.fixture
def leaking(caller: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Return a caller whose PYTHONHOME points nowhere and whose PYTHONPATH ends every import."""
    folder = tmp_path / "leak"
    folder.mkdir()
    for name in LEAKING:
        (folder / f"{name}.py").write_text(FATAL)
    return caller | {"PYTHONPATH": str(folder), "PYTHONHOME": "/nowhere", "PYTHONSTARTUP": str(folder / "re.py")}


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_works_under_the_leak(
    installed: Path, leaking: dict[str, str], venv: Path, words: tuple[str, ...]
) -> None:
    command = [str(installed), *(word.format(venv=venv) for word in words)]
    done = subprocess.run(command, env=leaking, capture_output=True, text=True, check=False, cwd=leaking["PYTHONPATH"])
    assert (done.returncode, done.stderr) == (0, "")
    assert "leak was imported" not in done.stdout


def test_it_is_a_program_inside(installed: Path, leaking: dict[str, str], venv: Path) -> None:
    """An editable installation outside of the checkout has only the shells' function."""
    inner = ["sh", "-c", "PYTHONPATH=$1 cleanenv --version", "sh", leaking["PYTHONPATH"]]
    done = call([str(installed), "run", str(venv), "--", *inner], leaking)
    is_editable = (installed.parent.parent / "bin/pip").exists() and "editable" in str(
        list(installed.parent.parent.glob("lib/python*/site-packages/__editable__*"))
    )
    assert (done.status, done.out) == ((127, "") if is_editable else (0, "cleanenv 0.1.0\n"))


def test_doctor_tells_the_leak_in_every_form(
    installed: Path, leaking: dict[str, str], venv: Path, tmp_path: Path
) -> None:
    """With what is installed beside its modules: rich on a terminal, the page's style."""
    words = [str(installed), "doctor", str(venv)]
    done = call([*words, "--json", "--html", str(tmp_path / "page.html")], leaking, tmp_path)
    assert (done.status, done.err) == (1, f"wrote {tmp_path}/page.html\n")
    found = {finding["code"] for finding in json.loads(done.out)["findings"]}
    assert {"pythonhome", "pythonstartup"} <= found
    assert "prefers-color-scheme" in (tmp_path / "page.html").read_text()
    plain = call(words, leaking, tmp_path)
    assert (plain.status, plain.err) == (1, "")
    assert "PYTHONHOME=/nowhere\n" in plain.out
    with Terminal(words, leaking, tmp_path, rows=200) as terminal:
        assert terminal.wait_end() == 1
        assert "PYTHONHOME=/nowhere" in terminal.text()


def test_a_leak_that_pip_took_for_installed(
    built: Distributions, caller: dict[str, str], venv: Path, tmp_path: Path
) -> None:
    """The sentence names the command that repairs it."""
    leak = tmp_path / "leak"
    environ = caller | network() | {"PYTHONPATH": str(leak)}
    python = f"{tmp_path}/venv/bin/python"
    steps = (
        [sys.executable, "-I", "-m", "venv", f"{tmp_path}/venv"],
        [python, "-I", "-m", "pip", "install", "--quiet", "--target", str(leak), "click"],
        [python, "-m", "pip", "install", "--quiet", str(built.wheel)],
    )
    for step in steps:
        subprocess.run(step, env=environ, check=True, capture_output=True)
    command = [f"{tmp_path}/venv/bin/cleanenv", "env", str(venv)]
    done = call(command, environ)
    repair = f"{python} -I -m pip install --force-reinstall 'click>=8.2'"
    assert done == (
        70,
        "",
        f"Error: cleanenv's own dependency 'click' cannot be imported (No module named 'click'): run {repair}\n",
    )
    subprocess.run(["sh", "-c", repair], env=environ, check=True, capture_output=True)
    assert call(command, environ).status == 0


def test_a_plain_python_does_not_survive_the_leak(leaking: dict[str, str]) -> None:
    """Else the tests above could not fail."""
    for without in ("PYTHONHOME", "PYTHONPATH"):
        environ = {name: value for name, value in leaking.items() if name != without}
        assert subprocess.run(
            [sys.executable, "-c", "import re"], env=environ, capture_output=True, check=False
        ).returncode


@pytest.mark.parametrize("steps", [1, 2])
def test_a_link_to_the_command_works_from_elsewhere(
    installed: Path, caller: dict[str, str], tmp_path: Path, steps: int
) -> None:
    (tmp_path / "links").mkdir()
    target = installed
    for step in range(steps):
        link = tmp_path / "links" / f"cleanenv{step}"
        link.symlink_to(os.path.relpath(target, link.parent))
        target = link
    done = subprocess.run([str(target), "--version"], env=caller, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("cleanenv ")


def test_found_on_path_and_run_by_sh(installed: Path, caller: dict[str, str]) -> None:
    environ = caller | {"PATH": f"{installed.parent}:{caller['PATH']}"}
    for command in (["cleanenv", "--version"], ["sh", "cleanenv", "--version"]):
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, cwd=installed.parent)
        assert done.stdout.startswith("cleanenv ")
