"""The allow-list as data, and the judging of names by it.

The rule behind it: what says how to reach the terminal, the network or the
session is kept; what says what is imported, linked, installed or run is dropped.
Whatever has no row in KEPT is dropped: cleanenv.clean.dropped only gives it a name.
"""

# On the way of `run`: rows are plain tuples, patterns end in '*' or are names (re costs 6 ms, a module 0.2 ms).
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

IDENTITY = "who you are"
TERMINAL = "the terminal"
LANGUAGE = "language and time"
DESKTOP = "the desktop session"
AGENTS = "agents and tickets"
NETWORK = "how to reach the network"
CONTAINERS = "containers and clusters"
BATCH = "the batch job"
SERVICE = "the service manager"
NOTEBOOK = "the notebook's server"
EDITORS = "the editor around it"
CI = "continuous integration"
ROBOTS = "ROS's addresses"
FILES = "files and editors"
CACHES = "caches"

PROXY = "the proxy"
CERTIFICATES = "the certificates to trust"
CLIENT_CERTIFICATE = "your own certificate"
WHICH_TERMINAL = "which terminal program, for its own features"
REACH_TERMINAL = "how to reach the terminal program"
WHICH_CI = "which service runs this build"
REPORT = "where a step reports to its workflow"
RANK = "which process of the job this is, and how to reach the others"
THREADS = "how many cores are yours"
DEVICES = "which devices are yours"

