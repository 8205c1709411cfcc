"""Which shell is the user's: read from the processes above, else from SHELL and the password database."""

# On the way of `shell`: no typing (7 ms).
from __future__ import annotations

import os
from itertools import tee

from cleanenv.errors import ShellUnusableError
from cleanenv.shell import registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cleanenv.shell.definition import Shell
    from cleanenv.system.processes import Process

SH = "sh"
INTERACTIVE = "interactive"
COMMAND = "command"
SCRIPT = "script"


class Found:
    """A shell and the program that starts it."""

    __slots__ = ("program", "shell")

    def __init__(self, row: Shell, program: str) -> None:
        self.shell = row
        self.program = program

    def __repr__(self) -> str:
        return f"Found({self.shell!r}, {self.program!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Found) and (self.shell, self.program) == (other.shell, other.program)

    def __hash__(self) -> int:
        return hash((self.shell, self.program))


class Seen:
    """A shell in the process table and what it does there: INTERACTIVE, COMMAND (``-c``) or SCRIPT."""

    __slots__ = ("found", "is_sh", "use")

    def __init__(self, found: Found, use: str, *, is_sh: bool) -> None:
        self.found = found
        self.use = use
        self.is_sh = is_sh


def choose(name: str | None, processes: Iterable[Process], environ: Mapping[str, str]) -> Found:
    """Return the shell that ``name``, a name or a path, says; without it the user's own.

    ``processes`` are those above, the parent first; none is asked for beyond the shell that is found.

    Raises ShellUnusableError where the name is unknown, its program is missing,
    or none can be found.
    """
    if name is not None:
        return _named(name, environ)
    above, again = tee(processes)
    found = from_processes(above, environ.get("PATH", ""))
    if found is None and not any(process.name for process in again):
        found = from_shellingham()  # where the table was read, it could only name what was passed over
    found = found or from_account(environ)
    if found is None:
        raise ShellUnusableError(
            f"cannot tell which shell is yours: name one with --shell ({', '.join(registry.NAMES)})"
        )
    return found


def from_processes(processes: Iterable[Process], path: str) -> Found | None:
    """Return the shell that started us for the user, None where no shell is above.

    The nearest one that is not a script's or a program's: a shell that runs a
    script is passed over, and so is one that runs a command (``-c``) for
    something that is no shell, as make and editors start it, while an
    interactive shell stands above.
    """
    second_best = None
    below = None  # the process before, where it is a shell that runs a command
    for process in processes:
        one = _see(process, path)
        if one is not None and below is not None:
            return below.found
        if one is not None and one.use == INTERACTIVE:
            return one.found
        below = one if one is not None and one.use == COMMAND and not one.is_sh else None
        second_best = second_best or (below.found if below else None)
    return second_best


def from_shellingham() -> Found | None:
    """Return what shellingham finds, for systems whose process table psutil cannot read."""
    import shellingham

    try:
        name, program = shellingham.detect_shell()
    except (shellingham.ShellDetectionFailure, OSError):
        return None
    return at(program) if name != SH and os.access(program, os.X_OK) else None


def from_account(environ: Mapping[str, str]) -> Found | None:
    """Return the shell in SHELL, else that of the password database, where they name one we know."""
    for program in (environ.get("SHELL", ""), _login_shell()):
        found = at(program) if program else None
        if found is not None and os.access(program, os.X_OK):
            return found
    return None


def at(path: str) -> Found | None:
    """Return the shell that the program at ``path`` really is, links resolved; None for one we do not know.

    The program to run is ``path`` itself only if it bears a name of that shell: by another name a shell behaves
    as another (bash called sh is in posix mode, busybox called sh finds no applet 'sh ash').
    """
    resolved = os.path.realpath(path)
    row = registry.by_program(resolved)
    if row is None:
        row = registry.by_program(path)
        return Found(row, os.path.abspath(path)) if row is not None else None
    is_called_so = registry.by_program(path) is row
    return Found(row, os.path.abspath(path) if is_called_so else resolved)


