"""Every shell against every row of the table of commands that no replay runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from cleanenv.shell import registry
from cleanenv.trace.engine import skipped_commands
from cleanenv.trace.engine.skipped_commands import Row
from tests.support.command import listing, write_program
from tests.support.installed_shells import find_shell
from tests.support.trace_cases import Document, document, home_of, trace

FAKE = '#!/bin/sh\necho "$0" "$@" >>~/ran\n'
# What makes a command of the row one that is skipped; two ways, so that the lines differ where a shell tells none.
ARGUMENTS: Mapping[str, tuple[str, str]] = {
    "replaced": ("witness a", "witness b"),
    "terminal": ("new a", "new b"),
    "shell": ("-i", "-l"),
    "daemon": ("-s", "-c"),
    "gpg-agent": ("updatestartuptty /bye", "/bye"),
    "gpgconf": ("--launch gpg-agent", "--kill gpg-agent"),
    "keys": ("-q", "-D"),
    "activation": ("--all", "--systemd --all"),
    "systemctl": ("--user import-environment PATH", "--user set-environment A=b"),
    "trap": ("- DEBUG", ""),
    "functrace": ("+o functrace", ""),
    "extdebug": ("-u extdebug", ""),
    "unsetopt": ("DEBUG_BEFORE_CMD", ""),
    "setopt": ("no_debug_before_cmd", ""),
    "history": ("-a", "-w"),
    "history-csh": ("-S", "-S ~/x"),
    "history-yash": ("-w ~/x", "-w ~/y"),
    "database": ("--add a", "add b"),
    "fc": ("-W", "-A"),
}


class Language(NamedTuple):
    """How a shell is written: the file that it reads, and lines of it."""

    file: str
    path: str  # puts ~/bin in front of PATH
    export: str  # gives X the value {value}
    substitution: str  # runs {command} and takes what it prints
    options: tuple[str, ...] = ()


BOURNE = ("export PATH=$HOME/bin:$PATH", "export X={value}", 'eval "$( {command} )"')
CSH = ("setenv PATH ~/bin:$PATH", "setenv X {value}", "eval ` {command} `")
LANGUAGES = {
    "bash": Language(".bashrc", *BOURNE),
    "zsh": Language(".zshrc", *BOURNE),
    "fish": Language(".config/fish/config.fish", "set -gx PATH ~/bin $PATH", "set -gx X {value}", "eval ( {command} )"),
    "tcsh": Language(".tcshrc", *CSH),
    "csh": Language(".cshrc", *CSH),
    "ksh93": Language(".kshrc", *BOURNE),
    "mksh": Language(".mkshrc", *BOURNE),
    "dash": Language(".profile", *BOURNE, ("--login",)),
    "ash": Language(".profile", *BOURNE, ("--login",)),
    "yash": Language(".yashrc", *BOURNE),
    "xonsh": Language(".xonshrc", "$PATH.insert(0, $HOME + '/bin')", "$X = '{value}'", "$({command})"),
    "nushell": Language(
        ".config/nushell/config.nu",
        "$env.PATH = ($env.PATH | prepend ($env.HOME | path join bin))",
        '$env.X = "{value}"',
        "let y = ({command} | complete)",
    ),
    "elvish": Language(
        ".config/elvish/rc.elv", "set paths = [~/bin $@paths]", "set-env X {value}", "var y = ({command})"
    ),
}
# Shells whose files are read and not run: they start nothing, and have nothing to skip.
READ_ONLY = ("csh", "elvish")
CASES = [
    pytest.param(shell.name, row, id=f"{shell.name}-{row.key}")
    for shell in registry.ROWS
    for row in skipped_commands.rows(shell.name)
]


def commands(row: Row) -> Iterator[tuple[str, bool]]:
    """Yield the commands of a row, and whether each stands in a substitution: one that is the shell's own may run."""
    for name in row.names:
        plain, substituted = ARGUMENTS[row.key]
        yield f"{name} {plain}", False
        if not row.own:
            yield f"{name} {substituted}", True


def startup(language: Language, row: Row) -> tuple[str, list[int]]:
    """Return a startup file that runs each command of the row, an export after each, and the lines of the commands."""
    lines = [language.path]
    numbers: list[int] = []
    for command, is_substituted in commands(row):
        lines.append(language.substitution.format(command=command) if is_substituted else command)
        numbers.append(len(lines))
        lines.append(language.export.format(value=len(numbers)))
    return "".join(f"{line}\n" for line in lines), numbers


def traced(shell: str, home: Path) -> Document:
    """Return the trace of X."""
    words = ("X", "--shell", find_shell(shell).program, "--json", *LANGUAGES[shell].options)
    found = document(trace("myself", home, *words))
    assert found["shell"]["name"] == shell
    return found


