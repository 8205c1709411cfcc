"""What starts a clean shell: its program, its arguments, and the variables that feed its init file."""

# On the way of `shell`: no dataclasses, pathlib or importlib.resources.
from __future__ import annotations

import os
import sys

from cleanenv.errors import ShellUnusableError
from cleanenv.system.execute import FALLBACK_SHELL, Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanenv.clean.plan import Plan
    from cleanenv.shell.definition import Shell

NO_STATE = "/dev/null/cleanenv"  # where nothing can be written
LONGEST_SOCKET = 103  # bytes of a socket's path: sun_path of macOS without its NUL, Linux has 107 (unix(7))
SOCKET = "{socket}"
LS_COLOURS = {"linux": "--color=auto", "darwin": "-G", "freebsd": "-G"}  # of GNU, busybox and toybox; of BSD
# What the user's own file may not change, so that the shell stays clean.
GUARDED = ("PATH", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "CONDA_PREFIX", "CONDA_DEFAULT_ENV")
GUARDED_STARTS = ("PYTHON", "LD_", "DYLD_")


def clean_shell(
    shell: Shell,
    program: str,
    plan: Plan,
    marker: str,
    state: str | None,
    *,
    is_interactive: bool,
    rc: str | None = None,
) -> Call:
    """Return the call of ``program`` that runs the init file of ``shell`` first; the plan is left as it is.

    ``marker`` is what its prompt shows, ``state`` the directory of its
    history or None, ``rc`` the user's own file that runs last or None. Raises
    ShellUnusableError if the shell cannot carry a value of the plan.
    """
    environ = plan.environ | {"SHELL": FALLBACK_SHELL if shell.applet_of(program) else program}
    shells = shells_directory()
    init = os.path.join(shells, shell.init)
    places = {"{init}": init, "{directory}": os.path.dirname(init), "{shells}": shells, "{state}": state or NO_STATE}
    if is_interactive:
        arguments, variables = shell.interactive, shell.interactive_environ
    else:
        arguments, variables = shell.script, shell.script_environ
    if SOCKET in arguments:
        places[SOCKET] = _socket(shell, state, environ)

    fed = {}
    if is_interactive or shell.script_init:
        fed = {
            "CLEANENV_INIT": init,
            "CLEANENV_PYTHON": sys.executable,
            "CLEANENV_PROMPT": shell.escaped(marker),
            "CLEANENV_BASE_PATH": plan.base_path,
        }
        if is_interactive:
            fed |= _comforts(environ, rc)
        if shell.history and state:
            fed["CLEANENV_HISTFILE"] = os.path.join(state, shell.history)
        if shell.restores:
            _check_lengths(shell, environ)
            fed |= kept_apart(environ)
    if not shell.restores:
        fed |= kept_values(environ, variables)

    words = [_fill(argument, places) for argument in arguments]
    environ |= fed
    for name, value in variables.items():
        environ[name] = _fill(value, places)
    return Call(program, (program, *shell.applet_of(program), *words), environ)


def _comforts(environ: Mapping[str, str], rc: str | None) -> dict[str, str]:
    """Return what feeds the comforts of a terminal: the prompt that was asked for, colours, the user's own file."""
    fed = {}
    if "PS1" in environ:  # mksh and yash do not always take it from the environment
        fed["CLEANENV_PS1"] = environ["PS1"]
    option = _colour_option(environ)
    if option:
        fed["CLEANENV_COLOR"] = option
    if rc is not None:
        guarded = [name for name in environ if name in GUARDED or name.startswith(GUARDED_STARTS)]
        fed["CLEANENV_RC"] = rc
        fed["CLEANENV_GUARDED"] = " ".join(guarded)
    return fed


def _colour_option(environ: Mapping[str, str]) -> str:
    """Return the option by which ``ls`` shows colours on a terminal, empty if they are not wanted (no-color.org)."""
    if environ.get("NO_COLOR") or environ.get("TERM", "dumb") == "dumb":
        return ""
    for platform, option in LS_COLOURS.items():
        if sys.platform.startswith(platform):
            return option
    return ""


def _socket(shell: Shell, state: str | None, environ: Mapping[str, str]) -> str:
    """Return the path of the socket on which the daemon of ``shell`` is to listen.

    It lies in ``state`` if that is given and short enough, else where temporary things do, by a name that nobody
    can guess: in /tmp another user could have a socket of his own there first, and would be sent the history.
    """
    if state is not None:
        path = f"{state}/{shell.name}.sock"
        if len(os.fsencode(path)) <= LONGEST_SOCKET:
            return path
    name = f"cleanenv-{shell.name}-{os.urandom(8).hex()}.sock"
    for directory in (environ.get("XDG_RUNTIME_DIR", ""), environ.get("TMPDIR", ""), "/tmp"):  # noqa: S108  see above
        path = os.path.join(directory, name)
        is_short = len(os.fsencode(path)) <= LONGEST_SOCKET
        if is_short and os.path.isabs(directory) and os.access(directory, os.W_OK | os.X_OK):
            return path
    return f"{NO_STATE}/{name}"


def _check_lengths(shell: Shell, environ: Mapping[str, str]) -> None:
    if shell.longest is None:
        return
    for name, value in environ.items():
        if len(os.fsencode(value)) > shell.longest:
            raise ShellUnusableError(
                f"{shell.name} cannot hold '{name}', which is longer than {shell.longest} bytes",
                "choose another shell with --shell",
            )


def kept_apart(environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``environ`` under names that no startup file changes, for a shell that ``restores``.

    CLEANENV_NAMES lists the names, CLEANENV_KEEP_<N> holds the value of the Nth, from 1 on: csh
    cannot read a variable whose name is longer than 30 characters. CLEANENV_KEEP_DIRECTORY and CLEANENV_KEEP_UMASK
    are where and with what mask the shell is started.
    """
    mask = os.umask(0o077)
    os.umask(mask)
    place = {"CLEANENV_KEEP_UMASK": f"{mask:03o}"}
    try:
        directory = os.getcwd()
    except OSError:  # it was removed: there is no way back to it
        directory = ""
    if directory:
        place["CLEANENV_KEEP_DIRECTORY"] = directory
    kept = {f"CLEANENV_KEEP_{number}": value for number, value in enumerate(environ.values(), 1)}
    return {"CLEANENV_NAMES": " ".join(environ)} | place | kept


def kept_values(environ: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Return those of ``names`` in ``environ`` that a shell's own variables hide until init puts them back."""
    return {f"CLEANENV_KEEP_{name}": environ[name] for name in names if name in environ}


def shells_directory() -> str:
    """Return the directory of the package cleanenv.shells, which holds the static files."""
    import cleanenv.shells

    return os.path.realpath(str(next(iter(cleanenv.shells.__path__))))


def _fill(text: str, places: Mapping[str, str]) -> str:
    for place, path in places.items():
        text = text.replace(place, path)
    return text
