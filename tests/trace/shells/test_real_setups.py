"""Setups as people have them, in fish and tcsh: environment-modules and direnv."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import skip_or_fail
from tests.support.command import call
from tests.support.trace_replaying import environ_of, replay, told, write

MODULES = Path("/usr/share/modules/init")
MODULEFILE = "#%Module1.0\nprepend-path PYTHONPATH /opt/demo\nsetenv DEMO_HOME /opt/demo\n"


@pytest.mark.parametrize(("name", "rc"), [("fish", ".config/fish/config.fish"), ("tcsh", ".tcshrc")])
def test_environment_modules(name: str, rc: str, home: Path) -> None:
    """The line that loads the module; ``module`` itself is a function or an alias that an eval made."""
    if not (MODULES / name).exists():
        skip_or_fail("environment-modules is not installed")
    write(home, {"mf/demo": MODULEFILE, rc: f"source {MODULES / name}\nmodule use ~/mf\n\nmodule load demo\n"})
    replayed = replay(name, home)
    for line in ("PYTHONPATH=/opt/demo", "DEMO_HOME=/opt/demo"):
        assert told(replayed, home, line.partition("=")[0]) == [f"{line} @ ~/{rc}:4 (eval)"]
    modulepath = [line for line in told(replayed, home, "MODULEPATH") if line.startswith("MODULEPATH=~/mf")]
    assert [line.partition(" @ ")[2] for line in modulepath] == [f"~/{rc}:2 (eval)"]


def test_direnv(home: Path) -> None:
    """A hook of the prompt, which the line that asked for it stands for."""
    direnv = shutil.which("direnv")
    if direnv is None:
        skip_or_fail("direnv is not installed")
        raise AssertionError
    write(home, {".envrc": "export FOO=1\n", ".config/fish/config.fish": "true\ndirenv hook fish | source\n"})
    assert call([direnv, "allow", "."], environ_of(home), home).status == 0
    assert told(replay("fish", home), home, "FOO") == ["FOO=1 @ ~/.config/fish/config.fish:2 (eval)"]
