"""Inside: the marker, ``deactivate``, other environments' activate scripts, and the way back to the tool."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleanenv.shell.detect import Found
from tests.support.environments import make_venv
from tests.support.seen import DUMP
from tests.support.sessions import OWN, Session

# The standard activate scripts: (for which shells, by CPython's venv, by virtualenv).
POSIX = ("bash", "zsh", "ksh93", "mksh", "dash", "ash", "yash")
SCRIPTS = {
    **dict.fromkeys(POSIX, ". {}/bin/activate"),
    "fish": "source {}/bin/activate.fish",
    "tcsh": "source {}/bin/activate.csh",
    "csh": "source {}/bin/activate.csh",
    "nushell": "overlay use {}/bin/activate.nu",
}
NOT_BY_VENV = ("nushell",)
SHOWN_BY_VIRTUALENV = ("bash", "zsh", "fish", "tcsh", "csh", "nushell")


@pytest.fixture(scope="session")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return an environment named ``other`` by each maker."""
    by_venv = make_venv(tmp_path_factory.mktemp("venv") / "other")
    by_virtualenv = tmp_path_factory.mktemp("virtualenv") / "other"
    command = [sys.executable, "-I", "-m", "virtualenv", "--quiet", "--no-seed", str(by_virtualenv)]
    subprocess.run(command, check=True)
    return {"venv": by_venv, "virtualenv": by_virtualenv}


@pytest.fixture
def session(found: Found, venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path) -> Iterator[Session]:
    with Session(found, venv, tool, caller, tmp_path) as opened:
        opened.ready()
        yield opened


def folders(path: str) -> list[str]:
    return path.split(":")


def can_read(found: Found, script: Path) -> bool:
    """Tell whether the shell by itself takes the script for its language: virtualenv 21.15's has bash's words in it."""
    words = [found.program, *found.shell.applet_of(found.program), "-n", str(script)]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def test_only_the_environment_is_active(session: Session, venv: Path) -> None:
    seen = session.look()
    assert seen.environ["VIRTUAL_ENV"] == str(venv)
    assert seen.environ["VIRTUAL_ENV_PROMPT"] == "my_env"
    assert folders(seen.environ["PATH"])[0] == str(venv / "bin")
    assert [name for name in seen.environ if name.startswith("CLEANENV")] == []
    assert seen.executable == str(venv / "bin/python")


def test_deactivate_leaves_the_environment_and_stays_clean(session: Session, found: Found, venv: Path) -> None:
    before = session.look().environ
    session.enter("deactivate")
    session.wait_prompt_without("(")
    session.enter(f"{venv}/bin/python {DUMP} {session.folder}/after.json")
    after = session.look_at("after.json").environ
    assert "VIRTUAL_ENV" not in after
    assert "VIRTUAL_ENV_PROMPT" not in after
    assert folders(after["PATH"]) == folders(before["PATH"])[1:]
    expected = before.keys() - {"VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT"}
    assert after.keys() - OWN[found.shell.name] == expected - OWN[found.shell.name]


def test_deactivate_twice_leaves_path_as_it_should_be(session: Session, found: Found, venv: Path) -> None:
    """``deactivate nondestructive`` keeps the command, so it is called again, as activate scripts do."""
    first = "deactivate" if found.shell.name in ("xonsh", "nushell", "elvish") else "deactivate nondestructive"
    session.enter(first)
    session.wait_prompt_without("(")
    if first != "deactivate":
        session.enter("deactivate")
    session.enter(f"{venv}/bin/python {DUMP} {session.folder}/after.json")
    environ = session.look_at("after.json").environ
    assert "VIRTUAL_ENV" not in environ
    assert "/usr/bin" in environ["PATH"].split(":")
    assert f"{venv}/bin" not in environ["PATH"].split(":")


@pytest.mark.parametrize("maker", ["venv", "virtualenv"])
def test_another_environments_activate_and_deactivate(
    session: Session, found: Found, others: dict[str, Path], maker: str, venv: Path
) -> None:
    script = SCRIPTS.get(found.shell.name)
    if script is None or (maker == "venv" and found.shell.name in NOT_BY_VENV):
        pytest.skip(f"{maker} has no activate script for {found.shell.name}")
    if found.shell.name in POSIX and not can_read(found, others[maker] / "bin/activate"):
        pytest.skip(f"{found.shell.name} alone cannot read the activate script of this {maker}")
    base = folders(session.look().environ["PATH"])[1:]
    other = others[maker]
    session.enter(script.format(other))
    session.wait_prompt_without("(my_env) ")
    if maker == "venv" or found.shell.name in SHOWN_BY_VIRTUALENV:
        assert session.last_line().count("(") == session.last_line().count("(other) ") == 1
    inside = session.look().environ
    assert inside["VIRTUAL_ENV"] == str(other)
    assert folders(inside["PATH"]) == [str(other / "bin"), *base]
    session.enter("deactivate")
    session.wait_prompt_without("(")
    session.enter(f"{venv}/bin/python {DUMP} {session.folder}/after.json")
    after = session.look_at("after.json").environ
    assert "VIRTUAL_ENV" not in after
    assert folders(after["PATH"]) == base


def test_the_tool_is_there_although_it_is_not_on_path(session: Session, venv: Path) -> None:
    session.enter(f"cleanenv run -- python {DUMP} {session.folder}/within.json 'a b;c'")
    seen = session.look_at("within.json")
    assert seen.environ["VIRTUAL_ENV"] == str(venv)
    assert seen.arguments == ["a b;c"]
