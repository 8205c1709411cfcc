"""Inside, ``cleanenv`` is a program that make, timeout and scripts find, and nothing else of its installation is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cleanenv.shell.detect import Found
from cleanenv.system.invocation import directory_inside
from tests.support.command import call, write_program
from tests.support.surroundings import skip_or_fail

VERSION = "cleanenv 0.1.0\n"
MAKEFILE = "check:\n\tcleanenv freeze --check wanted.txt\n"


def test_the_directory_holds_nothing_else() -> None:
    assert os.listdir(directory_inside()) == ["cleanenv"]


@pytest.mark.parametrize(
    "command",
    [
        ["cleanenv", "--version"],
        ["sh", "-c", "cleanenv --version"],
        ["env", "cleanenv", "--version"],
        ["timeout", "60", "cleanenv", "--version"],
        ["xargs", "cleanenv"],
        ["find", "/dev/null", "-exec", "cleanenv", "--version", ";"],
        ["python", "-c", "import subprocess; subprocess.run(['cleanenv', '--version'], check=True)"],
        ["env", "-i", "{inside}/cleanenv", "--version"],
    ],
    ids=lambda command: command[0],
)
def test_programs_find_it_in_run(command: list[str], tool: list[str], venv: Path, caller: dict[str, str]) -> None:
    words = [word.replace("{inside}", directory_inside()) for word in command]
    given = "--version\n" if words[0] == "xargs" else ""
    assert call([*tool, "run", str(venv), "--", *words], caller, given=given) == (0, VERSION, "")


def test_a_makefile(tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path) -> None:
    """The check is of the environment around make, without naming it; its status is make's."""
    if shutil.which("make", path="/usr/bin:/bin") is None:
        skip_or_fail("make is not installed")
    (tmp_path / "Makefile").write_text(MAKEFILE, encoding="ascii")
    (tmp_path / "wanted.txt").write_text("", encoding="ascii")
    words = [*tool, "run", str(venv), "--", "make", "-s"]
    assert call(words, caller, tmp_path) == (0, "", "")
    (tmp_path / "wanted.txt").write_text("six==1.16.0\n", encoding="ascii")
    done = call(words, caller, tmp_path)
    assert (done.status, "six" in done.out) == (2, True)


def test_programs_find_it_in_every_shell(
    found: Found, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    """Also after ``deactivate``, which leaves ENV alone; scripts of csh and the like have that, others exit."""
    report = tmp_path / "report"
    lines = f"sh -c 'cleanenv --version >{report}'\nsh -c 'env >{report}.environ'\n"
    done = subprocess.run(
        [*tool, "shell", str(venv), "--shell", found.program], env=caller, input=lines, text=True, check=False
    )
    assert done.returncode == 0
    assert report.read_text(encoding="ascii") == VERSION
    environ = dict(line.split("=", 1) for line in Path(f"{report}.environ").read_text().splitlines() if "=" in line)
    entries = environ["PATH"].split(":")
    assert (entries[0], entries[-1]) == (f"{venv}/bin", directory_inside())
    assert entries.count(directory_inside()) == 1


@pytest.mark.parametrize("name", ["bash", "zsh", "fish", "tcsh"])
def test_it_stays_after_deactivate(
    name: str, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    given = f"deactivate\nsh -c 'cleanenv --version >{tmp_path}/report'\n"
    subprocess.run([*tool, "shell", str(venv), "--shell", name], env=caller, input=given, text=True, check=True)
    assert (tmp_path / "report").read_text(encoding="ascii") == VERSION


def test_nothing_else_of_its_installation_is_found(tool: list[str], venv: Path, caller: dict[str, str]) -> None:
    done = call([*tool, "env", str(venv), "--format", "json"], caller)
    entries = json.loads(done.out)["PATH"].split(":")
    prefix = os.path.realpath(sys.prefix)
    inside = [entry for entry in entries if os.path.realpath(entry).startswith(f"{prefix}/")]
    assert [entry for entry in inside if entry != directory_inside()] == []


def test_it_hides_nothing(tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path) -> None:
    """It is the last: a cleanenv of the user's own directories, or of ENV, goes before it."""
    write_program(tmp_path / "bin/cleanenv", "#!/bin/sh\necho mine\n")
    words = [*tool, "run", str(venv), "--path", str(tmp_path / "bin"), "--", "sh", "-c", "cleanenv"]
    assert call(words, caller) == (0, "mine\n", "")


@pytest.mark.parametrize("options", [[], ["--keep", "PATH"], ["--path", "/usr/games"]])
def test_a_nested_one_has_it_once(options: list[str], tool: list[str], venv: Path, caller: dict[str, str]) -> None:
    inner = ["cleanenv", "run", *options, str(venv), "--", "sh", "-c", "echo $PATH"]
    done = call([*tool, "run", "-q", str(venv), "--", *inner], caller)
    entries = done.out.strip().split(":")
    assert entries.count(directory_inside()) == 1


def test_doctor_inside_finds_nothing(tool: list[str], venv: Path, caller: dict[str, str]) -> None:
    """The directory is no leak, and its environment is not taken for another active one."""
    words = [*tool, "run", str(venv), "--", "cleanenv", "doctor", "--json"]
    findings = json.loads(call(words, caller).out)["findings"]
    assert [finding for finding in findings if "cleanenv" in json.dumps(finding)] == []
