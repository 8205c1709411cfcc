"""Programs that pass on an environment from elsewhere: to the processes below them, it is not their own doing."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cleanenv.system.processes import Process

LONGEST_NAME = 15  # of a process whose program may not be read (proc_pid_comm(5))


class Carrier(NamedTuple):
    """What ``programs`` bring, by the names of their files.

    ``source`` says where a variable comes from that they started without. ``heritage`` is for a server that loses
    its parent when it starts: where its own environment comes from. ``adopts`` is true for what becomes the parent
    of processes that have lost theirs. With ``argument``, the carrier is only the process that has it. ``own`` are
    the variables that it sets by itself, names and globs.
    """

    programs: tuple[str, ...]
    source: str
    heritage: str = ""
    argument: str = ""
    adopts: bool = False
    own: tuple[str, ...] = ()

    def sets(self, name: str) -> bool:
        """Tell whether the carrier gives ``name`` a value of its own."""
        return any(fnmatchcase(name, pattern) for pattern in self.own)


OF_A_LOGIN = ("HOME", "USER", "LOGNAME", "SHELL", "MAIL")
CONTAINER = "the container (ENV of its image, -e of docker run or of docker exec)"
CARRIERS = (
    # Batch systems and launchers: sbatch(1) --export, qsub -V, bsub -env; mpirun -x.
    Carrier(
        ("slurmstepd",), "the shell that submitted the job ('--export' of sbatch or srun), or a prolog", own=("SLURM*",)
    ),
    Carrier(
        ("pbs_mom", "sge_shepherd", "sbatchd", "res", "condor_starter", "flux-shell", "starter"),
        "the shell that submitted the job, or a prolog of the batch system",
        own=("PBS_*", "SGE_*", "LSB_*", "_CONDOR_*", "FLUX_*"),
    ),
    Carrier(("orted", "prted", "hydra_pmi_proxy", "pmi_proxy"), "the mpirun that started it, on whichever machine"),
    Carrier(("atd",), "the shell that queued the job with at"),
    Carrier(("cron", "crond", "anacron", "fcron"), "a line of the crontab, or PAM (/etc/environment)", own=OF_A_LOGIN),
    # Logins: ssh_config(5) SendEnv, sshd_config(5) SetEnv and PermitUserEnvironment, pam_env(8).
    Carrier(
        ("sshd", "sshd-session", "dropbear"),
        "the client (SendEnv), ~/.ssh/environment, SetEnv of sshd_config or PAM (/etc/environment)",
        own=(*OF_A_LOGIN, "SSH_*", "TERM"),
    ),
    Carrier(
        ("login", "gdm-session-worker", "sddm-helper", "lightdm", "xrdp-sesman", "lxdm-session"),
        "the login: PAM (/etc/environment, pam_env.conf) or /etc/login.defs",
        own=OF_A_LOGIN,
    ),
    Carrier(
        ("su", "runuser"),
        "PAM (/etc/environment), /etc/login.defs or the shell that it was started from",
        own=OF_A_LOGIN,
    ),
    Carrier(
        ("sudo", "doas"), "the shell that it was started from (-E, --preserve-env, env_keep), or its configuration"
    ),
    # Terminal multiplexers: their servers are started once and outlive the shell that did it.
    Carrier(
        ("tmux",),
        "its session ('tmux set-environment', -e, or a client that attached to it)",
        heritage="the shell that first started the tmux server",
        own=("TMUX*", "TERM*"),
    ),
    Carrier(
        ("screen",),
        "its setenv command or configuration",
        heritage="the shell that first started this screen session",
        own=("STY", "WINDOW", "TERM*"),
    ),
    Carrier(
        ("zellij",),
        "its configuration (env)",
        heritage="the shell that first started this zellij session",
        own=("ZELLIJ*",),
    ),
    Carrier(("dtach", "abduco"), "its configuration", heritage="the shell that first started this session"),
    Carrier(("mosh-server",), "its configuration", heritage="the login by ssh that started it"),
    # Sessions and services: systemd.exec(5), dbus-update-activation-environment(1).
    Carrier(
        ("systemd",),
        "the user manager (environment.d, 'systemctl --user import-environment'), Environment= of the unit, or a"
        " program that has ended since",
        argument="--user",
        adopts=True,
    ),
    Carrier(
        ("dbus-daemon", "dbus-broker-launch"),
        "the environment for programs that the bus starts (dbus-update-activation-environment)",
    ),
    # Containers.
    Carrier(
        ("containerd-shim", "containerd-shim-runc-v2", "conmon", "runc", "crun"),
        CONTAINER,
    ),
    Carrier(
        ("tini", "dumb-init", "docker-init", "catatonit", "s6-svscan"),
        "a program that has ended since",
        heritage=CONTAINER,
        adopts=True,
    ),
    Carrier(
        ("systemd", "init", "launchd", "openrc-init", "runit"),
        "the configuration of a service (Environment= of its unit), or a program that has ended since",
        adopts=True,
    ),
)
# Files by which a container is known from inside: Docker's and Podman's. A machine may have them from its image.
CONTAINER_SIGNS = ("/.dockerenv", "/run/.containerenv")


def program(process: Process) -> str:
    """Return the name of the file that a process runs; proc(5) marks one that was replaced since."""
    path = process.program.removesuffix(" (deleted)")
    if path and not path.startswith("/memfd:"):  # a program without a file, memfd_create(2)
        return os.path.basename(path)
    return process.name or "a process"


def of(process: Process) -> Carrier | None:
    """Return the carrier that ``process`` is, None if it is none."""
    name = program(process).partition(":")[0]  # 'tmux: server', as the kernel has it
    for carrier in CARRIERS:
        if carrier.argument and carrier.argument not in process.argv:
            continue
        for known in carrier.programs:
            if name == known or (not process.program and name == known[:LONGEST_NAME]):
                return carrier
    return None


def is_in_container() -> bool:
    """Tell whether this process runs in a container, by the file that its engine puts there."""
    return any(os.path.exists(path) for path in CONTAINER_SIGNS)
