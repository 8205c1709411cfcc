"""What only nushell has: overlays, and folders given by XDG variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import clean_script


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_script.make_venv(tmp_path_factory.mktemp("nushell") / "my_env")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_script.make_virtualenv(tmp_path_factory.mktemp("nushell") / "other")


def test_leaving_an_overlay_brings_nothing_back(env: Path, other: Path, tmp_path: Path) -> None:
    inside, after = tmp_path / "inside", tmp_path / "after"
    # Literal paths: nushell wants a constant.
    script = f"overlay use {other}/bin/activate.nu\n^env -0 o> {inside}\ndeactivate\n^env -0 o> {after}\n"
    clean_script.run("nushell", env, tmp_path, script)
    assert clean_script.exported(inside)["VIRTUAL_ENV"] == str(other)
    left = clean_script.exported(after)
    assert [name for name in left if name.startswith(("CLEANENV", "XDG", "VIRTUAL", "CONDA"))] == []
    assert str(env) not in left["PATH"]
    assert str(other) not in left["PATH"]


def test_deactivate_goes_and_the_folder_stays(env: Path, tmp_path: Path) -> None:
    script = "cd /usr\ndeactivate\nprint $env.PWD (which deactivate | length)\n"
    assert clean_script.run("nushell", env, tmp_path, script) == "/usr\n0\n"


def test_kept_folder_variable_reaches_children(env: Path, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    keep = ("--keep", "XDG_DATA_HOME", "--quiet")
    clean_script.run("nushell", env, tmp_path, f"^env -0 o> {dump}", *keep, XDG_DATA_HOME="/a $b")
    environ = clean_script.exported(dump)
    assert environ["XDG_DATA_HOME"] == "/a $b"
    assert [name for name in environ if name.startswith(("XDG_CONFIG", "CLEANENV_KEEP"))] == []


def test_autoload_is_not_run(env: Path, tmp_path: Path) -> None:
    for folder in (".config/nushell/autoload", ".local/share/nushell/vendor/autoload"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "leak.nu").write_text("$env.LEAK = '1'\n")
    dump = tmp_path / "dump"
    data = {"XDG_DATA_DIRS": str(tmp_path / ".local/share")}
    clean_script.run("nushell", env, tmp_path, f"^env -0 o> {dump}", **data)
    assert "LEAK" not in clean_script.exported(dump)
