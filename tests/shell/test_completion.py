"""Tab, pressed on a terminal in bash, zsh and fish: in a shell with the completion script, and in a clean shell."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import write_program
from tests.support.installed_shells import find_shell
from tests.support.terminal import Terminal

SHELLS = ("bash", "zsh", "fish")
STARTS = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}
SECONDS = 10  # of patience: pressed at a quiet prompt, a Tab takes a tenth of one
LOADS = {
    "bash": 'eval "$(cleanenv completion bash)"',
    "zsh": 'autoload -Uz compinit; compinit -D -i; eval "$(cleanenv completion zsh)"',
    "fish": "cleanenv completion fish | source",
}


class Place:
    """A terminal in a directory with environments, files and a project, at a prompt."""

    def __init__(self, terminal: Terminal, shell: str) -> None:
        self.terminal = terminal
        self.shell = shell

    def complete(self, typed: str, expected: str) -> None:
        """Type ``typed``, Tab and '@'; wait until the line ends in ``expected`` and '@'; take the line back."""
        self.terminal.send("\x0c")  # an empty screen
        self.terminal.wait(lambda: self.terminal.text().count("\n") <= 1, "an empty screen", SECONDS)
        self.terminal.send(f"{typed}\t@")
        self.terminal.wait(lambda: f"{expected}@" in self.terminal.text(), repr(expected), SECONDS)
        self.terminal.send("\x15")


@pytest.fixture(params=[(shell, where) for shell in SHELLS for where in ("outside", "inside")], ids="-".join)
def place(
    request: pytest.FixtureRequest, tool: list[str], venv: Path, caller: dict[str, str], home: Path, tmp_path: Path
) -> Iterator[Place]:
    """Both ways to have the completion, in each shell."""
    shell, where = request.param
    program = find_shell(shell).program
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "my_env").symlink_to(venv)
    (folder / "wanted requirements.txt").touch()
    for path in (folder / "project/.venv", home / ".virtualenvs/kept", folder / "with blank"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir()
        (path / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n")
    if where == "inside":
        words = [*tool, "shell", "my_env", "-q", "--shell", program, "--keep", "LEAKING_NAME"]
    else:
        wrapper = write_program(tmp_path / "bin/cleanenv", '#!/bin/sh\nexec "{}" "$@"\n'.format('" "'.join(tool)))
        caller["PATH"] = f"{wrapper.parent}:{caller['PATH']}"
        words = [program, *STARTS[shell]]
    with Terminal(words, caller | {"LEAKING_NAME": "1"}, folder) as terminal:
        terminal.wait_prompt("(my_env)" if where == "inside" else "")
        if where == "outside":
            terminal.enter(LOADS[shell])
            terminal.wait_prompt("")
        yield Place(terminal, shell)


def test_commands_environments_paths_shells_and_variables(place: Place) -> None:
    place.complete("cleanenv fre", "cleanenv freeze ")
    place.complete("cleanenv shell ke", "cleanenv shell kept ")
    place.complete("cleanenv shell my_", "cleanenv shell my_env ")
    place.complete("cleanenv freeze ./pro", "cleanenv freeze ./project/")
    place.complete("cleanenv shell ~/.virtualenvs/ke", "cleanenv shell ~/.virtualenvs/kept ")
    place.complete("cleanenv shell --shell tc", "cleanenv shell --shell tcsh ")
    place.complete("cleanenv shell --shell=tc", "cleanenv shell --shell=tcsh ")
    place.complete("cleanenv trace LEAKING", "cleanenv trace LEAKING_NAME ")
    place.complete("cleanenv run --keep LEAKING", "cleanenv run --keep LEAKING_NAME ")
    place.complete("cleanenv env my_env --format js", "cleanenv env my_env --format json ")


def test_files_and_directories(place: Place) -> None:
    place.complete("cleanenv freeze my_env --check wan", "--check wanted\\ requirements.txt ")
    place.complete("cleanenv shell --path proj", "--path project/")
    place.complete("cleanenv shell with", "cleanenv shell with\\ blank ")


def test_the_command_and_its_own_words(place: Place, venv: Path) -> None:
    write_program(venv / "bin/only-in-env", "#!/bin/sh\n")
    place.complete("cleanenv run my_env only-", "cleanenv run my_env only-in-env ")
    place.complete("cleanenv run my_env -- only-", "cleanenv run my_env -- only-in-env ")
    place.complete("cleanenv run --set A=1 my_env only-", "my_env only-in-env ")
    place.complete("cleanenv run my_env cat wan", "cat wanted\\ requirements.txt ")


def test_the_systems_own_completion_works_inside(place: Place, request: pytest.FixtureRequest) -> None:
    if "outside" in request.node.name and place.shell != "zsh":
        pytest.skip("without configuration bash and fish complete no words of git's")
    place.complete("git cherry-p", "git cherry-pick ")
    place.complete("cleanenv run my_env git cherry-p", "git cherry-pick ")
    place.complete("cleanenv run --set=A=1:2 my_env -- git cherry-p", "git cherry-pick ")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_tab_runs_nothing_of_the_users(
    shell: str, tool: list[str], venv: Path, caller: dict[str, str], home: Path, tmp_path: Path
) -> None:
    """Their own completions are startup files too; and nothing is left in the environment or in the home."""
    mark = tmp_path / "mark"
    data = home / ".local/share/bash-completion/completions"
    for path, text in (
        (home / ".bash_completion", f"touch {mark}"),
        (home / ".config/bash_completion", f"touch {mark}"),
        (data / "git", f"touch {mark}"),
        (home / ".zcompdump", f"touch {mark}"),
        (home / ".zfunc/_git", f"touch {mark}"),
        (home / ".config/fish/completions/git.fish", f"touch {mark}"),
        (home / ".local/share/fish/vendor_completions.d/git.fish", f"touch {mark}"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    before = {path for path in home.rglob("*") if ".local/state" not in str(path)}
    leaks = {
        "FPATH": str(home / ".zfunc"),
        "BASH_COMPLETION_USER_FILE": str(home / ".bash_completion"),
        "XDG_DATA_DIRS": str(home / ".local/share"),
    }
    words = [*tool, "shell", str(venv), "-q", "--shell", find_shell(shell).program]
    with Terminal(words, caller | leaks, tmp_path) as terminal:
        terminal.wait_prompt("(my_env)")
        terminal.enter("env -0 > before")
        terminal.wait_prompt("(my_env)")
        terminal.send("git cherry-p\t@")
        terminal.wait_for("git cherry-pick @")
        terminal.send("\x15")
        terminal.enter("env -0 > after")
        terminal.wait((tmp_path / "after").exists, "the file")
        terminal.wait_prompt("(my_env)")
    assert not mark.exists()
    environments = [set((tmp_path / name).read_bytes().split(b"\0")) for name in ("before", "after")]
    assert {line for line in environments[0] ^ environments[1] if not line.startswith(b"_=")} == set()
    assert {path for path in home.rglob("*") if ".local/state" not in str(path)} == before


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_the_one_that_a_clean_shell_reads(shell: str, tool: list[str], caller: dict[str, str]) -> None:
    done = subprocess.run([*tool, "completion", shell], env=caller, capture_output=True, text=True, check=True)
    assert "_cleanenv" in done.stdout
    assert done.stderr == ""
