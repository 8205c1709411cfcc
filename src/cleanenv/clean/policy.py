"""The allow-list as data, and the names of what it keeps outside.

The rule behind it: what says how to reach the terminal, the network or the
session is kept; what says what is imported, linked, installed or run is dropped.
Whatever has no row in KEPT is dropped: the rows of DROPPED only give it a name.
"""

# On the way of `run` and `freeze`: rows are plain tuples, patterns end in '*' or are names (re costs 6 ms).
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
FILES = "files and editors"

# (name, or the start of names where it ends in '*'; group; reason)
KEPT: tuple[tuple[str, str, str], ...] = (
    ("HOME", IDENTITY, "where your files and configuration are"),
    ("USER", IDENTITY, "your login name"),
    ("LOGNAME", IDENTITY, "your login name, as POSIX calls it"),
    ("SHELL", IDENTITY, "the shell that programs open for you; in a clean shell, that shell"),
    ("TERM", TERMINAL, "which terminal this is"),
    ("COLORTERM", TERMINAL, "how many colours it shows"),
    ("TERM_PROGRAM*", TERMINAL, "which terminal program, for its own features"),
    ("TERMINFO", TERMINAL, "where its description is"),
    ("TERMINFO_DIRS", TERMINAL, "where further descriptions are"),
    ("NO_COLOR", TERMINAL, "you want no colours"),
    ("FORCE_COLOR", TERMINAL, "you want colours"),
    ("LS_COLORS", TERMINAL, "the colours of file names"),
    ("LANG", LANGUAGE, "your language and character set"),
    ("LANGUAGE", LANGUAGE, "the languages of messages"),
    ("LC_*", LANGUAGE, "part of your locale"),
    ("TZ", LANGUAGE, "your time zone"),
    ("DISPLAY", DESKTOP, "your X11 screen"),
    ("WAYLAND_DISPLAY", DESKTOP, "your Wayland screen"),
    ("XAUTHORITY", DESKTOP, "the key to your X11 screen"),
    ("XDG_RUNTIME_DIR", DESKTOP, "where the session's sockets are"),
    ("XDG_SESSION_*", DESKTOP, "which session this is"),
    ("XDG_CURRENT_DESKTOP", DESKTOP, "which desktop this is"),
    ("DBUS_SESSION_BUS_ADDRESS", DESKTOP, "how to reach the session's bus"),
    ("WSL_DISTRO_NAME", DESKTOP, "the WSL distribution"),
    ("WSL_INTEROP", DESKTOP, "how to reach Windows"),
    ("WSLENV", DESKTOP, "what Windows and Linux share"),
    ("WSL2_GUI_APPS_ENABLED", DESKTOP, "whether Windows shows Linux windows"),
    ("PULSE_SERVER", DESKTOP, "how to reach the sound server"),
    ("SSH_AUTH_SOCK", AGENTS, "how to reach your ssh agent"),
    ("SSH_AGENT_PID", AGENTS, "your ssh agent"),
    ("SSH_TTY", AGENTS, "the terminal of this ssh session"),
    ("GPG_TTY", AGENTS, "where gpg asks for your passphrase"),
    ("KRB5CCNAME", AGENTS, "your Kerberos tickets"),
    ("http_proxy", NETWORK, "the proxy"),
    ("HTTP_PROXY", NETWORK, "the proxy"),
    ("https_proxy", NETWORK, "the proxy"),
    ("HTTPS_PROXY", NETWORK, "the proxy"),
    ("ftp_proxy", NETWORK, "the proxy"),
    ("FTP_PROXY", NETWORK, "the proxy"),
    ("all_proxy", NETWORK, "the proxy"),
    ("ALL_PROXY", NETWORK, "the proxy"),
    ("no_proxy", NETWORK, "what needs no proxy"),
    ("NO_PROXY", NETWORK, "what needs no proxy"),
    ("SSL_CERT_FILE", NETWORK, "the certificates to trust"),
    ("SSL_CERT_DIR", NETWORK, "the certificates to trust"),
    ("REQUESTS_CA_BUNDLE", NETWORK, "the certificates to trust, for requests"),
    ("CURL_CA_BUNDLE", NETWORK, "the certificates to trust, for curl"),
    ("PIP_CERT", NETWORK, "the certificates to trust, for pip"),
    ("NODE_EXTRA_CA_CERTS", NETWORK, "the certificates to trust, for Node.js"),
    ("NIX_SSL_CERT_FILE", NETWORK, "the certificates to trust, for Nix"),
    ("AWS_CA_BUNDLE", NETWORK, "the certificates to trust, for AWS"),
    ("GIT_SSL_CAINFO", NETWORK, "the certificates to trust, for git"),
    ("PIP_INDEX_URL", NETWORK, "the package index, for pip"),
    ("PIP_EXTRA_INDEX_URL", NETWORK, "further package indexes, for pip"),
    ("PIP_TRUSTED_HOST", NETWORK, "the package index without a certificate, for pip"),
    ("PIP_PROXY", NETWORK, "the proxy, for pip"),
    ("UV_INDEX*", NETWORK, "the package indexes, for uv"),
    ("UV_DEFAULT_INDEX", NETWORK, "the package index, for uv"),
    ("UV_EXTRA_INDEX_URL", NETWORK, "further package indexes, for uv"),
    ("UV_NATIVE_TLS", NETWORK, "the system's certificates, for uv"),
    ("UV_SYSTEM_CERTS", NETWORK, "the system's certificates, for uv"),
    ("NETRC", NETWORK, "your logins to package indexes and servers"),
    ("TMPDIR", FILES, "where temporary files go"),
    ("EDITOR", FILES, "your editor"),
    ("VISUAL", FILES, "your editor, on a full screen"),
    ("PAGER", FILES, "your pager"),
)

