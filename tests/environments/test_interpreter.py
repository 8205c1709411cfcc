"""Which Python an environment belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cleanenv.environments import interpreter
from cleanenv.environments.environment import read_environment
from tests.support.fake_environment import FakeEnvironment

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> interpreter.Interpreter:
    environment = read_environment(str(path))
    assert environment is not None
    python = interpreter.read(environment)
    assert python is not None
    return python


def test_bin_python_decides_between_two(tmp_path: Path) -> None:
    fake = FakeEnvironment.bare(tmp_path / "env", "3.11")
    (fake.path / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    (fake.path / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12.1\n")
    python = read(fake.path)
    assert (python.folder, python.version, python.full) == ("python3.11", (3, 11), "3.11")


def test_a_chain_of_links_is_followed_to_the_name(tmp_path: Path) -> None:
    fake = FakeEnvironment.bare(tmp_path / "env", "3.9")
    (fake.path / "lib" / "python3.10" / "site-packages").mkdir(parents=True)
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "python").symlink_to("python3")
    (tmp_path / "base" / "python3").symlink_to("python3.9")
    (fake.path / "bin" / "python").unlink()
    (fake.path / "bin" / "python").symlink_to(tmp_path / "base" / "python")
    assert read(fake.path).folder == "python3.9"


def test_a_copied_python_is_recognised_by_its_twin(tmp_path: Path) -> None:
    fake = FakeEnvironment.bare(tmp_path / "env", "2.7")
    (fake.path / "lib" / "python3.10" / "site-packages").mkdir(parents=True)
    (fake.path / "bin" / "python").unlink()
    (fake.path / "bin" / "python").write_text("")
    (fake.path / "bin" / "python2.7").hardlink_to(fake.path / "bin" / "python")
    assert read(fake.path).folder == "python2.7"


def test_without_a_python_pyvenv_cfg_decides(tmp_path: Path) -> None:
    fake = FakeEnvironment.bare(tmp_path / "env", "3.8")
    (fake.path / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    (fake.path / "bin" / "python").unlink()
    assert (read(fake.path).folder, read(fake.path).full) == ("python3.8", "3.8.5")


def test_a_directory_without_packages_comes_last(tmp_path: Path) -> None:
    """A newer Python may have left one behind that holds nothing."""
    fake = FakeEnvironment.bare(tmp_path / "env", "3.8")
    (fake.path / "lib" / "python3.12").mkdir()
    (fake.path / "bin" / "python").unlink()
    (fake.path / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12.1\n")
    assert read(fake.path).folder == "python3.8"


def test_packages_of_another_python_are_reported(tmp_path: Path) -> None:
    fake = FakeEnvironment.bare(tmp_path / "env", "3.11")
    (fake.path / "bin" / "python").unlink()
    (fake.path / "bin" / "python").symlink_to("/nonexistent/python3.12")
    python = read(fake.path)
    assert (python.folder, python.mismatch) == ("python3.11", "python3.12")


@pytest.mark.parametrize(
    ("key", "value", "full"),
    [
        ("version", "3.11.7", "3.11.7"),
        ("version_info", "3.11.7", "3.11.7"),
        ("version_info", "3.11.7.final.0", "3.11.7"),
        ("version", "3.12.7", "3.11"),
        ("version", "rubbish", "3.11"),
    ],
)
def test_the_full_version(key: str, value: str, full: str, tmp_path: Path) -> None:
    fake = FakeEnvironment.bare(tmp_path / "env", "3.11")
    (fake.path / "pyvenv.cfg").write_text(f"home = /usr/bin\n{key} = {value}\n")
    assert read(fake.path).full == full


@pytest.mark.parametrize(("folder", "pypy"), [("python3.13t", False), ("pypy3.10", True), ("python3.100", False)])
def test_other_pythons(folder: str, pypy: bool, tmp_path: Path) -> None:
    fake = FakeEnvironment.bare(tmp_path / "env", "3.11")
    (fake.path / "lib" / "python3.11").rename(fake.path / "lib" / folder)
    (fake.path / "bin" / "python").unlink()
    (fake.path / "bin" / "python").symlink_to(f"/nonexistent/{folder.removesuffix('t')}")
    assert (read(fake.path).folder, read(fake.path).is_pypy, read(fake.path).mismatch) == (folder, pypy, None)


def test_conda_s_link_of_another_version(tmp_path: Path) -> None:
    fake = FakeEnvironment.bare(tmp_path / "env", "3.10")
    (fake.path / "lib" / "python3.1").symlink_to("python3.10")
    (fake.path / "pyvenv.cfg").unlink()
    (fake.path / "conda-meta").mkdir()
    assert read(fake.path).folder == "python3.10"


@pytest.mark.parametrize(
    ("record", "full"),
    [
        ("python-3.11.7-h955ad1f_0.json", "3.11.7"),
        ("python-3.11.0-0_73_pypy.json", "3.11.0"),
        ("python-3.11.7-h955ad1f_0_cpython.json", "3.11.7"),
        ("python-3.12.1-h996f2a0_0.json", "3.11"),  # of another Python than the one in lib
        ("python-dateutil-3.11.9-pyhd3eb1b0_2.json", "3.11"),
        ("python_abi-3.11.9-2_cp311.json", "3.11"),
        ("python-3.11-x.json", "3.11"),
        ("history", "3.11"),
    ],
)
def test_the_full_version_of_conda_s_python(record: str, full: str, tmp_path: Path) -> None:
    fake = FakeEnvironment.bare(tmp_path / "env", "3.11")
    (fake.path / "pyvenv.cfg").unlink()
    (fake.path / "conda-meta").mkdir()
    (fake.path / "conda-meta" / record).write_text("not read")
    assert read(fake.path).full == full


@pytest.mark.parametrize(
    ("directory", "line", "full"),
    [
        ("python3.11", '#define PY_VERSION              "3.11.9"', "3.11.9"),
        ("python3.11m", '#define PY_VERSION "3.11.2+"', "3.11.2"),
        ("python3.11", '#define PY_VERSION "3.10.2"', "3.11"),
        ("python3.10", '#define PY_VERSION "3.11.2"', "3.11"),
        ("python3.11", '/* PY_VERSION "3.11.2" */', "3.11"),
    ],
)
def test_the_full_version_in_the_header_of_an_old_virtualenv(
    directory: str, line: str, full: str, tmp_path: Path
) -> None:
    fake = FakeEnvironment(tmp_path, "3.11", kind="old")
    header = fake.path / "include" / directory / "patchlevel.h"
    header.parent.mkdir(parents=True)
    header.write_text(f"#define PY_MAJOR_VERSION 3\n{line}\n")
    assert read(fake.path).full == full
