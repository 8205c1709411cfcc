"""Running a setup file that was asked for, and taking over what it exports."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import subprocess
import tempfile
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.clean import difference
from cleanenv.clean.plan import SHELLS_OWN
from cleanenv.errors import CleanenvError, UsageError
from cleanenv.session import setup_shell
from cleanenv.shell import command

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cleanenv.clean.difference import Difference
    from cleanenv.session.setup_shell import Reader
    from cleanenv.system.invocation import Invocation

LAST_LINES = 5
LONGEST = 1 << 20  # bytes of a file that are looked at
HAVE_OWN_PATH = ("bash", "zsh")  # in which a file can tell where it lies, as those that are for both do
SEARCH_PATHS = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
DESCRIPTORS = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")
ANOTHER = "give --source another"


class SetupFile(NamedTuple):
    """A file of ``--source``, and the shell that is to read it if one was named."""

    path: str
    shell: str | None = None


class SourceFailedError(CleanenvError):
    """A file given with ``--source`` failed; ``status`` is the file's own."""

    def __init__(self, fact: str, remedy: str = "", *, status: int = 1) -> None:
        super().__init__(fact, remedy)
        self.status = status


def run(files: Sequence[SetupFile], clean: Mapping[str, str], caller: Invocation) -> tuple[Difference, list[str]]:
    """Run ``files`` one after the other in the environment ``clean``.

    Returns what they changed, and the lines that they printed, with a warning
    for each command that was not found. ``setup_shell.reader`` says which
    shell reads each. Raises UsageError if a file cannot be read,
    ShellUnusableError if its shell is missing, SourceFailedError if it fails.
    """
    current = dict(clean)
    printed: list[str] = []
    for file in files:
        path = os.path.abspath(file.path)
        with _readable(path) as readable:
            reader = _reader(path, readable, file.shell, current.get("PATH", ""), caller)
            current, output = _run_one(path, readable, reader, current)
            printed += output.splitlines()
            printed += _warnings(path, readable, reader, output)
    return difference.between(clean, current), printed


