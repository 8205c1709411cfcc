"""What only zsh, tcsh and csh do: a system file that always runs first is undone, values and markers stay whole."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pexpect
import pytest

from cleanenv.system.invocation import directory_inside
from tests.support.surroundings import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LIMIT = 20.0  # seconds until a shell counts as hung
CLEANENV = (sys.executable, "-I", "-m", "cleanenv")
DUMP = "import json, os, sys; json.dump(dict(os.environ), open(sys.argv[1], 'w'))"
BY_THEMSELVES = {"PWD", "OLDPWD", "SHLVL", "_"}
IS_ROOT = os.geteuid() == 0

HOSTILE_VALUES = {
    "NEWLINES": "a\nb\n\n c",
    "NEWLINE_LAST": "end\n",
    "BANG": "a!b !! !$ !-1 hi!",
    "QUOTES": "'\"`'",
    "BLANKS": "  a  b\t c ",
    "BACKSLASHES": "\\ \\n a\\",
    "BACKSLASH_NEWLINE": "a\\\nb",
    "DOLLARS": "$HOME ${X} $$ $(touch ran)",
    "BACKTICKS": "`touch ran`",
    "LETTERS": "é☃\U0001d11e",
    "BYTES": "\udcff\udce9",
    "GLOBS": "* ? [a] {b,c} ~ ^x",
    "NOTHING": "",
    "COLONS": ":q:h",
    "OPERATORS": "-n;a|b&c>d<e(f)",
    "CONTROL": "a\x01\x1b[31m\x7f",
    "A_NAME_LONGER_THAN_THE_THIRTY_OF_CSH": "long",
    "LONG": "x" * 8000,
    "lower": "# 100%",
}
HOSTILE_NAME = "$(touch ran)`touch ran`%n%~ !! 'q\" ;\\ \n é"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def environment(folder: Path) -> Path:
    """Make what cleanenv takes for a virtual environment, without a Python's second to build one."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    (folder / "pyvenv.cfg").write_text(
        f"home = {os.path.dirname(sys.executable)}\nversion = 3.11.0\ninclude-system-site-packages = false\n"
    )
    return folder


def caller(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "xterm", "LANG": "C.UTF-8", "PYTHONPATH": "/leak"}


def installed(shell: str) -> str:
    """Skip where ``shell`` is missing, on a laptop only."""
    if shutil.which({"csh": "bsd-csh"}.get(shell, shell)) is None:
        skip_or_fail(f"{shell} is not installed")
    return shell


