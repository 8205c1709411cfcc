"""Inside, `cleanenv` finds the environments and the configuration that it finds outside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cleanenv.shell.detect import Found
from tests.support import clean_script

# The variables that lead to names, with the directory of the environments below their value.
PLACES = {
    "WORKON_HOME": "",
    "PYENV_ROOT": "versions",
    "MAMBA_ROOT_PREFIX": "envs",
    "POETRY_VIRTUALENVS_PATH": "",
    "POETRY_CACHE_DIR": "virtualenvs",
    "CONDA_ENVS_PATH": "",
    "XDG_DATA_HOME": "virtualenvs",
    "XDG_CACHE_HOME": "pypoetry/virtualenvs",
}
WHICH = "cleanenv run {name} -- printenv VIRTUAL_ENV\n"


@pytest.fixture
def everywhere(tmp_path: Path, venv: Path) -> dict[str, str]:
    """Return a variable for each place; below it an environment is called as the variable in small letters."""
    variables = {}
    for name, below in PLACES.items():
        made = tmp_path / "places of it" / name / below / name.lower()
        made.parent.mkdir(parents=True)
        made.symlink_to(venv)
        variables[name] = str(tmp_path / "places of it" / name)
    return variables


def run(words: list[str], environ: dict[str, str], script: str) -> str:
    done = subprocess.run(
        words, env=environ, input=script, capture_output=True, text=True, timeout=clean_script.TIME_LIMIT, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def test_names_in_every_shell(found: Found, everywhere: dict[str, str], venv: Path, home: Path) -> None:
    """Two places that are carried, and one whose variable is kept; some have no function `cleanenv` in a script."""
    environ = clean_script.caller(home, found.program, **everywhere)
    script = WHICH.format(name="workon_home") + WHICH.format(name="pyenv_root") + WHICH.format(name="xdg_data_home")
    script = script.replace("cleanenv", f"{sys.executable} -I -m cleanenv")
    printed = run(clean_script.command(found.shell.name, venv), environ, script)
    assert [Path(line).name for line in printed.split("\n")] == ["workon_home", "pyenv_root", "xdg_data_home", ""]


@pytest.mark.parametrize("name", PLACES)
def test_names_in_a_clean_shell_in_a_clean_shell(name: str, everywhere: dict[str, str], venv: Path, home: Path) -> None:
    """Twice from the list again; the shells differ, and the second is started around another environment by name."""
    program = clean_script.require("zsh")
    environ = clean_script.caller(home, program, **{name: everywhere[name]})
    inner = WHICH.format(name=name.lower()).replace("\n", "").replace("$", "\\$")
    script = f"echo '{inner}' | cleanenv shell {name.lower()} --shell bash\n"
    printed = run(clean_script.command("zsh", venv), environ, script)
    assert printed.rstrip("\n").endswith(f"/{name.lower()}")


@pytest.mark.parametrize("name", ["WORKON_HOME", "PYENV_ROOT"])
def test_a_name_is_unknown_where_no_variable_leads_to_it(
    name: str, everywhere: dict[str, str], venv: Path, home: Path
) -> None:
    others = {other: value for other, value in everywhere.items() if other != name}
    environ = clean_script.caller(home, "/usr/bin/bash", **others)
    done = subprocess.run(
        clean_script.command("bash", venv),
        env=environ,
        input=WHICH.format(name=name.lower()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"no virtual environment at '{name.lower()}'" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_users_configuration_below_xdg_config_home(shell: str, venv: Path, home: Path, tmp_path: Path) -> None:
    """Of cleanenv itself, of git and of pip."""
    config = tmp_path / "x"
    for place, text in (
        ("cleanenv/config.toml", 'keep = ["MINE"]\n'),
        ("git/config", "[user]\n\tname = Somebody\n"),
        ("pip/pip.conf", "[global]\nindex-url = https://pypi.corp.example/simple\n"),
    ):
        (config / place).parent.mkdir(parents=True)
        (config / place).write_text(text, encoding="ascii")
    program = clean_script.require(shell)
    environ = clean_script.caller(home, program, XDG_CONFIG_HOME=str(config), MINE="abc")
    script = "cleanenv run -- printenv MINE XDG_CONFIG_HOME\ngit config --global user.name\n"
    printed = run(clean_script.command(shell, venv), environ, script)
    assert printed.splitlines()[:3] == ["abc", str(config), "Somebody"]
    (config / "cleanenv/config.toml").unlink()
    assert "abc" not in run(clean_script.command(shell, venv), environ, "env\n")
