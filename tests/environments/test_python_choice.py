"""Which Python --python means: what the caller's shell would start, behind shims too."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from cleanenv.environments import python_choice, python_probe, requested_version
from cleanenv.errors import CleanenvError, EnvironmentUnusableError, UsageError
from tests.support import cluster_python, interpreters
from tests.support.cluster_python import LIBRARY
from tests.support.command import write_program
from tests.support.surroundings import skip_or_fail
from tests.support.version_managers import MANAGERS, Installed

CLEAN = {"PATH": "/usr/bin:/bin"}
HERE = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"


@pytest.fixture(params=MANAGERS)
def installed(request: pytest.FixtureRequest, tmp_path: Path) -> Installed:
    """Return each manager in turn, with two Pythons."""
    return Installed(MANAGERS[request.param], tmp_path / "manager")


def chosen(wanted: str | None, environ: dict[str, str], directory: Path | None = None) -> tuple[str, str]:
    """Return the path and the version of the Python that is chosen."""
    choice = python_choice.choose(wanted, CLEAN, environ, str(directory or Path.cwd()))
    return choice.python.program, choice.python.version


def refused(wanted: str, environ: dict[str, str]) -> CleanenvError:
    with pytest.raises((UsageError, EnvironmentUnusableError)) as caught:
        chosen(wanted, environ)
    return caught.value


# Shims


@pytest.mark.parametrize("name", ["python", "python3"])
def test_the_variable_chooses(name: str, installed: Installed, caller: dict[str, str]) -> None:
    for version in installed.versions:
        environ = installed.environ(caller, version)
        assert chosen(name, environ) == (installed.interpreter(version, name), version)
        assert chosen(f"{installed.shims}/{name}", environ) == (installed.interpreter(version, name), version)


def test_the_file_chooses(installed: Installed, caller: dict[str, str], tmp_path: Path) -> None:
    below = tmp_path / "project" / "src"
    below.mkdir(parents=True)
    is_listing = installed.manager.file == ".tool-versions"
    (tmp_path / "project" / installed.manager.file).write_text(f"{'python ' * is_listing}{installed.new}\n")
    # The caller's PWD is what a shell sets, and what managers look at.
    environ = installed.environ(caller) | {"PWD": str(below)}
    assert chosen("python3", environ, below)[1] == installed.new


@pytest.mark.parametrize("parts", [2, 3])
def test_a_version_that_is_not_the_chosen_one(parts: int, installed: Installed, caller: dict[str, str]) -> None:
    """Its shim fails, and it is installed."""
    for chosen_one, wanted in (("", installed.old), (installed.old, installed.new), (installed.new, installed.old)):
        version = ".".join(wanted.split(".")[:parts])
        found = chosen(version, installed.environ(caller, chosen_one))
        assert found[1] == wanted
        assert found[0].startswith(f"{installed.root}/{installed.manager.installs}/{wanted}/bin/python")


def test_a_command_with_its_version(installed: Installed, caller: dict[str, str]) -> None:
    short = ".".join(installed.new.split(".")[:2])
    for name in (f"python{short}", f"{installed.shims}/python{short}"):
        assert chosen(name, installed.environ(caller, installed.old))[1] == installed.new


def test_an_installation_by_its_name(installed: Installed, caller: dict[str, str]) -> None:
    directory = installed.root / installed.manager.installs
    (directory / "miniforge3-24").symlink_to(installed.old)
    assert chosen("miniforge3-24", installed.environ(caller)) == (
        f"{directory}/miniforge3-24/bin/python",
        installed.old,
    )


@pytest.mark.parametrize("wanted", ["2.6", "3.99", "3.9.99"])
def test_a_version_that_it_does_not_have(wanted: str, installed: Installed, caller: dict[str, str]) -> None:
    error = refused(wanted, installed.environ(caller, installed.old))
    versions = ", ".join(installed.versions)
    assert (error.status, str(error)) == (
        2,
        f"no Python '{wanted}', and '{installed.shims}' has only {versions}: name one of these, or install it",
    )


def test_a_chosen_version_that_is_not_installed(installed: Installed, caller: dict[str, str]) -> None:
    error = refused("python", installed.environ(caller, "3.99"))
    name = installed.manager.name
    assert error.status == 2
    assert error.fact == (
        f"'{installed.shims}/python' does not start a Python ({name}: python: command not found in 3.99)"
    )
    versions = ", ".join(installed.versions)
    assert error.remedy == f"choose one that it has ({versions}), as in '--python {installed.new}'"


def test_links_are_not_versions_of_their_own(installed: Installed, caller: dict[str, str]) -> None:
    """As mise has 3 and latest."""
    for name in ("3", "latest", "0"):
        (installed.root / installed.manager.installs / name).symlink_to(installed.new)
    assert f"has only {', '.join(installed.versions)}:" in str(refused("3.99", installed.environ(caller)))


def test_shims_in_another_place(tmp_path: Path, caller: dict[str, str]) -> None:
    """PYENV_ROOT says where the versions are."""
    installed = Installed(MANAGERS["pyenv"], tmp_path / "manager")
    elsewhere = installed.shims.rename(tmp_path / "elsewhere")
    environ = caller | {"PATH": f"{elsewhere}:/usr/bin:/bin", "PYENV_VERSION": installed.old}
    assert chosen(installed.new, environ | {"PYENV_ROOT": str(installed.root)})[1] == installed.new
    assert refused(installed.new, environ).status == 2


def test_another_managers_versions_are_not_its_own(tmp_path: Path, caller: dict[str, str]) -> None:
    pyenv = Installed(MANAGERS["pyenv"], tmp_path / "pyenv")
    asdf = Installed(MANAGERS["asdf"], tmp_path / "asdf")
    (asdf.root / "installs/python" / asdf.new).rename(tmp_path / "uninstalled")
    error = refused(asdf.new, asdf.environ(caller, asdf.old) | {"PYENV_ROOT": str(pyenv.root)})
    assert f"'{asdf.shims}' has only {asdf.old}:" in str(error)


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.12", "3.13"])
def test_real_pyenv(version: str, caller: dict[str, str]) -> None:
    root = next((root for root in interpreters.ROOTS if Path(root, "libexec/pyenv").exists()), None)
    python = interpreters.find(version)
    if root is None or python is None or not python.startswith(root):
        pytest.skip("no pyenv with this version")
    full = Path(python).parents[1].name
    environ = caller | {"PATH": f"{root}/shims:/usr/bin:/bin", "PYENV_ROOT": root}
    assert chosen("python3", environ | {"PYENV_VERSION": full}) == (f"{root}/versions/{full}/bin/python3", full)
    assert chosen(version, environ)[1] == full
    assert chosen(full, environ)[1] == full


# Without shims


def test_pythons_own_variables_do_not_mislead(caller: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "sys.py").write_text("raise SystemExit(1)\n")
    wrong = {"PYTHONHOME": "/nonexistent", "PYTHONPATH": str(tmp_path), "PYTHONSTARTUP": "/gone", "PYTHONINSPECT": "1"}
    assert chosen(None, caller | wrong, tmp_path)[1] == HERE


def test_nor_a_wrapper_that_is_a_python_script(caller: dict[str, str], tmp_path: Path) -> None:
    python = getattr(sys, "_base_executable", sys.executable)
    code = f"import os, sys; os.execv({python!r}, [{python!r}, *sys.argv[1:]])"
    wrapper = write_program(tmp_path / "python3", f"#!{python}\n{code}\n")
    assert chosen(str(wrapper), caller | {"PYTHONHOME": "/nonexistent"}) == (python, HERE)


def test_the_first_of_that_version_on_path(caller: dict[str, str], tmp_path: Path) -> None:
    python = getattr(sys, "_base_executable", sys.executable)
    for name, program in (("a/python3", "/bin/ls"), ("b/python3", python), ("c/python", python)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).symlink_to(program)
    environ = caller | {"PATH": f"{tmp_path}/none:a:{tmp_path}/b:{tmp_path}/c"}
    for wanted in (HERE, "3"):
        assert chosen(wanted, environ, tmp_path) == (f"{tmp_path}/b/python3", HERE)
    assert chosen("python", environ, tmp_path) == (f"{tmp_path}/c/python", HERE)
    assert refused("python3", environ | {"PATH": f"{tmp_path}/a"}).status == 2


@pytest.mark.parametrize(
    ("version", "numbers", "is_free_threaded", "yes", "no"),
    [
        ("3.13.0", (3, 13, 0), False, ("3", "3.13", "3.13.0"), ("3.1", "3.13.1", "3.13t", "3.13.0rc1", "2")),
        ("3.14.0rc1", (3, 14, 0), False, ("3", "3.14", "3.14.0rc1"), ("3.14.0", "3.1")),
        ("3.13.2", (3, 13, 2), True, ("3.13", "3.13t", "3.13.2t"), ("3.13.0t", "3.1t")),
    ],
)
def test_which_versions_a_python_has(
    version: str, numbers: tuple[int, ...], is_free_threaded: bool, yes: tuple[str, ...], no: tuple[str, ...]
) -> None:
    python = python_probe.Python("/python", numbers, version, is_free_threaded=is_free_threaded)
    is_of = requested_version.is_of
    assert [is_of(python, wanted) for wanted in yes] == [True] * len(yes)
    assert [is_of(python, wanted) for wanted in no] == [False] * len(no)


def test_a_wrapper_that_depends_on_a_variable(caller: dict[str, str], tmp_path: Path) -> None:
    """It would be another Python in the environment than it is here."""
    one, other = interpreters.find("3.9"), interpreters.find("3.12")
    if one is None or other is None:
        skip_or_fail("no Python 3.9 and 3.12 here")
        return
    wrapper = tmp_path / "python3"
    write_program(
        wrapper, f'#!/bin/bash\nif [ "$MINE" ]; then exec -a "$0" {one} "$@"; fi\nexec -a "$0" {other} "$@"\n'
    )
    error = refused(str(wrapper), caller | {"MINE": "1"})
    assert (error.status, error.remedy) == (3, "give --python the path of the interpreter itself")
    assert f"'{wrapper}' is Python 3.9." in error.fact


def test_a_python_that_needs_the_loaders_variable(caller: dict[str, str], tmp_path: Path) -> None:
    python = cluster_python.make(tmp_path / "hpc")
    environ = caller | {"LD_LIBRARY_PATH": f"{tmp_path}/hpc/lib"}
    choice = python_choice.choose(str(python), CLEAN, environ, str(tmp_path))
    assert choice.environ == CLEAN | {"LD_LIBRARY_PATH": f"{tmp_path}/hpc/lib"}
    # One that starts without is not given it.
    assert python_choice.choose(None, CLEAN, environ, str(tmp_path)).environ == CLEAN
    error = refused(str(python), caller)
    assert (error.status, error.fact) == (3, f"'{python}' cannot start, since {LIBRARY} is not found")


# What is not a Python


def python_2() -> str:
    python = interpreters.find("2.7")
    if python is None:
        pytest.skip("no Python 2.7 here")
    return python


def test_python_2(caller: dict[str, str], tmp_path: Path) -> None:
    python = python_2()
    for name in ("python2", "python2.7"):
        (tmp_path / name).symlink_to(python)
    for wanted in (python, f"{tmp_path}/python2.7", "2", "2.7", "python2.7"):
        error = refused(wanted, caller | {"PATH": f"{tmp_path}:/usr/bin:/bin"})
        assert error.status == 3
        assert error.fact.endswith(", and venv needs Python 3.3 or newer")
        assert error.remedy == "create it with virtualenv older than 20.22, or name another with --python"


@pytest.fixture
def things(tmp_path: Path) -> Path:
    """Return a directory of what is not a Python."""
    write_program(tmp_path / "fails", "#!/bin/sh\necho went wrong >&2\nexit 3\n")
    write_program(tmp_path / "silent", "#!/bin/sh\nexit 5\n")
    write_program(tmp_path / "dies", "#!/bin/sh\nkill -9 $$\n")
    write_program(tmp_path / "lost", "#!/nonexistent/python\n")
    (tmp_path / "plain").write_text("text\n")
    (tmp_path / "dangling").symlink_to("gone")
    data = bytearray(Path("/bin/ls").resolve().read_bytes())
    data[18:20] = b"\xf3\x00"  # RISC-V
    (tmp_path / "foreign").write_bytes(data)
    (tmp_path / "foreign").chmod(0o755)
    (tmp_path / "prefix" / "bin").mkdir(parents=True)
    (tmp_path / "prefix" / "bin" / "python3").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "fact", "remedy"),
    [
        ("fails", "'{}' is not a Python (went wrong)", "give --python the path of an interpreter"),
        ("silent", "'{}' is not a Python (status 5)", "give --python the path of an interpreter"),
        ("dies", "'{}' is not a Python (killed by signal 9)", "give --python the path of an interpreter"),
        (
            "lost",
            "'{}' cannot be started, since the interpreter in its first line does not exist",
            "fix that line, or install the interpreter",
        ),
        ("plain", "'{}' is not executable", "make it so with 'chmod +x', or name another with --python"),
        ("dangling", "'{}' points to 'gone', which does not exist", "name another with --python"),
        ("foreign", "'{}' is not a program for this machine", "give --python the path of an interpreter"),
        ("prefix", "'{}' is a directory", "give --python the Python in it, '{}/bin/python3'"),
        ("prefix/bin", "'{}' is a directory", "give --python the path of an interpreter"),
        ("none", "no Python '{}'", "give --python the path of an interpreter, or install it"),
    ],
)
def test_what_is_not_a_python(name: str, fact: str, remedy: str, things: Path, caller: dict[str, str]) -> None:
    path = f"{things}/{name}"
    error = refused(path, caller)
    assert (error.status, error.fact, error.remedy) == (2, fact.format(path), remedy.format(path))


@pytest.mark.parametrize("program", ["/bin/ls", "/bin/cat", "/bin/true", "/bin/bash", "/usr/bin/perl"])
def test_other_programs(program: str, caller: dict[str, str]) -> None:
    if os.path.exists(program):
        assert refused(program, caller).fact.startswith(f"'{program}' is not a Python (")


@pytest.mark.parametrize("script", ["cat; sleep 100 & wait", "exec sleep 100", "while :; do echo x; done"])
def test_one_that_does_not_answer(
    script: str, caller: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that it started ends too; standard input is empty; output without an end is no answer."""
    monkeypatch.setattr(python_probe, "TIME_LIMIT", 0.5)
    program = write_program(tmp_path / "python", f"#!/bin/sh\nsleep 77.{os.getpid()} &\n{script}\n")
    error = refused(str(program), caller)
    assert (error.status, error.fact) == (2, f"'{program}' did not answer within 0 seconds as a Python does")
    limit = time.monotonic() + 30
    while f"77.{os.getpid()}".encode() in command_lines():  # what was killed ends at any moment
        assert time.monotonic() < limit


