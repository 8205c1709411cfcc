"""A caller, a home and an /etc that do everything against which a clean shell stands."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from cleanenv.clean import policy

MARK = "hostile"  # in every value and file below

CALLER = {
    "PYTHONPATH": "/hostile/a:/hostile/b",
    "PYTHONHOME": "/hostile/home",
    "PYTHONSTARTUP": "/hostile/startup.py",
    "PYTHONUSERBASE": "/hostile/userbase",
    "PIP_TARGET": "/hostile/target",
    "PIP_USER": "1",
    "LD_LIBRARY_PATH": "/hostile/lib",
    "ROS_DISTRO": "hostile",
    "ROS_PACKAGE_PATH": "/hostile/ros",
    "AMENT_PREFIX_PATH": "/hostile/ament",
    "CMAKE_PREFIX_PATH": "/hostile/cmake",
    "COLCON_PREFIX_PATH": "/hostile/colcon",
    "CONDA_PREFIX": "/hostile/conda",
    "CONDA_DEFAULT_ENV": "hostile",
    "CONDA_SHLVL": "1",
    "BASH_ENV": "/hostile/bash_env",
    "ENV": "/hostile/env",
    "ZDOTDIR": "/hostile/zdotdir",
    "SHELLOPTS": "braceexpand:hashall:noglob",
    "PS1": "hostile> ",
    "PS4": "hostile+ ",
    "PROMPT_COMMAND": "echo hostile",
    "CDPATH": "/hostile",
    "IFS": "hostile",
    "GLOBIGNORE": "*",
    "BASH_FUNC_python%%": "() { echo hostile; }",
    "LINES": "7",
    "COLUMNS": "13",
    "HISTFILE": "/hostile/history",
    "VIRTUAL_ENV": "/hostile/other_env",
    "VIRTUAL_ENV_PROMPT": "hostile",
    "_OLD_VIRTUAL_PATH": "/hostile/bin",
    "XDG_CONFIG_DIRS": "/hostile/config",
    "XDG_DATA_DIRS": "/hostile/data",
    "SLURM_TASK_PROLOG": "/hostile/prolog",
    "SLURM_CONF": "/hostile/slurm.conf",
    "OMPI_MCA_orte_launch_agent": "/hostile/agent",
    "PMIX_MCA_mca_base_component_path": "/hostile/plugins",
    "LSB_MAILPROG": "/hostile/mail",
    "OMP_TOOL_LIBRARIES": "/hostile/tool.so",
    "DOCKER_CONFIG": "/hostile/docker",
    "LC_SECRET": "hostile",
    "CLEANENV_PLACES": "/hostile/places",
    "CLEANENV_PYTHON": "/hostile/python",
    "CLEANENV_NAMES": "hostile",
}
FIRST_ON_PATH = "/hostile/bin"
# What is kept by its name, and not passed on for its value.
REFUSED = {"EDITOR": "/hostile/editor", "SSL_CERT_FILE": "/hostile/ca.pem", "TZDIR": "/hostile/zoneinfo"}

# What is kept, with values of programs that say that they ran: each name of the policy apart from those below.
LAIR = ".lair"  # below the home
TRAP = "#!/bin/sh\necho hostile >&2\necho hostile >>'{lair}/ran'\n"
NEVER_A_PATH = (
    *("HOME", "USER", "LOGNAME", "SHELL", "TERM", "COLORTERM", "LANG", "LANGUAGE", "TZ", "TMPDIR", "XDG_RUNTIME_DIR"),
    *("TERMINFO", "TERMINFO_DIRS", "PYTHONIOENCODING", "PYTHONUTF8", "PYTHON_CPU_COUNT", "VTE_VERSION"),
    *("EDITOR", "VISUAL", "PAGER", "LOCALE_ARCHIVE", "INSIDE_EMACS", "LS_COLORS"),
)

POSIX = """
export PYTHONPATH=/hostile/startup PATH=/hostile/bin:$PATH LD_LIBRARY_PATH=/hostile/startup HOSTILE_FROM='{place}'
export VIRTUAL_ENV=/hostile/startup
alias python='echo hostile'
"""
# In zsh and mksh an alias of the same name would be expanded in the definition.
CD_FUNCTION = """
cd() { echo hostile; }
"""
ZSH_ONLY = """
alias -g dump='hostile'
setopt no_glob ksh_arrays sh_word_split
precmd() { echo hostile; }
"""
CSH = """
setenv PYTHONPATH /hostile/startup
setenv PATH /hostile/bin:$PATH
setenv LD_LIBRARY_PATH /hostile/startup
setenv HOSTILE_FROM '{place}'
setenv VIRTUAL_ENV /hostile/startup
alias python 'echo hostile'
alias cd 'echo hostile'
"""
FISH = """
set -gx PYTHONPATH /hostile/startup
set -gx PATH /hostile/bin $PATH
set -gx LD_LIBRARY_PATH /hostile/startup
set -gx HOSTILE_FROM '{place}'
set -gx VIRTUAL_ENV /hostile/startup
alias python 'echo hostile'
function cd; echo hostile; end
"""
FISH_UNIVERSAL = """# This file contains fish universal variable definitions.
# VERSION: 3.0
SETUVAR --export HOSTILE_FROM:universal
SETUVAR --export PYTHONPATH:/hostile/universal
SETUVAR fish_user_paths:/hostile/bin
"""
XONSH = """
$PYTHONPATH = '/hostile/startup'
$PATH.insert(0, '/hostile/bin')
$LD_LIBRARY_PATH = '/hostile/startup'
$HOSTILE_FROM = '{place}'
$VIRTUAL_ENV = '/hostile/startup'
aliases['python'] = 'echo hostile'
aliases['cd'] = 'echo hostile'
"""
NUSHELL = """
$env.PYTHONPATH = "/hostile/startup"
$env.PATH = ($env.PATH | prepend "/hostile/bin")
$env.LD_LIBRARY_PATH = "/hostile/startup"
$env.HOSTILE_FROM = "{place}"
$env.VIRTUAL_ENV = "/hostile/startup"
alias python = echo hostile
def cd [] {{ echo hostile }}
"""
ELVISH = """
set-env PYTHONPATH /hostile/startup
set-env HOSTILE_FROM '{place}'
set-env LD_LIBRARY_PATH /hostile/startup
set-env VIRTUAL_ENV /hostile/startup
fn python {{|@a| echo hostile }}
"""

# Every place of a startup file that a shell reads: of the user's (below HOME) and of the system's (below /etc).
USER_FILES = {
    **dict.fromkeys((".profile", ".bash_profile", ".bash_login", ".bashrc", ".bash_aliases"), POSIX + CD_FUNCTION),
    **dict.fromkeys((".kshrc", ".mkshrc", ".yashrc", ".yash_profile", ".shinit"), POSIX + CD_FUNCTION),
    **dict.fromkeys((".zshenv", ".zprofile", ".zshrc", ".zlogin"), POSIX + CD_FUNCTION + ZSH_ONLY),
    **dict.fromkeys((".tcshrc", ".cshrc", ".login"), CSH),
    ".config/fish/config.fish": FISH,
    ".config/fish/conf.d/hostile.fish": FISH,
    ".config/fish/fish_variables": FISH_UNIVERSAL,
    ".config/fish/functions/python.fish": "function python; echo hostile; end\n",
    ".xonshrc": XONSH,
    ".config/xonsh/rc.xsh": XONSH,
    ".config/xonsh/rc.d/hostile.xsh": XONSH,
    ".config/nushell/env.nu": NUSHELL,
    ".config/nushell/config.nu": NUSHELL,
    ".config/nushell/login.nu": NUSHELL,
    ".config/nushell/autoload/hostile.nu": NUSHELL,
    ".local/share/nushell/vendor/autoload/hostile.nu": NUSHELL,
    ".config/elvish/rc.elv": ELVISH,
    ".elvish/rc.elv": ELVISH,
}
SYSTEM_FILES = {
    **dict.fromkeys(("profile", "profile.d/hostile.sh", "bash.bashrc", "ksh.kshrc", "mkshrc"), POSIX + CD_FUNCTION),
    **dict.fromkeys(("zsh/zshenv", "zsh/zprofile", "zsh/zshrc", "zsh/zlogin"), POSIX + CD_FUNCTION + ZSH_ONLY),
    **dict.fromkeys(("csh.cshrc", "csh.login", "csh/cshrc.d/hostile"), CSH),
    "fish/config.fish": FISH,
    "fish/conf.d/hostile.fish": FISH,
    "xonsh/xonshrc": XONSH,
    "xonsh/rc.d/hostile.xsh": XONSH,
    "xonshrc": XONSH,
}


def kept_names() -> list[str]:
    """Return each name that is kept and can hold a path, one for each glob; nushell takes HTTP_PROXY for http_proxy."""
    names = [name.replace("*", "X") for row, _, _ in policy.KEPT for name in row.split()]
    fit = [name for name in names if name not in NEVER_A_PATH and not name.startswith("LC_")]
    return [name for name in fit if name.isupper() or name.upper() not in fit]


def traps(home: Path) -> dict[str, str]:
    """Return hostile values of all that is kept; ``write_home`` makes what they name."""
    lair = home / LAIR
    directories = {name: str(lair / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    return {name: str(lair / "trap") for name in kept_names()} | directories


def caller(home: Path) -> dict[str, str]:
    """Return the environment of a hostile caller whose home is ``home``."""
    return (
        traps(home)
        | CALLER
        | {
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "PATH": f"{FIRST_ON_PATH}:{os.environ['PATH']}",
            "SHELL": "/hostile/shell",
            "TERM": "xterm-256color",
            "USER": pwd.getpwuid(os.getuid()).pw_name,
        }
    )


def write_home(home: Path) -> None:
    """Write every startup file of the user's below ``home``, also where the XDG variables lead, and the traps."""
    _write(home, USER_FILES)
    lair = home / LAIR
    for name, text in USER_FILES.items():
        for variable, start in (("XDG_CONFIG_HOME", ".config/"), ("XDG_DATA_HOME", ".local/share/")):
            if name.startswith(start):
                _write(lair / variable, {name.removeprefix(start): text})
    trap = lair / "trap"
    trap.write_text(TRAP.replace("{lair}", str(lair)), encoding="utf-8")
    trap.chmod(0o755)


def trapped(home: Path) -> bool:
    """Tell whether one of the traps has run."""
    return (home / LAIR / "ran").exists()


def write_system(folder: Path) -> None:
    """Write every startup file of the system's below ``folder``, which is laid over /etc."""
    _write(folder, SYSTEM_FILES)


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{place}", name).replace("{{", "{").replace("}}", "}"), encoding="utf-8")
