"""Environments with hostile names activate in every shell, and nothing in the name is run."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleanenv.shell.detect import Found
from tests.support.seen import DUMP, load
from tests.support.sessions import Session

HOSTILE = (
    "with blanks  two",
    "it's",
    'say "hi"',
    "$(touch X)",
    "`touch X`",
    "; touch X;",
    "a\nb",
    "-n",
    "--help",
    "~",
    "$HOME",
    "${IFS}",
    "a\\b\\",
    "100%!1",
    "%n%~%(!.touch X.)",
    "{env_name}",
    "*?[a]",
    "#hash",
    "&touch X&",
    "|touch X",
    ">X",
    "(touch X)",
    "caf\u00e9-\u6e2c\u8a66-\U0001f40d",
    "\u202eabc",
    "a\tb",
    "\\[\\e]0;x\\a",
    "!!",
)
WORST = "'\"$(touch X)`touch X`;touch X;\n%!\\ -\u00e9"
names = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_characters="/\0:", exclude_categories=["Cs"]), min_size=1, max_size=40),
    st.text(st.sampled_from("$`'\"\\!%;&|<>(){}[]*?~# \n\ttouchX"), min_size=1, max_size=40),
).filter(lambda name: name not in (".", "..") and len(os.fsencode(name)) < 200)
_numbers = itertools.count()


def copy(venv: Path, folder: Path, name: str) -> Path:
    """Return an environment called ``name``, a copy of ``venv``."""
    return Path(shutil.copytree(venv, folder / str(next(_numbers)) / name, symlinks=True))


def start_script(found: Found, venv: Path, tool: list[str], caller: dict[str, str], folder: Path, name: str) -> None:
    """Activate an environment called ``name`` in a shell that reads a script, and compare what is seen there."""
    environment = copy(venv, folder, name)
    here = folder / f"here-{next(_numbers)}"
    here.mkdir()
    report = folder / f"report-{next(_numbers)}.json"
    done = subprocess.run(
        [*tool, "shell", str(environment), "--shell", found.program],
        input=f"python {DUMP} {report}\n",
        env=caller,
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.shell.expands_path and re.search(r"\$[\w{]", name):
        assert (done.returncode, done.stdout) == (4, "")
        assert f"{found.shell.name} expands the '$' in" in done.stderr
        return
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    seen = load(report)
    assert seen.environ["VIRTUAL_ENV"] == str(environment)
    assert seen.environ["VIRTUAL_ENV_PROMPT"] == name
    assert seen.environ["PATH"].startswith(f"{environment}/bin:")
    assert seen.prefix == str(environment)
    assert list(here.iterdir()) == []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(name=names)
def test_in_a_script(
    found: Found, venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path, name: str
) -> None:
    start_script(found, venv, tool, caller, tmp_path, name)


@pytest.mark.parametrize("name", [WORST, "-n $(touch X)", "%n%~`touch X`!!"])
def test_on_a_terminal(
    found: Found, venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path, name: str
) -> None:
    """The prompt shows the name: there the temptation to expand it is greatest."""
    here = tmp_path / "here"
    here.mkdir()
    environment = copy(venv, tmp_path, name)
    with Session(found, environment, tool, caller, here) as session:
        session.folder = tmp_path
        session.wait(lambda: "'exit' leaves." in session.text(), "the greeting")
        session.wait_quiet()
        seen = session.look()
        session.wait_quiet()
        session.enter("deactivate")
        session.wait_quiet()
        assert session.leave() == 0
    assert seen.environ["VIRTUAL_ENV"] == str(environment)
    assert seen.environ["PATH"].startswith(f"{environment}/bin:")
    assert list(here.iterdir()) == []
