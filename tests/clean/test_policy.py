"""The allow-list holds what the design promises, and what is dropped bears the right name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanenv.clean import dropped, policy, project_limits

# The policy, written down apart from the data: by groups, what is kept (+), and near misses that are not (-).
TABLE = """
who you are
+ HOME USER LOGNAME SHELL
- HOMEX XHOME home USERNAME
+ XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
- XDG_CONFIG_DIRS XDG_DATA_DIRS XDG_BIN_HOME
the terminal
+ TERM COLORTERM TERM_PROGRAM TERM_PROGRAM_VERSION
- TERMCAP TERM_PROGRAM_PATH TERM_SESSION_ID
+ TERMINFO TERMINFO_DIRS NO_COLOR FORCE_COLOR LS_COLORS
- TERMINFO_ LS_OPTIONS GREP_COLORS
+ TMUX TMUX_PANE TMUX_TMPDIR STY SCREENDIR
- TMUX_PROGRAM TMUX_CONF SCREENRC
+ ZELLIJ ZELLIJ_SESSION_NAME ZELLIJ_PANE_ID
- ZELLIJ_CONFIG_FILE ZELLIJ_CONFIG_DIR
+ VTE_VERSION WT_SESSION KONSOLE_VERSION KONSOLE_DBUS_SESSION
- VTE WT_X KONSOLE_PROFILE
+ KITTY_WINDOW_ID KITTY_LISTEN_ON
- KITTY_INSTALLATION_DIR KITTY_SHELL_INTEGRATION
+ WEZTERM_PANE WEZTERM_UNIX_SOCKET
- WEZTERM_EXECUTABLE WEZTERM_CONFIG_FILE WEZTERM_CONFIG_DIR
+ ALACRITTY_SOCKET ITERM_SESSION_ID COLORFGBG
- ALACRITTY_LOG GHOSTTY_RESOURCES_DIR GHOSTTY_BIN_DIR
+ CLICOLOR CLICOLOR_FORCE INSIDE_EMACS
- CLICOLORX EMACSLOADPATH EMACSDATA
+ PYTHONIOENCODING PYTHONUTF8 PYTHONUNBUFFERED
- PYTHONPATH PYTHONSTARTUP PYTHONWARNINGS PYTHONDEBUG
+ LC_TERMINAL LC_TERMINAL_VERSION
- LC_TERMINALX LC_SECRET
language and time
+ LANG LANGUAGE LC_ALL LC_CTYPE LC_MESSAGES LC_PAPER LC_IDENTIFICATION
- LC LC_ LC_SECRET LANGX
+ TZ TZDIR LOCALE_ARCHIVE LOCALE_ARCHIVE_2_27 GUIX_LOCPATH
- LOCPATH NLSPATH GCONV_PATH TZX
the desktop session
+ DISPLAY WAYLAND_DISPLAY XAUTHORITY ICEAUTHORITY
- GDK_BACKEND WAYLAND_SOCKET DISPLAYX
+ XDG_RUNTIME_DIR XDG_SESSION_ID XDG_SESSION_TYPE XDG_CURRENT_DESKTOP
- XDG_CONFIG XDG_X
+ DBUS_SESSION_BUS_ADDRESS SESSION_MANAGER
- DBUS_FATAL_WARNINGS SESSION
+ WSL_DISTRO_NAME WSL_INTEROP WSLENV
- WSL_X WSL_UTF8
+ PULSE_SERVER PULSE_COOKIE
- PULSE_DLPATH PULSE_CONFIG PULSE_BINARY
+ SWAYSOCK I3SOCK DESKTOP_SESSION XDG_SEAT XDG_VTNR
- I3_CONFIG DESKTOP SWAY
+ XMODIFIERS QT_IM_MODULE QT_QPA_PLATFORM
- GTK_IM_MODULE QT_QPA_PLATFORM_PLUGIN_PATH
agents and tickets
+ SSH_AUTH_SOCK SSH_AGENT_PID SSH_TTY
- SSH_ASKPASS SSH_CLIENT SSH_SK_PROVIDER SSH_PKCS11_HELPER
+ GPG_TTY GNUPGHOME KRB5CCNAME KRB5_CONFIG
- KRB5_KTNAME KRB5_TRACE GNUPG GPG_OPTS
how to reach the network
+ http_proxy https_proxy ftp_proxy all_proxy no_proxy
- proxy x_proxy Http_Proxy
+ HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY
- GIT_PROXY_COMMAND PROXY
+ rsync_proxy RSYNC_PROXY grpc_proxy no_grpc_proxy socks_proxy
- RSYNC_CONNECT_PROG RSYNC_RSH
+ SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE
- OPENSSL_CONF OPENSSL_MODULES
+ PIP_CERT NODE_EXTRA_CA_CERTS GIT_SSL_CAINFO
- NODE_TLS_REJECT_UNAUTHORIZED GIT_SSL_NO_VERIFY
+ HTTPLIB2_CA_CERTS GRPC_DEFAULT_SSL_ROOTS_FILE_PATH
- GRPC_TRACE HTTPLIB2_X
+ CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE WEBSOCKET_CLIENT_CA_BUNDLE
- CLOUDSDK_PYTHON AWS_PROFILE
+ CARGO_HTTP_CAINFO GIT_SSL_CAPATH
- CARGO_BUILD_RUSTC GIT_SSH_COMMAND CARGO_HOME
+ PIP_CLIENT_CERT SSL_CLIENT_CERT
- PIP_CONFIG_FILE PIP_PYTHON
+ PIP_INDEX_URL PIP_EXTRA_INDEX_URL
- PIP_INDEX PIP_TRUSTED_HOST PIP_NO_INDEX PIP_TARGET
+ UV_INDEX UV_INDEX_URL UV_INDEX_CORP_PASSWORD
- UV_INDEX_STRATEGY UV_INSECURE_HOST UV_ UV_INDEXX
containers and clusters
+ DOCKER_HOST DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH
- DOCKER_CONFIG DOCKER_X
+ CONTAINER_HOST KUBECONFIG
- CONTAINERS_CONF KUBE_EDITOR KUBECTL_EXTERNAL_DIFF
+ KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT
- KUBERNETES_EXEC_INFO DB_SERVICE_HOST
the batch job
+ SLURM_PROCID SLURM_JOB_ID SLURM_NTASKS SLURM_STEP_LAUNCHER_PORT SLURM_MPI_TYPE
- SLURM_CONF
+ SLURM_SRUN_COMM_HOST SLURM_LAUNCH_NODE_IPADDR SLURMD_NODENAME
- SLURM_CONF_SERVER SBATCH_EXPORT
+ SLURM_CPUS_PER_TASK SLURM_GTIDS SLURM_SUBMIT_DIR
- SLURM_PROLOG SLURM_TASK_PROLOG SLURM_EPILOG
+ SLURM_JOB_NODELIST SLURM_ARRAY_TASK_ID
- SLURM_TASK_EPILOG SLURM_CONTAINER SLURM_CONTAINER_ID
+ SLURM_LOCALID SLURM_NODEID
- SLURM_GET_USER_ENV SLURM_SEND_LIBS SLURM_EXPORT_ENV SPANK_X SLURM_SPANK_X SALLOC_KILL_CMD SLURM
+ PMI_RANK PMI_SIZE PMI_FD PMI_PORT
- PMI PMI_LIBRARY PMI_LIBRARY_PATH PMI2_X
+ PMIX_RANK PMIX_NAMESPACE PMIX_SERVER_URI41 PMIX_SERVER_TMPDIR
- PMIX_MCA_mca_base_component_path
+ PMIX_GDS_MODULE PMIX_SECURITY_MODE PMIX_DSTORE_ESH_BASE_PATH PMIX_DSTORE_21_BASE_PATH MPIR_CVAR_CH3_INTERFACE_HOSTNAME
- PMIX_PREFIX PMIX_INSTALL_PREFIX PMIX_EXEC_AGENT PMIX_MCA_gds
+ OMPI_COMM_WORLD_RANK OMPI_COMM_WORLD_SIZE
- OMPI_MCA_mca_base_component_path OPAL_PREFIX OMPI_COMMAND
+ OMPI_MCA_orte_hnp_uri OMPI_MCA_orte_ess_node_rank
- OMPI_MCA_orte_launch_agent OMPI_MCA_orte_fork_agent
+ OMPI_MCA_orte_local_daemon_uri
- OMPI_MCA_orte_xterm OMPI_MCA_orte_debugger_test_daemon OMPI_MCA_btl
+ OMPI_MCA_ess_base_vpid
- OMPI_MCA_plm_rsh_agent OMPI_MCA_orte_base_user_debugger OMPI_MCA_ess
+ PALS_RANKID PALS_APID MPI_LOCALRANKID MPI_LOCALNRANKS
- PALS_PLUGIN_DIR PALS_PRELOAD MPI_ROOT
+ PBS_JOBID PBS_NODEFILE PBS_ARRAY_INDEX PBS_O_WORKDIR
- PBS_CONF_FILE PBS_EXEC PBS_HOME PBS_RCP PBS_SCP
+ LSB_JOBID LSB_HOSTS LSB_DJOB_NUMPROC LSB_JOBINDEX
- LSB_ERESTART_USRCMD LSB_JOB_STARTER LSB_MAILPROG LSB_ECHKPNT_METHOD_DIR LSB_CONFDIR
+ LSB_DJOB_HOSTFILE LSB_QUEUE
- LSF_BINDIR LSF_ENVDIR LSB_SSH_XFORWARD_CMD LSB_DEFAULTQUEUE_CMD
+ SGE_TASK_ID SGE_CELL SGE_ROOT JOB_ID NSLOTS PE_HOSTFILE
- SGE_BINARY_PATH SGE_JSV_X SGE_RSH_COMMAND JOB
+ FLUX_URI FLUX_JOB_ID FLUX_TASK_RANK
- FLUX_EXEC_PATH FLUX_MODULE_PATH FLUX_CONNECTOR_PATH FLUX_SSH
+ FLUX_KVS_NAMESPACE
- FLUX_PMI_LIBRARY_PATH FLUX_RC_EXTRA FLUX_CONF_DIR FLUX_SHELL_RC_PATH FLUX_X
+ RANK WORLD_SIZE LOCAL_RANK MASTER_ADDR MASTER_PORT TORCHELASTIC_RUN_ID
- RANKX TORCHELASTIC_X MASTER
+ CUDA_VISIBLE_DEVICES CUDA_DEVICE_ORDER NVIDIA_VISIBLE_DEVICES
- CUDA_HOME CUDA_PATH CUDA_CACHE_PATH
+ ROCR_VISIBLE_DEVICES HIP_VISIBLE_DEVICES GPU_DEVICE_ORDINAL ZE_AFFINITY_MASK
- ROCM_PATH HIP_PATH
+ OMP_NUM_THREADS MKL_NUM_THREADS
- OMP_TOOL_LIBRARIES OMP_TOOL MKL_THREADING_LAYER OMP_X
the service manager
+ NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES
- LISTEN LISTEN_X NOTIFY
+ WATCHDOG_USEC WATCHDOG_PID CREDENTIALS_DIRECTORY
- WATCHDOG CREDENTIALS
+ JOURNAL_STREAM INVOCATION_ID
- SYSTEMD_EDITOR SYSTEMD_UNIT_PATH SYSTEMD_PAGER SYSTEMD_LESS
the notebook's server
+ JPY_PARENT_PID JPY_SESSION_NAME
- JPY_API_TOKEN JUPYTER_PATH IPYTHONDIR JUPYTER_CONFIG_DIR
the editor around it
+ VSCODE_IPC_HOOK_CLI VSCODE_GIT_IPC_HANDLE
- VSCODE_GIT_ASKPASS_MAIN GIT_ASKPASS VSCODE_INJECTION
+ REMOTE_CONTAINERS_IPC REMOTE_CONTAINERS CODESPACES
- VSCODE_GIT_ASKPASS_NODE CODESPACES_X
+ NVIM NVIM_LISTEN_ADDRESS
- VIMINIT MYVIMRC VIMRUNTIME VIM NVIM_APPNAME NVIM_PYTHON_LOG_FILE
continuous integration
+ CI GITHUB_ACTIONS GITLAB_CI
- ACTIONS_RUNTIME_TOKEN GITHUB_TOKEN CI_JOB_TOKEN CIX
+ GITHUB_OUTPUT GITHUB_ENV GITHUB_STEP_SUMMARY GITHUB_STATE
- GITHUB_ ACTIONS_CACHE_URL
ROS's addresses
+ ROS_MASTER_URI ROS_IP ROS_HOSTNAME ROS_DOMAIN_ID ROS_LOCALHOST_ONLY
- ROS_DISTRO ROS_ROOT ROS_X
+ ROS_AUTOMATIC_DISCOVERY_RANGE ROS_STATIC_PEERS ROS_DISCOVERY_SERVER
- ROS_PACKAGE_PATH ROS_VERSION
files and editors
+ TMPDIR EDITOR VISUAL PAGER
- BROWSER GIT_EDITOR MANPAGER LESSOPEN FCEDIT SUDO_EDITOR
caches
+ XDG_CACHE_HOME UV_CACHE_DIR PIP_CACHE_DIR
- UV_TOOL_DIR UV_PYTHON_INSTALL_DIR HF_HOME PYTHONPYCACHEPREFIX
"""
# What sources of leaks set, by their documentation; what sudo and glibc strip; what peers' users complain of.
DROPPED = {
    "what Python imports or runs": (
        "PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONUSERBASE PYTHONINSPECT PYTHONNOUSERSITE PYTHONBREAKPOINT"
        " PYTHONPLATLIBDIR __PYVENV_LAUNCHER__"
    ),
    "where and how packages are installed": (
        "PIP_TARGET PIP_USER PIP_PREFIX PIP_NO_INDEX PIP_CONFIG_FILE PIP_REQUIRE_VIRTUALENV UV_PYTHON"
        " PIP_TRUSTED_HOST UV_INSECURE_HOST UV_INDEX_STRATEGY UV_PROJECT_ENVIRONMENT"
        " POETRY_VIRTUALENVS_PATH PIPENV_ACTIVE PDM_PYTHON"
    ),
    "what programs are linked with": (
        "LD_LIBRARY_PATH LD_PRELOAD LD_AUDIT DYLD_LIBRARY_PATH DYLD_INSERT_LIBRARIES GCONV_PATH LOCPATH NLSPATH"
        " MALLOC_TRACE GLIBC_TUNABLES"
    ),
    "ROS": (
        "ROS_DISTRO ROS_ROOT ROS_PACKAGE_PATH ROS_VERSION ROS_PYTHON_VERSION ROS_ETC_DIR"
        " ROSLISP_PACKAGE_DIRECTORIES RMW_IMPLEMENTATION AMENT_PREFIX_PATH COLCON_PREFIX_PATH CATKIN_SHELL"
    ),
    "another environment": (
        "VIRTUAL_ENV VIRTUAL_ENV_PROMPT _OLD_VIRTUAL_PATH CONDA_PREFIX CONDA_DEFAULT_ENV CONDA_SHLVL CONDA_EXE"
        " _CE_M _CE_CONDA MAMBA_ROOT_PREFIX"
    ),
    "a version manager": "PYENV_VERSION PYENV_ROOT NVM_DIR NVM_BIN ASDF_DIR DIRENV_DIFF DIRENV_DIR",
    "environment modules": (
        "MODULEPATH MODULESHOME LOADEDMODULES _LMFILES_ LMOD_CMD __LMOD_REF_COUNT_PATH _ModuleTable001_"
    ),
    "what a batch system loads or runs": (
        "SLURM_CONF SLURM_TASK_PROLOG SLURM_SPANK_X SBATCH_EXPORT SPANK_X PMIX_MCA_gds OMPI_MCA_orte_fork_agent"
        " OPAL_PREFIX PBS_CONF_FILE PBS_EXEC LSB_MAILPROG LSF_SERVERDIR SGE_BINARY_PATH FLUX_EXEC_PATH I_MPI_ROOT"
    ),
    "what a shell runs or how it reads": (
        "BASH_ENV ENV ZDOTDIR SHELLOPTS BASHOPTS PS1 PS4 PROMPT_COMMAND CDPATH IFS GLOBIGNORE FPATH HISTFILE INPUTRC"
        " BASH_XTRACEFD"
    ),
    "what another language loads or runs": (
        "PERL5LIB PERL5OPT RUBYLIB RUBYOPT NODE_OPTIONS NODE_PATH CLASSPATH JAVA_TOOL_OPTIONS QT_PLUGIN_PATH"
    ),
    "which program is run": "GIT_SSH_COMMAND GIT_CONFIG_COUNT GIT_EXEC_PATH BROWSER LESSOPEN",
    "how software is built": "CMAKE_PREFIX_PATH PKG_CONFIG_PATH CC CXX CFLAGS LDFLAGS CPATH LIBRARY_PATH",
    "the size of a terminal, which changes": "LINES COLUMNS",
}

DROPPED_CASES = [(kind, name) for kind, names in dropped.DROPPED for name in names.split()]
KEPT_CASES: list[tuple[str, str]] = []
NEAR_MISSES: list[str] = []
GROUPS: list[str] = []
for line in TABLE.strip().splitlines():
    if line.startswith("+"):
        KEPT_CASES += [(GROUPS[-1], name) for name in line.split()[1:]]
    elif line.startswith("-"):
        NEAR_MISSES += line.split()[1:]
    else:
        GROUPS.append(line)


@pytest.mark.parametrize(("group", "name"), KEPT_CASES)
def test_promised_names_are_kept(group: str, name: str) -> None:
    """Each name of the policy's table has a row, in its group, with a reason."""
    row = policy.kept(name)
    assert row is not None
    assert row[0] == group
    assert row[1]


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_near_misses_are_not_kept(name: str) -> None:
    """A name counts from its first to its last letter, and a glob lets in nothing that is loaded or run."""
    assert policy.kept(name) is None


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in DROPPED.items() for name in names.split()])
def test_known_leaks_are_dropped_by_their_name(kind: str, name: str) -> None:
    """Each known leak has no row in the allow-list, and is called what it is."""
    assert policy.kept(name) is None
    assert policy.hazard(name) == kind