PYTHON = "what Python imports or runs"
INSTALLER = "where and how packages are installed"
LINKER = "what programs are linked with"
ROS = "ROS"
OTHER_ENVIRONMENT = "another environment"
VERSION_MANAGER = "a version manager"
MODULES = "environment modules"
SHELL_STARTUP = "what a shell runs or how it reads"
OTHER_LANGUAGE = "what another language loads or runs"
PROGRAM = "which program is run"
BUILD = "how software is built"
OWN = "cleanenv's own"
SHELLS_OWN = "what every shell sets by itself"
SCREEN_SIZE = "the size of a terminal, which changes"
FUNCTION = "an exported shell function"
BAD_NAME = "a name that is no identifier"
BAD_VALUE = "a value that sudo refuses too"
UNLISTED = "not on the list"

# (name, or the start of names where it ends in '*'; kind). The first match counts.
DROPPED: tuple[tuple[str, str], ...] = (
    ("PYTHONBREAKPOINT", PYTHON),
    ("PYTHON*", PYTHON),
    ("PEP582_PACKAGES", PYTHON),
    ("__PYVENV_LAUNCHER__", PYTHON),
    ("PIP_*", INSTALLER),
    ("PIPX_*", INSTALLER),
    ("PIPENV_*", INSTALLER),
    ("POETRY_*", INSTALLER),
    ("PDM_*", INSTALLER),
    ("HATCH_*", INSTALLER),
    ("UV_*", INSTALLER),
    ("SETUPTOOLS_*", INSTALLER),
    ("DISTUTILS_*", INSTALLER),
    ("TWINE_*", INSTALLER),
    ("LD_*", LINKER),
    ("DYLD_*", LINKER),
    ("GCONV_PATH", LINKER),
    ("GLIBC_TUNABLES", LINKER),
    ("MALLOC_*", LINKER),
    ("LOCPATH", LINKER),
    ("NLSPATH", LINKER),
    ("ROS_*", ROS),
    ("ROSLISP_*", ROS),
    ("RMW_IMPLEMENTATION", ROS),
    ("AMENT_*", ROS),
    ("CATKIN_*", ROS),
    ("COLCON_*", ROS),
    ("GAZEBO_*", ROS),
    ("IGN_*", ROS),
    ("GZ_*", ROS),
    ("VIRTUAL_ENV*", OTHER_ENVIRONMENT),
    ("_OLD_VIRTUAL_*", OTHER_ENVIRONMENT),
    ("CONDA_*", OTHER_ENVIRONMENT),
    ("_CONDA_*", OTHER_ENVIRONMENT),
    ("_CE_*", OTHER_ENVIRONMENT),
    ("MAMBA_*", OTHER_ENVIRONMENT),
    ("PYENV_*", VERSION_MANAGER),
    ("ASDF_*", VERSION_MANAGER),
    ("MISE_*", VERSION_MANAGER),
    ("NVM_*", VERSION_MANAGER),
    ("RBENV_*", VERSION_MANAGER),
    ("SDKMAN_*", VERSION_MANAGER),
    ("DIRENV_*", VERSION_MANAGER),
    ("MODULE*", MODULES),
    ("LOADEDMODULES", MODULES),
    ("_LMFILES_*", MODULES),
    ("__MODULES_*", MODULES),
    ("__LMOD_*", MODULES),
    ("LMOD_*", MODULES),
    ("_ModuleTable*", MODULES),
    ("BASH_*", SHELL_STARTUP),
    ("BASHOPTS", SHELL_STARTUP),
    ("SHELLOPTS", SHELL_STARTUP),
    ("ENV", SHELL_STARTUP),
    ("PS0", SHELL_STARTUP),
    ("PS1", SHELL_STARTUP),
    ("PS2", SHELL_STARTUP),
    ("PS3", SHELL_STARTUP),
    ("PS4", SHELL_STARTUP),
    ("PROMPT*", SHELL_STARTUP),
    ("RPROMPT*", SHELL_STARTUP),
    ("IFS", SHELL_STARTUP),
    ("CDPATH", SHELL_STARTUP),
    ("GLOBIGNORE", SHELL_STARTUP),
    ("FIGNORE", SHELL_STARTUP),
    ("FPATH", SHELL_STARTUP),
    ("FCEDIT", SHELL_STARTUP),
    ("HIST*", SHELL_STARTUP),
    ("INPUTRC", SHELL_STARTUP),
    ("MAIL", SHELL_STARTUP),
    ("MAILCHECK", SHELL_STARTUP),
    ("MAILPATH", SHELL_STARTUP),
    ("POSIXLY_CORRECT", SHELL_STARTUP),
    ("SHLVL", SHELLS_OWN),
    ("PWD", SHELLS_OWN),
    ("OLDPWD", SHELLS_OWN),
    ("_", SHELLS_OWN),
    ("ZDOTDIR", SHELL_STARTUP),
    ("ZSH*", SHELL_STARTUP),
    ("fish_*", SHELL_STARTUP),
    ("XONSH*", SHELL_STARTUP),
    ("NU_*", SHELL_STARTUP),
    ("PATH", PROGRAM),
    ("EDITOR", PROGRAM),
    ("VISUAL", PROGRAM),
    ("PAGER", PROGRAM),
    ("SHELL", PROGRAM),
    ("HOME", PROGRAM),
    ("MANPAGER", PROGRAM),
    ("BROWSER", PROGRAM),
    ("LESSOPEN", PROGRAM),
    ("LESSCLOSE", PROGRAM),
    ("SUDO_ASKPASS", PROGRAM),
    ("SSH_ASKPASS*", PROGRAM),
    ("GIT_*", PROGRAM),
    ("XDG_CONFIG_*", PROGRAM),
    ("XDG_DATA_*", PROGRAM),
    ("PERL*", OTHER_LANGUAGE),
    ("RUBY*", OTHER_LANGUAGE),
    ("GEM_*", OTHER_LANGUAGE),
    ("BUNDLE_*", OTHER_LANGUAGE),
    ("NODE_OPTIONS", OTHER_LANGUAGE),
    ("NODE_PATH", OTHER_LANGUAGE),
    ("NODE_REPL_*", OTHER_LANGUAGE),
    ("NPM_*", OTHER_LANGUAGE),
    ("npm_*", OTHER_LANGUAGE),
    ("JAVA_*", OTHER_LANGUAGE),
    ("JDK_*", OTHER_LANGUAGE),
    ("_JAVA_*", OTHER_LANGUAGE),
    ("CLASSPATH", OTHER_LANGUAGE),
    ("LUA_*", OTHER_LANGUAGE),
    ("R_*", OTHER_LANGUAGE),
    ("JULIA_*", OTHER_LANGUAGE),
    ("GOBIN", OTHER_LANGUAGE),
    ("GOENV", OTHER_LANGUAGE),
    ("GOFLAGS", OTHER_LANGUAGE),
    ("GOPATH", OTHER_LANGUAGE),
    ("GOPROXY", OTHER_LANGUAGE),
    ("GOROOT", OTHER_LANGUAGE),
    ("GOTOOLCHAIN", OTHER_LANGUAGE),
    ("CARGO_*", OTHER_LANGUAGE),
    ("RUSTC*", OTHER_LANGUAGE),
    ("RUSTDOC*", OTHER_LANGUAGE),
    ("RUSTFLAGS", OTHER_LANGUAGE),
    ("RUSTUP_*", OTHER_LANGUAGE),
    ("PHPRC", OTHER_LANGUAGE),
    ("PHP_INI_SCAN_DIR", OTHER_LANGUAGE),
    ("QT_PLUGIN_PATH", OTHER_LANGUAGE),
    ("QT_QPA_PLATFORM_PLUGIN_PATH", OTHER_LANGUAGE),
    ("QML_IMPORT_PATH", OTHER_LANGUAGE),
    ("QML2_IMPORT_PATH", OTHER_LANGUAGE),
    ("GTK_MODULES", OTHER_LANGUAGE),
    ("GTK_PATH", OTHER_LANGUAGE),
    ("CMAKE_*", BUILD),
    ("PKG_CONFIG*", BUILD),
    ("CC", BUILD),
    ("CXX", BUILD),
    ("CPP", BUILD),
    ("CFLAGS", BUILD),
    ("CXXFLAGS", BUILD),
    ("CPPFLAGS", BUILD),
    ("LDFLAGS", BUILD),
    ("CPATH", BUILD),
    ("C_INCLUDE_PATH", BUILD),
    ("CPLUS_INCLUDE_PATH", BUILD),
    ("LIBRARY_PATH", BUILD),
    ("COMPILER_PATH", BUILD),
    ("MAKEFILES", BUILD),
    ("MAKEFLAGS", BUILD),
    ("MAKEOVERRIDES", BUILD),
    ("CLEANENV*", OWN),
    ("LINES", SCREEN_SIZE),
    ("COLUMNS", SCREEN_SIZE),
)

