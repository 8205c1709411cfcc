"""A caller, a home and an /etc that do everything against which a clean shell stands."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

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
    "XDG_CONFIG_HOME": "/hostile/config",
    "XDG_DATA_HOME": "/hostile/data",
    "CLEANENV_PYTHON": "/hostile/python",
    "CLEANENV_NAMES": "hostile",
}
FIRST_ON_PATH = "/hostile/bin"

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


def caller(home: Path) -> dict[str, str]:
    """Return the environment of a hostile caller whose home is ``home``."""
    return CALLER | {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": f"{FIRST_ON_PATH}:{os.environ['PATH']}",
        "SHELL": "/hostile/shell",
        "TERM": "xterm-256color",
        "USER": pwd.getpwuid(os.getuid()).pw_name,
    }


def write_home(home: Path) -> None:
    """Write every startup file of the user's below ``home``."""
    _write(home, USER_FILES)


def write_system(folder: Path) -> None:
    """Write every startup file of the system's below ``folder``, which is laid over /etc."""
    _write(folder, SYSTEM_FILES)


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{place}", name).replace("{{", "{").replace("}}", "}"), encoding="utf-8")
