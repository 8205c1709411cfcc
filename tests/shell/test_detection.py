"""Cleanenv started from real shells names the one that the user sits in."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleanenv.shell import detect, registry
from tests.support import namespace
from tests.support.command import call, write_program
from tests.support.environments import make_venv
from tests.support.installed_shells import find_shell
from tests.support.surroundings import UNKNOWN_USER, skip_or_fail
from tests.support.terminal import Terminal

ROWS, COLUMNS = 130, 300  # so that nothing of what is printed scrolls away or is folded
PROMPT_END = re.compile(r"[#$%>@](\s{3,}.*)?$")  # elvish and nushell have another one on the right


@pytest.fixture
def user(home: Path) -> dict[str, str]:
    """Return the environment of a user whose SHELL is stale and whose shells have no files of their own."""
    return {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "SHELL": "/bin/false",
        "TERM": "xterm-256color",
    }


@pytest.fixture
def probe(venv: Path, tool: list[str]) -> str:
    """Return the line that makes cleanenv name the shell; it is understood by every shell."""
    return " ".join([*tool, "shell", str(venv), "--dry-run"])


def named(printed: str) -> list[str]:
    """Return the shells, by their program, that the dry runs in ``printed`` name."""
    lines = re.findall(r"^command: (.*)$", printed, re.MULTILINE)
    return [os.path.basename(shlex.split(line)[0]) for line in lines]


def program_name(found: detect.Found) -> str:
    """Return what the program is called that the process table shows."""
    return os.path.basename(os.path.realpath(found.program))


def start_words(found: detect.Found) -> str:
    """Return the words that start the shell."""
    return " ".join((found.program, *found.shell.applet_of(found.program)))


def wait_prompt(terminal: Terminal) -> None:
    """Wait until the last line is the default prompt of whatever shell, and nothing more is printed."""
    terminal.wait(lambda: PROMPT_END.search(terminal.last_line()) is not None, "a prompt")
    terminal.wait_prompt("")


def enter(terminal: Terminal, line: str) -> None:
    """Type a line; press Enter when it stands there, so that the prompt before it is not taken for the one behind."""
    terminal.send(line)
    terminal.wait(lambda: line[-10:] in terminal.last_line(), repr(line))
    terminal.send("\r")


def ask(terminal: Terminal, line: str, answers: int) -> list[str]:
    """Type the probe; return all shells named on the screen when there are so many ``answers``."""
    enter(terminal, line)
    terminal.wait(lambda: len(named(terminal.text())) == answers, "the command that would be started")
    wait_prompt(terminal)
    return named(terminal.text())


def test_on_a_terminal(found: detect.Found, user: dict[str, str], probe: str, tmp_path: Path) -> None:
    """The shell inside bash, and bash inside that shell."""
    bash = f"{find_shell('bash').program} --norc --noprofile"
    with Terminal(bash.split(), user, tmp_path, ROWS, COLUMNS) as terminal:
        wait_prompt(terminal)
        enter(terminal, start_words(found))
        wait_prompt(terminal)
        assert ask(terminal, probe, 1) == [program_name(found)]
        enter(terminal, bash)
        wait_prompt(terminal)
        assert ask(terminal, probe, 2) == [program_name(found), "bash"]


def test_as_a_command(found: detect.Found, user: dict[str, str], probe: str) -> None:
    """With ``-c``, inside bash and around bash."""
    bash = find_shell("bash").program
    inside = call([bash, "-c", f"{start_words(found)} -c '{probe}; true'; :"], user)
    assert (inside.status, named(inside.out)) == (0, [program_name(found)])
    around = call([*start_words(found).split(), "-c", f"{bash} -c '{probe}; true'; true"], user)
    assert (around.status, named(around.out)) == (0, ["bash"])


@pytest.mark.parametrize("name", ["zsh", "fish", "tcsh", "mksh"])
def test_from_scripts_and_make(name: str, user: dict[str, str], probe: str, tmp_path: Path) -> None:
    """Neither the script's shell nor make's is the user's."""
    found = find_shell(name)
    by_sh = write_program(tmp_path / "by_sh", f"#!/bin/sh\n{probe}\n:\n")
    by_bash = write_program(tmp_path / "by_bash", f"#!{find_shell('bash').program}\n{by_sh}\n:\n")
    (tmp_path / "Makefile").write_text(f"it:\n\t@{probe} && true\n", encoding="utf-8")
    with Terminal([found.program], user, tmp_path, ROWS, COLUMNS) as terminal:
        wait_prompt(terminal)
        assert ask(terminal, str(by_sh), 1) == [name]
        assert ask(terminal, str(by_bash), 2) == [name] * 2
        assert ask(terminal, f"make -f {tmp_path}/Makefile", 3) == [name] * 3


