"""The user's own file for clean shells: run last, for comforts; what would let things in is set back, and named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleanenv.shell import registry
from tests.support.command import call
from tests.support.installed_shells import find_shell
from tests.support.sessions import Session
from tests.support.terminal import Terminal

READERS = tuple(shell.name for shell in registry.ROWS if shell.reads_rc)
OTHERS = tuple(shell.name for shell in registry.ROWS if not shell.reads_rc)
SH = {
    "set": "export {0}='{1}'\n",
    "unset": "unset {0}\n",
    "comforts": "alias greet='echo hello-from-rc'\nMINE=1\nexport PYTHO=1 OLD_LD=1\nPS1='mine> '\n",
    "error": "if then (\n",
}
CSH = {
    "set": "setenv {0} '{1}'\n",
    "unset": "unsetenv {0}\n",
    "comforts": "alias greet 'echo hello-from-rc'\nsetenv PYTHO 1\nsetenv OLD_LD 1\nset prompt = 'mine> '\n",
    "error": "set x = (\n",
}
TEXTS = {
    "fish": {
        "set": "set -gx {0} '{1}'\n",
        "unset": "set -e {0}\n",
        "comforts": (
            "alias greet 'echo hello-from-rc'\nset -gx PYTHO 1\nset -gx OLD_LD 1\n"
            "function fish_prompt\n    echo 'mine> '\nend\n"
        ),
        "error": "if true\n",
    },
    "tcsh": CSH,
    "csh": CSH,
    "xonsh": {
        "set": "${{'{0}'}} = '{1}'\n",
        "unset": "del ${{'{0}'}}\n",
        "comforts": (
            "aliases['greet'] = 'echo hello-from-rc'\n$PYTHO = '1'\n$OLD_LD = '1'\n$PROMPT = '{env_name}mine> '\n"
        ),
        "error": "if if\n",
    },
}
SUFFIXES = {"zsh": "zsh", "bash": "bash", "fish": "fish", "tcsh": "tcsh", "csh": "csh", "xonsh": "xsh"}


def texts(shell: str) -> dict[str, str]:
    return TEXTS.get(shell, SH)


def written(shell: str, folder: Path, *parts: str) -> Path:
    """Write a file for ``shell`` whose name has a blank and a quote."""
    path = folder / f"it's mine.{SUFFIXES.get(shell, 'sh')}"
    path.write_text("".join(parts), encoding="ascii")
    return path


@pytest.mark.parametrize("shell", READERS)
def test_its_comforts_are_there(
    shell: str, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    """An alias, a prompt behind the marker, a variable of its own; and nothing is said of names that look guarded."""
    rc = written(shell, tmp_path, texts(shell)["comforts"])
    with Session(find_shell(shell), venv, tool, caller, tmp_path, "--rc", str(rc)) as session:
        session.wait_prompt("mine>")
        assert session.last_line().startswith(f"{session.marker}mine>") or shell == "csh"
        session.enter("greet")
        session.wait_for("\nhello-from-rc")
        seen = session.look()
        assert "set back" not in session.text()
        assert session.leave() == 0
    assert (seen.environ["PYTHO"], seen.environ["OLD_LD"]) == ("1", "1")
    assert not [name for name in seen.environ if name.startswith(("CLEANENV_RC", "CLEANENV_GUARDED", "CLEANENV_COLOR"))]
    assert not [name for name in seen.environ if name.startswith("__cleanenv")]


@pytest.mark.parametrize("shell", READERS)
def test_what_lets_things_in_is_set_back_and_named(
    shell: str, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    """PATH, what Python and the loader read, and what says which environment is active."""
    text = texts(shell)
    parts = [
        text["set"].format("PATH", "/evil:/usr/bin:/bin"),
        text["set"].format("PYTHONPATH", "/evil/a 'b".replace("'", "")),
        text["set"].format("LD_LIBRARY_PATH", "/evil"),
        text["set"].format("VIRTUAL_ENV", "/evil"),
        text["unset"].format("PYTHONUTF8"),
        text["comforts"],
    ]
    rc = written(shell, tmp_path, *parts)
    caller["PYTHONUTF8"] = "1"  # a variable that is kept
    plain = Session(find_shell(shell), venv, tool, caller, tmp_path)
    with plain as session:
        session.ready()
        expected = session.look().environ
        session.leave()
    with Session(find_shell(shell), venv, tool, caller, tmp_path, "--rc", str(rc)) as session:
        session.wait_prompt("mine>")
        said = " ".join(session.text().split())
        names = said.partition(f"'{rc}' changed ")[2].partition(": set back")[0].split(", ")
        assert sorted(names) == ["LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "PYTHONUTF8", "VIRTUAL_ENV"]
        seen = session.look()
        session.enter("deactivate")
        session.wait_prompt("mine>")
        after = session.folder / "after"
        session.enter(f"env >{after}")
        session.wait(after.exists, "the environment afterwards")
        session.wait_prompt("")
        assert session.leave() == 0
    guarded = ("PATH", "PYTHON", "LD_", "VIRTUAL_ENV")
    assert {name: value for name, value in seen.environ.items() if name.startswith(guarded) and name != "PYTHO"} == {
        name: value for name, value in expected.items() if name.startswith(guarded)
    }
    line = next(line for line in after.read_text().splitlines() if line.startswith("PATH="))
    assert line == f"PATH={expected['PATH'].partition(':')[2]}"


@pytest.mark.parametrize("shell", [name for name in READERS if name != "csh"])
def test_an_error_in_it_does_not_keep_that_from_happening(
    shell: str, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    """In csh it does: an error ends all files that are being read."""
    text = texts(shell)
    error = "raise ValueError\n" if shell == "xonsh" else text["error"]  # xonsh compiles it as a whole
    rc = written(shell, tmp_path, text["set"].format("PATH", "/evil:/usr/bin:/bin"), error)
    with Session(find_shell(shell), venv, tool, caller, tmp_path, "--rc", str(rc)) as session:
        session.wait_prompt(session.marker)
        seen = session.look()
        session.leave()
    assert seen.environ["PATH"].startswith(f"{venv}/bin:")
    assert "/evil" not in seen.environ["PATH"]


@pytest.mark.parametrize("shell", OTHERS)
def test_shells_that_cannot(shell: str, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path) -> None:
    rc = written(shell, tmp_path, "")
    with Terminal(
        [*tool, "shell", str(venv), "--shell", find_shell(shell).program, "--rc", str(rc)], caller, tmp_path
    ) as terminal:
        assert terminal.wait_end() == 2
        assert f"Error: {shell} cannot run a file of yours: choose another shell" in terminal.text()


@pytest.mark.parametrize(
    ("name", "first_line", "shell", "said"),
    [
        ("rc.fish", "", "bash", "is not for bash: give --rc one for bash"),
        ("rc.zsh", "", "fish", "is not for fish: give --rc one for fish"),
        ("rc", "#!/bin/zsh", "bash", "is not for bash: give --rc one for bash"),
        ("rc.sh", "", "tcsh", "is not for tcsh: give --rc one for tcsh"),
        ("gone", None, "bash", "cannot read "),
    ],
)
def test_one_that_is_for_another_shell(
    name: str,
    first_line: str | None,
    shell: str,
    said: str,
    tool: list[str],
    venv: Path,
    caller: dict[str, str],
    tmp_path: Path,
) -> None:
    if first_line is not None:
        (tmp_path / name).write_text(f"{first_line}\n", encoding="ascii")
    words = [*tool, "shell", str(venv), "--shell", find_shell(shell).program, "--rc", name]
    with Terminal(words, caller, tmp_path) as terminal:
        assert terminal.wait_end() == 2
        assert said in terminal.text()


@pytest.mark.parametrize(
    ("shell", "expected"), [("bash", "rc.bash"), ("zsh", "rc.sh"), ("dash", "rc.sh"), ("fish", "")]
)
def test_the_configured_one_is_the_first_that_fits(
    shell: str, expected: str, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    """So one configuration serves several shells; in those that it has none for, nothing is said."""
    folder = Path(caller["HOME"], ".config/cleanenv")
    folder.mkdir(parents=True)
    for name in ("rc.bash", "rc.sh", "rc.tcsh"):
        (folder / name).write_text(f"export FROM={name}\n", encoding="ascii")
    (folder / "config.toml").write_text("rc = ['rc.tcsh', 'rc.bash', '~/.config/cleanenv/rc.sh']\n", encoding="ascii")
    with Session(find_shell(shell), venv, tool, caller, tmp_path) as session:
        session.ready()
        assert session.look().environ.get("FROM", "") == expected
        assert "Error" not in session.text()
        session.leave()


def test_a_project_may_not_name_one(tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.cleanenv]\nrc = 'rc.sh'\n", encoding="ascii")
    done = call([*tool, "env", str(venv)], caller, tmp_path)
    assert done.status == 2
    assert "a project's file may not name 'rc'" in done.err


def test_a_configured_one_that_is_gone_keeps_nobody_out(
    tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    folder = Path(caller["HOME"], ".config/cleanenv")
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("rc = 'gone.bash'\n", encoding="ascii")
    with Session(find_shell("bash"), venv, tool, caller, tmp_path) as session:
        session.ready()
        assert f"rc: cannot read '{folder}/gone.bash' (no such file or directory)" in session.text()
        assert session.leave() == 0


# Colours, and the prompt that was asked for


@pytest.mark.parametrize("shell", ["bash", "zsh", "dash", "mksh", "ksh93", "ash", "yash", "tcsh", "csh", "elvish"])
@pytest.mark.parametrize(("variable", "value"), [("", ""), ("NO_COLOR", "1"), ("TERM", "dumb")])
def test_ls_has_colours_unless_they_are_not_wanted(
    shell: str, variable: str, value: str, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    if shell == "elvish" and variable == "TERM":
        pytest.skip("elvish does not start on a dumb terminal")
    (tmp_path / "a-directory").mkdir()
    environ = caller | {"TERM": "xterm", **({variable: value} if variable else {})}
    with Session(find_shell(shell), venv, tool, environ, tmp_path) as session:
        session.wait_prompt(session.marker)
        session.enter("ls -d a-directory")
        session.wait_for("\na-directory")
        session.wait_prompt(session.marker)
        screen = session._screen
        row = next(row for row, line in enumerate(screen.display) if line.startswith("a-directory"))
        is_coloured = screen.buffer[row][0].fg != "default"
        session.leave()
    assert is_coloured == (not variable)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("way", ["keep", "set", "configuration"])
def test_a_prompt_and_a_size_that_were_asked_for(
    shell: str, way: str, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    """They are not overwritten by what the shell would have without."""
    environ = dict(caller)
    options: tuple[str, ...] = ()
    if way == "keep":
        environ |= {"PS1": "asked> ", "HISTSIZE": "77", "HISTFILE": f"{tmp_path}/history"}
        options = ("--keep", "PS1", "--keep", "HIST*")
    elif way == "set":
        options = ("--set", "PS1=asked> ", "--set", "HISTSIZE=77", "--set", f"HISTFILE={tmp_path}/history")
    else:
        folder = Path(caller["HOME"], ".config/cleanenv")
        folder.mkdir(parents=True)
        text = f"[set]\nPS1 = 'asked> '\nHISTSIZE = '77'\nHISTFILE = '{tmp_path}/history'\n"
        (folder / "config.toml").write_text(text, encoding="ascii")
    with Session(find_shell(shell), venv, tool, environ, tmp_path, *options) as session:
        session.wait_prompt(f"{session.marker}asked>")
        session.enter("echo x$HISTSIZE=$HISTFILE=")
        session.wait_for(f"\nx77={tmp_path}/history=")
        session.enter("deactivate")
        session.wait_prompt_without(session.marker)
        assert session.last_line().startswith("asked>")
        session.leave()


@pytest.mark.parametrize("shell", ["dash", "mksh", "ksh93", "ash", "yash"])
def test_a_prompt_that_was_asked_for_in_the_others(
    shell: str, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    options = ("--set", "PS1=asked> ", "--set", f"HISTFILE={tmp_path}/history")
    with Session(find_shell(shell), venv, tool, caller, tmp_path, *options) as session:
        session.wait_prompt(f"{session.marker}asked>")
        session.enter("echo =$HISTFILE=")
        session.wait_for(f"\n={tmp_path}/history=")
        session.leave()


def test_the_option_is_of_shell_alone(tool: list[str], venv: Path, caller: dict[str, str]) -> None:
    done = call([*tool, "run", str(venv), "--rc", os.devnull, "--", "true"], caller)
    assert done.status == 2
