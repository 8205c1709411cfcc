"""What the caller handed over: the environment, the current directory, the standard streams."""

from __future__ import annotations

import os
import sys

from cleanenv.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.system.processes import Ancestry

# What the interpreter itself sets in the C locale (PEP 538).
COERCED = ("C.UTF-8", "C.utf8", "UTF-8")


class Invocation:
    """What one call of cleanenv was given; made once, in ``main``, and handed down.

    ``environ`` is the environment of the caller, with bytes that are not
    UTF-8 as PEP 383 has them. Everything else is read when it is first asked
    for, and once.
    """

    __slots__ = ("_ancestry", "_directory", "environ")

    def __init__(self, environ: Mapping[str, str], directory: str | None = None) -> None:
        self.environ = environ
        self._directory = directory
        self._ancestry: Ancestry | None = None

    @property
    def directory(self) -> str:
        """The current directory as the user sees it, links unresolved; raises UsageError if it was removed."""
        if self._directory is None:
            self._directory = _current_directory(self.environ.get("PWD", ""))
        return self._directory

    @property
    def ancestry(self) -> Ancestry:
        """The processes above this one, the parent first."""
        if self._ancestry is None:
            from cleanenv.system.processes import Ancestry

            self._ancestry = Ancestry()
        return self._ancestry

    @property
    def is_terminal(self) -> bool:
        """Whether standard input is a terminal."""
        try:
            return os.isatty(0)
        except OSError:
            return False


def read() -> Invocation:
    """Return the invocation of this process."""
    environ = dict(os.environ)
    if environ.get("LC_CTYPE") in COERCED and not _was_given("LC_CTYPE"):
        del environ["LC_CTYPE"]
    return Invocation(environ)


def _was_given(name: str) -> bool:
    """Tell whether this process was started with the variable; True if the system does not say."""
    try:
        with open("/proc/self/environ", "rb") as file:
            return f"\0{name}=".encode() in b"\0" + file.read()
    except OSError:
        return True


def _current_directory(logical: str) -> str:
    """Return ``logical``, the value of PWD, if it names the current directory, else the path without links."""
    try:
        resolved = os.getcwd()
    except OSError as error:
        raise UsageError("the current directory does not exist any more", "change to another") from error
    if os.path.isabs(logical) and os.path.isdir(logical) and os.path.samefile(logical, resolved):
        return logical
    return resolved


def state_directory(environ: Mapping[str, str], *, may_make: bool) -> str | None:
    """Return cleanenv's own state directory by the XDG base directory specification.

    It is made if it is missing and ``may_make``; None if there is no place
    for it, or nothing can be written there.
    """
    base = environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(base):
        home = environ.get("HOME", "")
        if not (os.path.isabs(home) and os.path.isdir(home)):
            return None
        base = os.path.join(home, ".local/state")
    directory = os.path.join(base, "cleanenv")
    if not may_make:
        return directory
    try:
        os.makedirs(directory, mode=0o700, exist_ok=True)
    except OSError:
        return None
    return directory if os.access(directory, os.W_OK) else None


def directory_inside() -> str:
    """Return the directory that holds nothing but a program ``cleanenv``, for the PATH of clean environments.

    Empty if the program would not find this installation: an editable one in an environment that is neither above
    the checkout nor its .venv.
    """
    package = os.path.dirname(os.path.dirname(__file__))
    directory = os.path.normpath(f"{package}/inside")  # the launcher writes bin/../lib
    prefix = os.path.dirname(os.path.dirname(sys.executable))  # sys.prefix is not yet that without site (-S)
    if not _is_of_installation(directory, prefix):
        prefix = os.path.realpath(prefix)
        if not _is_of_installation(os.path.realpath(directory), prefix):
            return ""
    has_launcher = os.access(f"{prefix}/bin/cleanenv", os.X_OK)
    return directory if has_launcher and os.access(f"{directory}/cleanenv", os.X_OK) else ""


def _is_of_installation(directory: str, prefix: str) -> bool:
    """Tell whether ``directory`` lies below ``prefix``, or in the checkout that has ``prefix`` as its .venv."""
    top = prefix.removesuffix("/.venv")
    return directory.startswith(f"{top}/")


def fill_closed_streams() -> None:
    """Fill the places of closed streams, so that no file opened later takes them; children still get them closed."""
    for number in range(3):
        if not _is_open(number):
            os.open(os.devnull, os.O_RDONLY)  # takes the lowest free number, which is this one
    if sys.stdout is None:  # what is printed on it must fail, and not vanish
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115  it stays open


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