# A project's file may set these groups and nothing else that KEPT or DROPPED names.
PROJECT_MAY_SET = (LANGUAGE,)
PROJECT_MAY_SET_NAMES = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR")

# The system's standard folders, in the order of PATH; those that are not there are left out.
SYSTEM_PATH = (
    "/run/wrappers/bin",
    "/run/current-system/sw/bin",
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
)

_KEPT_NAMES = {name: (group, reason) for name, group, reason in KEPT if not name.endswith("*")}
_KEPT_STARTS = tuple((name[:-1], group, reason) for name, group, reason in KEPT if name.endswith("*"))


def kept(name: str) -> tuple[str, str] | None:
    """Return the group and the reason for which ``name`` is kept, None where it is not on the list."""
    row = _KEPT_NAMES.get(name)
    if row is not None:
        return row
    for start, group, reason in _KEPT_STARTS:
        if name.startswith(start):
            return group, reason
    return None


def hazard(name: str) -> str | None:
    """Return the kind of harm that ``name`` is known for, None where it is known for none."""
    for pattern, kind in DROPPED:
        if name == pattern or (pattern[-1] == "*" and name.startswith(pattern[:-1])):
            return kind
    return None


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


def project_may_keep(pattern: str) -> str | None:
    """Return why a project's file may not keep ``pattern``, a kind of DROPPED or a sentence; None where it may."""
    start = pattern.rstrip("*")
    if any(sign in start for sign in "*?["):
        return "a glob that does more than end in '*'"
    if start == pattern:
        return hazard(pattern) if kept(pattern) is None else None
    for name, kind in DROPPED:
        known = name.rstrip("*")
        if known.startswith(start) or (name[-1] == "*" and start.startswith(known)):
            return kind
    return None


def project_may_set(name: str) -> str | None:
    """Return the kind or group for which a project's file may not set ``name``, None where it may."""
    row = kept(name)
    if row is not None and row[0] not in PROJECT_MAY_SET and name not in PROJECT_MAY_SET_NAMES:
        return row[0]
    return hazard(name)
