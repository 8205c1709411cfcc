"""An environment that cannot be created: the real reason, what to do about it, and nothing left behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from cleanenv.environments import creation_failure
from cleanenv.environments.python_probe import Python
from cleanenv.system import child_process
from tests.support import cluster_python, interpreters, namespace
from tests.support.cluster_python import LIBRARY
from tests.support.command import Done, call, write_program
from tests.support.interpreters import as_a_python
from tests.support.surroundings import skip_or_fail, unprivileged
from tests.support.version_managers import MANAGERS, Installed

OWN = getattr(sys, "_base_executable", sys.executable)


class Creator:
    """Creates ``target`` by the command, in the environment of ``caller``."""

    def __init__(self, tool: list[str], caller: dict[str, str], target: Path) -> None:
        self.tool = tool
        self.caller = caller
        self.target = target

    def create(self, python: str | Path = OWN, prefix: Sequence[str] = (), then: Sequence[str] = ("true",)) -> Done:
        words = [*self.tool, "run", str(self.target), "--create", "--python", str(python), "--", *then]
        return call([*prefix, *words], self.caller)

    def refusal(self, python: str | Path = OWN, prefix: Sequence[str] = ()) -> str:
        """See that nothing is created, and return the sentence."""
        done = self.create(python, prefix)
        assert (done.status, done.out) == (3, ""), done
        assert not self.target.exists()
        assert done.err.startswith("Error: ")
        assert done.err.count("\n") == 1, done.err
        return done.err.removeprefix("Error: ").removesuffix("\n")


@pytest.fixture
def creator(tool: list[str], caller: dict[str, str], tmp_path: Path) -> Creator:
    return Creator(tool, caller, tmp_path / "it")


def over(directory: Path | str, options: str = "mode=755") -> list[str]:
    if not namespace.is_possible_over(Path(directory)):
        skip_or_fail("no mount namespace here")
    return namespace.over_directory(directory, options)


def stdlib(python: str) -> str:
    code = "import os; print(os.path.dirname(os.__file__))"
    return subprocess.run([python, "-I", "-c", code], env={}, capture_output=True, text=True, check=True).stdout.strip()


# The disk


@pytest.mark.parametrize("options", ["size=64k", "size=3m", "size=18m", "size=20m", "nr_inodes=30"])
def test_no_space(options: str, creator: Creator, tmp_path: Path) -> None:
    """At once, while pip is installed, and no more files."""
    disk = tmp_path / "disk"
    disk.mkdir()
    creator.target = disk / "new" / "it"
    assert creator.refusal(prefix=over(disk, options)) == (
        f"could not create '{creator.target}' (no space left on the disk): make room, or choose another path"
    )


def test_no_space_for_temporary_files(creator: Creator, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    creator.caller["TMPDIR"] = str(disk)
    assert creator.refusal(prefix=over(disk, "size=1m")) == (
        f"could not create '{creator.target}' (no space left in '{disk}'):"
        " make room there, or set TMPDIR to a directory with space"
    )


def test_a_file_system_that_is_read_only(creator: Creator, tmp_path: Path) -> None:
    creator.target = tmp_path / "disk" / "it"
    creator.target.parent.mkdir()
    assert creator.refusal(prefix=over(creator.target.parent, "ro")) == (
        f"could not create '{creator.target}' (read-only file system): choose another path"
    )


@pytest.mark.parametrize("below", ["it", "new/it", "a/b/c/it"])
def test_no_permission(below: str, creator: Creator, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    theirs.chmod(0o555)
    creator.target = theirs / below
    assert creator.refusal(prefix=unprivileged()) == (
        f"could not create '{creator.target}' (permission denied):"
        " choose another path, or change the permissions of its directory"
    )
    assert list(theirs.iterdir()) == []


@pytest.mark.parametrize(
    ("below", "reason", "remedy"),
    [
        ("file/it", "not a directory", "choose another path"),
        ("file/new/it", "not a directory", "choose another path"),
        ("n" * 300, "file name too long", "choose a shorter path"),
    ],
)
def test_a_path_that_cannot_be(below: str, reason: str, remedy: str, creator: Creator, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = call([*creator.tool, "run", f"{tmp_path}/{below}", "--create", "--", "true"], creator.caller)
    assert (done.status, done.err) == (3, f"Error: could not create '{tmp_path}/{below}' ({reason}): {remedy}\n")


# What the Python lacks


@pytest.mark.parametrize("version", ["3.8", "3.10", "3.13"])
def test_no_ensurepip(version: str, creator: Creator) -> None:
    python = interpreters.find(version)
    if python is None:
        skip_or_fail(f"no Python {version} here")
        return
    said = creator.refusal(python, over(f"{stdlib(python)}/ensurepip"))
    fact, _, remedy = said.partition(": ")
    assert fact.endswith(f"could not create '{creator.target}', since it has no ensurepip")
    if not python.startswith("/usr/bin/"):
        assert remedy == "install its ensurepip module, or name another Python with --python"


def test_the_package_that_debian_names(creator: Creator) -> None:
    python = Path("/usr/bin/python3").resolve()
    if not Path(creation_failure.DEBIAN).exists() or not Path(stdlib(str(python)), "ensurepip").is_dir():
        pytest.skip("not Debian's Python with its venv")
    said = creator.refusal(python, over(f"{stdlib(str(python))}/ensurepip"))
    assert said == (
        f"'{python}' could not create '{creator.target}', since it has no ensurepip:"
        f" install it with 'apt install {python.name}-venv', or name another Python with --python"
    )


def test_no_venv_module(creator: Creator) -> None:
    assert creator.refusal(OWN, over(f"{stdlib(OWN)}/venv")) == (
        f"'{OWN}' could not create '{creator.target}', since it has no venv module:"
        " install its venv module, or name another Python with --python"
    )


ADVICE = """The virtual environment was not created successfully because ensurepip is not
available.  On Debian/Ubuntu systems, you need to install the python3-venv
package using the following command.

    {} install {}

