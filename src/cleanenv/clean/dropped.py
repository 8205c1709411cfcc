"""The variables that are known for what they do to programs, as data.

Whatever is not kept is dropped: these rows give it a name, and say what a glob
of the kept does not let in.
"""

from __future__ import annotations

from cleanenv.clean.policy import (
    BUILD,
    INSTALLER,
    LAUNCHER,
    LINKER,
    MODULES,
    OTHER_ENVIRONMENT,
    OTHER_LANGUAGE,
    OWN,
    PROGRAM,
    PYTHON,
    ROS,
    SCREEN_SIZE,
    SHELL_STARTUP,
    SHELLS_OWN,
    VERSION_MANAGER,
)

# Each row: kind, names. A name that ends in '*' stands for all that start so; the longest that fits counts.
DROPPED: tuple[tuple[str, str], ...] = (
    (PYTHON, "PYTHON* PEP582_PACKAGES __PYVENV_LAUNCHER__"),
    (INSTALLER, "PIP_* PIPX_* PIPENV_* POETRY_* PDM_* HATCH_* UV_* SETUPTOOLS_* DISTUTILS_* TWINE_*"),
    # It chooses among what the indexes offer, and reaches nothing.
    (INSTALLER, "UV_INDEX_STRATEGY"),
    (LINKER, "LD_* DYLD_* GCONV_PATH GLIBC_TUNABLES MALLOC_* LOCPATH NLSPATH"),
    (ROS, "ROS_* ROSLISP_* RMW_IMPLEMENTATION AMENT_* CATKIN_* COLCON_* GAZEBO_* IGN_* GZ_*"),
    (OTHER_ENVIRONMENT, "VIRTUAL_ENV* _OLD_VIRTUAL_* CONDA_* _CONDA_* _CE_* MAMBA_*"),
    (VERSION_MANAGER, "PYENV_* ASDF_* MISE_* NVM_* RBENV_* SDKMAN_* DIRENV_*"),
    (MODULES, "MODULE* LOADEDMODULES _LMFILES_* __MODULES_* __LMOD_* LMOD_* _ModuleTable*"),
    (LAUNCHER, "SLURM_* SLURMD_* SBATCH_* SALLOC_* SPANK_* _SLURM_SPANK_* PBS_* LSB_* LSF_* SGE_* FLUX_* _CONDOR_*"),
    (LAUNCHER, "PMI_* PMIX_* PALS_* ALPS_* OMPI_* OPAL_* ORTE_* PRTE_* MPICH_* MPIR_* I_MPI_* HYDRA_* MV2_* JSM_*"),
    (LAUNCHER, "HOROVOD_* UCX_* NCCL_* OMP_TOOL* OMP_DISPLAY_* TORCHELASTIC_*"),
    # srun(1): configuration that names plugins, programs, images, and what is exported to tasks.
    (LAUNCHER, "SLURM_CONF* SLURM_EXPORT_ENV SLURM_GET_USER_ENV SLURM_SPANK* SLURM_RESTART_DIR"),
    (LAUNCHER, "SLURM_CHECKPOINT* SLURM_BCAST* SLURM_SEND_LIBS"),
    # pbs_loadconf(): the environment goes before pbs.conf; LSF's lsf.conf(5) for the programs of its daemons.
    (LAUNCHER, "PBS_EXEC PBS_HOME PBS_CP PBS_DPREFIX PBS_AUTH* PBS_SUPPORTED_AUTH* PBS_ENCRYPT*"),
    (LAUNCHER, "LSB_ECHKPNT* LSB_CONFDIR LSB_SHAREDIR LSB_LOCALDIR LSB_CHKPNT* LSB_ESUB* LSB_DEFAULT* LSB_SUB_PARM*"),
    (LAUNCHER, "PMIX_MCA_* PMIX_PARAM* SGE_JSV* SGE_CA_* SGE_ROOT SGE_CELL SGE_BINARY_PATH"),
    (SHELL_STARTUP, "BASH_* BASHOPTS SHELLOPTS ENV PS0 PS1 PS2 PS3 PS4 PROMPT* RPROMPT* IFS CDPATH GLOBIGNORE FCEDIT"),
    (SHELL_STARTUP, "FIGNORE FPATH HIST* INPUTRC MAIL MAILCHECK MAILPATH POSIXLY_CORRECT ZDOTDIR ZSH* fish_* XONSH*"),
    (SHELL_STARTUP, "NU_*"),
    (SHELLS_OWN, "SHLVL PWD OLDPWD _"),
    (PROGRAM, "PATH EDITOR VISUAL PAGER SHELL HOME MANPAGER BROWSER LESSOPEN LESSCLOSE SUDO_ASKPASS SSH_ASKPASS*"),
    (PROGRAM, "GIT_* XDG_CONFIG_* XDG_DATA_* DOCKER_CONFIG CONTAINERS_* VSCODE_GIT_ASKPASS_*"),
    (OTHER_LANGUAGE, "PERL* RUBY* GEM_* BUNDLE_* NODE_OPTIONS NODE_PATH NODE_REPL_* NPM_* npm_* LUA_* R_* JULIA_*"),
    (OTHER_LANGUAGE, "JAVA_* JDK_* _JAVA_* CLASSPATH GOBIN GOENV GOFLAGS GOPATH GOPROXY GOROOT GOTOOLCHAIN CARGO_*"),
    (OTHER_LANGUAGE, "RUSTC* RUSTDOC* RUSTFLAGS RUSTUP_* PHPRC PHP_INI_SCAN_DIR QT_PLUGIN_PATH QML_IMPORT_PATH"),
    (OTHER_LANGUAGE, "QT_QPA_PLATFORM_PLUGIN_PATH QML2_IMPORT_PATH GTK_MODULES GTK_PATH"),
    (BUILD, "CMAKE_* PKG_CONFIG* CC CXX CPP CFLAGS CXXFLAGS CPPFLAGS LDFLAGS CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH"),
    (BUILD, "LIBRARY_PATH COMPILER_PATH MAKEFILES MAKEFLAGS MAKEOVERRIDES"),
    (OWN, "CLEANENV*"),
    (SCREEN_SIZE, "LINES COLUMNS"),
)

