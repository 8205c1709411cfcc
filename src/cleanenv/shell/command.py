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


def clean_shell(row: Shell, program: str, plan: Plan, marker: str, state: str | None, *, is_interactive: bool) -> Call:
    """Return the call of the shell ``program`` that runs the init file of ``row`` first.

    ``marker`` is what its prompt shows, ``state`` the folder of its history or None.
    Raises ShellUnusableError where the shell cannot carry a value of the plan.
    """
    plan.environ["SHELL"] = FALLBACK_SHELL if row.applet_of(program) else program
    shells = shells_folder()
    init = os.path.join(shells, row.init)
    places = {"{init}": init, "{folder}": os.path.dirname(init), "{shells}": shells, "{state}": state or NO_STATE}
    fed = _fed(row, plan, init, marker, state) if is_interactive or row.script_init else {}
    arguments = row.interactive if is_interactive else row.script
    variables = row.interactive_environ if is_interactive else row.script_environ
    if not row.restores:
        fed |= kept_values(plan.environ, variables)
    return Call(
        program,
        (program, *row.applet_of(program), *(_fill(argument, places) for argument in arguments)),
        plan.environ | fed | {name: _fill(value, places) for name, value in variables.items()},
    )


def _fed(row: Shell, plan: Plan, init: str, marker: str, state: str | None) -> dict[str, str]:
    """Return the variables that the init file reads and erases."""
    fed = {
        "CLEANENV_INIT": init,
        "CLEANENV_PYTHON": sys.executable,
        "CLEANENV_PROMPT": marker,
        "CLEANENV_BASE_PATH": plan.base_path,
    }
    if row.history and state:
        fed["CLEANENV_HISTFILE"] = os.path.join(state, row.history)
    if row.restores:
        _check_lengths(row, plan.environ)
        fed |= kept_apart(plan.environ)
    return fed


def _check_lengths(row: Shell, environ: Mapping[str, str]) -> None:
    for name, value in environ.items():
        if row.longest is not None and len(os.fsencode(value)) > row.longest:
            raise ShellUnusableError(
                f"{row.name} cannot hold '{name}', which is longer than {row.longest} bytes: give --shell another"
            )


def kept_apart(environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``environ`` under names that no startup file changes, for a shell whose row ``restores``.

    CLEANENV_NAMES lists the names, CLEANENV_KEEP_<N> holds the value of the Nth, from 1 on: csh
    cannot read a variable whose name is longer than 30 characters.
    """
    kept = {f"CLEANENV_KEEP_{number}": value for number, value in enumerate(environ.values(), 1)}
    return {"CLEANENV_NAMES": " ".join(environ)} | kept


def kept_values(environ: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Return those of ``names`` that ``environ`` holds, which a row's own variables hide until init puts them back."""
    return {f"CLEANENV_KEEP_{name}": environ[name] for name in names if name in environ}


def shells_folder() -> str:
    """Return the folder of the package cleanenv.shells, which holds the static files."""
    import cleanenv.shells

    return os.path.realpath(str(next(iter(cleanenv.shells.__path__))))


def state_folder(environ: Mapping[str, str], *, may_make: bool) -> str | None:
    """Return cleanenv's own state folder (XDG base directories), made where missing; None where it cannot be."""
    base = environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(base):
        home = environ.get("HOME", "")
        if not (os.path.isabs(home) and os.path.isdir(home)):
            return None
        base = os.path.join(home, ".local/state")
    folder = os.path.join(base, "cleanenv")
    try:
        if may_make:
            os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError:
        return None
    return folder if not may_make or os.access(folder, os.W_OK) else None


def _fill(text: str, places: Mapping[str, str]) -> str:
    for place, path in places.items():
        text = text.replace(place, path)
    return text
