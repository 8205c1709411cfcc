"""The allow-list holds what the design promises, and what is dropped bears the right name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanenv.clean import policy

PROMISED = {
    "who you are": "HOME USER LOGNAME SHELL",
    "the terminal": (
        "TERM COLORTERM TERM_PROGRAM TERM_PROGRAM_VERSION TERMINFO TERMINFO_DIRS NO_COLOR FORCE_COLOR LS_COLORS"
    ),
    "language and time": "LANG LANGUAGE LC_ALL LC_CTYPE LC_MESSAGES TZ",
    "the desktop session": (
        "DISPLAY WAYLAND_DISPLAY XAUTHORITY XDG_RUNTIME_DIR XDG_SESSION_ID XDG_SESSION_TYPE XDG_CURRENT_DESKTOP"
        " DBUS_SESSION_BUS_ADDRESS WSL_DISTRO_NAME WSL_INTEROP WSLENV"
    ),
    "agents and tickets": "SSH_AUTH_SOCK SSH_AGENT_PID SSH_TTY GPG_TTY KRB5CCNAME",
    "how to reach the network": (
        "http_proxy https_proxy ftp_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY"
        " SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE PIP_CERT NODE_EXTRA_CA_CERTS GIT_SSL_CAINFO"
        " PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST UV_INDEX UV_INDEX_URL UV_INDEX_STRATEGY"
    ),
    "files and editors": "TMPDIR EDITOR VISUAL PAGER",
}
# What sources of leaks set, by their documentation; what sudo and glibc strip; what peers' users complain of.
DROPPED = {
    "what Python imports or runs": (
        "PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONUSERBASE PYTHONINSPECT PYTHONNOUSERSITE PYTHONBREAKPOINT"
        " PYTHONPLATLIBDIR __PYVENV_LAUNCHER__"
    ),
    "where and how packages are installed": (
        "PIP_TARGET PIP_USER PIP_PREFIX PIP_NO_INDEX PIP_CONFIG_FILE PIP_REQUIRE_VIRTUALENV UV_PYTHON"
        " UV_PROJECT_ENVIRONMENT POETRY_VIRTUALENVS_PATH PIPENV_ACTIVE PDM_PYTHON"
    ),
    "what programs are linked with": (
        "LD_LIBRARY_PATH LD_PRELOAD LD_AUDIT DYLD_LIBRARY_PATH DYLD_INSERT_LIBRARIES GCONV_PATH LOCPATH NLSPATH"
        " MALLOC_TRACE GLIBC_TUNABLES"
    ),
    "ROS": (
        "ROS_DISTRO ROS_ROOT ROS_PACKAGE_PATH ROS_MASTER_URI ROS_VERSION ROS_PYTHON_VERSION ROS_DOMAIN_ID"
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


@pytest.mark.parametrize(
    ("group", "name"), [(group, name) for group, names in PROMISED.items() for name in names.split()]
)
def test_promised_names_are_kept(group: str, name: str) -> None:
    """Each name of the design's Policy section has a row, in its group, with a reason."""
    row = policy.kept(name)
    assert row is not None
    assert row[0] == group
    assert row[1]


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in DROPPED.items() for name in names.split()])
def test_known_leaks_are_dropped_by_their_name(kind: str, name: str) -> None:
    """Each known leak has no row in the allow-list, and is called what it is."""
    assert policy.kept(name) is None
    assert policy.hazard(name) == kind


def test_every_kept_row_says_why_and_no_name_stands_twice() -> None:
    """The README's table is made from these rows."""
    names = [name for name, _, _ in policy.KEPT]
    assert len(names) == len(set(names))
    assert all(name and group and reason for name, group, reason in policy.KEPT)
    assert {group for _, group, _ in policy.KEPT} == set(PROMISED)


def test_every_dropped_row_can_be_reached() -> None:
    """No row stands behind one that already covers it with another kind."""
    for name, kind in policy.DROPPED:
        assert policy.hazard(name.rstrip("*")) == kind, name


@pytest.mark.parametrize(
    "name", ["HOMEX", "XHOME", "home", "TERMCAP", "LCX", "LC", "SSH_CLIENT", "PIP_INDEX", "UV_", ""]
)
def test_near_names_are_not_kept(name: str) -> None:
    """A name counts from its first to its last letter."""
    assert policy.kept(name) is None


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
    assert policy.project_may_keep(pattern) is None


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
    ],
)
def test_a_project_may_not_keep(pattern: str) -> None:
    """What is imported, linked, installed or run, by name and by any glob that reaches one."""
    assert policy.project_may_keep(pattern)


@pytest.mark.parametrize(
    "name", ["MY_TOKEN", "LANG", "LC_ALL", "TZ", "NO_COLOR", "FORCE_COLOR", "TERM", "DJANGO_SETTINGS_MODULE"]
)
def test_a_project_may_set(name: str) -> None:
    """What no known leak is called, and what only says how things look."""
    assert policy.project_may_set(name) is None


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
        *("GIT_SSH_COMMAND", "CLEANENV_WANTED", "NODE_OPTIONS", "PERL5OPT", "MAKEFLAGS", "IFS", "BASH_FUNC_ls"),
    ],
)
def test_a_project_may_not_set(name: str) -> None:
    """What is imported, linked, installed or run, nor whom the user's programs talk to."""
    assert policy.project_may_set(name)


@given(st.sampled_from([name for name, _ in policy.DROPPED]), st.text("ABCDEFGHIJ_", max_size=6))
def test_a_glob_that_reaches_a_leak_is_refused(name: str, rest: str) -> None:
    """Whatever start of a leak's name a project's glob has, it is refused."""
    whole = name.rstrip("*") + (rest if name.endswith("*") else "")
    for end in range(len(whole) + 1):
        assert policy.project_may_keep(whole[:end] + "*"), whole[:end]


@pytest.mark.parametrize("pattern", ["PX*", "MY_X", "XDG_X", "AX*", "X"])
def test_a_project_may_keep_what_is_its_own(pattern: str) -> None:
    assert policy.project_may_keep(pattern) is None
