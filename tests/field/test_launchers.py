"""Launchers that hand each process its part by variables alone, and programs that listen where a variable says."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.field.trial import CLEAN, HERE, NATIVE, PATIENCE, RUN, end, entering, installed
from tests.support.command import call, write_program
from tests.support.surroundings import skip_or_fail

SIZE = 3


@pytest.mark.parametrize("way", [NATIVE, *CLEAN])
def test_processes_of_a_launcher_meet_and_keep_apart(
    way: str, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    """The variables are torchrun's (torch.distributed.elastic); a GPU each, by the variable that keeps them apart."""
    report = tmp_path / "came"
    processes = []
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        for rank in range(SIZE):
            part = {
                "RANK": str(rank),
                "WORLD_SIZE": str(SIZE),
                "LOCAL_RANK": str(rank),
                "LOCAL_WORLD_SIZE": str(SIZE),
                "MASTER_ADDR": "127.0.0.1",
                "MASTER_PORT": str(server.getsockname()[1]),
                "CUDA_VISIBLE_DEVICES": str(rank + 4),
                "OMP_NUM_THREADS": "1",
                "TORCHELASTIC_RESTART_COUNT": "0",
                "TORCHELASTIC_RUN_ID": "trial",
            }
            command = ["python", str(HERE / "rendezvous.py"), str(report), str(server.fileno())]
            words = entering(way, tool, venv, command, tmp_path / f"job-{rank}")
            process = subprocess.Popen(
                words, env=caller | part, stdin=subprocess.DEVNULL, pass_fds=[server.fileno()], cwd=tmp_path
            )
            stack.callback(end, process)
            processes.append(process)
        assert [process.wait(PATIENCE) for process in processes] == [0] * SIZE
    assert json.loads(report.read_text(encoding="ascii")) == [
        {
            "rank": rank,
            "local": str(rank),
            "devices": str(rank + 4),
            "threads": "1",
            "restarts": "0",
            "run": "trial",
            "prefix": str(venv),
        }
        for rank in range(SIZE)
    ]


OPENMP = """
#include <omp.h>
#include <stdio.h>
int main(void) {
    int here = 0;
    #pragma omp parallel
    #pragma omp atomic
    here++;
    printf("%d threads of at most %d\\n", here, omp_get_thread_limit());
    return 0;
}
"""


@pytest.mark.parametrize("way", [RUN, "bash"])
def test_openmp_takes_the_processors_that_it_was_granted(
    way: str, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    source = tmp_path / "threads.c"
    source.write_text(OPENMP, encoding="ascii")
    program = tmp_path / "threads"
    built = call([installed("gcc"), "-fopenmp", "-o", str(program), str(source)], caller)
    if built.status != 0:
        skip_or_fail("the C compiler has no OpenMP")
    environ = caller | {"OMP_NUM_THREADS": "7", "OMP_THREAD_LIMIT": "9"}
    done = call(entering(way, tool, venv, [str(program)], tmp_path / "job"), environ)
    assert done.out == "7 threads of at most 9\n"


@contextlib.contextmanager
def answering(path: Path) -> Iterator[None]:
    """Answer each connection to a socket at ``path`` with a word."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    connection.sendall(b"reached\n")
                    connection.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown(socket.SHUT_RDWR)  # wakes accept
            thread.join()


# (the variable, and how its value names the socket)
SOCKETS = (
    ("NVIM", "{}"),
    ("KITTY_LISTEN_ON", "unix:{}"),
    ("WEZTERM_UNIX_SOCKET", "{}"),
    ("ALACRITTY_SOCKET", "{}"),
    ("VSCODE_IPC_HOOK_CLI", "{}"),
    ("VSCODE_GIT_IPC_HANDLE", "{}"),
    ("REMOTE_CONTAINERS_IPC", "{}"),
    ("SWAYSOCK", "{}"),
    ("I3SOCK", "{}"),
    ("DOCKER_HOST", "unix://{}"),
    ("CONTAINER_HOST", "unix://{}"),
    ("SSH_AUTH_SOCK", "{}"),
    ("SUPERVISOR_SERVER_URL", "unix://{}"),
)


@pytest.mark.parametrize("way", [RUN, "bash"])
@pytest.mark.parametrize(("name", "form"), SOCKETS)
def test_a_program_reaches_who_listens_where_its_variable_says(
    name: str, form: str, way: str, tool: list[str], venv: Path, caller: dict[str, str], sockets: Path
) -> None:
    path = sockets / "socket"
    start = form.partition("{")[0]
    connect = f'exec {installed("socat")} -u "UNIX-CONNECT:${{{name}#{start}}}" -'
    command = ["sh", str(write_program(sockets / "connect", f"#!/bin/sh\n{connect}\n"))]
    with answering(path):
        done = call(entering(way, tool, venv, command, sockets / "job"), caller | {name: form.format(path)})
    assert (done.status, done.out) == (0, "reached\n"), done


# Near misses of the launchers: names beside theirs that say what is run or loaded, by the programs that read them.
HOSTILE = (
    "CUDA_INJECTION64_PATH",  # a library that the driver loads
    "OMP_TOOL_LIBRARIES",  # libraries that LLVM's OpenMP loads
    "NCCL_NET_PLUGIN",
    "GIT_ASKPASS",
    "VSCODE_GIT_ASKPASS_NODE",
    "VSCODE_GIT_ASKPASS_MAIN",
    "TMUX_PLUGIN_MANAGER_PATH",
    "I_MPI_PMI_LIBRARY",
    "OMPI_MCA_mca_base_component_path",
    "OMPI_MCA_plm_rsh_agent",
    "OPAL_PREFIX",
    "HYDRA_LAUNCHER_EXEC",
    "HYDRA_BOOTSTRAP_EXEC",
    "DOCKER_CONFIG",  # credential helpers and plugins
)


def test_names_beside_those_of_the_launchers_are_not_passed_on(
    tool: list[str], venv: Path, caller: dict[str, str]
) -> None:
    done = call([*tool, "run", str(venv), "--", "env"], caller | dict.fromkeys(HOSTILE, "/hostile"))
    assert "HOME=" in done.out
    assert [name for name in HOSTILE if f"\n{name}=" in f"\n{done.out}"] == []