def test_every_kept_row_says_why_and_no_name_stands_twice() -> None:
    """The table of docs/kept.md is made from these rows."""
    names = [name for row, _, _ in policy.KEPT for name in row.split()]
    assert sorted(names) == sorted(set(names))
    assert all(row and group and reason for row, group, reason in policy.KEPT)
    assert {group for _, group, _ in policy.KEPT} == set(GROUPS)


def test_every_glob_of_the_kept_has_a_near_miss_or_names_no_code() -> None:
    """A glob is either also a row of DROPPED, so that a project may not open it, or of names that are only data."""
    globs = {name for row, _, _ in policy.KEPT for name in row.split() if name.endswith("*")}
    harmless = {"LOCALE_ARCHIVE*", "XDG_SESSION_*", "AWS_BATCH_JOB_*"}
    assert {name for name in globs - harmless if policy.hazard(name[:-1]) is None} == set()


@pytest.mark.parametrize("word", dropped.OF_CODE)
@pytest.mark.parametrize("start", ["SLURM_", "PBS_", "LSB_", "PMI_", "OMPI_MCA_orte_", "SGE_"])
def test_a_glob_does_not_let_in_what_is_loaded_or_run(start: str, word: str) -> None:
    for name in (f"{start}{word}", f"{start}X_{word}", f"{start}{word.lower()}_X"):
        assert policy.kept(name) is None, name
        assert policy.hazard(name), name
    assert policy.kept(f"{start}X{word}X") is not None


