"""Every shell of the registry has a tracer, and the trace says what it was asked."""

from __future__ import annotations

import inspect

import pytest

from cleanenv.shell import registry
from cleanenv.shell.definition import Shell
from cleanenv.trace import selection, tracing


@pytest.mark.parametrize("row", registry.ROWS, ids=lambda row: row.name)
def test_the_registry_names_a_tracer(row: Shell) -> None:
    replay = tracing.tracer(row).replay
    assert list(inspect.signature(replay).parameters) == ["row", "program", "environ", "login", "timeout", "given"]


@pytest.mark.parametrize(
    ("name", "leaks"),
    [
        ("PYTHONPATH", True),
        ("PATH", True),
        ("PIP_TARGET", True),
        ("PIP_INDEX_URL", False),
        ("LD_PRELOAD", True),
        ("ROS_DISTRO", True),
        ("CONDA_PREFIX", True),
        ("PYENV_ROOT", True),
        ("LOADEDMODULES", True),
        ("LANG", False),
        ("EDITOR", False),
        ("PS1", False),
        ("MY_OWN", False),
    ],
)
def test_what_is_traced_where_no_name_is_given(name: str, leaks: bool) -> None:
    assert selection.is_leak(name) == leaks


def test_the_login_environment() -> None:
    """Who and where it is; nothing that leaks, and not what was asked for."""
    caller = {"HOME": "/home/me", "TERM": "xterm", "LANG": "C", "DISPLAY": ":0", "PYTHONPATH": "/x", "EDITOR": "vi"}
    caller |= {"PATH": "/x", "http_proxy": "p", "SSH_TTY": "/dev/pts/1", "LC_ALL": "C"}
    assert set(tracing.login_environment(caller, ())) == {
        *("HOME", "TERM", "LANG", "DISPLAY", "SSH_TTY", "LC_ALL", "PATH")
    }
    assert tracing.login_environment(caller, ())["PATH"] != "/x"
    asked = tracing.login_environment(caller, ("L*", "DISPLAY", "TERM", "HOME"))
    assert set(asked) == {"HOME", "TERM", "SSH_TTY", "PATH"}
