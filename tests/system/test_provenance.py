"""Which process above had a variable first: told from a /proc of the test's own, and from real processes."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest

from cleanenv.system import processes, provenance
from cleanenv.system.provenance import FROM_THE_TOP, OTHER_VALUE, UNREADABLE, WITHOUT
from tests.support.command import call
from tests.support.surroundings import skip_or_fail
from tests.support.trace_cases import TOOL, document, environ_of, home_of, trace

NOW = {"X": "1"}


class Proc:
    """A /proc in which each process is the parent of the one before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "self").mkdir(parents=True)
        (folder / "self/stat").touch()
        self.processes: list[processes.Process] = []

    def add(self, program: str, environ: Mapping[str, str] | None, raw: bytes | None = None) -> None:
        """Put a process on top: with None it is gone, and cannot be read."""
        pid = 100 + len(self.processes)
        self.processes.append(processes.Process(pid, program[:15], f"/usr/bin/{program}", (program,)))
        if environ is not None or raw is not None:
            (self.folder / str(pid)).mkdir()
            text = b"".join(f"{name}={value}\0".encode() for name, value in (environ or {}).items())
            (self.folder / str(pid) / "environ").write_bytes(text if raw is None else raw)

    def judge(self, environ: Mapping[str, str] = NOW) -> provenance.Origin:
        return provenance.origins(["X"], environ, self.processes)["X"]


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Proc:
    monkeypatch.setattr(processes, "PROC", str(tmp_path / "proc"))
    return Proc(tmp_path / "proc")


def test_the_shell_started_without_it(proc: Proc) -> None:
    proc.add("bash", {"A": "1"})
    proc.add("gnome-terminal-server", {"X": "1"})
    found = proc.judge()
    assert (found.how, found.pid) == (WITHOUT, 100)
    assert found.sentence == "bash (pid 100) started without it: its own startup or a command in it set it"


def test_the_terminal_had_it_already(proc: Proc) -> None:
    proc.add("bash", {"X": "1"})
    proc.add("gnome-terminal-server", {"X": "1"})
    proc.add("systemd", {"A": "1"})
    assert proc.judge()[:4] == ("X", WITHOUT, "systemd", 102)


def test_another_value(proc: Proc) -> None:
    proc.add("bash", {"X": "1"})
    proc.add("tmux", {"X": "0"})
    found = proc.judge()
    assert (found.how, found.pid) == (OTHER_VALUE, 101)
    assert found.sentence.startswith("tmux (pid 101) started with another value: ")


@pytest.mark.parametrize("raw", [None, b"", b"postgres: writer process\0\0\0", b"\0\0\0"])
def test_unreadable_is_not_unset(proc: Proc, raw: bytes | None) -> None:
    """Gone or not ours, empty, and written over by a title."""
    proc.add("bash", {"X": "1"})
    proc.add("sshd", None, raw)
    proc.add("init", {"A": "1"})
    found = proc.judge()
    assert (found.how, found.pid) == (UNREADABLE, 101)
    assert found.sentence == "bash (pid 100) had it already; what sshd (pid 101) started with is unreadable"


def test_the_parent_is_unreadable(proc: Proc) -> None:
    proc.add("xonsh", None, b"")
    assert proc.judge().sentence == "what xonsh (pid 100) started with is unreadable"


def test_all_had_it(proc: Proc) -> None:
    proc.add("bash", {"X": "1"})
    proc.add("init", {"X": "1"})
    found = proc.judge()
    assert (found.how, found.pid) == (FROM_THE_TOP, 101)
    assert found.sentence == "init (pid 101) had it already, and no process above it is known"


def test_an_empty_value_is_a_value(proc: Proc) -> None:
    proc.add("bash", {"X": ""})
    proc.add("init", {"A": "1"})
    assert proc.judge({"X": ""})[:4] == ("X", WITHOUT, "init", 101)
    assert proc.judge({"X": "1"})[:4] == ("X", OTHER_VALUE, "bash", 100)


def test_what_is_not_set_has_no_origin(proc: Proc) -> None:
    proc.add("bash", {"X": "1"})
    assert provenance.origins(["X", "Y"], {"Z": "1"}, proc.processes) == {}
    assert provenance.origins(["X"], NOW, []) == {}


def test_bytes_that_are_no_text(proc: Proc) -> None:
    proc.add("bash", None, b"X=\xff\0")
    proc.add("init", {"A": "1"})
    assert proc.judge({"X": "\udcff"}).pid == 101


def test_a_process_that_vanishes() -> None:
    assert provenance.environment(2**22 + 1) is None


def test_without_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    """By psutil: this very process, and one that is gone."""
    monkeypatch.setattr(processes, "PROC", "/nowhere")
    assert provenance.environment(os.getpid()) == psutil.Process().environ()
    assert provenance.environment(2**22 + 1) is None
    assert set(provenance.origins(["PATH"], {"PATH": "/of/no/process"})) == {"PATH"}


def test_real_processes() -> None:
    """An outer shell without it, an inner one that had it at its start."""
    with home_of("myself", {}) as home:
        command = f"{' '.join(TOOL)} trace X --json --shell bash; :"
        outer = ["bash", "-c", 'export X=1; bash -c "$0"; :', command]
        found = document(call(outer, environ_of(home)))
        made = found["variables"][0]["origin"]
        assert made is not None
        assert (made["how"], made["program"]) == (WITHOUT, "bash")
        assert found["variables"][0]["now"] == "1"


def test_the_tool_without_proc() -> None:
    """In a mount namespace where /proc is empty."""
    if os.getuid():
        skip_or_fail("an empty /proc takes root")
    with home_of("myself", {".bashrc": "export X=1\n"}) as home:
        hide = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"]
        done = call([*hide, *TOOL, "trace", "X", "--json", "--shell", "bash"], environ_of(home) | {"X": "1"})
        assert document(done)["variables"][0]["replayed"] == "1"


def test_it_is_quick() -> None:
    """All that is set, and a walk to the top: 5 ms is the goal; ten times that here, where others work too."""
    begun = time.perf_counter()
    provenance.origins(list(os.environ), dict(os.environ))
    assert time.perf_counter() - begun < 0.05


def test_it_stands_below_each_variable() -> None:
    with home_of("myself", {".bashrc": "export X=1\n"}) as home:
        done = trace("myself", home, "X", "--shell", "bash", more={"X": "1"})
        assert done.out.splitlines()[-1].startswith("└── set now: ")