def test_every_row_and_every_shell_is_here() -> None:
    assert set(LANGUAGES) == set(registry.NAMES)
    assert set(ARGUMENTS) == {row.key for row in skipped_commands.ROWS}


@pytest.mark.parametrize(("shell", "row"), CASES)
def test_what_must_not_be_run_is_skipped(shell: str, row: Row) -> None:
    """Neither by itself nor in a substitution; it is said, in the same words everywhere, and the startup goes on."""
    language = LANGUAGES[shell]
    text, lines = startup(language, row)
    with home_of("myself", {language.file: text, ".bash_history": "ls\n" * 9}) as home:
        for name in (*row.names, "witness"):
            write_program(home / "bin" / name, FAKE)
        before = listing(home)
        found = traced(shell, home)
        assert listing(home) == before, (home / "ran").read_text() if (home / "ran").exists() else ""
        skipped = found["skipped"]
    if shell in READ_ONLY:
        assert (skipped, found["replay"]["replayed"]) == ([], False)
        return
    assert found["replay"]["finished"]
    values = [str(at) for at in range(1, len(lines) + 1)]
    assert [change["new"] for change in found["variables"][0]["changes"]] == values
    assert {one["reason"] for one in skipped} == {row.reason}
    assert sorted(one["chain"][-1]["line"] or 0 for one in skipped) == lines


# Where a program is named by its path: script(1) of util-linux is in every Debian, and would write a file.
BY_PATH = "/usr/bin/script -qc true"
RUN_BY_PATH = {"mksh": "neither a function nor an alias can have a slash in its name"}


@pytest.mark.parametrize("shell", [name for name in registry.NAMES if name not in READ_ONLY])
def test_a_path_is_no_way_round(shell: str) -> None:
    language = LANGUAGES[shell]
    lines = (BY_PATH, language.export.format(value=1), language.substitution.format(command=BY_PATH))
    text = "".join(f"{line}\n" for line in (*lines, language.export.format(value=2)))
    with home_of("myself", {language.file: text}) as home:
        found = traced(shell, home)
        assert [change["new"] for change in found["variables"][0]["changes"]] == ["1", "2"]
        is_run = shell in RUN_BY_PATH
        assert (home / "typescript").exists() == is_run
        places = sorted(one["chain"][-1]["line"] or 0 for one in found["skipped"])
        assert places == ([] if is_run else [1, 3]), RUN_BY_PATH.get(shell)


# What else a command is put behind, in shells where it would pass over an alias or a function.
BEHIND = {
    "bash": ("command", "nohup", "A=b", "\\", "true |", "true &&", "time"),
    "zsh": ("command", "nohup", "A=b", "\\", "noglob", "true |", "true &&", "time"),
    "ksh93": ("command", "nohup", "A=b", "\\", "true |", "true &&", "time"),
    "fish": ("command", "nohup", "true |", "true; and", "A=b"),
    "tcsh": ("if (1)", "\\", "nohup", "true |", "true &&"),
    **dict.fromkeys(("mksh", "dash", "ash", "yash"), ("command", "nohup", "A=b", "true |", "true &&")),
    "nushell": ("^", "^nohup", '"" |'),
    "xonsh": ("nohup", "true |", "true and"),
}


@pytest.mark.parametrize(("shell", "before"), [(shell, before) for shell in BEHIND for before in BEHIND[shell]])
def test_what_stands_before_a_command_is_no_way_round(shell: str, before: str) -> None:
    language = LANGUAGES[shell]
    command = f"{before}{'' if before in ('^', chr(92)) else ' '}ssh-agent -s"
    text = f"{language.path}\n{command}\n{language.export.format(value=1)}\n"
    with home_of("myself", {language.file: text}) as home:
        write_program(home / "bin/ssh-agent", FAKE)
        found = traced(shell, home)
        assert not (home / "ran").exists()
        assert [one["chain"][-1]["line"] for one in found["skipped"]] == [2]
        assert [change["new"] for change in found["variables"][0]["changes"]] == ["1"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "ksh93"])  # of the others a redirection comes before what is skipped
def test_the_file_of_an_agent_stays_whole(shell: str) -> None:
    """GitHub's documented way to start one: the trace must not take its file away."""
    text = "start() {\n    (umask 077; ssh-agent >| ~/agent.env)\n    . ~/agent.env >| /dev/null\n}\nstart\n"
    with home_of("myself", {LANGUAGES[shell].file: text, "agent.env": "export X=1\n"}) as home:
        before = listing(home)
        found = traced(shell, home)
        assert listing(home) == before
        assert [one["reason"] for one in found["skipped"]] == ["it would leave a program running"]
        assert found["variables"][0]["replayed"] == "1"


QUESTIONS = {
    **dict.fromkeys(("mksh", "dash", "ash", "yash"), "command -v zellij >/dev/null || export X=1"),
    "fish": "type -q zellij; or set -gx X 1",
    "nushell": 'if (which zellij | is-empty) { $env.X = "1" }',
}