def test_every_dropped_row_can_be_reached() -> None:
    """No row stands twice, or behind one that already covers it with another kind."""
    for kind, name in DROPPED_CASES:
        assert policy.hazard(name.rstrip("*")) == kind, name


@pytest.mark.parametrize(
    ("name", "pattern", "answer"),
    [
        ("ROS_DISTRO", "ROS_*", True),
        ("ROS_DISTRO", "ROS_?ISTRO", True),
        ("ROS_DISTRO", "ROS_[A-D]ISTRO", True),
        ("ROS_DISTRO", "ROS_DISTRO", True),
        ("ROS_DISTRO", "ros_distro", False),
        ("ROS_DISTRO", "ros_*", False),
        ("ROS_DISTRO", "ROS", False),
        ("AROS_DISTRO", "ROS_*", False),
    ],
)
def test_keep_takes_names_and_globs(name: str, pattern: str, answer: bool) -> None:
    """Globs are those of fnmatch, and tell capitals from small letters."""
    assert policy.matches(name, [pattern]) is answer


@pytest.mark.parametrize(
    "pattern", ["MY_TOKEN", "AWS_PROFILE", "MY_*", "LANG", "LC_*", "http_proxy", "EDITOR", "DJANGO_*"]
)
def test_a_project_may_keep(pattern: str) -> None:
    """What is no known leak, or is kept anyway."""
    assert project_limits.may_keep(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "PYTHONPATH",
            "LD_PRELOAD",
            "BASH_ENV",
            "PROMPT_COMMAND",
            "PATH",
            "GIT_SSH_COMMAND",
            "NODE_OPTIONS",
            "PERL5OPT",
        ),
        *("*", "P*", "PYTHON*", "LD_*", "LD*", "PYTHONP*", "L?_PRELOAD", "[L]D_PRELOAD", "*PRELOAD", "BASH*", "CC*"),
        *("SLURM_*", "SLURM_CONF", "PMIX_M*", "OMPI_*", "UV_*", "UV_INDEX_S*", "LSB_MAILPROG", "SPANK_*", "ROS_*"),
        "GIT_SSL*",
    ],
)
def test_a_project_may_not_keep(pattern: str) -> None:
    """What is imported, linked, installed or run, by name and by any glob that reaches one."""
    assert project_limits.may_keep(pattern)


