"""Which process above had a variable first: told from a /proc of the test's own, and from real processes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil
import pytest

from cleanenv.system import carriers, processes, provenance
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

    def add(
        self,
        program: str,
        environ: Mapping[str, str] | None,
        raw: bytes | None = None,
        *,
        argv: Sequence[str] = (),
        is_readable: bool = True,
    ) -> None:
        """Put a process on top: with None as its environment it is gone, and that cannot be read."""
        pid = 100 + len(self.processes)
        path = f"/usr/bin/{program}" if is_readable else ""
        self.processes.append(processes.Process(pid, program[:15], path, tuple(argv) or (program,)))
        if environ is not None or raw is not None:
            (self.folder / str(pid)).mkdir()
            text = b"".join(f"{name}={value}\0".encode() for name, value in (environ or {}).items())
            (self.folder / str(pid) / "environ").write_bytes(text if raw is None else raw)

    def judge(self, environ: Mapping[str, str] = NOW) -> provenance.Origin:
        return provenance.origins(["X"], environ, self.processes)["X"]


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Proc:
    monkeypatch.setattr(processes, "PROC", str(tmp_path / "proc"))
    monkeypatch.setattr(carriers, "CONTAINER_SIGNS", (str(tmp_path / "in a container"),))
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
    proc.add("make", {"X": "0"})
    found = proc.judge()
    assert (found.how, found.pid) == (OTHER_VALUE, 101)
    assert found.sentence.startswith("make (pid 101) started with another value: ")


@pytest.mark.parametrize("raw", [None, b"", b"postgres: writer process\0\0\0", b"\0\0\0"])
def test_unreadable_is_not_unset(proc: Proc, raw: bytes | None) -> None:
    """Gone or not ours, empty, and written over by a title."""
    proc.add("bash", {"X": "1"})
    proc.add("xterm", None, raw)
    proc.add("init", {"A": "1"})
    found = proc.judge()
    assert (found.how, found.pid) == (UNREADABLE, 101)
    assert found.sentence == "bash (pid 100) had it already; what xterm (pid 101) started with is unreadable"


def test_the_parent_is_unreadable(proc: Proc) -> None:
    proc.add("xonsh", None, b"")
    assert proc.judge().sentence == "what xonsh (pid 100) started with is unreadable"


def test_all_had_it(proc: Proc) -> None:
    proc.add("bash", {"X": "1"})
    proc.add("init", {"X": "1"})
    found = proc.judge()
    assert (found.how, found.pid) == (FROM_THE_TOP, 101)
    assert found.sentence == "init (pid 101) had it already, and no process above it is known"


# (the program, its arguments; a word of where a variable comes from that it started without)
CARRIERS: tuple[tuple[str, list[str], str], ...] = (
    ("slurmstepd", ["slurmstepd: [7.batch]"], "the shell that submitted the job"),
    ("pbs_mom", [], "the shell that submitted the job"),
    ("orted", ["orted", "-mca", "ess"], "the mpirun that started it"),
    ("atd", [], "the shell that queued the job"),
    ("cron", ["/usr/sbin/CRON", "-f"], "a line of the crontab"),
    ("crond", [], "a line of the crontab"),
    ("sshd", ["sshd: me@pts/0"], "the client (SendEnv)"),
    ("sshd-session", ["sshd-session: me@pts/0"], "the client (SendEnv)"),
    ("gdm-session-worker", ["gdm-session-worker [pam/gdm-password]"], "the login: PAM"),
    ("su", ["su", "-"], "PAM"),
    ("sudo", ["sudo", "-E", "bash"], "the shell that it was started from (-E"),
    ("tmux", ["tmux", "new"], "its session ('tmux set-environment'"),
    ("screen", ["SCREEN"], "its setenv command"),
    ("zellij", ["zellij", "--server", "/run/x"], "its configuration (env)"),
    ("systemd", ["/lib/systemd/systemd", "--user"], "the user manager (environment.d, 'systemctl --user"),
    ("systemd", ["/lib/systemd/systemd", "--system"], "the configuration of a service (Environment="),
    ("dbus-daemon", ["dbus-daemon", "--session"], "the environment for programs that the bus starts"),
    ("containerd-shim-runc-v2", [], "the container (ENV of its image"),
)


@pytest.mark.parametrize(("program", "argv", "source"), CARRIERS)
def test_a_carrier_brings_it_from_elsewhere(program: str, argv: list[str], source: str, proc: Proc) -> None:
    """It is not its own doing, whether it started without it or with another value, and if that is not known."""
    proc.add("bash", {"X": "1"})
    proc.add(program, {"A": "1"}, argv=argv)
    proc.add("init", {"A": "1"})
    start = f"{program} (pid 101) started without it and passed on what it has from {source}"
    assert proc.judge().sentence.startswith(start)
    (proc.folder / "101/environ").write_bytes(b"X=0\0")
    proc.processes[1].environments.clear()  # it is read once of each process
    assert proc.judge()[:4] == ("X", OTHER_VALUE, program, 101)
    assert proc.judge().sentence.startswith(start.replace("without it", "with another value"))
    (proc.folder / "101/environ").unlink()
    proc.processes[1].environments.clear()
    proc.processes[1].program = ""  # as of another user's processes
    start = f"what {program[:15]} (pid 101) started with is unreadable; it passes on what it has from {source}"
    assert proc.judge().sentence.startswith(f"bash (pid 100) had it already; {start}")


@pytest.mark.parametrize(
    ("program", "name"),
    [("slurmstepd", "SLURM_JOB_ID"), ("sshd", "SSH_CONNECTION"), ("tmux", "TMUX_PANE"), ("cron", "LOGNAME")],
)
def test_what_a_carrier_sets_by_itself(program: str, name: str, proc: Proc) -> None:
    proc.add("bash", {name: "1", "X": "1"})
    proc.add(program, {"A": "1"})
    found = provenance.origins([name, "X"], {name: "1", "X": "1"}, proc.processes)
    assert found[name].sentence.endswith(
        f"{program} (pid 101) started without it: its own startup or a command in it set it"
    )
    assert "passed on" in found["X"].sentence


@pytest.mark.parametrize("program", ["bash", "tmuxinator", "cronolog", "sshd_config", "my-sudo", "python3"])
def test_another_program_may_have_set_it(program: str, proc: Proc) -> None:
    """Also one whose name is only much like a carrier's."""
    proc.add("bash", {"X": "1"})
    proc.add(program, {"A": "1"}, argv=[program, "tmux", "sshd"])
    assert proc.judge().sentence.endswith("started without it: its own startup or a command in it set it")