@pytest.mark.parametrize("shell", QUESTIONS)
def test_what_stands_in_for_a_program_does_not_say_that_it_is_there(shell: str) -> None:
    language = LANGUAGES[shell]
    for is_there in (False, True):
        text = f"{language.path}\n{QUESTIONS[shell]}\n"
        with home_of("myself", {language.file: text}) as home:
            if is_there:
                write_program(home / "bin/zellij", FAKE)
            assert traced(shell, home)["variables"][0]["replayed"] == (None if is_there else "1")


ASKED = ("tmux -V", "ssh-add -l", "gpgconf --list-dirs", "sh ~/script", "sh -c true", "systemctl --user status")


@pytest.mark.parametrize("shell", [name for name in registry.NAMES if name not in READ_ONLY])
def test_what_only_asks_or_runs_a_script_is_run(shell: str) -> None:
    language = LANGUAGES[shell]
    text = "".join(f"{line}\n" for line in (language.path, *ASKED, language.export.format(value=1)))
    with home_of("myself", {language.file: text, "script": ""}) as home:
        for command in ASKED:
            write_program(home / "bin" / command.split()[0], FAKE)
        found = traced(shell, home)
        assert found["skipped"] == []
        ran = [Path(line).name for line in (home / "ran").read_text().splitlines()]
        assert len(ran) == len(ASKED)


@pytest.mark.parametrize(
    "redirections", ["{fd}<~/vars", "{a}<~/vars {fd}< ~/vars", "{a}>/dev/null 8>&- {fd}<~/vars", "{fd}< <(cat ~/vars)"]
)
def test_exec_with_only_redirections_is_no_program(redirections: str) -> None:
    """zshmisc(1), REDIRECTION: it changes the shell's own descriptors, as zinit and compdump have it."""
    text = f'exec {redirections}\nwhile read -r -u $fd line; do export "$line"; done\nexec {{fd}}<&-\n'
    with home_of("myself", {".zshrc": text, "vars": "X=1\n"}) as home:
        found = traced("zsh", home)
        assert (found["skipped"], found["variables"][0]["replayed"]) == ([], "1")


PIPES = (
    "ssh-agent | sed p > ~/agent.env",
    "ssh-agent -s 2>&1 | sed '/|/d' | tee ~/agent.env",
    "eval \"$(ssh-agent | sed '/^echo /d' | tee ~/agent.env)\"",
    "(umask 077; ssh-agent >| ~/agent.env; ssh-agent | cat >| ~/agent.env)",
    "true | ssh-agent | cat > ~/agent.env",
    '"$(command -v ssh-agent)" | tee ~/agent.env >/dev/null || export X=2',
)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("command", PIPES)
def test_the_pipeline_of_an_agent_is_skipped(shell: str, command: str) -> None:
    """So that its file stays whole there, too; what comes after it runs."""
    text = f"export PATH=$HOME/bin:$PATH\n{command}\necho 1 | read Y; echo 3 | cat > ~/three\nexport X=1\n"
    with home_of("myself", {LANGUAGES[shell].file: text, "agent.env": "export Y=1\n"}) as home:
        write_program(home / "bin/ssh-agent", FAKE)
        found = traced(shell, home)
        assert (home / "agent.env").read_text() == "export Y=1\n"
        assert not (home / "ran").exists()
        assert (home / "three").read_text() == "3\n"
        assert {one["text"] for one in found["skipped"]} == {command}
        assert [change["new"] for change in found["variables"][0]["changes"]] == ["1"]


@pytest.mark.parametrize(
    "line",
    [
        "ssh-agent -c > ~/agent.env",
        "ssh-agent -c | sed 's/^echo/#echo/' > ~/agent.env",
        "eval (ssh-agent -c | tee ~/agent.env)",
        '"$HOME/bin/ssh-agent" -c >$HOME/agent.env',
    ],
)
def test_the_file_of_an_agent_stays_whole_in_fish(line: str) -> None:
    language = LANGUAGES["fish"]
    text = f"{language.path}\n{line}\necho 3 > ~/three\n"
    with home_of("myself", {language.file: text, "agent.env": "set -gx X 1\n", "three": "4\n"}) as home:
        write_program(home / "bin/ssh-agent", FAKE)
        found = traced("fish", home)
        assert (home / "agent.env").read_text() == "set -gx X 1\n"
        assert (home / "three").read_text() == "3\n"
        assert not (home / "ran").exists()
        assert [one["reason"] for one in found["skipped"]] == ["it would leave a program running"]


NAMED = ('"ssh-agent"', "'ssh-agent'", "$agent", '"${agent}"', '"$HOME/bin/ssh-agent"', "$(command -v ssh-agent)")


