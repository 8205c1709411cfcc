"""A system's startup file that keeps a shell from reading ours is refused, never a leak in silence."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support import namespace
from tests.support.installed_shells import find_shell
from tests.support.sessions import Session
from tests.support.surroundings import skip_or_fail

KEEPING = {
    ("zsh", "zsh/zshenv", "export ZDOTDIR=$HOME/.zsh"),
    ("zsh", "zsh/zshenv", "[[ -o interactive ]] && ZDOTDIR=$HOME"),
    ("zsh", "zsh/zshenv", "setopt no_rcs"),
    ("zsh", "zsh/zshenv", "source /etc/zsh/other"),
    ("zsh", "zsh/zshenv", "[[ -t 0 ]] && ZDOTDIR=$HOME"),
    ("zsh", "zsh/zshenv", 'X="# no"; ZDOTDIR=$HOME'),
    ("zsh", "zsh/zshenv", 'eval "Z""DOTDIR=$HOME"'),
    ("zsh", "zsh/zshenv", "setopt no_R_C_S"),
    ("tcsh", "csh.cshrc", "tty -s && set home=/nowhere"),
    ("tcsh", "csh.cshrc", "echo $no_such_variable"),
    ("csh", "csh.cshrc", "echo $no_such_variable"),
}
HARMLESS = {
    ("zsh", "zsh/zshenv", "[[ -n $ZDOTDIR ]] || export ZDOTDIR=$HOME/.zsh"),
    ("zsh", "zsh/zshenv", "# export ZDOTDIR=/x"),
    ("zsh", "zsh/zshenv", "[[ -t 0 || ! -o interactive ]] || exit 3"),
    ("zsh", "zsh/zshenv", "source /etc/zsh/site"),
    ("zsh", "zsh/zshenv", "source /etc/zsh/site; (: < /dev/tty) 2> /dev/null && read -t 5 line < /dev/tty"),
    ("tcsh", "csh.cshrc", "setenv FOO bar"),
    ("csh", "csh.cshrc", "setenv FOO bar"),
}


def words(name: str, file: str, line: str, folder: Path) -> list[str]:
    """Return the words that start a command below an /etc whose ``file`` holds ``line``."""
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(f"{line}\n")
    if name == "zsh":
        (folder / "zsh/other").write_text("ZDOTDIR=/nowhere\n")
        (folder / "zsh/site").write_text("export SITE=1\n")
    if not namespace.is_possible(folder):
        skip_or_fail("a mount namespace with an overlay over /etc takes root")
    return namespace.over_etc(folder)


@pytest.mark.parametrize(("name", "file", "line"), sorted(KEEPING))
def test_refused_where_init_is_not_read(
    name: str, file: str, line: str, venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    found = find_shell(name)
    before = words(name, file, line, tmp_path / "etc")
    with Session(found, venv, [*before, *tool], caller, tmp_path) as session:
        status = session.wait_end()
    if status == 0:
        pytest.fail(f"started; the screen:\n{session.text()}")
    assert status == 4
    assert f"'/etc/{file}'" in session.text()
    assert "Clean " not in session.text()


@pytest.mark.parametrize(("name", "file", "line"), sorted(HARMLESS))
def test_started_where_it_is(
    name: str, file: str, line: str, venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    found = find_shell(name)
    before = words(name, file, line, tmp_path / "etc")
    done = subprocess.run(
        [*before, *tool, "shell", str(venv), "--shell", found.program],
        input="printenv VIRTUAL_ENV\n",
        env=caller,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, str(venv), "")


@pytest.mark.parametrize(("name", "file", "line"), sorted(HARMLESS))
def test_what_is_typed_meanwhile_is_for_the_session(
    name: str, file: str, line: str, venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    """The shell that is asked has no terminal, so it neither shows a prompt nor takes what the user types."""
    if "/dev/tty" in line:
        return  # the system's file itself reads what is typed
    found = find_shell(name)
    before = words(name, file, line, tmp_path / "etc")
    with Session(found, venv, [*before, *tool], caller, tmp_path) as session:
        session.enter(f"touch {tmp_path}/typed")
        session.ready()
        session.wait((tmp_path / "typed").exists, "the file of the command that was typed ahead")
        assert session.leave() == 0


def test_a_proof_does_not_outlive_what_it_was_made_under(
    venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    """What the system's file sources may change although that file does not."""
    found = find_shell("zsh")
    before = words("zsh", "zsh/zshenv", "[[ -r /etc/zsh/later ]] && source /etc/zsh/later; :", tmp_path / "etc")
    command = [*before, *tool, "shell", str(venv), "--shell", found.program]
    statuses = []
    for text in ("", "ZDOTDIR=/nowhere\n"):
        (tmp_path / "etc/zsh/later").write_text(text)
        done = subprocess.run(command, input=":\n", env=caller, capture_output=True, text=True, check=False)
        statuses.append(done.returncode)
    assert statuses == [0, 4]
