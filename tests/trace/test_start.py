"""The replay starts as the user's shell was started, in real shells on a terminal."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from cleanenv.shell import registry
from cleanenv.trace import handed_over, start
from cleanenv.trace.start import Given
from tests.support.running_shell import FILES, LOGIN_FILES, PROMPTS, SHELLS, Running, setting
from tests.support.surroundings import skip_or_fail
from tests.support.trace_cases import Document, chain, home_of


def place_of(found: Document, home: Path, name: str = "PYTHONPATH") -> str:
    """Return the place of the last change of a variable, which the shell has as the replay gives it."""
    (variable,) = (one for one in found["variables"] if one["name"] == name)
    assert variable["now"] == variable["replayed"]
    assert variable["set_by"] == "startup"
    return chain(variable["changes"][-1]["chain"], home)


@pytest.mark.parametrize(
    ("shell", "words", "is_login"),
    [
        ("bash", ["-il"], True),
        ("bash", ["-li"], True),
        ("bash", ["--login", "-i"], True),
        ("bash", ["-i"], False),
        ("zsh", ["-il"], True),
        ("zsh", ["-o", "login", "-i"], True),
        ("zsh", ["-lic", "exec zsh -i"], False),
        ("zsh", ["-i"], False),
        ("fish", ["-il"], True),
        ("fish", ["--login"], True),
        ("fish", ["-i"], False),
    ],
)
def test_login_by_its_options(shell: str, words: Sequence[str], is_login: bool) -> None:
    files = {
        "bash": {".bash_profile": "export WHO=login\n. ~/prompt\n", ".bashrc": "export WHO=rc\n. ~/prompt\n"},
        "zsh": {".zprofile": "export WHO=login\n", ".zshrc": "export WHO=${WHO:-rc}\n. ~/prompt\n"},
        "fish": {
            FILES["fish"]: "if status is-login\n    set -gx WHO login\nelse\n    set -gx WHO rc\nend\nsource ~/prompt\n"
        },
    }[shell] | {"prompt": PROMPTS[shell]}
    if "exec" in words[-1]:
        files[".zshrc"] = "export WHO=rc\n. ~/prompt\n"
    with home_of("myself", files) as home, Running(shell, home, words) as running:
        found = running.trace("WHO")
        assert found["shell"]["login"] == is_login
        assert found["variables"][0]["now"] == ("login" if is_login else "rc")
        place_of(found, home, "WHO")


# The construction of JetBrains' integration: its file is read in place of the user's, reads that, and
# then sources what a variable names, which it takes away.
JETBRAINS = {
    "bash": """if [ -r ~/.bashrc ]; then . ~/.bashrc; fi
if [ -n "${JEDITERM_SOURCE-}" ]; then
  source "$JEDITERM_SOURCE"
fi
unset JEDITERM_SOURCE
""",
    "zsh": """ZDOTDIR=$_INTELLIJ_ORIGINAL_ZDOTDIR
[[ -n $ZDOTDIR ]] || unset ZDOTDIR
[[ -r ~/.zshrc ]] && builtin source ~/.zshrc
if [[ -n ${JEDITERM_SOURCE-} ]]; then
  builtin source "$JEDITERM_SOURCE"
fi
unset JEDITERM_SOURCE _INTELLIJ_ORIGINAL_ZDOTDIR
""",
    "fish": """if set -q JEDITERM_SOURCE
    source $JEDITERM_SOURCE
    set -e JEDITERM_SOURCE
end
""",
}
# That of VS Code's: once only, the user's files, then what a variable says is to stand in front of others.
VSCODE = {
    "bash": """if [ -n "${VSCODE_SHELL_INTEGRATION:-}" ]; then return; fi
VSCODE_SHELL_INTEGRATION=1
if [ "$VSCODE_INJECTION" == "1" ]; then
  if [ -z "$VSCODE_SHELL_LOGIN" ]; then . ~/.bashrc; else . ~/.bash_profile; fi
  builtin unset VSCODE_INJECTION VSCODE_SHELL_LOGIN