You may need to use sudo with that command.  After installing the python3-venv
package, recreate your virtual environment.

Failing command: /x/it/bin/python3
"""


@pytest.mark.parametrize(
    ("program", "numbers", "line", "package"),
    [
        ("/usr/bin/python3.11", (3, 11, 2), ("apt", "python3.11-venv"), "python3.11-venv"),
        ("/usr/bin/python3.13", (3, 13, 1), ("apt", "python3.13-venv"), "python3.13-venv"),
        ("/usr/bin/python3.14", (3, 14, 0), ("apt-get", "python3-venv"), "python3.14-venv"),  # deadsnakes, older text
        ("/opt/python/bin/python3", (3, 12, 0), ("apt", "ours-venv"), "ours-venv"),
    ],
)
def test_the_line_of_apt(
    program: str,
    numbers: tuple[int, ...],
    line: tuple[str, str],
    package: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "debian_version").touch()
    monkeypatch.setattr(creation_failure, "DEBIAN", f"{tmp_path}/debian_version")
    outcome = child_process.Outcome(1, ADVICE.format(*line))
    failure = creation_failure.explain(Python(program, numbers, "3"), "/x/it", outcome, {})
    assert failure.refusal.remedy == f"install it with 'apt install {package}', or name another Python with --python"


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("one\ntwo\n\nthree\nfour\n", "two / three / four"),
        ("Traceback (most recent call last):\n  File x\nValueError: no\n", "ValueError: no"),
        ("Fatal Python error: init failed\nmore\n", "Fatal Python error: init failed"),
        ("", "status 1"),
    ],
)
def test_the_lines_that_matter(output: str, reason: str) -> None:
    python = Python("/python", (3, 12, 0), "3.12.0")
    failure = creation_failure.explain(python, "/x/it", child_process.Outcome(1, output), {})
    assert failure.refusal.fact == f"'/python -m venv' could not create '/x/it' ({reason})"


def test_no_temporary_directory() -> None:
    python = Python("/python", (3, 12, 0), "3.12.0")
    output = "FileNotFoundError: [Errno 2] No usable temporary directory found in ['/tmp', '/x']\n"
    failure = creation_failure.explain(python, "/x/it", child_process.Outcome(1, output), {})
    assert str(failure.refusal) == (
        "could not create '/x/it' (no temporary directory can be written):"
        " set TMPDIR to a directory that exists and has space"
    )


# The loader


def test_a_cluster_s_python(creator: Creator, tmp_path: Path) -> None:
    """It is started with LD_LIBRARY_PATH, and what the environment needs is said."""
    python = cluster_python.make(tmp_path / "hpc")
    lib = f"{tmp_path}/hpc/lib"
    assert creator.refusal(python) == (
        f"'{python}' cannot start, since {LIBRARY} is not found:"
        " load the module that it belongs to, or set LD_LIBRARY_PATH to the directory of that library"
    )
    creator.caller["LD_LIBRARY_PATH"] = lib
    done = creator.create(python, then=("python", "-V"))
    assert done.status == 127
    assert f"created the environment '{creator.target}' with {python}" in done.err
    assert f"cannot start without {LIBRARY}, which only your LD_LIBRARY_PATH leads to ('{lib}')" in done.err
    kept = [*creator.tool, "run", str(creator.target), "--keep", "LD_LIBRARY_PATH", "--", "python", "-m", "pip", "-V"]
    assert call(kept, creator.caller).status == 0


def test_a_module_that_needs_the_loaders_variable(creator: Creator, tmp_path: Path) -> None:
    """The Python starts, and zlib of its standard library does not without LD_LIBRARY_PATH."""
    script = as_a_python(f'[ "$LD_LIBRARY_PATH" ] || {{ echo "zlib not available"; exit 1; }}\nexec {OWN} "$@"\n')
    python = write_program(tmp_path / "python3", script)
    assert "(zlib not available)" in creator.refusal(python)
    creator.caller["LD_LIBRARY_PATH"] = "/opt/none"
    assert creator.create(python).status == 0


# The version


@pytest.mark.parametrize("name", MANAGERS)
def test_created_with_what_the_shim_chose(name: str, creator: Creator, tmp_path: Path) -> None:
    installed = Installed(MANAGERS[name], tmp_path / "manager")
    creator.caller = installed.environ(creator.caller, installed.old)
    done = creator.create("python3", then=("python", "-c", "import sys; print(*sys.version_info[:3], sep='.')"))
    assert (done.status, done.out) == (0, f"{installed.old}\n"), done
    assert done.err.endswith(f" with {installed.interpreter(installed.old, 'python3')}\n")


@pytest.mark.parametrize("version", ["3.9", "3.12", "3.13"])
def test_another_version_than_that_asked_for_is_an_error(version: str, creator: Creator, tmp_path: Path) -> None:
    other = interpreters.find(version)
    if other is None:
        skip_or_fail(f"no Python {version} here")
        return
    python = write_program(tmp_path / "python3", as_a_python(f'exec {other} -m venv --without-pip "$it"\n'))
    said = creator.refusal(python)
    assert said.startswith(f"'{python}' created '{creator.target}' with Python {version}.")
    assert said.endswith("give --python the path of the interpreter itself")


def test_an_environment_without_a_python_is_an_error(creator: Creator, tmp_path: Path) -> None:
    python = write_program(tmp_path / "python3", as_a_python('mkdir -p "$it/bin"; touch "$it/pyvenv.cfg"\n'))
    assert f"created '{creator.target}' without a Python" in creator.refusal(python)