def seen_by(caller: Mapping[str, str], changes: Difference, clean: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of ``caller`` as it were if the setup files had changed that, and not ``clean``.

    Directories that they put on a search path go in front of the caller's.
    """
    environ = changes.apply(caller)
    for name in SEARCH_PATHS:
        if name not in changes.added and name not in changes.changed:
            continue
        before = clean.get(name, "").split(":")
        new = [directory for directory in environ[name].split(":") if directory not in before]
        old = [caller[name]] if name in caller else []
        environ[name] = ":".join((*new, *old))
    return environ


@contextlib.contextmanager
def _readable(path: str) -> Iterator[str]:
    """Yield a path at which what is at ``path`` can be read twice: by us, and by its shell.

    A pipe, such as ``<(...)`` is, can be read only once, and no descriptor is handed on to the shell: what comes out
    of them is copied into a temporary file.
    """
    content = _from_descriptor(path)
    if content is None:
        yield path
        return
    with tempfile.NamedTemporaryFile(prefix="cleanenv-source-") as copy:
        copy.write(content)
        copy.flush()
        yield copy.name


def _from_descriptor(path: str) -> bytes | None:
    """Return what comes out of a pipe or a descriptor at ``path``, None if it is a file by its own name."""
    try:
        mode = os.stat(path).st_mode
        is_device = stat.S_ISCHR(mode) or stat.S_ISBLK(mode)
        if is_device and not os.path.samefile(path, os.devnull):  # a terminal would wait for its user
            raise UsageError(f"cannot read the setup file '{path}' (is a device)", ANOTHER)
        if stat.S_ISFIFO(mode) or path.startswith(DESCRIPTORS):
            with open(path, "rb") as opened:
                return opened.read()
    except OSError as error:
        raise _unreadable(path, error) from error
    return None


def _unreadable(path: str, error: OSError) -> UsageError:
    reason = (error.strerror or "error").lower()
    return UsageError(f"cannot read the setup file '{path}' ({reason})", ANOTHER)


def _reader(path: str, readable: str, shell: str | None, search_path: str, caller: Invocation) -> Reader:
    try:
        with open(readable, "rb") as opened:
            first_line = opened.readline(256)
    except OSError as error:
        raise _unreadable(path, error) from error
    if shell is not None:
        return setup_shell.named(shell, caller)
    return setup_shell.reader(path, first_line, search_path, caller)


def _warnings(file: str, readable: str, reader: Reader, output: str) -> list[str]:
    is_for_bash = _is_for_bash(readable, reader)
    if not output and not is_for_bash:
        return []
    from cleanenv.session import setup_complaint

    warnings = setup_complaint.warnings(file, reader.name, output)
    if is_for_bash:
        warnings.append(setup_complaint.unmarked(file, reader.name))
    return warnings


def _is_for_bash(file: str, reader: Reader) -> bool:
    """Tell whether ``file`` asks for its own path as only bash has it: in another shell that is empty, and no error."""
    if not reader.is_guess or reader.shell.name in HAVE_OWN_PATH:
        return False
    with open(file, "rb") as opened:
        return b"BASH_SOURCE" in opened.read(LONGEST)


def _run_one(file: str, readable: str, reader: Reader, clean: dict[str, str]) -> tuple[dict[str, str], str]:
    """Return the environment after ``file`` was run in ``clean``, and what it printed."""
    shell = reader.shell
    assert shell.source is not None  # noqa: S101  setup_shell only chooses among those that have one
    script = os.path.join(command.shells_directory(), shell.source)
    arguments = [argument.replace("{source}", script) for argument in shell.source_arguments]
    kept = command.kept_apart(clean) if shell.restores else command.kept_values(clean, shell.source_environ)
    # Files and not pipes: a daemon that FILE starts would hold a pipe open for ever.
    # A name and not a descriptor: FILE may close or redirect those, and csh closes all that it inherits.
    with tempfile.NamedTemporaryFile() as exported, tempfile.TemporaryFile() as printed:
        fed = {"CLEANENV_SOURCE": readable, "CLEANENV_OUTPUT": exported.name} | kept
        if script not in arguments:
            fed["CLEANENV_SCRIPT"] = script
        status = subprocess.run(
            [reader.program, *shell.applet_of(reader.program), *arguments],
            env=clean | fed | shell.source_environ,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
        exported.seek(0)
        printed.seek(0)
        output = _without_us(printed.read().decode(errors="replace"), script).replace(readable, file)
        after = _parse(exported.read())
    if status or not after:
        raise _failure(file, readable, reader, status, output)
    return _take_over(after, clean, shell.exports), output


def _without_us(output: str, script: str) -> str:
    """Return ``output`` without what ksh puts before a complaint: that ``script``, which is ours, sources the file."""
    prefix = rf"^(?:\S+: )*?{re.escape(script)}\[\d+\]: (?:\.: )?"
    return re.sub(prefix, "", output, flags=re.MULTILINE)


def _parse(dump: bytes) -> dict[str, str]:
    """Return the environment in ``dump``, a NUL after each NAME=VALUE."""
    environ = {}
    for entry in dump.split(b"\0"):
        name, equals, value = os.fsdecode(entry).partition("=")
        if equals:
            environ[name] = value
    return environ


def _take_over(after: Mapping[str, str], clean: Mapping[str, str], by_itself: Sequence[str]) -> dict[str, str]:
    """Return ``clean`` with what FILE exported, without what the shell sets ``by_itself``."""
    own = {*SHELLS_OWN, *by_itself}
    taken = {}
    for name, value in after.items():
        is_variable = name.isidentifier() and name.isascii()
        if is_variable and name not in own and not name.startswith("CLEANENV"):
            taken[name] = value
    return taken | {name: value for name, value in clean.items() if name in own}


def _failure(file: str, readable: str, reader: Reader, status: int, output: str) -> SourceFailedError:
    from cleanenv.session import setup_complaint

    lines = [line.strip() for line in output.splitlines() if line.strip()]
    last = f", its last lines: {' / '.join(lines[-LAST_LINES:])}" if lines else ""
    read = f"'{file}' was read by {reader.name}"
    if status < 0:
        return SourceFailedError(f"{read}, which was killed by signal {-status}{last}", status=128 - status)
    if status == 0:
        return SourceFailedError(f"{read} and ended it before it was done{last}")
    where = setup_complaint.explain(file, output)
    if where:
        last = f" at {where}"
    fact = f"{read} and failed with status {status}{last}"
    is_for_bash = _is_for_bash(readable, reader)
    remedy = setup_complaint.remedy(reader.name, output, is_for_bash=is_for_bash)
    return SourceFailedError(fact, remedy, status=status)
