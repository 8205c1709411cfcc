"""Which files are modules to which Python: PEP 3149's tags, against the interpreters themselves."""

from __future__ import annotations

import os
import subprocess

import pytest

from cleanenv.doctor.imports import suffixes
from cleanenv.environments.interpreter import Interpreter
from tests.support import interpreters
from tests.support.surroundings import skip_or_fail

MACHINE = os.uname().machine
# (the folder of ENV's Python; the end of a file's name; whether it imports that as an extension module)
TAGS = (
    ("python3.11", f".cpython-311-{MACHINE}-linux-gnu.so", True),
    ("python3.11", ".cpython-311-sparc64-linux-gnu.so", False),
    ("python3.11", f".cpython-310-{MACHINE}-linux-gnu.so", False),
    ("python3.11", f".cpython-313t-{MACHINE}-linux-gnu.so", False),
    ("python3.11", ".abi3.so", True),
    ("python3.11", ".so", True),
    ("python3.11", f".pypy311-pp73-{MACHINE}-linux-gnu.so", False),
    ("python3.11", ".so.1", False),
    ("python3.11", ".cpython-311.pyd", False),
    ("python3.13t", f".cpython-313t-{MACHINE}-linux-gnu.so", True),
    ("python3.13t", f".cpython-313-{MACHINE}-linux-gnu.so", False),
    ("python3.13t", ".abi3.so", False),
    ("python3.7", f".cpython-37m-{MACHINE}-linux-gnu.so", True),
    ("python3.3", ".cpython-33m.so", True),
    ("python2.7", ".so", True),
    ("python2.7", ".abi3.so", False),
    ("pypy3.11", f".pypy311-pp73-{MACHINE}-linux-gnu.so", True),
    ("pypy3.11", ".abi3.so", False),
)


@pytest.mark.skipif(os.uname().sysname == "Darwin", reason="the tags of macOS name no machine")
@pytest.mark.parametrize(("folder", "ending", "expected"), TAGS)
def test_tags(folder: str, ending: str, expected: bool) -> None:
    python = Interpreter(folder, "")
    assert (suffixes.kind(ending, python) == suffixes.EXTENSION) == expected


def test_without_a_python_all_extension_modules_count() -> None:
    assert suffixes.kind(".cpython-27-sparc.so", None) == suffixes.EXTENSION
    assert suffixes.kind(".txt", None) is None


@pytest.mark.parametrize("version", ["3.6", "3.8", "3.10", "3.12", "3.13"])
def test_an_interpreter_agrees(version: str) -> None:
    program = interpreters.find(version)
    if program is None:
        skip_or_fail(f"no Python {version} on this machine")
        return
    code = "import _imp; print(*_imp.extension_suffixes())"
    output = subprocess.run([program, "-c", code], env={}, capture_output=True, text=True, check=True).stdout.split()
    python = Interpreter(f"python{version}", "")
    assert [suffixes.kind(ending, python) for ending in output] == [suffixes.EXTENSION] * len(output)


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (".cpython-310-x86_64-linux-gnu.so", "CPython 3.10"),
        (".cpython-313t-darwin.so", "CPython 3.13t"),
        (".pypy39-pp73-x86_64-linux-gnu.so", "PyPy 3.9"),
        (".so", None),
        (".abi3.so", None),
        (".py", None),
    ],
)
def test_what_it_is_made_for(ending: str, expected: str | None) -> None:
    assert suffixes.made_for(ending) == expected
