"""Both doors lead to the same place, and the short one is short."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cleanenv.main import main as run_command_line
from tests.support.environments import make_venv
from tests.support.surroundings import CHECKOUT

COMMANDS = ("true", "missing-command", "/bin/true", "/bin/missing", "/", "", "a b", "-x", "--", "./script")
FIRST = ("run", "shell", "freeze", "doctor", "env", "", "-h", "--version", "runn")


class Replaced(BaseException):
    """Raised in place of execve, with what it was given."""


class Outcome(NamedTuple):
    """What a command line led to."""

    status: int | None
    replaced_by: tuple[object, ...]
    stdout: str
    stderr: str


class Place(NamedTuple):
    """A folder with every kind of ENV, and what ENV can be called there."""

    folder: Path
    names: tuple[str, ...]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("doors")
    good = make_venv(folder / "good")
    site_packages = next(good.glob("lib/python*/site-packages"))
    for name, text in (("a-1.0", "Metadata-Version: 2.1\nName: a\nVersion: 1.0\n"), ("~b-1.0", "")):
        (site_packages / f"{name}.dist-info").mkdir()
        (site_packages / f"{name}.dist-info/METADATA").write_text(text)
    dead = make_venv(folder / "dead")
    for link in (dead / "bin").glob("python*"):
        link.unlink()
    (folder / "file").write_text("")
    (folder / "folder").mkdir()
    make_venv(folder / "home/.venvs/twice")
    make_venv(folder / "twice")
    (folder / "script").write_text("exit 3\n")
    return Place(
        folder, ("good", f"{good}", "./good/", "dead", "file", "folder", "missing", "twice", "", ".", "-q", "gööd")
    )


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@example(data=None)
def test_both_doors_lead_to_the_same_place(
    place: Place, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], data: st.DataObject | None
) -> None:
    words = draw(data, place.names)
    leaks = {"PYTHONPATH": "/leak", "LANG": "../bad", "VIRTUAL_ENV": "/gone"}
    monkeypatch.chdir(place.folder)
    environ = {"HOME": str(place.folder / "home"), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"} | leaks
    monkeypatch.setattr(os, "environ", environ)
    short = outcome(words, capfd, monkeypatch)
    with monkeypatch.context() as closed:
        closed.setattr("cleanenv.main.quick", lambda *_: None)
        long = outcome(words, capfd, monkeypatch)
    assert short == long


def draw(data: st.DataObject | None, names: tuple[str, ...]) -> list[str]:
    if data is None:
        return ["run", "good", "--", "true"]
    words = [data.draw(st.sampled_from(FIRST))]
    words += data.draw(st.lists(st.sampled_from(names), max_size=2))
    if data.draw(st.booleans()):
        words += ["--", *data.draw(st.lists(st.sampled_from(COMMANDS), max_size=3))]
    return words


def outcome(words: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Outcome:
    def replace(*call: object) -> None:
        raise Replaced(*call)

    monkeypatch.setattr(os, "execve", replace)
    monkeypatch.setattr("cleanenv.system.execute._restore_signals", lambda: None)
    status, replaced_by = None, ()
    try:
        status = run_command_line(words)
    except Replaced as call:
        replaced_by = call.args
    printed = capfd.readouterr()
    return Outcome(status, replaced_by, printed.out, printed.err)


# What each form may import, beyond what the bare interpreter has: raise a number only with a reason.
EVERY_START = {
    "cleanenv",
    "cleanenv.main",
    "cleanenv.errors",
    "cleanenv.system",
    "cleanenv.system.invocation",
    "__future__",
}
FOUND = {f"cleanenv.environments{name}" for name in ("", ".discovery", ".environment")}
CLEAN = {f"cleanenv.clean{name}" for name in ("", ".plan", ".policy")}
SESSION = {f"cleanenv.session{name}" for name in ("", ".config", ".session")}
LAUNCH = {"cleanenv.system.execute"}
FREEZE = {
    *(f"cleanenv.freeze{name}" for name in ("", ".plain", ".requirements_text")),
    "cleanenv.system.credentials",
    *(f"cleanenv.environments.{name}" for name in ("distribution", "interpreter", "inventory", "metadata", "names")),
    *(f"cleanenv.environments.{name}" for name in ("problem", "search_path", "versions")),
}
SHELL = {
    *(
        f"cleanenv.shell{name}"
        for name in ("", ".arguments", ".command", ".definition", ".detect", ".preflight", ".registry")
    ),
    "cleanenv.session.interactive",
    "cleanenv.shells",
    "cleanenv.system.console",
    "cleanenv.system.processes",
}
BUDGETS = {
    ("run", "{venv}", "--", "true"): EVERY_START | FOUND | CLEAN | SESSION | LAUNCH,
    ("shell", "{venv}"): EVERY_START | FOUND | CLEAN | SESSION | LAUNCH | SHELL | {"pwd"},
    ("freeze", "{venv}"): EVERY_START | FOUND | FREEZE | {"cleanenv.system.console"},
}
OF_THE_INTERPRETER = {"os", "stat", "_stat", "posixpath", "genericpath", "_collections_abc", "os.path"}


@pytest.mark.parametrize("words", BUDGETS, ids=lambda words: words[0])
def test_each_form_imports_what_its_budget_names(
    words: tuple[str, ...], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    modules: set[str] = set()
    for _ in range(2):  # at the first start the shell is asked whether it reads init; that is remembered
        modules = imported(words, venv, caller, tmp_path, subprocess.DEVNULL)
    check_budget(modules, BUDGETS[words])


def test_a_shell_on_a_terminal_imports_the_greeting_besides(venv: Path, caller: dict[str, str], tmp_path: Path) -> None:
    words = ("shell", "{venv}")
    ours, terminal = os.openpty()
    try:
        modules: set[str] = set()
        for _ in range(2):  # at the first start the shell is asked whether it reads init; that is remembered
            os.write(ours, b"exit\n")
            modules = imported(words, venv, caller, tmp_path, terminal)
        check_budget(
            modules,
            BUDGETS[words]
            | {*("cleanenv.shell.banner", "cleanenv.clean.dropped", "cleanenv.session.foreign_programs")},
        )
        assert (Path(caller["HOME"]) / ".local/state/cleanenv/handshakes").is_dir()
    finally:
        os.close(ours)
        os.close(terminal)


def imported(words: tuple[str, ...], venv: Path, caller: dict[str, str], folder: Path, standard_input: int) -> set[str]:
    """Return the modules that a command line imports, beyond those of the bare interpreter."""
    package = folder / "cleanenv"  # laid out as an installation, not as the checkout
    shutil.copytree(CHECKOUT / "src/cleanenv", package, dirs_exist_ok=True)
    shutil.copytree(CHECKOUT / "shells", package / "shells", dirs_exist_ok=True)
    main = package / "__main__.py"
    command = [sys.executable, "-I", "-S", "-X", "importtime", str(main), *(word.format(venv=venv) for word in words)]
    # The user's shell is then the inner bash, whichever shell runs the tests: some are asked at every start.
    inner = ["bash", "--norc", "-c", '"$@"; exit $?', "inner", *command]
    done = subprocess.run(
        ["bash", "--norc", "-c", '"$@"; exit $?', "outer", *inner],
        env=caller,
        stdin=standard_input,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time")}
    bare = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "importtime", "-c", ""], capture_output=True, text=True, check=True
    )
    return found - {line.rpartition("|")[2].strip() for line in bare.stderr.splitlines()} - OF_THE_INTERPRETER


def check_budget(found: set[str], budget: set[str]) -> None:
    """Hold the modules that were imported against those that may be."""
    assert found - budget == set(), "new on this way"
    assert budget - found <= {"cleanenv.shells", "pwd"}, "no longer needed: take it out of the budget"