def command_lines() -> bytes:
    """Return the command lines of all processes."""
    lines = b""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            lines += path.read_bytes()
    return lines


def test_one_that_leaves_a_child_with_its_output(caller: dict[str, str], tmp_path: Path) -> None:
    """Its end counts, and not that of the child."""
    program = write_program(tmp_path / "python", f'#!/bin/sh\nsleep 5 &\necho "$!" >{tmp_path}/pid\nexit 1\n')
    try:
        assert refused(str(program), caller).fact == f"'{program}' is not a Python (status 1)"
        assert Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()
    finally:
        os.kill(int((tmp_path / "pid").read_text()), 9)


def test_a_script_without_its_first_line(caller: dict[str, str], tmp_path: Path) -> None:
    """A shell runs it."""
    python = getattr(sys, "_base_executable", sys.executable)
    write_program(tmp_path / "mine", f'exec {python} "$@"\n')
    assert chosen("mine", caller | {"PATH": str(tmp_path)}) == (python, HERE)


def test_one_that_talks_first(caller: dict[str, str], tmp_path: Path) -> None:
    python = getattr(sys, "_base_executable", sys.executable)
    write_program(tmp_path / "mine", f'#!/bin/sh\necho welcome; echo to us >&2\n{python} "$@"\nprintf bye\n')
    assert chosen(f"{tmp_path}/mine", caller) == (python, HERE)
