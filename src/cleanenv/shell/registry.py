"""The registry: one row a shell. Adding a shell is a row here and a directory in shells/, nothing else."""

from __future__ import annotations

import os

from cleanenv.errors import ShellUnusableError
from cleanenv.shell.definition import MULTI_CALL, Shell

# Shells expand the value of ENV and BASH_ENV, so it names a variable and never a path.
ENV_INIT = {"ENV": "$CLEANENV_INIT"}
POSIX_SOURCE = "posix/source.sh"
# What follows is $0, by which setup files tell that they are sourced: the name of a shell, as at its prompt.
POSIX_ARGUMENTS = ("-c", '. "$CLEANENV_SCRIPT"')
# fish makes its directories at every start, even with --no-config.
FISH_DIRECTORIES = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
NU_DIRECTORIES = {"XDG_CONFIG_HOME": "{state}", "XDG_DATA_HOME": "{shells}"}
NU_INIT = 'source ($nu.data-dir | path join "init.nu")'
# What of a Python's environment (python(1)) would be imported into xonsh itself, and make its environment: the user's
# site-packages, and what is kept for ENV's Python. An empty value counts as none; init puts all back.
OF_XONSHS_PYTHON = ("PYTHONHOME", "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONOPTIMIZE", "PYTHONINSPECT", "PYTHONWARNINGS")
XONSH_VARIABLES = {
    "PYTHONNOUSERSITE": "1",
    **dict.fromkeys(OF_XONSHS_PYTHON, ""),
    **dict.fromkeys(("XONSH_DATA_DIR", "XONSH_CACHE_DIR", "XONSH_CONFIG_DIR"), "{state}/xonsh"),
    "XONTRIBS_AUTOLOAD_DISABLED": "1",
}
CSH_EARLY = ("/etc/csh.cshrc", "/etc/.cshrc")
CSH_ADVICE = "is there an error in it?"

