"""What is released: the wheel and the sdist."""

from __future__ import annotations

import tarfile
import zipfile
from email import message_from_bytes
from pathlib import PurePosixPath

import pytest

from tests.support.distributions import Distributions, copy_checkout, files_of
from tests.support.surroundings import CHECKOUT

pytestmark = pytest.mark.xdist_group("installed")  # the distributions are built once, by one worker

# What only the repository uses.
NOT_RELEASED = (".github", ".gitignore")


def in_wheel(built: Distributions) -> list[str]:
    with zipfile.ZipFile(built.wheel) as wheel:
        return wheel.namelist()


def in_sdist(built: Distributions) -> set[str]:
    """Return the paths of the sdist's files below its one directory."""
    with tarfile.open(built.sdist) as sdist:
        return {member.name.partition("/")[2] for member in sdist if member.isfile()}


def test_the_build_prints_no_warning(built: Distributions) -> None:
    words = ("warning", "deprecat")
    assert [line for line in built.output.splitlines() if any(word in line.lower() for word in words)] == []


def test_no_bytecode_is_released(built: Distributions) -> None:
    assert [name for name in (*in_wheel(built), *in_sdist(built)) if "__pycache__" in name or ".pyc" in name] == []


def test_the_sdist_holds_the_whole_checkout(built: Distributions, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its tests run from it, and whoever has it can change the code."""
    checkout = files_of(copy_checkout(tmp_path_factory.mktemp("copy") / "checkout"))
    released = {name for name in checkout if not name.startswith(NOT_RELEASED)}
    assert released - in_sdist(built) == set()


def test_the_wheel_holds_every_module_and_every_file_of_the_shells(built: Distributions) -> None:
    checkout = files_of(CHECKOUT / "src/cleanenv")
    wanted = {f"cleanenv/{name}" for name in checkout if "__pycache__" not in name}
    wanted |= {f"cleanenv/shells/{name}" for name in files_of(CHECKOUT / "shells") if "__pycache__" not in name}
    in_package = {name for name in in_wheel(built) if name.startswith("cleanenv/")}
    assert in_package == wanted


def test_the_wheel_installs_the_command_and_the_man_page(built: Distributions) -> None:
    data = [PurePosixPath(name) for name in in_wheel(built) if ".data/" in name]
    assert sorted("/".join(path.parts[1:]) for path in data) == [
        "data/share/man/man1/cleanenv.1",
        "scripts/cleanenv",
    ]


def test_a_classifier_for_each_python(built: Distributions) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_bytes(wheel.read(name))
    prefix = "Programming Language :: Python :: 3."
    minors = [line.removeprefix(prefix) for line in metadata.get_all("Classifier", []) if line.startswith(prefix)]
    assert minors == ["10", "11", "12", "13", "14"]
    assert metadata["Requires-Python"] == ">=3.10"
