"""Setups as people have them, in fish and tcsh: environment-modules and direnv."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.command import call
from tests.support.surroundings import skip_or_fail
from tests.support.trace_cases import (
    chain,
    changes_of,
    environ_of,
    replay,
    seen,
    write,
)

MODULES = Path("/usr/share/modules/init")
MODULEFILE = "#%Module1.0\nprepend-path PYTHONPATH /opt/demo\nsetenv DEMO_HOME /opt/demo\n"


@pytest.mark.parametrize(("name", "rc"), [("fish", ".config/fish/config.fish"), ("tcsh", ".tcshrc")])
def test_environment_modules(name: str, rc: str, home: Path) -> None:
    """The line that loads the module; ``module`` itself is a function or an alias that an eval made."""
    if not (MODULES / name).exists():
        skip_or_fail("environment-modules is not installed")
    write(home, {"mf/demo": MODULEFILE, rc: f"source {MODULES / name}\nmodule use ~/mf\n\nmodule load demo\n"})
    replayed = replay(name, home, "PYTHONPATH", "DEMO_HOME", "MODULEPATH")
    loaded = [f"/opt/demo at {rc}:4 [in an eval]"]
    assert seen(replayed, home, "PYTHONPATH", "DEMO_HOME") == {"PYTHONPATH": loaded, "DEMO_HOME": loaded}
    modulepath = [change for change in changes_of(replayed, "MODULEPATH") if f"{home}/mf" in change["added"]]
    assert [chain(change["chain"], home) for change in modulepath] == [f"{rc}:2 [in an eval]"]


def test_direnv(home: Path) -> None:
    """A hook of the prompt, which the line that asked for it stands for."""
    direnv = shutil.which("direnv")
    if direnv is None:
        skip_or_fail("direnv is not installed")
        raise AssertionError
    write(home, {".envrc": "export FOO=1\n", ".config/fish/config.fish": "true\ndirenv hook fish | source\n"})
    assert call([direnv, "allow", "."], environ_of(home), home).status == 0
    assert seen(replay("fish", home, "FOO"), home, "FOO") == {"FOO": ["1 at .config/fish/config.fish:2 [in an eval]"]}
