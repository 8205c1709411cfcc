"""What all tests share: the tripwire, environments made once, the tool under test, the shells."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from cleanenv.shell import detect, registry
from tests.support import tripwire
from tests.support.environments import make_venv
from tests.support.installed_shells import find_shell
from tests.support.surroundings import CHECKOUT, REAL_HOME, USER

# The test process itself, and what it starts without saying where, lives in a home of its own.
SCRATCH_HOME = tempfile.mkdtemp(prefix="cleanenv-tests-home-")
os.environ["HOME"] = SCRATCH_HOME
for name in [name for name in os.environ if name.startswith(("XDG_", "CLEANENV", "PYTHON", "VIRTUAL_ENV", "CONDA"))]:
    del os.environ[name]
tripwire.arm(home=REAL_HOME, exempt=(str(CHECKOUT), tempfile.gettempdir(), sys.prefix))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option with which ./dev docs writes the golden files."""
    parser.addoption("--write-golden", action="store_true", help="write the golden files as they are now")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return an empty home directory."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment made by venv, without pip, that tests only read."""
    return make_venv(tmp_path_factory.mktemp("environments") / "my_env")


@pytest.fixture(params=registry.NAMES)
def found(request: pytest.FixtureRequest) -> detect.Found:
    """Return each shell of the registry in turn, with its program."""
    return find_shell(request.param)


@pytest.fixture
def tool() -> list[str]:
    """Return the command that starts cleanenv as its launcher does."""
    return [sys.executable, "-I", "-m", "cleanenv"]


@pytest.fixture
def caller(home: Path) -> dict[str, str]:
    """Return the environment of a caller with nothing unusual in it."""
    return {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "SHELL": "/bin/sh",
        "SHLVL": "1",
        "TERM": "xterm-256color",
        "USER": USER,
    }


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("folder"))
