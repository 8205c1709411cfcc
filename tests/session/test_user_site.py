"""The user's site-packages (PEP 370): kept from each environment whose Python would look there, unless asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import call, write_program
from tests.support.environments import make_venv
from tests.support.installed_shells import find_shell

FOLDER = f"python{sys.version_info[0]}.{sys.version_info[1]}"
IN_USE = "import sys; print('usercustomize' in sys.modules)"
BASE = Path(sys.base_prefix)


@pytest.fixture
def user_site(home: Path) -> Path:
    """Return a user's site-packages with code that runs at each start and a package."""
    folder = home / f".local/lib/{FOLDER}/site-packages"
    (folder / "theirs-1.0.dist-info").mkdir(parents=True)
    (folder / "theirs-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (folder / "usercustomize.py").write_text("import os\nos.environ['PYTHONPATH'] = '/leak'\n")
    return folder


def conda(path: Path) -> Path:
    """Make what conda makes: a whole Python, and no pyvenv.cfg."""
    (path / "conda-meta").mkdir(parents=True)
    (path / "bin").symlink_to(BASE / "bin")
    (path / "lib").symlink_to(BASE / "lib")
    return path


def opened(path: Path) -> Path:
    """Make a venv with the system's packages."""
    config = make_venv(path) / "pyvenv.cfg"
    config.write_text(config.read_text().replace("packages = false", "packages = true"))
    return path


def opened_by_default(path: Path) -> Path:
    """Make one whose pyvenv.cfg does not say, which means yes (site.py)."""
    config = make_venv(path) / "pyvenv.cfg"
    lines = config.read_text().splitlines(keepends=True)
    config.write_text("".join(line for line in lines if "include-system" not in line))
    return path


KINDS = (conda, opened, opened_by_default)


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.usefixtures("user_site")
def test_it_stays_out(tool: list[str], caller: dict[str, str], tmp_path: Path, make: Callable[[Path], Path]) -> None:
    env = make(tmp_path / "e")
    done = call([*tool, "run", str(env), "--", "python3", "-c", IN_USE], caller)
    assert done == (0, "False\n", "")
    script = f'python3 -c "{IN_USE}"\nprintf \'%s\\n\' "<$PYTHONNOUSERSITE>"\n'
    done = call([*tool, "shell", str(env), "--shell", "bash"], caller, given=script)
    assert done == (0, "False\n<1>\n", "")
    explained = call([*tool, "env", str(env), "--explain"], caller).out
    assert "PYTHONNOUSERSITE" in explained.partition("dropped")[0]


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.usefixtures("user_site")
def test_it_comes_in_if_asked_for(
    tool: list[str], caller: dict[str, str], tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    env = make(tmp_path / "e")
    (tmp_path / "setup.sh").write_text("export PYTHONNOUSERSITE=\n")
    for words in (["--keep", "PYTHONNOUSERSITE"], ["--set", "PYTHONNOUSERSITE="], ["--source", f"{tmp_path}/setup.sh"]):
        done = call([*tool, "run", *words, str(env), "--", "python3", "-c", IN_USE], caller)
        assert done == (0, "True\n", ""), words
    # What is kept is what the caller has.
    words = ["--keep", "PYTHONNOUSERSITE", str(env), "--", "python3", "-c", IN_USE]
    assert call([*tool, "run", *words], caller | {"PYTHONNOUSERSITE": "yes"}).out == "False\n"


def test_a_closed_environment_needs_nothing(tool: list[str], caller: dict[str, str], venv: Path) -> None:
    """Nor does the variable of the caller go on."""
    for given in ({}, {"PYTHONNOUSERSITE": "1"}):
        assert "PYTHONNOUSERSITE" not in call([*tool, "env", str(venv)], caller | given).out


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.usefixtures("user_site")
def test_doctor_and_freeze_agree(
    tool: list[str], caller: dict[str, str], tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    """Outside the environment sees the user's packages, inside a clean shell it does not."""
    env = str(make(tmp_path / "e"))
    clean = json.loads(call([*tool, "env", env, "--format", "json"], caller).out)
    for environ, is_seen in ((caller, True), (clean, False)):
        found = json.loads(call([*tool, "doctor", env, "--json"], environ).out)["findings"]
        assert ("env-user-site" in {finding["code"] for finding in found}) is is_seen
        if make is not conda:
            assert ("theirs==1.0" in call([*tool, "freeze", env, "--exact"], environ).out) is is_seen


@pytest.mark.parametrize("words", [(), ("--keep", "PYTHONPATH", "--keep", "PYTHONHOME", "--keep", "PYTHONWARNINGS")])
@pytest.mark.usefixtures("user_site")
def test_xonsh_s_own_python(
    tool: list[str], caller: dict[str, str], venv: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """A xonsh of a Python that is no environment, as a distribution's, sees the user's packages."""
    packages = next(Path(find_shell("xonsh").program).resolve().parents[1].glob("lib/python*/site-packages"))
    if FOLDER not in str(packages):
        pytest.skip("xonsh is of another Python")
    start = "import os, sys\nprint('usercustomize' in sys.modules, os.environ.get('PYTHONPATH'), file=sys.stderr)\n"
    start += f"sys.path.insert(0, {str(packages)!r})\nfrom xonsh.main import main\nmain()\n"
    program = write_program(tmp_path / "bin/xonsh", f"#!{BASE}/bin/{FOLDER}\n{start}")
    leaks = {"PYTHONPATH": "/leak", "PYTHONHOME": "/nowhere", "PYTHONWARNINGS": "error", "PYTHONINSPECT": "1"}
    script = f"env -0 > {tmp_path}/seen\n"
    done = call([*tool, "shell", *words, str(venv), "--shell", str(program)], caller | leaks, given=script)
    assert done.status == 0
    assert "True" not in done.err
    seen = dict(item.split("=", 1) for item in (tmp_path / "seen").read_text().split("\0")[:-1])
    kept = set(words[1::2])
    assert {name for name in seen if name.startswith("PYTHON")} == kept
    assert all(seen[name] == leaks[name] for name in kept)