def run_script(
    shell: str, script: str, home: Path, *options: str, before: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run ``script`` from standard input, a file, in a clean ``shell``."""
    file = home.parent / "script"
    file.write_text(script)
    with file.open() as opened:
        return subprocess.run(
            [*before, *CLEANENV, "shell", "--shell", installed(shell), *options],
            stdin=opened,
            env=caller(home),
            cwd=home.parent,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )


def dumping(home: Path) -> tuple[str, Path]:
    """Return the command line that dumps the environment, without a character that a shell reads, and where to."""
    program, dump = home.parent / "dump", home.parent / "dumped.json"
    if not program.exists():
        program.write_text(f"#!{sys.executable} -I\n{DUMP}\n")
        program.chmod(0o755)
    return f"{program} {dump}", dump


def dumped(dump: Path) -> dict[str, str]:
    """Return the dumped environment without what shells, and Python in the C locale, set by themselves."""
    found: dict[str, str] = json.loads(dump.read_text())
    return {name: value for name, value in found.items() if name not in BY_THEMSELVES}


def assignments(values: Mapping[str, str]) -> list[str]:
    return [word for name, value in values.items() for word in ("--set", f"{name}={value}")]


def system_file(home: Path, place: str, text: str) -> list[str]:
    """Return the words that run a command with ``text`` at ``place`` below /etc, in a mount namespace of its own."""
    if not IS_ROOT:
        skip_or_fail("a mount namespace takes root")
    layer, file = home.parent / "layer", home.parent / "system"
    layer.mkdir()
    file.write_text(text)
    script = (
        'mount -t tmpfs none "$1" && mkdir "$1/up" "$1/work" '
        '&& mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/up,workdir=$1/work" /etc '
        '&& cp "$2" "/etc/$3" && shift 3 && exec "$@"'
    )
    return ["unshare", "-m", "sh", "-c", script, "sh", str(layer), str(file), place]


class Terminal:
    """A clean interactive shell on a pty, driven line by line."""

    def __init__(self, shell: str, env: Path, home: Path, before: Sequence[str] = ()) -> None:
        words = [*before, *CLEANENV, "shell", "--quiet", "--shell", installed(shell), str(env)]
        self.home = home
        self.child = pexpect.spawn(
            words[0],
            words[1:],
            env=caller(home),
            cwd=str(home.parent),
            encoding="utf-8",
            timeout=LIMIT,
            dimensions=(40, 200),
        )
        self.child.delaybeforesend = None
        self.lines = 0

    def run(self, line: str) -> None:
        """Type ``line`` and wait until it is done."""
        self.lines += 1
        self.child.sendline(f'{line}; echo "do"ne-{self.lines}-')
        self.child.expect(f'[^"]done-{self.lines}-')

    def text(self, line: str) -> str:
        """Return what ``line`` prints, read from a file and not from the screen."""
        file = self.home.parent / "printed"
        self.run(f"{line} > {file}")
        text = file.read_text(errors="surrogateescape")
        file.unlink()
        return text

    def environ(self) -> dict[str, str]:
        line, dump = dumping(self.home)
        self.run(line)
        return dumped(dump)

    def leave(self, status: int = 0) -> int | None:
        self.child.sendline(f"exit {status}")
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


@pytest.mark.parametrize("shell", ["zsh", "tcsh", "csh"])
def test_every_value_comes_back_as_it_was(shell: str, tmp_path: Path, home: Path) -> None:
    line, dump = dumping(home)
    env = environment(tmp_path / "env")
    done = run_script(shell, f"{line}\nexit 7\n", home, *assignments(HOSTILE_VALUES), str(env))
    assert (done.returncode, done.stdout, done.stderr) == (7, "", "")
    found = dumped(dump)
    assert {name: found.get(name) for name in HOSTILE_VALUES} == HOSTILE_VALUES
    assert set(found) == set(HOSTILE_VALUES) | {
        *("HOME", "PATH", "TERM", "LANG", "SHELL"),
        *("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "CLEANENV_WANTED"),
    }
    assert not (tmp_path / "ran").exists()


def test_csh_refuses_a_value_that_it_cannot_hold(tmp_path: Path, home: Path) -> None:
    env = environment(tmp_path / "env")
    done = run_script("csh", "echo ran\n", home, *assignments({"LONG": "x" * 8001}), str(env))
    assert (done.returncode, done.stdout) == (4, "")
    assert (
        done.stderr
        == "Error: csh cannot hold 'LONG', which is longer than 8000 bytes: choose another shell with --shell\n"
    )


HOSTILE_ZSHENV = """
export PYTHONPATH=/leak PATH=/leak LD_LIBRARY_PATH=/leak HOME=/leak SHLVL=40 LC_ALL=C PSVAR=a:b CDPATH=/usr
typeset -rx READONLY=1 PYTHONHOME=/leak
typeset -T PYTHONX pythonx; export PYTHONX=a:b
typeset -U path
builtin() { print LEAK }; python() { print LEAK }; precmd() { print LEAK }; TRAPDEBUG() { : ; }
alias builtin='echo LEAK' python='echo LEAK' unset=:
alias -g source=LEAK for=LEAK
alias -s py=cat
trap 'print LEAK' EXIT
hash python=/leak/python
RPROMPT=LEAK HISTFILE=/leak TMOUT=1000
disable -r if
disable unset
setopt ksharrays nounset noglob posixbuiltins promptsubst ignorebraces allexport noglobalrcs
IFS=:
"""


def test_zsh_undoes_what_the_system_file_did(tmp_path: Path, home: Path) -> None:
    line, dump = dumping(home)
    env = environment(tmp_path / "env")
    before = system_file(home, "zsh/zshenv", HOSTILE_ZSHENV)
    script = f"{line}\nprint -r -- ${{(ko)functions}}; alias -L; alias -gL; alias -sL; setopt; trap\n"
    done = run_script("zsh", script, home, str(env), before=before)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "cleanenv deactivate",
        "alias run-help=man",
        "alias which-command=whence",
        "shinstdin",
    ]
    assert dumped(dump) == {
        "HOME": str(home),
        "PATH": f"{env}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:{directory_inside()}",
        "TERM": "xterm",
        "LANG": "C.UTF-8",
        "SHELL": "/usr/bin/zsh",
        "VIRTUAL_ENV": str(env),
        "VIRTUAL_ENV_PROMPT": "env",
    }


def test_zsh_undoes_what_the_system_file_did_to_the_terminal(tmp_path: Path, home: Path) -> None:
    file = "unsetopt monitor\nbindkey -v\nmine() { : ; }\nzle -N mine\nzle -N accept-line mine\nsetopt ignoreeof\n"
    env = environment(tmp_path / "env")
    terminal = Terminal("zsh", env, home, before=system_file(home, "zsh/zshenv", file))
    assert terminal.text("setopt") == "interactive\nmonitor\nshinstdin\nzle\n"
    assert terminal.text("bindkey '^A'") == '"^A" beginning-of-line\n'
    assert terminal.text("zle -l") == "__cleanenv_first_completion\n"  # our own, for the first Tab
    assert terminal.leave(7) == 7


HOSTILE_CSHRC = """
setenv PYTHONPATH /leak
setenv PYTHONHOME /leak
setenv PATH /leak
setenv LC_ALL C
setenv TERM dumb
setenv SHLVL 40
setenv CLEANENV_LEAK 1
set noclobber noglob ignoreeof
set prompt = 'LEAK ' history = 5 savehist = 7 histfile = /leak
alias python echo LEAK
alias set echo LEAK
alias source echo LEAK
alias setenv echo LEAK
alias unsetenv echo LEAK
alias foreach echo LEAK
alias eval echo LEAK
alias if echo LEAK
alias precmd echo LEAK
"""


@pytest.mark.parametrize("shell", ["tcsh", "csh"])
def test_csh_undoes_what_the_system_file_did(shell: str, tmp_path: Path, home: Path) -> None:
    line, dump = dumping(home)
    env = environment(tmp_path / "env")
    before = system_file(home, "csh.cshrc", HOSTILE_CSHRC)
    script = f"{line}\nalias python\necho $?noclobber$?noglob$?ignoreeof$?savehist$?histfile\necho ~\n"
    done = run_script(shell, script, home, str(env), before=before)
    assert (done.stdout, done.stderr) == (f"00000\n{home}\n", "")
    assert dumped(dump) == {
        "HOME": str(home),
        "PATH": f"{env}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:{directory_inside()}",
        "TERM": "xterm",
        "LANG": "C.UTF-8",
        "SHELL": {"tcsh": "/usr/bin/tcsh", "csh": "/usr/bin/bsd-csh"}[shell],
        "VIRTUAL_ENV": str(env),
        "VIRTUAL_ENV_PROMPT": "env",
    }


def test_zsh_never_expands_the_marker(tmp_path: Path, home: Path) -> None:
    terminal = Terminal("zsh", environment(tmp_path / HOSTILE_NAME), home)
    terminal.run("setopt prompt_subst prompt_bang")
    coloured = terminal.text('print -rP -- "${PS1%%%n*}|"')
    shown = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    # zsh shows an unprintable character of psvar in a printable form.
    assert shown == f"({HOSTILE_NAME}) |\n".replace("\n é", "\\n é")
    assert terminal.leave(7) == 7
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("shell", ["tcsh", "csh"])
def test_csh_never_expands_the_marker(shell: str, tmp_path: Path, home: Path) -> None:
    terminal = Terminal(shell, environment(tmp_path / HOSTILE_NAME), home)
    terminal.child.expect_exact("($(touch ran)`touch ran`%n%~ !! 'q\" ;\\")
    terminal.child.expect_exact(" é)")
    assert terminal.environ()["VIRTUAL_ENV"] == str(tmp_path / HOSTILE_NAME)
    assert terminal.leave(7) == 7
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("shell", ["tcsh", "csh"])
def test_csh_loads_and_writes_no_history_of_the_user(shell: str, tmp_path: Path, home: Path) -> None:
    (home / ".history").write_text("echo of-the-user\n")
    terminal = Terminal(shell, environment(tmp_path / "env"), home)
    loaded = terminal.text("history")
    assert "history" in loaded
    assert "of-the-user" not in loaded
    terminal.leave()
    assert (home / ".history").read_text() == "echo of-the-user\n"


def test_zsh_keeps_its_own_history_and_writes_nothing_else(tmp_path: Path, home: Path) -> None:
    terminal = Terminal("zsh", environment(tmp_path / "env"), home)
    terminal.run("setopt inc_append_history")
    assert "PYTHONPATH" not in terminal.environ()
    assert terminal.leave() == 0
    assert [path.name for path in home.iterdir()] == [".local"]
    history = home / ".local/state/cleanenv/zsh_history"
    assert "inc_append_history" in history.read_text()


@pytest.mark.parametrize("shell", ["tcsh", "csh"])
def test_deactivate_and_another_activate_script(shell: str, tmp_path: Path, home: Path) -> None:
    env = environment(tmp_path / "env")
    terminal = Terminal(shell, env, home)
    terminal.run("deactivate nondestructive")
    assert "VIRTUAL_ENV" not in terminal.environ()
    assert "deactivate" in terminal.text("alias")
    terminal.run("deactivate")
    found = terminal.environ()
    assert found["PATH"] == f"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:{directory_inside()}"
    assert "deactivate" not in terminal.text("alias")
    assert "env" not in terminal.text("echo $prompt:q")
    terminal.leave()


SETUP = {
    "zsh": "export ADDED='a b'; unset LANG; typeset x=1; alias builtin=false exec=false\n",
    "tcsh": "setenv ADDED 'a b'\nunsetenv LANG\nset x = 1\nalias exec false\n",
    "csh": "setenv ADDED 'a b'\nunsetenv LANG\nset x = 1\n",
}


@pytest.mark.parametrize("shell", SETUP)
def test_source_takes_over_what_a_setup_file_exports(shell: str, tmp_path: Path, home: Path) -> None:
    installed(shell)
    setup = tmp_path / f"set up.{shell}"
    setup.write_text(SETUP[shell])
    line, dump = dumping(home)
    words = [*CLEANENV, "run", "--source", str(setup), str(environment(tmp_path / "env")), "--", *line.split()]
    subprocess.run(words, env=caller(home), check=True, timeout=LIMIT)
    found = dumped(dump)
    assert found.pop("CLEANENV_WANTED") == "ADDED"
    assert (found.pop("ADDED"), found.pop("LC_CTYPE", "C.UTF-8")) == ("a b", "C.UTF-8")
    assert set(found) == {"HOME", "PATH", "TERM", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT"}


@pytest.mark.parametrize(("shell", "text"), [("zsh", "return 5"), ("tcsh", "exit 5"), ("csh", "sh -c 'exit 5'")])
def test_source_tells_that_a_setup_file_failed(shell: str, text: str, tmp_path: Path, home: Path) -> None:
    installed(shell)
    setup = tmp_path / f"setup.{shell}"
    setup.write_text(f"{text}\n")
    words = [*CLEANENV, "run", "--source", str(setup), str(environment(tmp_path / "env")), "--", "true"]
    done = subprocess.run(words, env=caller(home), capture_output=True, text=True, check=False, timeout=LIMIT)
    assert done.returncode == 5
    assert "failed with status 5" in done.stderr