@pytest.mark.parametrize(
    ("server", "heritage"),
    [
        ("tmux", "the shell that first started the tmux server"),
        ("screen", "the shell that first started this screen session"),
        ("zellij", "the shell that first started this zellij session"),
        ("mosh-server", "the login by ssh that started it"),
        ("tini", "the container (ENV of its image, -e of docker run or of docker exec)"),
    ],
)
@pytest.mark.parametrize(
    ("above", "environ"), [("systemd", {"A": "1"}), ("init", {"X": "0"}), ("dumb-init", None), ("systemd", None)]
)
def test_a_server_has_it_from_who_started_it(
    server: str, heritage: str, above: str, environ: dict[str, str] | None, proc: Proc
) -> None:
    """It outlives that shell, so what stands above it now has not started it, and did not set anything."""
    proc.add("bash", {"X": "1"})
    proc.add(server, {"X": "1"})
    proc.add(above, environ, argv=[above, "--user"])
    found = proc.judge()
    assert found[:4] == ("X", FROM_THE_TOP, server, 101)
    assert found.sentence == f"{server} (pid 101) started with it, from {heritage}"


@pytest.mark.parametrize("program", ["my-init", "python3", "bash"])
def test_whatever_is_the_first_process_adopts(program: str, proc: Proc) -> None:
    """But it may be a shell of its own, as in a container, and have set what its children have."""
    proc.add("bash", {"X": "1"})
    proc.add("tmux", {"X": "1"})
    proc.add(program, {"A": "1"})
    proc.processes[2].pid = 1
    (proc.folder / "102").rename(proc.folder / "1")
    assert proc.judge()[:4] == ("X", FROM_THE_TOP, "tmux", 101)
    del proc.processes[1]
    assert proc.judge().sentence.startswith(f"{program} (pid 1) started without it: its own startup")


