"""Which shell is the user's: read from the processes above, else from SHELL and the password database."""

# On the way of `shell`: no typing (7 ms).
from __future__ import annotations

import os

from cleanenv.errors import ShellUnusableError
from cleanenv.shell import registry
from cleanenv.shell.arguments import COMMAND, INTERACTIVE, use_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cleanenv.shell.definition import Shell
    from cleanenv.system.processes import Process

SH = "sh"
SYSTEM = ("/usr/local/bin", "/usr/bin", "/bin")  # where a shell is looked for if PATH does not lead to it


class Found:
    """A shell and the program that starts it.

    ``why_assumed`` is empty for a shell that is known to be the user's, else a sentence on why it was chosen.
    """

    __slots__ = ("program", "shell", "why_assumed")

    def __init__(self, shell: Shell, program: str, why_assumed: str = "") -> None:
        self.shell = shell
        self.program = program
        self.why_assumed = why_assumed

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

    ``processes`` are those above, the parent first; none is asked for beyond
    the shell that is found. It is iterated twice if no shell is among them.
    A user who has no shell gets bash or sh, with the reason in ``why_assumed``.

    Raises ShellUnusableError if the name is unknown, its program is missing,
    or neither bash nor sh is installed.
    """
    if name is not None:
        return _named(name, environ)
    found = from_processes(processes, environ.get("PATH", ""))
    if found is None and not any(process.name for process in processes):
        found = from_shellingham()  # if the table could be read, it would only name what was passed over
    found = found or from_account(environ)
    if found is None:
        from cleanenv.shell import assumed

        found = assumed.choose(environ)
    return found


def from_processes(processes: Iterable[Process], path: str) -> Found | None:
    """Return the shell that started us for the user, None if no shell is above."""
    users = users_shell(processes, path)
    return users[0] if users is not None else None


def users_shell(processes: Iterable[Process], path: str) -> tuple[Found, Process] | None:
    """Return the shell that started us for the user, with its process.

    The nearest one that is not a script's or a program's: a shell that runs a
    script is passed over, and so is one that runs a command (``-c``) for
    something that is not a shell, as make and editors start it, while an
    interactive shell stands above.
    """
    second_best = None
    below = None  # the process before, if it is a shell that runs a command
    for process in processes:
        seen = see(process, path)
        if seen is not None and below is not None:
            return below
        if seen is not None and seen.use == INTERACTIVE:
            return seen.found, process
        is_command = seen is not None and seen.use == COMMAND and not seen.is_sh
        below = (seen.found, process) if seen is not None and is_command else None
        if second_best is None:
            second_best = below
    return second_best


def from_shellingham() -> Found | None:
    """Return what shellingham finds, for systems whose process table psutil cannot read."""
    import shellingham

    try:
        name, program = shellingham.detect_shell()
    except (shellingham.ShellDetectionFailure, OSError):
        return None
    if name == SH or registry.by_program(name) is None or not os.access(program, os.X_OK):
        return None
    return at(program)


def from_account(environ: Mapping[str, str]) -> Found | None:
    """Return the shell in SHELL, else that of the password database, if they name one we know."""
    for program in (environ.get("SHELL", ""), login_shell()):
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
    shell = registry.by_program(resolved)
    if shell is None:
        shell = registry.by_program(path)
        return Found(shell, os.path.abspath(path)) if shell is not None else None
    is_called_so = registry.by_program(path) is shell
    return Found(shell, os.path.abspath(path) if is_called_so else resolved)


def find_program(shell: Shell, path: str, is_there: Callable[[str], bool] | None = None) -> str | None:
    """Return the first program of ``shell`` in the directories of ``path``, None if there is none."""
    is_there = is_there or is_program
    for program in shell.programs:
        for directory in path.split(":"):
            candidate = os.path.join(directory, program)
            if os.path.isabs(candidate) and is_there(candidate) and _may_be(shell, candidate):
                return candidate
    return None


def _may_be(shell: Shell, path: str) -> bool:
    """Tell whether the program at ``path`` is not a link to another shell, as Debian's ksh and csh may be."""
    return registry.by_program(os.path.realpath(path)) in (None, shell)


def _named(name: str, environ: Mapping[str, str]) -> Found:
    path = ":".join((environ.get("PATH", ""), *SYSTEM))
    if os.sep in name:
        if not is_program(name):
            raise ShellUnusableError(
                f"'{name}' is not an executable", "give --shell the path of a shell or one of its names"
            )
        return _known(name, name)
    if name not in registry.BY_NAME:  # the name of a program, as ksh, nu and sh are
        candidates = (os.path.join(directory, name) for directory in path.split(":") if os.path.isabs(directory))
        program = next(filter(is_program, candidates), None)
        return _known(program or name, name)
    shell = registry.by_name(name)
    program = find_program(shell, path)
    if program is None:
        raise ShellUnusableError(f"the shell '{name}' is not installed", "install it, or give --shell its path")
    return Found(shell, program)


def _known(program: str, name: str) -> Found:
    """Return the shell at ``program``, which the user called ``name``; raise ShellUnusableError for another program."""
    found = at(program)
    if found is None or not is_program(found.program):
        raise registry.unknown(name)
    return found


def see(process: Process, path: str) -> Seen | None:
    """Return what shell ``process`` is, None if it is not one."""
    title, *words = [os.path.basename(word) for word in process.argv] or [process.name]
    title = title.removeprefix("-")
    shell = registry.by_program(process.program) if process.program else None
    if shell is None:
        shell, words = _by_title(process, title, words)
    elif shell.applet and os.path.basename(process.program) not in shell.applet:
        # One program for many, as busybox: its applet is what it was called as, else its first word.
        is_called_by_own_name = title == os.path.basename(process.program)
        applet = words.pop(0) if is_called_by_own_name and words else title
        if applet not in (*shell.applet, SH):
            return None
    if shell is None:
        return None
    program: str | None = process.program
    if registry.by_program(process.program) is not shell or not is_program(process.program):
        program = find_program(shell, ":".join((path, *SYSTEM)))
    if program is None:
        return None
    return Seen(Found(shell, program), use_of(shell, words), is_sh=title == SH)


def _by_title(process: Process, title: str, words: list[str]) -> tuple[Shell | None, list[str]]:
    """Tell a shell whose program says nothing: one that Python runs, or one that may not be read."""
    runner = os.path.basename(process.program) or title
    if process.program and "python" not in runner:
        return None, words
    shell = registry.by_program(title)
    if shell is None and "python" in runner:
        for index, word in enumerate(words):  # python3 -m xonsh
            shell = registry.by_program(word)
            if shell is not None:
                return shell, words[index + 1 :]
            if not word.startswith("-"):
                break
    return shell or registry.by_program(process.name), words


def login_shell() -> str:
    """Return the shell that the password database has for this user, empty without an entry."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_shell
    except KeyError:
        return ""


def is_program(path: str) -> bool:
    """Tell whether ``path`` is an executable file."""
    return os.path.isfile(path) and os.access(path, os.X_OK)
