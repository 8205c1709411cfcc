"""The registry: one row a shell. Adding a shell is a row here and a folder in shells/, nothing else."""

# On the way of `shell`: no dataclasses (12 ms).
from __future__ import annotations

import os

from cleanenv.errors import ShellUnusableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Shell:
    """How one shell is started clean.

    Immutable by convention; the fields, in the order of their use:

    ``name``: what ``--shell`` takes.
    ``programs``: what its program is called on PATH, first choice first.
    ``applet``: the words behind the program where it is one of many (``busybox ash``).
    ``init``: its init file below shells/, which a clean shell runs first.
    ``interactive``, ``interactive_environ``: arguments and variables that start it with init, on a terminal.
    ``script``, ``script_environ``: the same for a shell that reads standard input as a script.
    ``script_init``: whether it runs init there too; the others have no startup file for scripts.
    ``restores``: whether a startup file of the system's always runs before init, which then
    puts the environment right again from CLEANENV_NAMES and CLEANENV_KEEP_*.
    ``early``: those startup files; ``early_words``: what in them can keep init from being read, empty for
    anything; ``early_advice``: the usual cause; ``probe``: a line that prints guard.ANSWER where init was read.
    ``longest``: the bytes that a value may have, None where the shell sets no limit.
    ``history``: the name of its own history file, None where it keeps none.
    ``valued``: its options that take the next word as their value (for reading process tables).
    ``suffixes``: endings of the files that ``--source`` runs in it.
    ``source``: the file below shells/ that ``--source`` runs, with ``source_arguments`` and ``source_environ``.

    In arguments and variables ``{init}``, ``{folder}`` (that of init), ``{shells}`` and ``{state}``
    (cleanenv's own state folder) stand for paths.
    """

    __slots__ = (
        "applet",
        "early",
        "early_advice",
        "early_words",
        "history",
        "init",
        "interactive",
        "interactive_environ",
        "longest",
        "name",
        "probe",
        "programs",
        "restores",
        "script",
        "script_environ",
        "script_init",
        "source",
        "source_arguments",
        "source_environ",
        "suffixes",
        "valued",
    )

    def __init__(
        self,
        name: str,
        *,
        init: str,
        interactive: Sequence[str],
        script: Sequence[str],
        interactive_environ: Mapping[str, str] | None = None,
        script_environ: Mapping[str, str] | None = None,
        programs: Sequence[str] = (),
        applet: Sequence[str] = (),
        script_init: bool = False,
        restores: bool = False,
        early: Sequence[str] = (),
        early_words: Sequence[str] = (),
        early_advice: str = "",
        probe: str = "",
        longest: int | None = None,
        history: str | None = None,
        valued: Sequence[str] = (),
        suffixes: Sequence[str] = (),
        source: str | None = None,
        source_arguments: Sequence[str] = ("{source}",),
        source_environ: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.programs = tuple(programs) or (name,)
        self.applet = tuple(applet)
        self.init = init
        self.interactive = tuple(interactive)
        self.interactive_environ = dict(interactive_environ or {})
        self.script = tuple(script)
        self.script_environ = dict(script_environ or {})
        self.script_init = script_init
        self.restores = restores
        self.early = tuple(early)
        self.early_words = tuple(early_words)
        self.early_advice = early_advice
        self.probe = probe
        self.longest = longest
        self.history = history
        self.valued = tuple(valued)
        self.suffixes = tuple(suffixes)
        self.source = source
        self.source_arguments = tuple(source_arguments)
        self.source_environ = dict(source_environ or {})

    def applet_of(self, program: str) -> tuple[str, ...]:
        """Return the words that make ``program`` this shell, none where it is called as the shell itself."""
        return () if os.path.basename(program) in self.applet else self.applet

    def __repr__(self) -> str:
        return f"Shell({self.name!r})"


# Shells expand the value of ENV and BASH_ENV, so it names a variable and never a path.
ENV_INIT = {"ENV": "$CLEANENV_INIT"}
POSIX_SOURCE = "posix/source.sh"
# fish makes its folders at every start, even with --no-config.
FISH_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
NU_FOLDERS = {"XDG_CONFIG_HOME": "{state}", "XDG_DATA_HOME": "{shells}"}
NU_INIT = 'source ($nu.data-dir | path join "init.nu")'
XONSH_VARIABLES = {
    **dict.fromkeys(("XONSH_DATA_DIR", "XONSH_CACHE_DIR", "XONSH_CONFIG_DIR"), "{state}/xonsh"),
    "XONTRIBS_AUTOLOAD_DISABLED": "1",
}
CSH_EARLY = ("/etc/csh.cshrc", "/etc/.cshrc")
CSH_ADVICE = "is there an error in it?"
CSH_PROBE = "if ($?__cleanenv_python) echo cleanenv-is-in-charge"

ROWS = (
    Shell(
        "bash",
        init="bash/init.bash",
        # --rcfile would still read /etc/bash.bashrc (nixpkgs #16907), posix mode reads $ENV alone.
        interactive=("--noprofile", "--posix", "-i"),
        interactive_environ=ENV_INIT,
        script=("--noprofile", "--norc"),
        script_environ={"BASH_ENV": "$CLEANENV_INIT"},
        script_init=True,
        history="bash_history",
        valued=("--rcfile", "--init-file", "-o", "-O", "+O", "+o"),
        suffixes=(".bash",),
        source=POSIX_SOURCE,
        source_arguments=("--noprofile", "--norc", "{source}"),
    ),
    Shell(
        "zsh",
        init="zsh/.zshenv",
        interactive=("-d", "-i"),
        interactive_environ={"ZDOTDIR": "{folder}"},
        script=("-d",),
        script_environ={"ZDOTDIR": "{folder}"},
        script_init=True,
        restores=True,
        early=("/etc/zsh/zshenv", "/etc/zshenv"),
        early_words=("ZDOTDIR", "rcs", "RCS", "source", ". ", "emulate", "exec", "exit", "return"),
        early_advice="does it set ZDOTDIR, or norcs?",
        probe="(( $+functions[deactivate] )) && print cleanenv-is-in-charge",
        history="zsh_history",
        valued=("-o", "+o", "--emulate"),
        suffixes=(".zsh",),
        source="zsh/source.zsh",
        source_arguments=("-f", "{source}"),
    ),
    Shell(
        "fish",
        init="fish/init.fish",
        interactive=("--no-config", "--interactive", "--init-command", "source $CLEANENV_INIT"),
        interactive_environ=dict.fromkeys(FISH_FOLDERS, "{state}"),
        script=("--no-config", "--init-command", "source $CLEANENV_INIT"),
        script_environ=dict.fromkeys(FISH_FOLDERS, "{state}"),
        script_init=True,
        history="fish/cleanenv_history",
        valued=("-C", "--init-command", "-d", "--debug", "-o", "--debug-output", "-f", "--features", "--profile"),
        suffixes=(".fish",),
        source="fish/source.fish",
        source_arguments=("--no-config", "{source}"),
        source_environ=dict.fromkeys(FISH_FOLDERS, "/dev/null"),
    ),
    Shell(
        "tcsh",
        init="csh/.cshrc",
        interactive=("-i",),
        interactive_environ={"HOME": "{folder}", "CLEANENV_TERMINAL": "1"},  # csh cannot tell by itself
        script=(),
        script_environ={"HOME": "{folder}"},
        script_init=True,
        restores=True,
        early=CSH_EARLY,
        early_advice=CSH_ADVICE,
        probe=CSH_PROBE,
        history="tcsh_history",
        suffixes=(".tcsh",),
        source="csh/source.csh",
        source_arguments=("-f", "{source}"),
    ),
    Shell(
        "csh",
        programs=("bsd-csh", "csh"),
        init="csh/.cshrc",
        interactive=("-i",),
        interactive_environ={"HOME": "{folder}", "CLEANENV_TERMINAL": "1"},  # csh cannot tell by itself
        script=(),
        script_environ={"HOME": "{folder}"},
        script_init=True,
        restores=True,
        early=CSH_EARLY,
        early_advice=CSH_ADVICE,
        probe=CSH_PROBE,
        longest=8000,  # it reads words of up to 8187
        suffixes=(".csh",),
        source="csh/source.csh",
        source_arguments=("-f", "{source}"),
    ),
    Shell(
        "ksh93",
        programs=("ksh93", "ksh"),
        init="posix/init.sh",
        # The /./ makes it skip /etc/ksh.kshrc.
        interactive=("-i",),
        interactive_environ={"ENV": "/./$CLEANENV_INIT"},
        script=(),
        history="ksh93_history",
        valued=("-o", "+o", "-R"),
        suffixes=(".ksh",),
        source=POSIX_SOURCE,
    ),
    Shell(
        "mksh",
        init="posix/init.sh",
        interactive=("-i",),
        interactive_environ={"ENV": "{init}"},  # the one that does not expand it
        script=(),
        history="mksh_history",
        valued=("-o", "+o", "-T"),
        source=POSIX_SOURCE,
    ),
    Shell(
        "dash",
        init="posix/init.sh",
        interactive=("-i",),
        interactive_environ=ENV_INIT,
        script=(),
        valued=("-o", "+o"),
        source=POSIX_SOURCE,
    ),
    Shell(
        "ash",
        programs=("ash", "busybox"),
        applet=("ash",),
        init="posix/init.sh",
        interactive=("-i",),
        interactive_environ=ENV_INIT,
        script=(),
        history="ash_history",
        valued=("-o", "+o"),
        source=POSIX_SOURCE,
    ),
    Shell(
        "yash",
        init="posix/init.sh",
        interactive=("--noprofile", "--rcfile={init}", "-i"),
        script=("--noprofile", "--norcfile"),
        history="yash_history",
        valued=("-o", "+o", "--rcfile", "--profile"),
        source=POSIX_SOURCE,
    ),
    Shell(
        "xonsh",
        init="xonsh/init.xsh",
        interactive=("--rc", "{init}", "-i"),
        interactive_environ=XONSH_VARIABLES,
        # Only --login makes xonsh 0.13 read init for a script.
        script=("--login", "--rc", "{init}"),
        script_environ=XONSH_VARIABLES,
        script_init=True,
        history="xonsh",
        valued=("--rc", "-D", "--shell-type", "--config-path"),
    ),
    Shell(
        "nushell",
        programs=("nu",),
        init="nushell/init.nu",
        # `source` takes a constant: the data folder is one, so no path has to be quoted.
        interactive=("--no-config-file", "--execute", NU_INIT),
        interactive_environ=NU_FOLDERS,
        script=("--no-config-file", "--commands", f"{NU_INIT}; source /dev/stdin"),
        script_environ=NU_FOLDERS,
        script_init=True,
        history="nushell/history.txt",
        valued=("-e", "--execute", "--config", "--env-config", "-I", "--include-path", "--plugin-config"),
    ),
    Shell(
        "elvish",
        init="elvish/rc.elv",
        # A socket of its own, or a daemon that runs already would give it the user's history.
        interactive=("-rc", "{init}", "-db", "{state}/elvish.db", "-sock", "{state}/elvish.sock"),
        script=("-norc", "/dev/stdin"),
        history="elvish.db",
        valued=("-rc", "-db", "-sock", "-log"),
    ),
)
BY_NAME = {row.name: row for row in ROWS}
NAMES = tuple(BY_NAME)


def by_name(name: str) -> Shell:
    """Return the row of the shell called ``name``; raise ShellUnusableError, listing all, where there is none."""
    try:
        return BY_NAME[name]
    except KeyError:
        raise ShellUnusableError(f"unknown shell '{name}': cleanenv knows {', '.join(NAMES)}") from None


def by_program(path: str) -> Shell | None:
    """Return the row of the shell whose program is called as ``path`` is, None where there is none."""
    program = os.path.basename(path)
    for row in ROWS:
        if program == row.name or program in row.programs:
            return row
    return None