ROWS = (
    Shell(
        "bash",
        init="bash/init.bash",
        tracer="bash",
        # --rcfile alone would still read /etc/bash.bashrc (nixpkgs #16907); posix mode reads $ENV alone and
        # ignores --rcfile, but in Apple's bash (macOS, /bin/bash) it is the other way round.
        interactive=("--noprofile", "--rcfile", "{init}", "--posix", "-i"),
        interactive_environ=ENV_INIT,
        script=("--noprofile", "--norc"),
        script_environ={"BASH_ENV": "$CLEANENV_INIT"},
        script_init=True,
        history="bash_history",
        valued=("--rcfile", "--init-file", "-o", "-O", "+O", "+o"),
        suffixes=(".bash",),
        is_posix_like=True,
        source=POSIX_SOURCE,
        source_arguments=("--noprofile", "--norc", *POSIX_ARGUMENTS, "bash"),
    ),
    Shell(
        "zsh",
        init="zsh/.zshenv",
        tracer="zsh",
        interactive=("-d", "-i"),
        interactive_environ={"ZDOTDIR": "{directory}"},
        script=("-d",),
        script_environ={"ZDOTDIR": "{directory}"},
        script_init=True,
        restores=True,
        early=("/etc/zsh/zshenv", "/etc/zshenv"),
        early_name="zshenv",
        early_advice="does it set ZDOTDIR, or norcs?",
        history="zsh_history",
        valued=("-o", "+o", "--emulate"),
        exports=("LOGNAME",),
        suffixes=(".zsh",),
        is_posix_like=True,
        source="zsh/source.zsh",
        source_arguments=("-f", "{source}"),
    ),
    Shell(
        "fish",
        init="fish/init.fish",
        tracer="fish",
        interactive=("--no-config", "--interactive", "--init-command", "source $CLEANENV_INIT"),
        interactive_environ=dict.fromkeys(FISH_DIRECTORIES, "{state}"),
        script=("--no-config", "--init-command", "source $CLEANENV_INIT"),
        script_environ=dict.fromkeys(FISH_DIRECTORIES, "{state}"),
        script_init=True,
        history="fish/cleanenv_history",
        valued=("-C", "--init-command", "-d", "--debug", "-o", "--debug-output", "-f", "--features", "--profile"),
        exports=("USER", "LOGNAME", "HOME"),
        suffixes=(".fish",),
        source="fish/source.fish",
        source_arguments=("--no-config", "{source}"),
        source_environ=dict.fromkeys(FISH_DIRECTORIES, "/dev/null"),
    ),
    Shell(
        "tcsh",
        init="csh/.cshrc",
        tracer="tcsh",
        interactive=("-i",),
        interactive_environ={"HOME": "{directory}", "CLEANENV_TERMINAL": "1"},  # csh cannot tell by itself
        script=(),
        script_environ={"HOME": "{directory}"},
        script_init=True,
        restores=True,
        renames=True,
        early=CSH_EARLY,
        early_name="csh.cshrc",
        early_advice=CSH_ADVICE,
        history="tcsh_history",
        suffixes=(".tcsh",),
        source="csh/source.csh",
        source_arguments=("-f", "{source}"),
    ),
    Shell(
        "csh",
        programs=("bsd-csh", "csh"),
        init="csh/.cshrc",
        tracer="static",
        interactive=("-i",),
        interactive_environ={"HOME": "{directory}", "CLEANENV_TERMINAL": "1"},  # csh cannot tell by itself
        script=(),
        script_environ={"HOME": "{directory}"},
        script_init=True,
        restores=True,
        renames=True,
        early=CSH_EARLY,
        early_name="csh.cshrc",
        early_advice=CSH_ADVICE,
        longest=8000,  # it reads words of up to 8187
        suffixes=(".csh",),
        source="csh/source.csh",
        source_arguments=("-f", "{source}"),
    ),
    Shell(
        "ksh93",
        programs=("ksh93", "ksh"),
        init="posix/init.sh",
        tracer="ksh93",
        # The /./ makes it skip /etc/ksh.kshrc.
        interactive=("-i",),
        interactive_environ={"ENV": "/./$CLEANENV_INIT"},
        script=(),
        doubled="!",
        history="ksh93_history",
        valued=("-o", "+o", "-R"),
        exports=("A__z",),
        suffixes=(".ksh",),
        is_posix_like=True,
        source=POSIX_SOURCE,
        source_arguments=(*POSIX_ARGUMENTS, "ksh"),
    ),
    Shell(
        "mksh",
        init="posix/init.sh",
        tracer="posix",
        interactive=("-i",),
        interactive_environ={"ENV": "{init}"},  # the one that does not expand it
        script=(),
        history="mksh_history",
        valued=("-o", "+o", "-T"),
        is_posix_like=True,
        source=POSIX_SOURCE,
        source_arguments=(*POSIX_ARGUMENTS, "mksh"),
    ),
    Shell(
        "dash",
        init="posix/init.sh",
        tracer="posix",
        interactive=("-i",),
        interactive_environ=ENV_INIT,
        script=(),
        valued=("-o", "+o"),
        is_posix_like=True,
        source=POSIX_SOURCE,
        source_arguments=(*POSIX_ARGUMENTS, "sh"),
    ),
    Shell(
        "ash",
        programs=("ash", "busybox"),
        applet=("ash",),
        init="posix/init.sh",
        tracer="posix",
        interactive=("-i",),
        interactive_environ=ENV_INIT,
        script=(),
        doubled="\\",
        history="ash_history",
        valued=("-o", "+o"),
        is_posix_like=True,
        source=POSIX_SOURCE,
        source_arguments=(*POSIX_ARGUMENTS, "ash"),
    ),
    Shell(
        "yash",
        init="posix/init.sh",
        tracer="posix",
        interactive=("--noprofile", "--rcfile={init}", "-i"),
        script=("--noprofile", "--norcfile"),
        doubled="\\",
        history="yash_history",
        valued=("-o", "+o", "--rcfile", "--profile"),
        is_posix_like=True,
        source=POSIX_SOURCE,
        source_arguments=(*POSIX_ARGUMENTS, "yash"),
    ),
    Shell(
        "xonsh",
        init="xonsh/init.xsh",
        tracer="xonsh",
        interactive=("--rc", "{init}", "-i"),
        interactive_environ=XONSH_VARIABLES,
        # Only --login makes xonsh 0.13 read init for a script.
        script=("--login", "--rc", "{init}"),
        script_environ=XONSH_VARIABLES,
        script_init=True,
        expands_path=True,
        history="xonsh",
        valued=("--rc", "-D", "--shell-type", "--config-path"),
        suffixes=(".xsh",),
    ),
    Shell(
        "nushell",
        programs=("nu",),
        init="nushell/init.nu",
        tracer="nushell",
        # `source` takes a constant: the data directory is one, so no path has to be quoted.
        interactive=("--no-config-file", "--execute", NU_INIT),
        interactive_environ=NU_DIRECTORIES,
        script=("--no-config-file", "--commands", f"{NU_INIT}; source /dev/stdin"),
        script_environ=NU_DIRECTORIES,
        script_init=True,
        history="nushell/history.txt",
        valued=("-e", "--execute", "--config", "--env-config", "-I", "--include-path", "--plugin-config"),
        suffixes=(".nu",),
        reads_rc=False,  # its `source` takes a constant
    ),
    Shell(
        "elvish",
        init="elvish/rc.elv",
        handshake="elvish/handshake.elv",
        tracer="static",
        # A socket of its own, or a daemon that runs already would give it the user's history.
        interactive=("-rc", "{init}", "-db", "{state}/elvish.db", "-sock", "{socket}"),
        script=("-norc", "/dev/stdin"),
        history="elvish.db",
        valued=("-rc", "-db", "-sock", "-log"),
        suffixes=(".elv",),
        reads_rc=False,  # what a file defines stays in it
    ),
)
BY_NAME = {shell.name: shell for shell in ROWS}
NAMES = tuple(BY_NAME)


def by_name(name: str) -> Shell:
    """Return the shell called ``name``; raise ShellUnusableError, listing all, if there is none."""
    shell = BY_NAME.get(name)
    if shell is None:
        raise unknown(name)
    return shell


def unknown(name: str) -> ShellUnusableError:
    """Return the refusal of a shell that is not in the registry."""
    return ShellUnusableError(f"unknown shell '{name}'", f"cleanenv knows {', '.join(NAMES)}")


def by_program(path: str) -> Shell | None:
    """Return the shell whose program is called as ``path`` is, None if there is none."""
    program = os.path.basename(path)
    for shell in ROWS:
        is_multi_call = bool(shell.applet) and program.startswith(MULTI_CALL)
        if is_multi_call or program == shell.name or program in shell.programs:
            return shell
    return None