# Each row: names, group, reason. A name that ends in '*' stands for all that start so; where the names are few, they
# are listed, as a glob also lets in what nobody has thought of.
KEPT: tuple[tuple[str, str, str], ...] = (
    ("HOME", IDENTITY, "where your files and configuration are"),
    ("USER", IDENTITY, "your login name"),
    ("LOGNAME", IDENTITY, "your login name, as POSIX calls it"),
    ("SHELL", IDENTITY, "the shell that programs open for you; in a clean shell, that shell"),
    ("XDG_CONFIG_HOME", IDENTITY, "where your configuration is"),
    ("XDG_DATA_HOME", IDENTITY, "where your programs' data are"),
    ("XDG_STATE_HOME", IDENTITY, "where your programs' state is"),
    ("TERM", TERMINAL, "which terminal this is"),
    ("COLORTERM", TERMINAL, "how many colours it shows"),
    ("COLORFGBG", TERMINAL, "its colours of text and background"),
    ("TERM_PROGRAM TERM_PROGRAM_VERSION TERMINAL_EMULATOR", TERMINAL, WHICH_TERMINAL),
    ("LC_TERMINAL LC_TERMINAL_VERSION", TERMINAL, "which terminal program, as it reaches through ssh"),
    ("VTE_VERSION WT_SESSION WT_PROFILE_ID KONSOLE_VERSION KONSOLE_PROFILE_NAME", TERMINAL, WHICH_TERMINAL),
    ("ITERM_SESSION_ID ITERM_PROFILE TILIX_ID TERMINATOR_UUID WINDOWID", TERMINAL, WHICH_TERMINAL),
    ("KONSOLE_DBUS_SERVICE KONSOLE_DBUS_SESSION KONSOLE_DBUS_WINDOW", TERMINAL, REACH_TERMINAL),
    ("GNOME_TERMINAL_SERVICE GNOME_TERMINAL_SCREEN", TERMINAL, REACH_TERMINAL),
    ("KITTY_WINDOW_ID KITTY_PID KITTY_LISTEN_ON KITTY_PUBLIC_KEY", TERMINAL, REACH_TERMINAL),
    ("WEZTERM_PANE WEZTERM_UNIX_SOCKET ALACRITTY_SOCKET ALACRITTY_WINDOW_ID", TERMINAL, REACH_TERMINAL),
    ("TMUX TMUX_PANE TMUX_TMPDIR", TERMINAL, "how to reach tmux's server"),
    ("STY SCREENDIR", TERMINAL, "how to reach screen"),
    ("ZELLIJ ZELLIJ_SESSION_NAME ZELLIJ_PANE_ID ZELLIJ_SOCKET_DIR", TERMINAL, "how to reach Zellij"),
    ("INSIDE_EMACS VIM_TERMINAL", TERMINAL, "that the terminal is an editor's"),
    ("TERMINFO", TERMINAL, "where its description is"),
    ("TERMINFO_DIRS", TERMINAL, "where further descriptions are"),
    ("NO_COLOR", TERMINAL, "you want no colours"),
    ("FORCE_COLOR CLICOLOR CLICOLOR_FORCE", TERMINAL, "you want colours"),
    ("PYTHON_COLORS", TERMINAL, "whether you want colours, for Python"),
    ("LS_COLORS", TERMINAL, "the colours of file names"),
    ("PYTHONIOENCODING PYTHONUTF8", TERMINAL, "how Python encodes what it prints"),
    ("PYTHONUNBUFFERED", TERMINAL, "when Python's output reaches the terminal or a log"),
    ("LANG", LANGUAGE, "your language and character set"),
    ("LANGUAGE", LANGUAGE, "the languages of messages"),
    ("LC_ALL LC_CTYPE LC_NUMERIC LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES", LANGUAGE, "part of your locale"),
    ("LC_PAPER LC_NAME LC_ADDRESS LC_TELEPHONE LC_MEASUREMENT LC_IDENTIFICATION", LANGUAGE, "part of your locale"),
    ("LOCALE_ARCHIVE*", LANGUAGE, "where the locales are, for Nix's C library"),
    ("GUIX_LOCPATH", LANGUAGE, "where the locales are, for Guix's C library"),
    ("TZ", LANGUAGE, "your time zone"),
    ("TZDIR", LANGUAGE, "where the time zones are"),
    ("DISPLAY", DESKTOP, "your X11 screen"),
    ("WAYLAND_DISPLAY", DESKTOP, "your Wayland screen"),
    ("XAUTHORITY", DESKTOP, "the key to your X11 screen"),
    ("ICEAUTHORITY", DESKTOP, "the key to your session manager"),
    ("SESSION_MANAGER", DESKTOP, "how to reach your session manager"),
    ("XDG_RUNTIME_DIR", DESKTOP, "where the session's sockets are"),
    ("XDG_SESSION_* DESKTOP_SESSION", DESKTOP, "which session this is"),
    ("XDG_CURRENT_DESKTOP", DESKTOP, "which desktop this is"),
    ("XDG_SEAT XDG_VTNR", DESKTOP, "at which seat and virtual terminal you are"),
    ("SWAYSOCK I3SOCK HYPRLAND_INSTANCE_SIGNATURE NIRI_SOCKET", DESKTOP, "how to reach the window manager"),
    ("DBUS_SESSION_BUS_ADDRESS", DESKTOP, "how to reach the session's bus"),
    ("XMODIFIERS QT_IM_MODULE", DESKTOP, "your input method"),
    ("QT_QPA_PLATFORM", DESKTOP, "which kind of display Qt uses"),
    ("WSL_DISTRO_NAME", DESKTOP, "the WSL distribution"),
    ("WSL_INTEROP", DESKTOP, "how to reach Windows"),
    ("WSLENV", DESKTOP, "what Windows and Linux share"),
    ("WSL2_GUI_APPS_ENABLED", DESKTOP, "whether Windows shows Linux windows"),
    ("PULSE_SERVER PULSE_RUNTIME_PATH PIPEWIRE_REMOTE PIPEWIRE_RUNTIME_DIR", DESKTOP, "how to reach the sound server"),
    ("PULSE_COOKIE", DESKTOP, "the key to the sound server"),
    ("SSH_AUTH_SOCK", AGENTS, "how to reach your ssh agent"),
    ("SSH_AGENT_PID", AGENTS, "your ssh agent"),
    ("SSH_TTY", AGENTS, "the terminal of this ssh session"),
    ("GPG_TTY", AGENTS, "where gpg asks for your passphrase"),
    ("GNUPGHOME", AGENTS, "where your gpg keys are, and your gpg agent"),
    ("GNOME_KEYRING_CONTROL", AGENTS, "how to reach your keyring"),
    ("PASSWORD_STORE_DIR", AGENTS, "where your passwords are, for pass"),
    ("KRB5CCNAME", AGENTS, "your Kerberos tickets"),
    ("KRB5_CONFIG", AGENTS, "where your Kerberos servers are"),
    ("http_proxy HTTP_PROXY https_proxy HTTPS_PROXY ftp_proxy FTP_PROXY all_proxy ALL_PROXY", NETWORK, PROXY),
    ("rsync_proxy RSYNC_PROXY socks_proxy SOCKS_PROXY grpc_proxy", NETWORK, PROXY),
    ("PIP_PROXY", NETWORK, "the proxy, for pip"),
    ("no_proxy NO_PROXY no_grpc_proxy", NETWORK, "what needs no proxy"),
    ("SSL_CERT_FILE SSL_CERT_DIR", NETWORK, CERTIFICATES),
    ("REQUESTS_CA_BUNDLE", NETWORK, "the certificates to trust, for requests"),
    ("HTTPLIB2_CA_CERTS", NETWORK, "the certificates to trust, for httplib2"),
    ("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", NETWORK, "the certificates to trust, for gRPC"),
    ("WEBSOCKET_CLIENT_CA_BUNDLE", NETWORK, "the certificates to trust, for websocket-client"),
    ("CURL_CA_BUNDLE", NETWORK, "the certificates to trust, for curl"),
    ("PIP_CERT", NETWORK, "the certificates to trust, for pip"),
    ("NODE_EXTRA_CA_CERTS NODE_USE_SYSTEM_CA", NETWORK, "the certificates to trust, for Node.js"),
    ("DENO_CERT", NETWORK, "the certificates to trust, for Deno"),
    ("CARGO_HTTP_CAINFO", NETWORK, "the certificates to trust, for Cargo"),
    ("NIX_SSL_CERT_FILE", NETWORK, "the certificates to trust, for Nix"),
    ("AWS_CA_BUNDLE", NETWORK, "the certificates to trust, for AWS"),
    ("CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", NETWORK, "the certificates to trust, for Google Cloud"),
    ("GIT_SSL_CAINFO GIT_SSL_CAPATH GIT_PROXY_SSL_CAINFO", NETWORK, "the certificates to trust, for git"),
    ("SSL_CLIENT_CERT PIP_CLIENT_CERT GIT_SSL_CERT GIT_SSL_KEY", NETWORK, CLIENT_CERTIFICATE),
    ("PIP_INDEX_URL", NETWORK, "the package index, for pip"),
    ("PIP_EXTRA_INDEX_URL", NETWORK, "further package indexes, for pip"),
    ("UV_INDEX UV_INDEX_*", NETWORK, "the package indexes, for uv"),
    ("UV_DEFAULT_INDEX", NETWORK, "the package index, for uv"),
    ("UV_EXTRA_INDEX_URL", NETWORK, "further package indexes, for uv"),
    ("UV_NATIVE_TLS UV_SYSTEM_CERTS", NETWORK, "the system's certificates, for uv"),
    ("NETRC", NETWORK, "your logins to package indexes and servers"),
    ("DOCKER_HOST DOCKER_CONTEXT DOCKER_TLS DOCKER_TLS_VERIFY", CONTAINERS, "how to reach Docker"),
    ("DOCKER_CERT_PATH", CONTAINERS, "your certificates for Docker"),
    ("CONTAINER_HOST CONTAINER_CONNECTION CONTAINER_SSHKEY", CONTAINERS, "how to reach Podman"),
    ("BUILDKIT_HOST", CONTAINERS, "how to reach BuildKit"),
    ("REGISTRY_AUTH_FILE", CONTAINERS, "your logins to registries"),
    ("KUBECONFIG", CONTAINERS, "your Kubernetes clusters, and your logins to them"),
    ("KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT KUBERNETES_SERVICE_PORT_HTTPS", CONTAINERS, "this cluster"),
    ("SLURM_* SRUN_CPUS_PER_TASK SLURMD_NODENAME SLURMD_DEBUG SLURMD_TRES_*", BATCH, "which job of Slurm this is"),
    ("PBS_*", BATCH, "which job of PBS this is"),
    ("LSB_* LS_JOBPID LS_SUBCWD LS_EXECCWD", BATCH, "which job of LSF this is"),
    ("SGE_* JOB_ID JOB_NAME NSLOTS NHOSTS NQUEUES PE_HOSTFILE", BATCH, "which job of Grid Engine this is"),
    ("FLUX_URI FLUX_JOB_ID FLUX_JOB_SIZE FLUX_JOB_NNODES FLUX_JOB_TMPDIR", BATCH, "which job of Flux this is"),
    ("FLUX_TASK_RANK FLUX_TASK_LOCAL_ID FLUX_KVS_NAMESPACE FLUX_ENCLOSING_ID", BATCH, "which job of Flux this is"),
    ("OAR_JOBID OAR_JOB_ID OAR_JOB_NAME OAR_NODEFILE OAR_NODE_FILE OAR_FILE_NODES", BATCH, "which job of OAR this is"),
    ("COBALT_JOBID COBALT_NODEFILE COBALT_PARTNAME", BATCH, "which job of Cobalt this is"),
    ("_CONDOR_SCRATCH_DIR _CONDOR_SLOT _CONDOR_JOB_AD _CONDOR_MACHINE_AD", BATCH, "which job of HTCondor this is"),
    ("_CONDOR_PROCNO _CONDOR_NPROCS _CONDOR_JOB_IWD _CONDOR_CREDS", BATCH, "which job of HTCondor this is"),
    ("AWS_BATCH_JOB_*", BATCH, "which job of AWS Batch this is"),
    ("PMI_* PALS_* ALPS_APP_*", BATCH, RANK),
    # What Open MPI 4 and 5 hand down, and no more: libpmix loads each plugin below PMIX_LIBDIR and PMIX_PKGLIBDIR.
    ("PMIX_NAMESPACE PMIX_RANK PMIX_ID PMIX_HOSTNAME PMIX_VERSION PMIX_SERVER_URI* PMIX_SERVER_TMPDIR", BATCH, RANK),
    ("PMIX_SYSTEM_TMPDIR PMIX_GDS_MODULE PMIX_PTL_MODULE PMIX_SECURITY_MODE PMIX_BFROP_BUFFER_TYPE", BATCH, RANK),
    ("PMIX_DSTORE_ESH_BASE_PATH PMIX_DSTORE_21_BASE_PATH PMIX_DSTORE_20_BASE_PATH", BATCH, RANK),
    ("OMPI_COMM_WORLD_* OMPI_MCA_orte_* OMPI_MCA_ess_base_jobid OMPI_MCA_ess_base_vpid", BATCH, RANK),
    ("OMPI_UNIVERSE_SIZE OMPI_APP_CTX_NUM_PROCS OMPI_NUM_APP_CTX OMPI_FIRST_RANKS", BATCH, RANK),
    ("MPIR_CVAR_CH3_INTERFACE_HOSTNAME", BATCH, "by which address MPICH reaches this process"),
    ("MPI_LOCALRANKID MPI_LOCALNRANKS HYDI_CONTROL_FD MV2_COMM_WORLD_* JSM_NAMESPACE_*", BATCH, RANK),
    ("RANK WORLD_SIZE LOCAL_RANK LOCAL_WORLD_SIZE GROUP_RANK GROUP_WORLD_SIZE NODE_RANK", BATCH, RANK),
    ("ROLE_NAME ROLE_RANK ROLE_WORLD_SIZE MASTER_ADDR MASTER_PORT", BATCH, RANK),
    ("TORCHELASTIC_RUN_ID TORCHELASTIC_RESTART_COUNT TORCHELASTIC_MAX_RESTARTS", BATCH, RANK),
    ("TORCHELASTIC_USE_AGENT_STORE TORCHELASTIC_ERROR_FILE TF_CONFIG", BATCH, RANK),
    ("HOROVOD_RANK HOROVOD_SIZE HOROVOD_LOCAL_RANK HOROVOD_LOCAL_SIZE HOROVOD_CROSS_RANK", BATCH, RANK),
    ("HOROVOD_CROSS_SIZE HOROVOD_HOSTNAME HOROVOD_CONTROLLER HOROVOD_GLOO_*", BATCH, RANK),
    ("DASK_SCHEDULER_ADDRESS RAY_ADDRESS", BATCH, "how to reach the scheduler"),
    ("NCCL_SOCKET_IFNAME GLOO_SOCKET_IFNAME UCX_NET_DEVICES", BATCH, "by which network the processes of a job talk"),
    ("CUDA_VISIBLE_DEVICES CUDA_DEVICE_ORDER NVIDIA_VISIBLE_DEVICES GPU_DEVICE_ORDINAL", BATCH, DEVICES),
    ("ROCR_VISIBLE_DEVICES HIP_VISIBLE_DEVICES ZE_AFFINITY_MASK ONEAPI_DEVICE_SELECTOR", BATCH, DEVICES),
    ("CUDA_MPS_PIPE_DIRECTORY CUDA_MPS_LOG_DIRECTORY", BATCH, "how to reach the GPU's server"),
    ("OMP_NUM_THREADS OMP_THREAD_LIMIT OMP_PLACES OMP_PROC_BIND PYTHON_CPU_COUNT", BATCH, THREADS),
    ("OPENBLAS_NUM_THREADS MKL_NUM_THREADS NUMEXPR_NUM_THREADS NUMEXPR_MAX_THREADS", BATCH, THREADS),
    ("BLIS_NUM_THREADS VECLIB_MAXIMUM_THREADS GOMP_CPU_AFFINITY KMP_AFFINITY", BATCH, THREADS),
    ("NOTIFY_SOCKET", SERVICE, "where a service reports that it is ready"),
    ("LISTEN_FDS LISTEN_PID LISTEN_PIDFDID LISTEN_FDNAMES", SERVICE, "the sockets that were passed to the service"),
    ("WATCHDOG_USEC WATCHDOG_PID", SERVICE, "how often a service reports that it is alive"),
    ("CREDENTIALS_DIRECTORY", SERVICE, "where the service's credentials are"),
    ("RUNTIME_DIRECTORY STATE_DIRECTORY CACHE_DIRECTORY LOGS_DIRECTORY", SERVICE, "the service's own directories"),
    ("CONFIGURATION_DIRECTORY", SERVICE, "the service's own directories"),
    ("JOURNAL_STREAM", SERVICE, "that the output goes to the journal"),
    ("INVOCATION_ID SYSTEMD_EXEC_PID MAINPID MANAGERPID", SERVICE, "which service this is"),
    ("MEMORY_PRESSURE_WATCH MEMORY_PRESSURE_WRITE", SERVICE, "where the service learns that memory is short"),
    ("SUPERVISOR_ENABLED SUPERVISOR_PROCESS_NAME SUPERVISOR_GROUP_NAME", SERVICE, "which service this is"),
    ("SUPERVISOR_SERVER_URL", SERVICE, "how to reach supervisord"),
    ("JPY_PARENT_PID JPY_SESSION_NAME", NOTEBOOK, "whose kernel this is: it ends with its server"),
    ("VSCODE_IPC_HOOK_CLI VSCODE_GIT_IPC_HANDLE", EDITORS, "how to reach VS Code"),
    ("REMOTE_CONTAINERS REMOTE_CONTAINERS_IPC CODESPACES CODESPACE_NAME", EDITORS, "how to reach VS Code's container"),
    ("NVIM NVIM_LISTEN_ADDRESS", EDITORS, "how to reach Neovim"),
    ("EMACS_SOCKET_NAME EMACS_SERVER_FILE", EDITORS, "how to reach Emacs"),
    ("CI", CI, "that this is a build without a person"),
    ("GITHUB_ACTIONS GITLAB_CI BUILDKITE CIRCLECI TRAVIS TF_BUILD APPVEYOR CIRRUS_CI DRONE", CI, WHICH_CI),
    ("JENKINS_URL TEAMCITY_VERSION BITBUCKET_BUILD_NUMBER CODEBUILD_BUILD_ID BUILD_NUMBER", CI, WHICH_CI),
    ("GITHUB_OUTPUT GITHUB_ENV GITHUB_PATH GITHUB_STEP_SUMMARY GITHUB_STATE", CI, REPORT),
    ("ROS_MASTER_URI", ROBOTS, "where the ROS master is"),
    ("ROS_IP ROS_HOSTNAME", ROBOTS, "by which address ROS reaches this machine"),
    ("ROS_DOMAIN_ID ROS_LOCALHOST_ONLY ROS_AUTOMATIC_DISCOVERY_RANGE", ROBOTS, "which robots ROS talks to"),
    ("ROS_STATIC_PEERS ROS_DISCOVERY_SERVER", ROBOTS, "where ROS looks for other robots"),
    ("GAZEBO_MASTER_URI GZ_IP GZ_PARTITION IGN_IP IGN_PARTITION", ROBOTS, "how to reach the simulator"),
    ("TMPDIR", FILES, "where temporary files go"),
    ("EDITOR", FILES, "your editor"),
    ("VISUAL", FILES, "your editor, on a full screen"),
    ("PAGER", FILES, "your pager"),
    ("XDG_CACHE_HOME", CACHES, "where copies are that can be fetched again"),
    ("PIP_CACHE_DIR UV_CACHE_DIR", CACHES, "where copies of packages are"),
)