fi
if [ -n "${VSCODE_ENV_PREPEND:-}" ]; then
  IFS=':' read -ra ITEMS <<< "$VSCODE_ENV_PREPEND"
  for ITEM in "${ITEMS[@]}"; do
    VARNAME="$(echo $ITEM | cut -d "=" -f 1)"
    export $VARNAME="$(echo -e "$ITEM" | cut -d "=" -f 2-)${!VARNAME}"
  done
  builtin unset VSCODE_ENV_PREPEND
fi
""",
    "zsh": """if [[ -n $VSCODE_INJECTION ]]; then
  VSCODE_ZDOTDIR=$ZDOTDIR
  ZDOTDIR=$USER_ZDOTDIR
  [[ -f $USER_ZDOTDIR/.zshrc ]] && . $USER_ZDOTDIR/.zshrc
  builtin unset VSCODE_INJECTION
fi
if [[ -n ${VSCODE_ENV_PREPEND:-} ]]; then
  for ITEM in ${(s/:/)VSCODE_ENV_PREPEND}; do
    export ${ITEM%%=*}="$(echo -e ${ITEM#*=})${(P)${ITEM%%=*}}"
  done
  unset VSCODE_ENV_PREPEND
fi
""",
    "fish": """if set -q VSCODE_SHELL_INTEGRATION
    exit
end
set --global VSCODE_SHELL_INTEGRATION 1
if test -n "$VSCODE_ENV_PREPEND"
    set -gx PYTHONPATH (string unescape (string split -m1 = $VSCODE_ENV_PREPEND)[2])$PYTHONPATH
    set -e VSCODE_ENV_PREPEND
