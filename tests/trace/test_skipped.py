"""Every shell against every row of the table of commands that no replay runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from cleanenv.shell import registry
from cleanenv.trace.engine import skipped_commands
from cleanenv.trace.engine.skipped_commands import Row
from tests.conftest import find_shell
from tests.support.command import listing
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
    "fc": ("-W", "-A"),
}


class Language(NamedTuple):
    """How a shell is written: the file that it reads, and lines of it."""

    file: str
    path: str  # puts ~/bin in front of PATH
    export: str  # gives X the value {value}
    substitution: str  # runs {command} and takes what it prints
    options: tuple[str, ...] = ()


BOURNE = ("export PATH=~/bin:$PATH", "export X={value}", 'eval "$( {command} )"')
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
        (home / "bin").mkdir()
        for name in (*row.names, "witness"):
            (home / "bin" / name).write_text(FAKE, encoding="ascii")
            (home / "bin" / name).chmod(0o755)
        before = listing(home)
        found = traced(shell, home)
        assert listing(home) == before, (home / "ran").read_text() if (home / "ran").exists() else ""
        skipped = found["skipped"]
    if shell in READ_ONLY:
        assert (skipped, found["replay"]["replayed"]) == ([], False)
        return
    assert found["replay"]["finished"]
    assert [change["new"] for change in found["variables"][0]["changes"]] == [
        str(at) for at in range(1, len(lines) + 1)
    ]
    assert {one["reason"] for one in skipped} == {row.reason}
    assert sorted(one["chain"][-1]["line"] or 0 for one in skipped) == lines