@pytest.mark.parametrize(
    "name", ["MY_TOKEN", "LANG", "LC_ALL", "LC_MINE", "TZ", "NO_COLOR", "FORCE_COLOR", "TERM", "DJANGO_SETTINGS_MODULE"]
)
def test_a_project_may_set(name: str) -> None:
    """What no known leak is called, and what only says how things look."""
    assert project_limits.may_set(name) is None


@pytest.mark.parametrize(
    "name",
    [
        *(
            "LD_PRELOAD",
            "PYTHONSTARTUP",
            "PYTHONPATH",
            "BASH_ENV",
            "PROMPT_COMMAND",
            "PATH",
            "ENV",
            "ZDOTDIR",
            "EDITOR",
        ),
        *("PAGER", "SHELL", "HOME", "http_proxy", "PIP_INDEX_URL", "SSL_CERT_FILE", "SSH_AUTH_SOCK", "TERMINFO"),
        *("TZDIR", "LOCALE_ARCHIVE", "LOCALE_ARCHIVE_2_27", "GUIX_LOCPATH", "XDG_CONFIG_HOME", "KUBECONFIG"),
        *("PYTHONUTF8", "DOCKER_HOST", "ROS_MASTER_URI", "SLURM_CONF", "NOTIFY_SOCKET", "CI", "UV_CACHE_DIR"),
        *("PMI_RANK", "LSB_CMD"),
        *("GIT_SSH_COMMAND", "CLEANENV_WANTED", "NODE_OPTIONS", "PERL5OPT", "MAKEFLAGS", "IFS", "BASH_FUNC_ls"),
    ],
)
def test_a_project_may_not_set(name: str) -> None:
    """What is imported, linked, installed or run, nor whom the user's programs talk to."""
    assert project_limits.may_set(name)


@given(st.sampled_from([name for _, name in DROPPED_CASES]), st.text("ABCDEFGHIJ_", max_size=6))
def test_a_glob_that_reaches_a_leak_is_refused(name: str, rest: str) -> None:
    """Whatever start of a leak's name a project's glob has, it is refused."""
    whole = name.rstrip("*") + (rest if name.endswith("*") else "")
    for end in range(len(whole) + 1):
        assert project_limits.may_keep(whole[:end] + "*"), whole[:end]


@pytest.mark.parametrize("pattern", ["PX*", "MY_X", "XDG_X", "AX*", "X"])
def test_a_project_may_keep_what_is_its_own(pattern: str) -> None:
    assert project_limits.may_keep(pattern) is None