def find_program(row: Shell, path: str, is_there: Callable[[str], bool] | None = None) -> str | None:
    """Return the first program of ``row`` in the folders of ``path``, None where there is none."""
    is_program = is_there or _is_program
    for program in row.programs:
        for folder in path.split(":"):
            candidate = os.path.join(folder, program)
            if os.path.isabs(candidate) and is_program(candidate) and _may_be(row, candidate):
                return candidate
    return None


def _may_be(row: Shell, path: str) -> bool:
    """Tell whether the program at ``path`` is not a link to another shell, as Debian's ksh and csh may be."""
    return registry.by_program(os.path.realpath(path)) in (None, row)


def _named(name: str, environ: Mapping[str, str]) -> Found:
    path = ":".join((environ.get("PATH", ""), *_SYSTEM))
    if os.sep in name:
        if not _is_program(name):
            raise ShellUnusableError(f"'{name}' is no program: give --shell the path of a shell or one of its names")
        return _known(name, name)
    if name not in registry.BY_NAME:  # the name of a program, as ksh, nu and sh are
        candidates = (os.path.join(folder, name) for folder in path.split(":") if os.path.isabs(folder))
        program = next(filter(_is_program, candidates), None)
        return _known(program or name, name)
    row = registry.by_name(name)
    program = find_program(row, path)
    if program is None:
        raise ShellUnusableError(f"the shell '{name}' is not installed: install it, or give --shell its path")
    return Found(row, program)


def _known(program: str, name: str) -> Found:
    """Return the shell at ``program``, which the user called ``name``; raise ShellUnusableError for another program."""
    found = at(program)
    if found is None or not _is_program(found.program):
        raise ShellUnusableError(f"unknown shell '{name}': cleanenv knows {', '.join(registry.NAMES)}")
    return found


_SYSTEM = ("/usr/local/bin", "/usr/bin", "/bin")


def _see(process: Process, path: str) -> Seen | None:
    """Return what shell ``process`` is, None where it is none."""
    title, *words = (os.path.basename(word) for word in process.argv) if process.argv else (process.name,)
    title = title.removeprefix("-")
    row = registry.by_program(process.program) if process.program else None
    if row is None:
        row, words = _by_title(process, title, words)
    elif row.applet and os.path.basename(process.program) not in row.applet:
        applet = words.pop(0) if title == os.path.basename(process.program) and words else title
        row = row if applet in (*row.applet, SH) else None
    if row is None:
        return None
    is_readable = registry.by_program(process.program) is row and _is_program(process.program)
    program = process.program if is_readable else find_program(row, ":".join((path, *_SYSTEM)))
    return Seen(Found(row, program), _use(row, words), is_sh=title == SH) if program else None


def _by_title(process: Process, title: str, words: list[str]) -> tuple[Shell | None, list[str]]:
    """Tell a shell whose program says nothing: one that Python runs, or one that may not be read."""
    runner = os.path.basename(process.program) or title
    if process.program and "python" not in runner:
        return None, words
    row = registry.by_program(title)
    if row is None and "python" in runner:
        for index, word in enumerate(words):  # python3 -m xonsh
            row = registry.by_program(word)
            if row is not None:
                return row, words[index + 1 :]
            if word[:1] != "-":
                break
    return row or registry.by_program(process.name), words


def _use(row: Shell, words: Sequence[str]) -> str:
    """Tell from its arguments whether a shell talks to the user, runs one command, or a script."""
    rest = iter(words)
    for word in rest:
        if word in row.valued:
            next(rest, None)
        elif word in ("-i", "-s", "--interactive", "--login", "-l"):
            if word in ("-i", "--interactive"):
                return INTERACTIVE
        elif word in ("--command", "--commands") or (word[:1] == "-" and word[1:2] != "-" and "c" in word[:4]):
            return COMMAND
        elif word[:1] not in ("-", "+"):
            return SCRIPT
    return INTERACTIVE


def is_login(processes: Sequence[Process], program: str) -> bool:
    """Tell whether the nearest of ``processes`` that runs ``program`` was started as a login shell."""
    for process in processes:
        if process.program == program and process.argv:
            return process.argv[0].startswith("-") or not {"-l", "--login"}.isdisjoint(process.argv[1:])
    return False


def _login_shell() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_shell
    except KeyError:
        return ""


def _is_program(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)
