"""What only xonsh has: Python in the shell, prompts as templates, xontribs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support import clean_script


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_script.make_venv(tmp_path_factory.mktemp("xonsh") / "my_env")


def test_python_code_sees_a_clean_environment_too(env: Path, tmp_path: Path) -> None:
    script = "import os\nprint([name for name in os.environ if name.startswith('CLEANENV')])\n"
    assert clean_script.run("xonsh", env, tmp_path, script).strip() == "[]"


def test_children_get_no_folder_variable_beyond_xonshs_own(env: Path, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    clean_script.run("xonsh", env, tmp_path, f"$XONSH_CONFIG_DIR\n$XONSHRC\n/usr/bin/env -0 > {dump}\n")
    environ = clean_script.exported(dump)
    assert environ["XONSH_DATA_DIR"] == str(tmp_path / ".local/state/cleanenv/xonsh")
    unwanted = {"XONSH_CACHE_DIR", "XONSH_CONFIG_DIR", "XONSHRC", "XONSHRC_DIR", "XONTRIBS_AUTOLOAD_DISABLED"}
    assert unwanted.isdisjoint(environ)
    assert "_OLD_VIRTUAL_PATH" not in environ


def test_marker_is_no_template(tmp_path: Path) -> None:
    env = clean_script.make_venv(tmp_path / "{RED}{user}")
    script = "from xonsh.tools import format_color\nprint(format_color($PROMPT_FIELDS['env_name']()))\n"
    assert clean_script.run("xonsh", env, tmp_path, script).strip() == "({RED}{user})"


def test_deactivate_forgets_the_environment(env: Path, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    script = f"deactivate\n/usr/bin/env -0 > {dump}\nprint('deactivate' in aliases)\n"
    assert clean_script.run("xonsh", env, tmp_path, script).strip() == "False"
    assert not [name for name, value in clean_script.exported(dump).items() if str(env) in value]


def test_xontribs_are_not_loaded(env: Path, tmp_path: Path) -> None:
    program = clean_script.require("xonsh")
    printed = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    if printed.startswith("xonsh/0.13."):
        pytest.skip("xonsh 0.13 takes only names there")
    assert clean_script.run("xonsh", env, tmp_path, "print($XONTRIBS_AUTOLOAD_DISABLED)").strip() == "True"
