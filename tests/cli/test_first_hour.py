"""The first hour of a new user in four shells, as the terminal shows it: golden files, written by ``./dev docs``.

Whoever changes a message sees here what people read.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.command import write_program
from tests.support.environments import make_venv
from tests.support.installed_shells import find_shell
from tests.support.terminal import Terminal

GOLDEN = Path(__file__).parent / "first_hour"
HOME_SHOWN = "/home/you"
ROWS, COLUMNS = 250, 100
MARKER = "(my_env) "  # of each prompt once the environment is active
SHOW_SIX = "python -c 'import six; print(six.__version__)'"


class Way(NamedTuple):
    """How a shell is started, its startup file with what that sources, and how an environment is activated in it."""

    options: tuple[str, ...]
    startup: str
    text: str
    setup: str
    setup_text: str
    activate: str


WAYS = {
    "bash": Way(
        ("-i",),
        ".bashrc",
        "source ~/ws/setup.bash\nPS1='$ '\n",
        "setup.bash",
        'export PYTHONPATH="$HOME/ws/lib"\n',
        "source my_env/bin/activate",
    ),
    "zsh": Way(
        ("-i",),
        ".zshrc",
        "source ~/ws/setup.zsh\nPS1='$ '\nunsetopt prompt_sp\n",
        "setup.zsh",
        'export PYTHONPATH="$HOME/ws/lib"\n',
        "source my_env/bin/activate",
    ),
    "fish": Way(
        ("-i",),
        ".config/fish/config.fish",
        "source ~/ws/setup.fish\nfunction fish_prompt\n    echo -n '$ '\nend\nset -g fish_greeting\n",
        "setup.fish",
        "set -gx PYTHONPATH $HOME/ws/lib\n",
        "source my_env/bin/activate.fish",
    ),
    "tcsh": Way(
        (),
        ".tcshrc",
        "source ~/ws/setup.csh\nset prompt='$ '\n",
        "setup.csh",
        'setenv PYTHONPATH "$HOME/ws/lib"\n',
        "source my_env/bin/activate.csh",
    ),
}


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a home directory with a path as long as the one shown: lines break where they do for a reader."""
    home = Path("/tmp") / secrets.token_hex(2)  # noqa: S108  its length counts
    home.mkdir(mode=0o700)
    yield home
    shutil.rmtree(home)


def add_package(directory: Path, version: str) -> None:
    """Install a module called six, as an installer leaves it."""
    metadata = directory / f"six-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: six\nVersion: {version}\n", encoding="utf-8")
    (metadata / "RECORD").write_text("six.py,,\n", encoding="utf-8")
    (directory / "six.py").write_text(f'__version__ = "{version}"\n', encoding="utf-8")


def record(shell: str, tool: list[str], home: Path) -> str:
    """Return what a terminal shows of the first hour in ``shell``."""
    way = WAYS[shell]
    project = home / "proj"
    environment = make_venv(project / "my_env")
    add_package(next(environment.glob("lib/python3*/site-packages")), "1.17.0")
    write_program(environment / "bin/pip", "#!/bin/sh\n")
    add_package(home / "ws/lib", "1.10.0")
    write_program(home / "bin/cleanenv", '#!/bin/sh\nexec "{}" "$@"\n'.format('" "'.join(tool)))
    (home / way.startup).parent.mkdir(parents=True, exist_ok=True)
    (home / way.startup).write_text(way.text, encoding="utf-8")
    (home / "ws" / way.setup).write_text(way.setup_text, encoding="utf-8")
    program = find_shell(shell).program
    environ = {
        "HOME": str(home),
        "PATH": f"{home}/bin:/usr/bin:/bin",
        "TERM": "xterm",
        "NO_COLOR": "1",
        "LANG": "C.UTF-8",
        "SHELL": program,
        "XDG_CONFIG_DIRS": str(home / "none"),  # this machine's configuration of pip is not part of the story
    }
    typed = (
        "cleanenv --version",
        way.activate,
        SHOW_SIX,
        "cleanenv doctor --trace",
        "cleanenv trace PYTHONPATH",
        "cleanenv ls",
        "cleanenv shell",
        SHOW_SIX,
        "cleanenv freeze",
        "exit",
    )
    with Terminal([program, *way.options], environ, project, ROWS, COLUMNS) as terminal:
        marker = "$"
        for line in typed:
            terminal.wait_prompt(marker)
            terminal.enter(line)
            marker = MARKER if marker == MARKER or line == way.activate else marker
        terminal.wait_prompt(MARKER)
        shown = terminal.text()
    return as_shown(shown, home, program)


def as_shown(text: str, home: Path, program: str) -> str:
    """Return ``text`` without what differs between machines: paths, process ids, versions of Python."""
    text = text.replace(str(home), HOME_SHOWN).replace(program, f"/usr/bin/{Path(program).name}")
    text = re.sub(r"Python \d+\.\d+\.\d+", "Python 3.x.y", text)
    text = re.sub(r"(my_env +)\d+\.\d+\.\d+ +", r"\g<1>3.x.y   ", text)
    text = re.sub(r"(?m)^(  name +python) +kind", r"\g<1>  kind", text)
    text = re.sub(r"\bpid \d+", "pid 4242", text)
    # The clean shell's prompt names this machine and its user.
    text = re.sub(r"(?m)^\(my_env\) \S+@\S+(.*?)[#$%>] ", r"(my_env) you@host\1$ ", text)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


@pytest.mark.parametrize("shell", WAYS)
def test_the_first_hour(shell: str, tool: list[str], home: Path, request: pytest.FixtureRequest) -> None:
    shown = record(shell, tool, home)
    golden = GOLDEN / f"{shell}.txt"
    if request.config.getoption("--write-golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(shown, encoding="utf-8")
    assert shown == golden.read_text(encoding="utf-8"), "look at it, then run ./dev docs"