end
""",
}


def command_line(shell: str, script: Path) -> tuple[list[str], dict[str, str]]:
    """Return the words and variables by which a terminal of an editor has ``shell`` read its script."""
    if shell == "bash":
        return ["--rcfile", str(script), "-i"], {}
    if shell == "fish":
        return ["--init-command", f"source {script}", "-i"], {}
    return ["-i"], {"ZDOTDIR": str(script.parent)}


@pytest.mark.parametrize("shell", SHELLS)
def test_jetbrains(shell: str, tmp_path: Path) -> None:
    script = tmp_path / ".zshrc"
    script.write_text(JETBRAINS[shell])
    activate = tmp_path / "activate"
    activate.write_text(setting(shell, "VIRTUAL_ENV", "/my/env") + "\n")
    words, variables = command_line(shell, script)
    variables |= {"JEDITERM_SOURCE": str(activate), "TERMINAL_EMULATOR": "JetBrains-JediTerm"}
    files = {FILES[shell]: PROMPTS[shell] + setting(shell, "PYTHONPATH", "/rc") + "\n"}
    with home_of("myself", files) as home, Running(shell, home, words, variables) as running:
        found = running.trace("VIRTUAL_ENV", "PYTHONPATH")
        assert place_of(found, home, "VIRTUAL_ENV").startswith(f"{script}:")
        assert place_of(found, home, "VIRTUAL_ENV").endswith(f"{activate}:1")
        # Into the user's own file the replay goes by way of the script, but in fish, which has read it before.
        assert (str(script) in place_of(found, home)) == (shell != "fish")


@pytest.mark.parametrize("shell", SHELLS)
def test_vscode(shell: str, tmp_path: Path) -> None:
    script = tmp_path / ".zshrc"
    script.write_text(VSCODE[shell])
    words, variables = command_line(shell, script)
    variables |= {"VSCODE_INJECTION": "1", "VSCODE_ENV_PREPEND": "PYTHONPATH=/ext\\x3a"}
    files = {FILES[shell]: PROMPTS[shell] + setting(shell, "PYTHONPATH", "/rc") + "\n"}
    with home_of("myself", files) as home:
        variables["USER_ZDOTDIR"] = str(home)
        with Running(shell, home, words, variables) as running:
            found = running.trace("PYTHONPATH")
            assert found["variables"][0]["now"] == "/ext:/rc"
            assert place_of(found, home).startswith(f"{script}:")


def test_vscode_starts_zsh_as_a_login_shell_and_bash_by_a_variable(tmp_path: Path) -> None:
    script = tmp_path / ".zshrc"
    script.write_text(VSCODE["zsh"])
    with home_of("myself", {".zshrc": PROMPTS["zsh"], ".zshenv": ""}) as home:
        variables = {"ZDOTDIR": str(tmp_path), "USER_ZDOTDIR": str(home), "VSCODE_INJECTION": "1"}
        (tmp_path / ".zprofile").write_text("export PYTHONPATH=/profile\n")
        with Running("zsh", home, ["-il"], variables) as running:
            found = running.trace("PYTHONPATH")
            assert found["shell"]["login"]
            assert place_of(found, home) == f"{tmp_path}/.zprofile:1"
    script = tmp_path / "integration.bash"
    script.write_text(VSCODE["bash"])
    files = {".bash_profile": f"{PROMPTS['bash']}export PYTHONPATH=/profile\n"}
    with home_of("myself", files) as home:
        variables = {"VSCODE_INJECTION": "1", "VSCODE_SHELL_LOGIN": "1"}
        with Running("bash", home, ["--init-file", str(script)], variables) as running:
            assert place_of(running.trace("PYTHONPATH"), home) == f"{script}:4 › .bash_profile:2"


def test_nix_shell(tmp_path: Path) -> None:
    """Its file reads the user's, then what it is to build with, which a variable names, in place of PATH."""
    stdenv = tmp_path / "stdenv"
    stdenv.mkdir()
    (stdenv / "setup").write_text("export PYTHONPATH=/nix/store/lib:$buildInputs\nexport PATH=/nix/bin:$PATH\n")
    rc = tmp_path / "rc"
    rc.write_text(
        '[ -n "$PS1" ] && [ -e ~/.bashrc ] && source ~/.bashrc\n[ -e $stdenv/setup ] && source $stdenv/setup\n'
    )
    files = {".bashrc": f"{PROMPTS['bash']}export PYTHONPATH=/rc\n"}
    variables = {"IN_NIX_SHELL": "impure", "stdenv": str(stdenv), "buildInputs": "/nix/store/input"}
    with home_of("myself", files) as home, Running("bash", home, ["--rcfile", str(rc)], variables) as running:
        found = running.trace("PYTHONPATH")
        assert found["variables"][0]["replayed"] == "/nix/store/lib:/nix/store/input"
        assert place_of(found, home) == f"{rc}:2 › {stdenv}/setup:1"
        report = running.call("doctor", "--trace")
        assert f"set at {rc}:2 › {stdenv}/setup:1: export PYTHONPATH=/nix/store/lib" in report
        assert "set at ~/.bashrc" not in report


def test_kitty(tmp_path: Path) -> None:
    """Bash in posix mode reads the file that ENV names, and that the user's."""
    script = tmp_path / "kitty.bash"
    script.write_text('builtin unset ENV\nbuiltin set +o posix\n[[ -n "$KITTY_BASH_INJECT" ]] && . ~/.bashrc\n')
    files = {".bashrc": f"{PROMPTS['bash']}export PYTHONPATH=/rc\n"}
    variables = {"ENV": str(script), "KITTY_BASH_INJECT": "1"}
    with home_of("myself", files) as home, Running("bash", home, ["--posix"], variables) as running:
        assert place_of(running.trace("PYTHONPATH"), home) == f"{script}:3 › .bashrc:2"


@pytest.mark.parametrize(
    ("shell", "words"), [("bash", ["--norc", "-i"]), ("zsh", ["-f", "-i"]), ("fish", ["--no-config", "-i"])]
)
def test_a_shell_without_startup_files_has_none_replayed(shell: str, words: Sequence[str]) -> None:
    assert start.given(registry.by_name(shell), words, "/").reads_nothing(login=False)
    assert not start.given(registry.by_name(shell), words[1:], "/").reads_nothing(login=False)