# The kinds of what is dropped: by its name …
PYTHON = "what Python imports or runs"
INSTALLER = "where and how packages are installed"
LINKER = "what programs are linked with"
ROS = "ROS"
OTHER_ENVIRONMENT = "another environment"
VERSION_MANAGER = "a version manager"
MODULES = "environment modules"
LAUNCHER = "what a batch system loads or runs"
SHELL_STARTUP = "what a shell runs or how it reads"
OTHER_LANGUAGE = "what another language loads or runs"
PROGRAM = "which program is run"
BUILD = "how software is built"
OWN = "cleanenv's own"
SHELLS_OWN = "what every shell sets by itself"
SCREEN_SIZE = "the size of a terminal, which changes"
UNLISTED = "not on the list"
# … and whatever its name.
FUNCTION = "an exported shell function"
BAD_NAME = "a name that is not an identifier"
BY_NAME = (FUNCTION, BAD_NAME, OWN)
# What is kept by its name and dropped for its value: see also cleanenv.clean.paths and programs.
BAD_VALUE = "a value that sudo refuses too"

# The system's standard directories, in the order of PATH; those that do not exist are left out.
SYSTEM_PATH = (
    "/run/wrappers/bin",  # NixOS
    "/run/current-system/sw/bin",
    "/run/privileged/bin",  # Guix System, whose /usr/bin holds env alone; setuid-programs before 2024
    "/run/setuid-programs",
    "/run/current-system/profile/bin",
    "/run/current-system/profile/sbin",
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/usr/lib/wsl/lib",  # WSL puts it on PATH by itself: nvidia-smi
)