# In ksh93 an alias stands in for an agent, and `command -v` finds that.
@pytest.mark.parametrize(
    ("shell", "name"),
    [(shell, name) for shell in ("bash", "zsh", "ksh93") for name in NAMED if (shell, name) != ("ksh93", NAMED[-1])],
)
def test_a_name_that_is_quoted_or_expanded_is_no_way_round(shell: str, name: str) -> None:
    language = LANGUAGES[shell]
    text = f"{language.path}\nagent=ssh-agent\n{name} -s\nexport X=$( {name} )\n"
    with home_of("myself", {language.file: text}) as home:
        write_program(home / "bin/ssh-agent", FAKE)
        found = traced(shell, home)
        assert not (home / "ran").exists()
        assert [one["chain"][-1]["line"] for one in found["skipped"]] == [3, 4]
        assert [change["new"] for change in found["variables"][0]["changes"]] == [""]


LISTS = {
    "export X=1 && ssh-agent": "1",
    "ssh-agent && export X=1": "1",
    "false || ssh-agent && X=1 && export X": "1",
    "f() { local y=1 && ssh-agent && export X=$y || return; export X=2; }; f": "2",
    "g() { true && tmux new || return; export X=3; }; g": "3",
    "export X='a && ssh-agent b' && ssh-agent": "a && ssh-agent b",
}


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("line", LISTS)
def test_the_rest_of_a_list_is_run(shell: str, line: str) -> None:
    text = f"export PATH=$HOME/bin:$PATH\n{line}\n"
    with home_of("myself", {LANGUAGES[shell].file: text}) as home:
        for name in ("ssh-agent", "tmux"):
            write_program(home / "bin" / name, FAKE)
        found = traced(shell, home)
        assert not (home / "ran").exists()
        assert found["variables"][0]["replayed"] == LISTS[line]
        assert {one["text"] for one in found["skipped"]} == {line}


def test_zsh_runs_no_trap_on_exit_after_what_it_skipped() -> None:
    """In zsh 5.9 what is skipped makes it take the next list for the last of the shell."""
    text = "trap 'export X=trapped' EXIT\nssh-agent -s\ntrue\nssh-agent -s\ntrap 'export X=again' 0\nexport Y=1\n"
    local = "f() { trap 'export X=local' EXIT; ssh-agent -s; export Y=2; }\n"
    with home_of("myself", {".zshrc": f"{text}{local}"}) as home:
        assert traced("zsh", home)["variables"][0]["changes"] == []
    with home_of("myself", {".zshrc": f"{text}{local}f\n"}) as home:  # its own, which runs when it returns
        assert traced("zsh", home)["variables"][0]["replayed"] == "local"


def test_what_a_prompt_hook_writes_is_skipped_without_a_word() -> None:
    """autojump's, zoxide's and z's count a visit of the current directory; only --json reports that."""
    hooks = (
        '(autojump --add "$PWD" >~/out 2>&1 &)',
        '\\command zoxide add -- "$PWD"',
        '_z --add "$PWD" 2>/dev/null',
    )
    function = '_z() { echo "$2" >>~/.z; }\nhook() {\n' + "".join(f"{line}\n" for line in hooks) + "}\n"
    for shell, install in (("bash", "PROMPT_COMMAND='hook; history -a'"), ("zsh", "precmd_functions+=(hook)")):
        language = LANGUAGES[shell]
        files = {language.file: f"{language.path}\n{function}{install}\n", ".z": "", "out": ""}
        with home_of("myself", files) as home:
            for name in ("autojump", "zoxide"):
                write_program(home / "bin" / name, FAKE)
            before = listing(home)
            found = traced(shell, home)
            assert listing(home) == before
            texts = [one["text"] for one in found["skipped"]]
            assert texts[:3] == list(hooks)
            assert "Skipped" not in trace("myself", home, "X", "--shell", shell).out


def test_what_is_skipped_again_and_again_is_said_once() -> None:
    for shell in ("bash", "zsh", "ksh93"):
        language = LANGUAGES[shell]
        text = "for i in 1 2 3; do\n    ssh-agent -s\ndone\nssh-agent -s\n"
        with home_of("myself", {language.file: text}) as home:
            assert [one["chain"][-1]["line"] for one in traced(shell, home)["skipped"]] == [2, 4]


@pytest.mark.parametrize("shell", [name for name in registry.NAMES if name not in READ_ONLY])
def test_a_shell_that_is_given_a_script_runs_it(shell: str) -> None:
    language = LANGUAGES[shell]
    line = "'touch ~/made' | sh" if shell == "nushell" else "echo 'touch ~/made' | sh"
    text = f"{line}\n{language.export.format(value=1)}\n"
    with home_of("myself", {language.file: text}) as home:
        found = traced(shell, home)
        assert (found["skipped"], found["variables"][0]["replayed"]) == ([], "1")
        assert (home / "made").exists()