@pytest.mark.parametrize(
    ("shell", "words", "given"),
    [
        ("bash", "--rcfile a --init-file /b", Given(rc="/b")),
        ("bash", "--rcfile a -l", Given(rc="/d/a")),
        ("bash", "-ic true --rcfile a", Given()),
        ("bash", "script --rcfile a", Given()),
        ("bash", "--noprofile --norc", Given(is_without_rc=True, is_without_profile=True)),
        ("bash", "--posix", Given(is_posix=True)),
        ("fish", "-C first -Csecond --init-command=third", Given(commands=("first", "second", "third"))),
        ("fish", "-c --no-config", Given()),
        ("zsh", "-if", Given(is_without_files=True)),
        ("zsh", "-o no_rcs", Given(is_without_files=True)),
        ("zsh", "-o norcsx", Given()),
        ("nushell", "--config a --env-config /b", Given(rc="/d/a", env_file="/b")),
        ("nushell", "-n", Given(is_without_files=True)),
        ("xonsh", "--rc a -i", Given(rc="/d/a")),
        ("xonsh", "--no-rc", Given(is_without_files=True)),
        ("yash", "--rcfile=a --profile=b", Given(rc="/d/a", profile="/d/b")),
        ("tcsh", "-f", Given(is_without_files=True)),
        ("elvish", "-rc a", Given(rc="/d/a")),
        ("elvish", "-norc", Given(is_without_files=True)),
        ("mksh", "-i", Given()),
    ],
)
def test_what_a_command_line_says_of_startup_files(shell: str, words: str, given: Given) -> None:
    assert start.given(registry.by_name(shell), words.split(), "/d") == given


MULTIPLEXED = {
    "bash": 'if [ -z "${NAME}" ]; then\n  tmux attach || tmux new\n  exit\nfi\n',
    "zsh": "if [[ -z $NAME ]]; then\n  tmux attach || tmux new\n  exit\nfi\n",
    "fish": "if not set -q NAME\n    tmux attach; or tmux new\n    exit\nend\n",
}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "name", ["TMUX", "STY", "ZELLIJ", "INSIDE_EMACS", "VSCODE_PID", "TERMINAL_EMULATOR", "NVIM", "SSH_TTY", "KITTY_PID"]
)
def test_where_the_shell_runs(shell: str, name: str) -> None:
    """It was started with the variable; what is set to look so afterwards changes nothing for most of them."""
    text = MULTIPLEXED[shell].replace("NAME", name) + PROMPTS[shell] + setting(shell, "PYTHONPATH", "/x") + "\n"
    with home_of("myself", {FILES[shell]: text}) as home, Running(shell, home, ["-i"], {name: "here"}) as running:
        found = running.trace("PYTHONPATH")
        assert found["replay"]["finished"]
        assert place_of(found, home).startswith(FILES[shell])


def test_in_tmux() -> None:
    """The real one, whose server's environment the shell starts with."""
    tmux = shutil.which("tmux")
    if tmux is None:
        skip_or_fail("tmux is not installed")
    text = MULTIPLEXED["bash"].replace("NAME", "TMUX") + PROMPTS["bash"] + "export PYTHONPATH=/x\n"
    files = {".bashrc": text, ".tmux.conf": "set -g status off\nset -g default-command bash\n"}
    with home_of("myself", files) as home:
        socket = home / "socket"
        argv = [str(tmux), "-S", str(socket), "-f", str(home / ".tmux.conf"), "new"]
        with Running("bash", home, argv=argv) as running:
            found = running.trace("PYTHONPATH", "TMUX")
            assert found["replay"]["finished"]
            assert place_of(found, home) == ".bashrc:6"
            (inside,) = (one for one in found["variables"] if one["name"] == "TMUX")
            assert inside["now"] == inside["replayed"] == inside["started"]
            running.enter("exit")
            running.wait_end()


