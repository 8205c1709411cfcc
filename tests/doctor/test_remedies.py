"""The commands that remedies name do in the real shell what they say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleanenv.doctor import diagnosis, remedies
from cleanenv.doctor.finding import Subject
from cleanenv.doctor.remedies import Command
from cleanenv.shell import registry
from cleanenv.system.processes import Process
from tests.support.command import call
from tests.support.installed_shells import find_shell

NAMES = [name for name in registry.NAMES if name != "ash"]  # busybox is many programs; it is POSIX as dash is
HOSTILE = ("/my env/bin", "/it's/bin", "/a$b`c/bin", '/q"q/bin', "/bang!/bin", "/ä\\b/bin")
OPTIONS = {
    "bash": ["--norc"],
    "zsh": ["-f"],
    "fish": ["--no-config"],
    "tcsh": ["-f"],
    "csh": ["-f"],
    "xonsh": ["--no-rc"],
}
OPTIONS |= {"nushell": ["--no-config-file"], "elvish": ["-norc"]}
DUMP = "/usr/bin/env -0"


def environment_after(shell: str, line: str, home: Path, **variables: str) -> dict[str, str]:
    """Return the environment that a program gets after ``line`` was run in ``shell``."""
    script = home / "script"
    dump = f"^{DUMP}" if shell == "nushell" else DUMP
    script.write_text(f"{line}\n{dump} > {home}/out\n", encoding="utf-8")
    if shell == "elvish":
        script.write_text(f"{line}\ne:{DUMP} > {home}/out\n", encoding="utf-8")
    elif shell == "nushell":
        script.write_text(f"{line}\n^{DUMP} | save --raw --force {home}/out\n", encoding="utf-8")
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "dumb", "LANG": "C.UTF-8", **variables}
    done = call([find_shell(shell).program, *OPTIONS.get(shell, []), str(script)], environ, home)
    assert done.status == 0, done
    words = (home / "out").read_bytes().split(b"\0")
    return dict(os.fsdecode(word).partition("=")[::2] for word in words if word)


@pytest.mark.parametrize("shell", NAMES)
def test_unset(shell: str, tmp_path: Path) -> None:
    line = remedies.line(remedies.unset("PYTHONPATH"), shell)
    after = environment_after(shell, line, tmp_path, PYTHONPATH="/leak:/more", KEPT="1")
    assert "PYTHONPATH" not in after
    assert after["KEPT"] == "1"


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("shell", NAMES)
def test_export_and_prepend(shell: str, value: str, tmp_path: Path) -> None:
    line = remedies.line(Command(remedies.EXPORT, "MY_TOOL", value), shell)
    assert environment_after(shell, line, tmp_path)["MY_TOOL"] == value
    line = remedies.line(Command(remedies.PREPEND, "PATH", value), shell)
    assert environment_after(shell, line, tmp_path)["PATH"] == f"{value}:/usr/bin:/bin"


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "unset PYTHONPATH"),
        ("zsh", "unset PYTHONPATH"),
        ("dash", "unset PYTHONPATH"),
        ("fish", "set -e PYTHONPATH"),
        ("tcsh", "unsetenv PYTHONPATH"),
        ("bsd-csh", "unsetenv PYTHONPATH"),
        ("nu", "hide-env PYTHONPATH"),
        ("xonsh", "del $PYTHONPATH"),
        ("elvish", "unset-env PYTHONPATH"),
    ],
)
def test_findings_have_the_words_of_the_shell_above(shell: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "leak").mkdir()
    (tmp_path / "leak/thing.py").touch()
    program = tmp_path / shell
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    above = [Process(2, shell, str(program), (shell,))]
    environ = {
        "PYTHONPATH": f"{tmp_path}/leak",
        "PYTHONSTARTUP": "x",
        "LD_PRELOAD": "x.so",
        "PIP_USER": "1",
        "ENV": "x",
    }
    subject = Subject(environ, None, str(tmp_path), str(tmp_path), ancestors=above)
    findings = {one.variable: one.line for one in diagnosis.examine(subject).findings if one.variable}
    assert findings == {name: line.replace("PYTHONPATH", name) for name in environ}


def test_an_exported_function_is_unset_in_bash_whatever_the_shell() -> None:
    for shell in registry.NAMES:
        assert remedies.line(Command(remedies.UNSET_FUNCTION, "pip"), shell) == "unset -f pip"


def test_an_activation_script_is_named_only_if_there_is_one(tmp_path: Path) -> None:
    activation = Command(remedies.ACTIVATE, value=str(tmp_path))
    assert remedies.line(activation, "bash") == f". {tmp_path}/activate"
    for shell, suffix in remedies.SUFFIXES.items():
        assert remedies.line(activation, shell) == ""
        (tmp_path / f"activate{suffix}").touch()
        assert remedies.line(activation, shell).endswith(f" {remedies.quote(f'{tmp_path}/activate{suffix}', shell)}")
        (tmp_path / f"activate{suffix}").unlink()
    assert remedies.line(activation, "elvish") == ""
