"""A cluster of three nodes on this machine: a slurmctld, three slurmd and the munged that they trust each other by.

Nothing of it outlives the tests, and nothing of the machine's is used: no file in /etc, no service, no fixed port.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import platform
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.field.trial import SYSTEM_PATH, installed, started, wait

NODES = ("n1", "n2", "n3")
CONFIGURATION = """\
ClusterName=trial
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/%n
SlurmdPidFile={folder}/%n.pid
SlurmctldPidFile={folder}/slurmctld.pid
# Neither cgroups nor accounting: a container has neither.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
MpiDefault=none
ReturnToService=2
# The default waits a second or more before it plans a job.
SchedulerParameters=sched_interval=1,batch_sched_delay=0
{nodes}
PartitionName=all Nodes={names} Default=YES State=UP
"""


class Cluster(NamedTuple):
    """A cluster that accepts jobs, and the variables by which Slurm's commands reach it."""

    variables: dict[str, str]
    names: tuple[str, ...] = NODES


def _free_ports(number: int) -> list[int]:
    """Return ports that nobody listens on; all are taken at once, so that they differ."""
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [each.getsockname()[1] for each in taken]


def _hardware(environ: dict[str, str]) -> str:
    """Return what slurmd finds of this machine's processors: a node with other figures is drained."""
    printed = subprocess.run(
        [installed("slurmd"), "-C"], env=environ, capture_output=True, text=True, check=True
    ).stdout
    wanted = ("CPUs=", "Boards=", "SocketsPerBoard=", "CoresPerSocket=", "ThreadsPerCore=")
    return " ".join(word for word in printed.split() if word.startswith(wanted))


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """Start a cluster whose files lie in ``folder``, of a short path, and end it afterwards."""
    environ = {"PATH": SYSTEM_PATH, "HOME": str(folder), "LANG": "C.UTF-8", "SLURM_CONF": str(folder / "slurm.conf")}
    host = platform.node().partition(".")[0]
    ports = _free_ports(1 + len(NODES))
    hardware = _hardware(environ)
    lines = [
        f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} {hardware} RealMemory=100"
        for node, port in zip(NODES, ports[1:], strict=True)
    ]
    for name in ("state", *NODES):
        (folder / name).mkdir()
    text = CONFIGURATION.format(
        host=host, ports=ports, folder=folder, user=getpass.getuser(), nodes="\n".join(lines), names=",".join(NODES)
    )
    (folder / "slurm.conf").write_text(text, encoding="utf-8")
    # Without it slurmd looks for systemd on the bus, which a container does not have either.
    (folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n", encoding="utf-8")
    key = folder / "munge.key"
    key.touch(mode=0o600)
    key.write_bytes(os.urandom(1024))
    munge = {"--key-file": "key", "--socket": "socket", "--pid-file": "pid", "--log-file": "log", "--seed-file": "seed"}
    options = [f"{option}={folder}/munge.{name}" for option, name in munge.items()]
    with contextlib.ExitStack() as stack:
        daemons = [
            # --force: /tmp, above the socket, is writable for all.
            [installed("munged"), "--foreground", "--force", *options],
            [installed("slurmctld"), "-D", "-i"],
            *([installed("slurmd"), "-D", "-N", node] for node in NODES),
        ]
        for words in daemons:
            stack.enter_context(started(words, environ, folder))
            if words is daemons[0]:
                wait((folder / "munge.socket").exists, "munged")
        cluster = Cluster({"SLURM_CONF": environ["SLURM_CONF"]})
        wait(lambda: _are_idle(environ), f"three idle nodes; see {folder}/*.log")
        yield cluster


def _are_idle(environ: dict[str, str]) -> bool:
    words = [installed("sinfo"), "--noheader", "--format=%D %t"]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    return done.stdout.strip() == f"{len(NODES)} idle"