# How words of a name end that say what is loaded or run: no glob of the kept lets in a name with one, between "_".
OF_CODE = (
    "AGENT",
    "BIN",
    "CMD",
    "COMMAND",
    "CONF",
    "CONFIG",
    "CONTAINER",
    "DEBUGGER",
    "EPILOG",
    "EXE",
    "EXPORT",
    "HOOK",
    "IMAGE",
    "LIB",
    "LIBRARY",
    "MAILPROG",
    "MODULE",
    "MODULES",
    "PATH",
    "PLUGIN",
    "PLUGINS",
    "PREFIX",
    "PRELOAD",
    "PROG",
    "PROLOG",
    "RCP",
    "RSH",
    "SCP",
    "SCRIPT",
    "SHELL",
    "SPANK",
    "SSH",
    "STARTER",
    "STRATEGY",
    "WRAPPER",
    "XTERM",
)

_NAMES: dict[str, str] = {}
_STARTS: dict[str, str] = {}
for _kind, _names in DROPPED:
    for _name in _names.split():
        if _name[-1] == "*":
            _STARTS[_name[:-1]] = _kind
        else:
            _NAMES[_name] = _kind


def kind_of(name: str) -> str | None:
    """Return the kind of harm that ``name`` is known for, None if it is known for none."""
    return _NAMES.get(name) or _STARTS.get(_longest_start(name))


def is_exception(name: str, start: str) -> bool:
    """Tell whether ``name`` is dropped although all that begins with ``start`` is kept."""
    if name in _NAMES or len(_longest_start(name)) > len(start):
        return True
    words = name.upper().split("_")
    return any(word.endswith(OF_CODE) for word in words)


def _longest_start(name: str) -> str:
    """Return the longest start of a row that ``name`` has, empty for none."""
    for end in range(len(name), 0, -1):
        if name[:end] in _STARTS:
            return name[:end]
    return ""