@pytest.mark.parametrize("shell", SHELLS)
def test_the_agent_of_the_session_is_handed_over(shell: str) -> None:
    """Also if it was set after the startup; so a startup that starts one where there is none does not."""
    lines = {
        "bash": 'if [ -z "$SSH_AUTH_SOCK" ]; then touch ~/started; fi\n',
        "zsh": "if [[ -z $SSH_AUTH_SOCK ]]; then touch ~/started; fi\n",
        "fish": "if not set -q SSH_AUTH_SOCK\n    touch ~/started\nend\n",
    }[shell]
    with home_of("myself", {FILES[shell]: PROMPTS[shell] + lines}) as home, Running(shell, home, ["-i"]) as running:
        started = home / "started"
        started.unlink()
        for name in ("SSH_AUTH_SOCK", "PYTHONPATH", "*"):
            running.type(setting(shell, "SSH_AUTH_SOCK", f"/run/agent-{len(name)}"))
            running.trace(name)
            assert not started.exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_what_a_login_set_is_found_in_its_files(shell: str) -> None:
    """From a shell that is none, in one that logged in: the ordinary terminal of a desktop."""
    program_line = {"bash": "bash -i", "zsh": "zsh -i", "fish": "fish -i"}[shell]
    if_login = "if status is-login\n    {}\nend\n" if shell == "fish" else "{}\n"
    login = if_login.format(setting(shell, "PYTHONPATH", "/from-login"))
    files = {"bash": {".bashrc": PROMPTS["bash"], ".bash_profile": login + PROMPTS["bash"]}}.get(shell)
    if files is None:
        files = {FILES[shell]: PROMPTS[shell]}
        files[LOGIN_FILES[shell]] = login + files.get(LOGIN_FILES[shell], "")
    with home_of("myself", files) as home, Running(shell, home, ["-il"]) as running:
        line = 2 if shell == "fish" else 1
        place = f"{LOGIN_FILES[shell]}:{line}"
        assert place_of(running.trace("PYTHONPATH"), home) == place
        running.enter(program_line)
        running.type("true")
        found = running.trace("PYTHONPATH")
        assert not found["shell"]["login"]
        assert found["before"] is not None
        (variable,) = found["variables"]
        assert variable["set_by"] == "login"
        assert variable["changes"] == []
        assert [chain(change["chain"], home) for change in variable["at_login"]] == [place]
        assert "at login, before this shell was started\n" in running.call("trace", "PYTHONPATH")
        report = running.call("doctor", "--trace")
        assert f"    set at ~/{place} (at login): " in report
        assert "no startup file sets PYTHONPATH" not in report
        assert "(at login)" not in running.call("doctor", "--trace", "--login")
        assert f"    set at ~/{place}: " in running.call("doctor", "--trace", "--login")
        assert "no startup file sets PYTHONPATH: " in running.call("doctor", "--trace", "--no-login")
        # What is typed is no login's, even if the login set another value.
        running.type(setting(shell, "PYTHONPATH", "/typed"))
        (variable,) = running.trace("PYTHONPATH")["variables"]
        assert variable["set_by"] == "later"


def test_every_row_has_a_reason() -> None:
    names = [name for name, _, _ in handed_over.ROWS]
    assert len(set(names)) == len(names)
    assert all(reason for _, _, reason in handed_over.ROWS)
    assert {which for _, which, _ in handed_over.ROWS} == {handed_over.START, handed_over.NOW, handed_over.START_OR_NOW}


def test_which_value_is_handed_over() -> None:
    started = {"TMUX": "s", "VSCODE_X": "s", "SSH_AUTH_SOCK": "s", "PYTHONPATH": "s"}
    now = {"TMUX": "n", "STY": "n", "SSH_AUTH_SOCK": "n", "ZDOTDIR": "n", "PYTHONPATH": "n", "TMUXX": "n"}
    assert handed_over.variables(started, now, lambda _: False) == {
        "TMUX": "s",
        "STY": "n",
        "VSCODE_X": "s",
        "SSH_AUTH_SOCK": "n",
    }
    expected = {"TMUX": "n", "STY": "n", "SSH_AUTH_SOCK": "n"}
    assert handed_over.variables(None, now, lambda _: False) == expected | {"ZDOTDIR": "n"}
    assert handed_over.variables(None, now, lambda _: True) == expected