# The names of all rows, a line each: searching it costs less than a dict costs to be filled at every start (0.1 ms).
_LINES = "\n".join([f" {names} " for names, _, _ in KEPT])
_GLOBS = " ".join([names for names, _, _ in KEPT if "*" in names]).split()
_STARTS = tuple([name[:-1] for name in _GLOBS if name[-1] == "*"])


def kept(name: str) -> tuple[str, str] | None:
    """Return the group and the reason for which ``name`` is kept, None if it is not on the list.

    A glob gives way to a longer row of DROPPED, and to a name that speaks of what is loaded or run.
    """
    if not name.isidentifier():
        return None
    place = _LINES.find(f" {name} ")
    if place < 0 and name.startswith(_STARTS):
        from cleanenv.clean import dropped

        start = max([start for start in _STARTS if name.startswith(start)], key=len)
        if not dropped.is_exception(name, start):
            place = _LINES.find(f" {start}* ")
    if place < 0:
        return None
    _, group, reason = KEPT[_LINES.count("\n", 0, place)]
    return group, reason


def hazard(name: str) -> str | None:
    """Return the kind of harm that ``name`` is known for, None if it is known for none."""
    from cleanenv.clean import dropped

    return dropped.kind_of(name)


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether ``name`` is one of ``patterns``, which may be globs as fnmatch knows them."""
    for pattern in patterns:
        if name == pattern:
            return True
        if any(sign in pattern for sign in "*?["):
            from fnmatch import fnmatchcase

            if fnmatchcase(name, pattern):
                return True
    return False