def test_a_server_that_still_has_its_parent(proc: Proc) -> None:
    """As with tmux -D: the shell above it is known, and did it."""
    proc.add("bash", {"X": "1"})
    proc.add("tmux", {"X": "1"})
    proc.add("zsh", {"A": "1"})
    assert proc.judge().sentence == "zsh (pid 102) started without it: its own startup or a command in it set it"


def test_nothing_above_in_a_container(proc: Proc) -> None:
    """What docker run or exec starts has no parent there; an init may run on a machine made from such an image."""
    Path(carriers.CONTAINER_SIGNS[0]).touch()
    proc.add("bash", {"X": "1"})
    assert proc.judge().sentence.startswith("bash (pid 100) started with it, from the container (ENV of its image")
    proc.add("systemd", {"X": "1"})
    assert proc.judge().sentence == "systemd (pid 101) had it already, and no process above it is known"


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


# How a server of its own is started that runs a command, and ended; {} is a name for it.
SERVERS = {
    "tmux": (
        ["tmux", "-L", "{}", "-f", "/dev/null", "new-session", "-d", "-s", "it"],
        ["tmux", "-L", "{}", "kill-server"],
    ),
    "screen": (["screen", "-c", "/dev/null", "-d", "-m", "-S", "{}"], ["screen", "-S", "{}", "-X", "quit"]),
}


@pytest.mark.parametrize("server", SERVERS)
def test_a_real_server(server: str, tmp_path: Path) -> None:
    """It is started by a shell that has X and ends at once."""
    if shutil.which(server) is None:
        skip_or_fail(f"{server} is not installed")
    name = f"cleanenv-{os.getpid()}"
    start, end = ([word.format(name) for word in words] for words in SERVERS[server])
    done = tmp_path / "done"
    os.mkfifo(done)
    (tmp_path / "sockets").mkdir(mode=0o700)
    trace_it = f"{' '.join(TOOL)} trace X MINE --json --shell bash >{tmp_path}/out 2>&1; echo done >{done}"
    with home_of("myself", {}) as home:
        environ = environ_of(home) | {"SCREENDIR": f"{tmp_path}/sockets", "TMUX_TMPDIR": f"{tmp_path}/sockets"}
        call([*start, "sh", "-c", f"export MINE=1; {trace_it}"], environ | {"X": "1"})
        try:
            done.read_text(encoding="ascii")  # waits for the writer
        finally:
            call(end, environ)
    by_name = {
        variable["name"]: variable
        for variable in json.loads((tmp_path / "out").read_text(encoding="utf-8"))["variables"]
    }
    assert by_name["X"]["origin"]["sentence"].partition(" (pid ")[0] == server
    assert "started with it, from the shell that first started" in by_name["X"]["origin"]["sentence"]
    assert by_name["MINE"]["origin"]["how"] == "without"
    assert by_name["MINE"]["origin"]["sentence"].endswith("its own startup or a command in it set it")


def test_the_tool_without_proc() -> None:
    """In a mount namespace where /proc is empty."""
    if os.getuid():
        skip_or_fail("an empty /proc takes root")
    with home_of("myself", {".bashrc": "export X=1\n"}) as home:
        hide = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"]
        done = call([*hide, *TOOL, "trace", "X", "--json", "--shell", "bash"], environ_of(home) | {"X": "1"})
        assert document(done)["variables"][0]["replayed"] == "1"


def test_it_stands_below_each_variable() -> None:
    with home_of("myself", {".bashrc": "export X=1\n"}) as home:
        done = trace("myself", home, "X", "--shell", "bash", more={"X": "1"})
        assert done.out.splitlines()[-1].startswith("└── set now: ")
