"""The commands that a replay does not run, each with its reason: one table for the tracers of all shells.

A tracer gets the rows of its shell in the variable VARIABLE, and tells the ``key`` of a row when it skips a command.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleanenv.trace.engine import source_file
from cleanenv.trace.model import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cleanenv.trace.model import Place

VARIABLE = "CLEANENV_TRACE_SKIPPED"
FED = "<"


@dataclass(frozen=True, slots=True)
class Row:
    """Commands that are skipped for one reason, which goes on after 'Skipped …: '.

    ``only`` and ``but`` are patterns (glob(7)) of one argument: a command is skipped if ``only`` is empty or an
    argument matches one of it, and if none matches one of ``but``. Redirections are no arguments, nor is what comes
    after ``--``. FED among ``but`` stands for an input other than /dev/null, which is that of the replay.

    ``shells`` are names of the registry, all if empty. What is ``own`` concerns the process of the shell alone, so
    that a subshell may run it. What ``is_common`` is in the startup files of very many people and changes no variable:
    only ``--json`` reports it.
    """

    key: str
    reason: str
    names: tuple[str, ...]
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    shells: tuple[str, ...] = ()
    own: bool = False
    is_common: bool = False


ASKS = ("--version", "--help", "-V")
# Of a shell: what makes it run a script, or one command, in place of asking for commands.
RUNS_A_SCRIPT = ("-c*", "-[!-]*c*", "--command*", "[!-]*", "--version", "--help", FED)
END_OF_TRACE = "it would end the trace"
HISTORY = "it would write the history file"
DATABASE = "it would write the database of a tool that counts your visits or commands"
WITHOUT_TRAP = ("mksh", "dash", "ash", "yash")

ROWS = (
    Row("replaced", "it would replace the shell", ("exec", "xexec"), only=("*",), own=True),
    Row(
        "terminal",
        "it would take over the terminal",
        (
            *("tmux", "screen", "zellij", "byobu", "byobu-launcher", "byobu-screen", "byobu-tmux"),
            *("abduco", "dtach", "dvtm", "script", "asciinema"),
            *("startx", "xinit", "sway", "Hyprland", "weston", "river", "niri-session", "startplasma-wayland"),
        ),
        but=ASKS,
    ),
    Row(
        "shell",
        "it would start another shell",
        (
            *("bash", "zsh", "fish", "ksh", "ksh93", "mksh", "sh", "dash", "ash", "yash"),
            *("tcsh", "csh", "xonsh", "nu", "elvish"),
        ),
        but=RUNS_A_SCRIPT,
    ),
    Row(
        "daemon",
        "it would leave a program running",
        ("ssh-agent", "gpg-agent", "keychain", "dbus-launch", "gnome-keyring-daemon", "pulseaudio"),
        but=ASKS,
    ),
    # gpg-connect-agent(1), gpgconf(1): both start an agent if there is none, and change the one that there is.
    Row("gpg-agent", "it would start or change a gpg-agent", ("gpg-connect-agent",), but=ASKS),
    Row("gpgconf", "it would start or change a gpg-agent", ("gpgconf",), only=("--launch", "--kill", "--reload")),
    Row("keys", "it would change the keys of an ssh-agent", ("ssh-add",), but=("-[lL]*",)),
    Row("activation", "it would change the environment of your session", ("dbus-update-activation-environment",)),
    Row(
        "systemctl",
        "it would change the environment of your session",
        ("systemctl",),
        only=("import-environment", "set-environment", "unset-environment"),
    ),
    Row(
        "trap",
        END_OF_TRACE,
        ("trap",),
        ("DEBUG",),
        but=("-[lp]*",),
        shells=("bash", "zsh", "ksh93"),
        own=True,
        is_common=True,
    ),
    Row("functrace", END_OF_TRACE, ("set",), ("+*T*", "functrace"), shells=("bash", "ksh93"), own=True, is_common=True),
    Row(
        "extdebug",
        END_OF_TRACE,
        ("shopt",),
        ("extdebug",),
        but=("-*[pqs]*",),
        shells=("bash",),
        own=True,
        is_common=True,
    ),
    # zshoptions(1), DEBUG_BEFORE_CMD: neither case nor underscores count in a name.
    Row("unsetopt", END_OF_TRACE, ("unsetopt",), ("[dD][eE][bB][uU][gG]*",), shells=("zsh",), own=True),
    Row("setopt", END_OF_TRACE, ("setopt",), ("[nN][oO]*[dD][eE][bB][uU][gG]*",), shells=("zsh",), own=True),
    # The other shells have no file of the user's in a replay.
    Row("history", HISTORY, ("history",), ("-*[aw]*",), shells=("bash",), is_common=True),
    Row("history-csh", HISTORY, ("history", "dirs"), ("-*S*",), shells=("tcsh",), is_common=True),
    Row("history-yash", HISTORY, ("history",), ("-*[wF]*",), shells=("yash",), is_common=True),
    # What the prompt hooks of autojump, zoxide, fasd, z, zsh-z, z.lua, mcfly, atuin, jump and pazi run.
    Row(
        "database",
        DATABASE,
        ("autojump", "zoxide", "fasd", "_z", "zshz", "_zlua", "mcfly", "atuin", "jump", "pazi"),
        only=("--add", "add", "-A", "--proc", "--increase", "start", "end", "chdir", "visit"),
        is_common=True,
    ),
    Row("fc", HISTORY, ("fc",), ("-*[AW]*",), shells=("zsh",), is_common=True),
)
# What no name tells: the tracers look for these themselves.
HISTFILESIZE = Row("cut", HISTORY, (), shells=("bash",), is_common=True)  # bash(1): setting it cuts the file at once
TRAPDEBUG = Row("function", END_OF_TRACE, (), shells=("zsh",))  # zshmisc(1), TRAPNAL: a function is a trap, too
# No function can open a descriptor for its caller, and functions are what these tracers have.
DESCRIPTORS = Row("descriptors", "it would change descriptors that the trace needs", (), shells=WITHOUT_TRAP)

# Programs that run the command which follows them.
STARTERS = ("nohup", "setsid", "env")

BY_KEY = {row.key: row for row in (*ROWS, HISTFILESIZE, TRAPDEBUG, DESCRIPTORS)}


def rows(shell: str) -> tuple[Row, ...]:
    """Return the rows of the shell that the registry calls ``shell``."""
    return tuple(row for row in ROWS if not row.shells or shell in row.shells)


def table(shell: str) -> str:
    """Return the rows of ``shell`` as its tracer reads them: a word a name, ``name:key:only:but:own``.

    Patterns are joined by ``|``; no part has a blank, a quote or ``:``. ``own`` is 'own' or nothing.
    """
    words: list[str] = []
    for row in rows(shell):
        rest = (row.key, "|".join(row.only), "|".join(row.but), "own" if row.own else "")
        words += [":".join((name, *rest)) for name in row.names]
    return " ".join(words)


def names(shell: str) -> Iterator[str]:
    """Yield the names of the commands that ``shell`` may have to skip, and of what may start one."""
    for row in rows(shell):
        yield from row.names
    yield from STARTERS


def named(key: str) -> tuple[str, ...]:
    """Return the names of the row called ``key``."""
    return BY_KEY[key].names


def skipped(key: str, text: str, chain: tuple[Place, ...]) -> Skipped:
    """Return what is reported of a command that was skipped by the row called ``key``.

    Its text is the line as it is written, as for changes; ``text``, as the shell shows the command, if none is known.
    """
    row = BY_KEY[key]
    is_in_file = bool(chain) and not chain[-1].note
    written = source_file.text_at(chain) if is_in_file else ""
    return Skipped(written or text, chain, row.reason, row.is_common)


def each_once(skipped: Iterable[Skipped]) -> tuple[Skipped, ...]:
    """Return what was skipped, in its order, what a loop or a prompt hook repeats only once."""
    return tuple(dict.fromkeys(skipped))
