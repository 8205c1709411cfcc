"""The variables that are known for what they do to programs, as data: the kind and the names.

Whatever is not kept is dropped: these rows only give it a name, and say what a
glob of the kept does not let in.
"""

# On the way of `run`: plain tuples, names in one string.
from __future__ import annotations

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

# (kind, names). A name that ends in '*' stands for all that start so; the longest that fits counts.
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
    (LAUNCHER, "SLURM_CONF* SLURM_EXPORT_ENV SLURM_SPANK* SLURM_RESTART_DIR SLURM_CHECKPOINT* SLURM_BCAST*"),
    # pbs_loadconf(): the environment goes before pbs.conf; LSF's lsf.conf(5) for the programs of its daemons.
    (LAUNCHER, "PBS_EXEC PBS_HOME PBS_CP PBS_DPREFIX PBS_AUTH* PBS_SUPPORTED_AUTH* PBS_ENCRYPT*"),
    (LAUNCHER, "LSB_ECHKPNT* LSB_CONFDIR LSB_SHAREDIR LSB_LOCALDIR LSB_CHKPNT* LSB_ESUB* LSB_DEFAULT* LSB_SUB_PARM*"),
    (LAUNCHER, "PMIX_MCA_* PMIX_PARAM* SGE_JSV* SGE_CA_*"),
    (
        SHELL_STARTUP,
        "BASH_* BASHOPTS SHELLOPTS ENV PS0 PS1 PS2 PS3 PS4 PROMPT* RPROMPT* IFS CDPATH GLOBIGNORE FIGNORE FPATH FCEDIT"
        " HIST* INPUTRC MAIL MAILCHECK MAILPATH POSIXLY_CORRECT ZDOTDIR ZSH* fish_* XONSH* NU_*",
    ),
    (SHELLS_OWN, "SHLVL PWD OLDPWD _"),
    (PROGRAM, "PATH EDITOR VISUAL PAGER SHELL HOME MANPAGER BROWSER LESSOPEN LESSCLOSE SUDO_ASKPASS SSH_ASKPASS*"),
    (PROGRAM, "GIT_* XDG_CONFIG_* XDG_DATA_* DOCKER_CONFIG CONTAINERS_* VSCODE_GIT_ASKPASS_*"),
    (
        OTHER_LANGUAGE,
        "PERL* RUBY* GEM_* BUNDLE_* NODE_OPTIONS NODE_PATH NODE_REPL_* NPM_* npm_* JAVA_* JDK_* _JAVA_* CLASSPATH"
        " LUA_* R_* JULIA_* GOBIN GOENV GOFLAGS GOPATH GOPROXY GOROOT GOTOOLCHAIN CARGO_* RUSTC* RUSTDOC* RUSTFLAGS"
        " RUSTUP_* PHPRC PHP_INI_SCAN_DIR QT_PLUGIN_PATH QT_QPA_PLATFORM_PLUGIN_PATH QML_IMPORT_PATH QML2_IMPORT_PATH"
        " GTK_MODULES GTK_PATH",
    ),
    (BUILD, "CMAKE_* PKG_CONFIG* CC CXX CPP CFLAGS CXXFLAGS CPPFLAGS LDFLAGS CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH"),
    (BUILD, "LIBRARY_PATH COMPILER_PATH MAKEFILES MAKEFLAGS MAKEOVERRIDES"),
    (OWN, "CLEANENV*"),
    (SCREEN_SIZE, "LINES COLUMNS"),
)

# Words of a name that say what is loaded or run: no glob of the kept lets in a name that has one between '_'.
OF_CODE = frozenset(
    "AGENT BIN CMD COMMAND CONF CONFIG CONTAINER DEBUGGER EPILOG EXE EXPORT HOOK IMAGE LIB LIBRARY MAILPROG MODULE"
    " MODULES PATH PLUGIN PLUGINS PREFIX PRELOAD PROG PROLOG RCP RSH SCP SCRIPT SHELL SPANK SSH STARTER STRATEGY"
    " WRAPPER XTERM".split()
)