@pytest.mark.parametrize("name", ["zsh", "bash", "tcsh", "ksh93"])
def test_a_login_shell(name: str, user: dict[str, str], probe: str, tmp_path: Path) -> None:
    """It is called ``-zsh``, and SHELL says something else."""
    found = find_shell(name)
    words = [find_shell("bash").program, "-c", f"exec -a -{name} {found.program}"]
    with Terminal(words, user | {"SHELL": find_shell("dash").program}, tmp_path, ROWS, COLUMNS) as terminal:
        wait_prompt(terminal)
        assert ask(terminal, probe, 1) == [program_name(found)]


@pytest.fixture
def alone(tmp_path: Path) -> list[str]:
    """Return the words that start a command above which no process is, as a user whose login shell is zsh."""
    etc = tmp_path / "etc"
    etc.mkdir()
    zsh = find_shell("zsh").program
    (etc / "passwd").write_text(f"me:x:{os.getuid()}:0:me:/:{zsh}\n", encoding="ascii")
    words = [*namespace.over_etc(etc), "unshare", "--pid", "--fork", "--mount-proc"]
    if not namespace.is_possible(etc) or subprocess.run([*words, "true"], capture_output=True, check=False).returncode:
        skip_or_fail("a process namespace takes root")
    return words


def test_with_no_shell_above(alone: list[str], user: dict[str, str], probe: str) -> None:
    """SHELL says it, where it names one; else the password database."""
    fish = find_shell("fish").program
    assert named(call([*alone, *probe.split()], user | {"SHELL": fish}).out) == ["fish"]
    for shell_variable in ({"SHELL": "/bin/false"}, {"SHELL": ""}, {"SHELL": "fish"}):
        assert named(call([*alone, *probe.split()], user | shell_variable).out) == ["zsh"]
    del user["SHELL"]
    assert named(call([*alone, *probe.split()], user).out) == ["zsh"]


def test_with_only_a_script_above(alone: list[str], user: dict[str, str], probe: str, tmp_path: Path) -> None:
    """As cron starts it: the script's shell is not the user's."""
    script = write_program(tmp_path / "script", f"#!{find_shell('bash').program}\n{probe}\n:\n")
    assert named(call([*alone, str(script)], user | {"SHELL": find_shell("fish").program}).out) == ["fish"]


# Another user's id, with the permission to read what the tests made for themselves.
NAMELESS = (
    "setpriv",
    f"--reuid={UNKNOWN_USER}",
    "--clear-groups",
    "--inh-caps=+dac_override,+dac_read_search",
    "--ambient-caps=+dac_override,+dac_read_search",
)


@pytest.fixture(params=["no entry", "/usr/sbin/nologin", "/bin/false"])
def service(request: pytest.FixtureRequest, alone: list[str], tmp_path: Path) -> list[str]:
    """Return the words that start a command as a user without a shell, above which no process is."""
    shell: str = request.param
    if shell == "no entry":
        return [*alone, *NAMELESS]
    (tmp_path / "etc/passwd").write_text(f"service:x:{os.getuid()}:0:service:/:{shell}\n", encoding="ascii")
    return alone


@pytest.fixture
def open_env() -> Iterator[Path]:
    """Return an environment that every user may use."""
    with tempfile.TemporaryDirectory() as folder:
        env = make_venv(Path(folder) / "my_env")
        (env / "bin/python").unlink()
        write_program(env / "bin/python", "#!/bin/sh\n")
        Path(folder).chmod(0o755)
        yield env


def test_who_has_no_shell_is_told_which_one_this_is(
    service: list[str], user: dict[str, str], open_env: Path, tool: list[str]
) -> None:
    """On stderr, for a script too; not with --quiet, and not if a shell is named."""
    del user["SHELL"]
    shell = [*service, *tool, "shell", str(open_env)]
    done = call(shell, user, given='echo "$VIRTUAL_ENV ${BASH_VERSION:+bash}"\n')
    assert (done.status, done.out) == (0, f"{open_env} bash\n")
    assert done.err.endswith(": this is bash; choose another with --shell\n")
    assert done.err.count("\n") == 1
    assert call([*shell, "--quiet"], user, given="exit 3\n") == (3, "", "")
    assert call([*shell, "--shell", "dash"], user, given="exit 3\n") == (3, "", "")
    traced = call([*service, *tool, "trace", "MINE"], user)
    assert (traced.status, traced.err) == (0, done.err)


def test_who_has_no_shell_is_greeted(
    alone: list[str], user: dict[str, str], open_env: Path, tool: list[str], tmp_path: Path
) -> None:
    del user["SHELL"]
    with Terminal([*alone, *NAMELESS, *tool, "shell", str(open_env)], user, tmp_path, ROWS, COLUMNS) as terminal:
        wait_prompt(terminal)
        said = "neither SHELL nor the password database names your shell: this is bash; choose another with --shell\n"
        assert terminal.text().startswith(f"{said}Clean bash with ")


def test_every_row_is_tried() -> None:
    """A new shell is tested by being there."""
    assert len(registry.NAMES) == 13
