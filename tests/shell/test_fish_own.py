"""What only fish has: universal variables, folders of its own made at every start, autoloading."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import clean_script

UNIVERSAL = """\
# This file contains fish universal variable definitions.
# VERSION: 3.0
SETUVAR --export LD_LIBRARY_PATH:/leak
SETUVAR fish_user_paths:/leak
"""


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_script.make_venv(tmp_path_factory.mktemp("fish") / "my_env")


def names_and_texts(folder: Path) -> dict[str, str]:
    return {str(path): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_universal_variables_are_neither_read_nor_written(env: Path, tmp_path: Path) -> None:
    folder = tmp_path / ".config/fish"
    folder.mkdir(parents=True)
    (folder / "fish_variables").write_text(UNIVERSAL)
    dump = tmp_path / "dump"
    clean_script.run("fish", env, tmp_path, f"set -U mine 1; fish_add_path /usr/bin; command env -0 >{dump}")
    environ = clean_script.exported(dump)
    assert "LD_LIBRARY_PATH" not in environ
    assert "/leak" not in environ["PATH"]
    assert names_and_texts(folder) == {str(folder / "fish_variables"): UNIVERSAL}


def test_folders_of_the_user_are_not_made(env: Path, tmp_path: Path) -> None:
    clean_script.run("fish", env, tmp_path, "true")
    assert sorted(os.listdir(tmp_path)) == [".local"]
    assert os.listdir(tmp_path / ".local") == ["state"]


def test_kept_folder_variable_reaches_children(env: Path, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    keep = ("--keep", "XDG_DATA_HOME", "--quiet")
    clean_script.run("fish", env, tmp_path, f"command env -0 >{dump}", *keep, XDG_DATA_HOME="/a $b")
    environ = clean_script.exported(dump)
    assert environ["XDG_DATA_HOME"] == "/a $b"
    assert [name for name in environ if name.startswith(("XDG_CONFIG", "XDG_CACHE", "CLEANENV_KEEP"))] == []


def test_fish_completes_by_its_own_completions(env: Path, tmp_path: Path) -> None:
    assert "--verbose" in clean_script.run("fish", env, tmp_path, "complete -C 'tar --verb'")


def test_activating_another_environment_leaves_conda(env: Path, tmp_path: Path) -> None:
    conda = clean_script.make_conda(tmp_path / "of conda")
    inside, after = tmp_path / "inside", tmp_path / "after"
    script = f"source {env}/bin/activate.fish\ncommand env -0 >{inside}\ndeactivate\ncommand env -0 >{after}\n"
    clean_script.run("fish", conda, tmp_path, script)
    assert clean_script.exported(inside)["PATH"].split(":")[0] == f"{env}/bin"
    for dump in (inside, after):
        assert not [name for name, value in clean_script.exported(dump).items() if str(conda) in value]
    assert str(env) not in clean_script.exported(after)["PATH"]


def test_source_exports_what_file_sets_without_a_scope(env: Path, tmp_path: Path) -> None:
    program = clean_script.require("fish")
    home, file = tmp_path / "home", tmp_path / "setup.fish"
    home.mkdir()
    file.write_text(
        "set -q XDG_DATA_HOME; and set -x SEEN 1; true\nset source x\nset output x\nset -x WITHOUT_SCOPE 'a\nb'\n"
    )
    code = "import os; print([os.environ.get('WITHOUT_SCOPE'), 'SEEN' in os.environ])"
    words = ["run", "--source", str(file), str(env), "--", "python", "-c", code]
    done = subprocess.run(
        [sys.executable, "-I", "-m", "cleanenv", *words],
        env=clean_script.caller(home, program),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("['a\\nb', False]\n", 0), done
    assert os.listdir(home) == []


def test_first_status_is_zero_where_nothing_can_be_kept(env: Path, tmp_path: Path) -> None:
    assert clean_script.run("fish", env, tmp_path / "missing", "echo $status") == "0\n"
