"""What is no variable: the directory, the mask and what is to run later, which a file of the system's may change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import namespace
from tests.support.command import call
from tests.support.installed_shells import find_shell
from tests.support.surroundings import skip_or_fail
from tests.support.terminal import Terminal

FILES = {
    "zsh": ("zsh/zshenv", "cd /var\numask 000\nzmodload zsh/sched\nsched +00:00:01 'touch {mark}; export LEAK=1'\n"),
    "tcsh": ("csh.cshrc", "cd /var\numask 000\nsched +0:00 touch {mark}\nsched +0:00 touch {mark}\n"),
    "csh": ("csh.cshrc", "cd /var\numask 000\n"),
}


@pytest.fixture(params=FILES)
def before(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """Return the name of a shell, then the words that start a command below such an /etc."""
    file, text = FILES[request.param]
    path = tmp_path / "etc" / file
    path.parent.mkdir(parents=True)
    path.write_text(text.replace("{mark}", str(tmp_path / "mark")))
    if not namespace.is_possible(tmp_path / "etc"):
        skip_or_fail("a mount namespace with an overlay over /etc takes root")
    return [request.param, *namespace.over_etc(tmp_path / "etc")]


@pytest.mark.parametrize("name", ["here", "a b'$x", "-n", "é!"])
def test_directory_and_mask_in_a_script(
    before: list[str], tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path, name: str
) -> None:
    shell, *words = before
    program = find_shell(shell).program
    (tmp_path / name).mkdir()
    mask = ["sh", "-c", 'umask 027; exec "$@"', "sh"]
    done = call(
        [*words, *mask, *tool, "shell", str(venv), "--shell", program], caller, tmp_path / name, "/bin/pwd\numask\n"
    )
    assert (done.status, done.err) == (0, "")
    directory, shown = done.out.rsplit("\n", 2)[:2]
    assert directory == os.path.realpath(tmp_path / name)
    assert int(shown, 8) == 0o027


def test_on_a_terminal(before: list[str], tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path) -> None:
    """What was to run later does not, though the prompt comes back after its time."""
    shell, *words = before
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    program = find_shell(shell).program
    given = caller | {"PWD": str(tmp_path / "link")}
    with Terminal([*words, *tool, "shell", str(venv), "--shell", program, "-q"], given, tmp_path / "link") as terminal:
        terminal.wait_prompt("(my_env) ")
        terminal.enter("sh -c 'sleep 2; pwd -P; echo done-$((1+1))'")
        terminal.wait_for("done-2")
        terminal.enter("true")
        terminal.wait_prompt("(my_env) ")
        assert str((tmp_path / "real").resolve()) in terminal.text().replace("\n", "")
        terminal.enter("exit")
        terminal.wait_end()
    assert not (tmp_path / "mark").exists()
