"""Setups as people have them, with the real environment-modules and direnv."""

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


def _line_of(path: Path, text: str) -> int:
    """Return the last line of a file that has ``text``."""
    numbers = [number for number, line in enumerate(path.read_text().splitlines(), 1) if text in line]
    return numbers[-1]


# What of each init script stands on the line whose eval defines `module`; tcsh has an alias there.
EVALS = {"bash": "eval ", "zsh": 'eval "$_mlcode"', "fish": "autoinit | source", "tcsh": ""}


@pytest.mark.parametrize(
    ("name", "rc"),
    [("bash", ".bashrc"), ("zsh", ".zshrc"), ("fish", ".config/fish/config.fish"), ("tcsh", ".tcshrc")],
)
def test_environment_modules(name: str, rc: str, home: Path) -> None:
    """The line that loads the module; ``module`` itself is a function or an alias that an eval made."""
    init = MODULES / name
    if not init.exists():
        skip_or_fail("environment-modules is not installed")
    write(home, {"mf/demo": MODULEFILE, rc: f"source {init}\nmodule use ~/mf\n\nmodule load demo\n"})
    replayed = replay(name, home, "PYTHONPATH", "DEMO_HOME", "MODULEPATH")
    made = f"{init}:{_line_of(init, EVALS[name])}"
    inner = f" › {made} in module() [in an eval] › {made} in _module_raw() [in an eval]"
    loaded, used = f"{rc}:4{inner}", f"{rc}:2{inner}"
    if name == "tcsh":
        loaded, used = f"{rc}:4 [in an eval]", f"{rc}:2 [in an eval]"
    expected = [f"/opt/demo at {loaded}"]
    assert seen(replayed, home, "PYTHONPATH", "DEMO_HOME") == {"PYTHONPATH": expected, "DEMO_HOME": expected}
    modulepath = [change for change in changes_of(replayed, "MODULEPATH") if f"{home}/mf" in change["added"]]
    assert [chain(change["chain"], home) for change in modulepath] == [used]


@pytest.mark.parametrize(
    ("name", "rc", "hook", "place"),
    [
        (
            "bash",
            ".bashrc",
            'eval "$(direnv hook bash)"',
            "PROMPT_COMMAND [in an eval] › .bashrc:2 in _direnv_hook() [in an eval]",
        ),
        ("zsh", ".zshrc", 'eval "$(direnv hook zsh)"', ".zshrc:2 in _direnv_hook() [in an eval]"),
        (
            "fish",
            ".config/fish/config.fish",
            "direnv hook fish | source",
            ".config/fish/config.fish:2 in __direnv_export_eval() [in an eval]",
        ),
    ],
)
def test_direnv(name: str, rc: str, hook: str, place: str, home: Path) -> None:
    """A hook of the prompt, which the line that asked for it stands for."""
    direnv = shutil.which("direnv")
    if direnv is None:
        skip_or_fail("direnv is not installed")
        raise AssertionError
    write(home, {".envrc": "export FOO=1\n", rc: f"true\n{hook}\n\n\n\n"})
    assert call([direnv, "allow", "."], environ_of(home), home).status == 0
    assert seen(replay(name, home, "FOO"), home, "FOO") == {"FOO": [f"1 at {place}"]}
