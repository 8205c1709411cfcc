"""Bash: its startup files, sourced under a DEBUG trap by shells/bash/trace.bash."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cleanenv.errors import ShellUnusableError
from cleanenv.trace import sandbox as running
from cleanenv.trace.engine import skipped_commands, source_file
from cleanenv.trace.model import Missing, Replay
from cleanenv.trace.shells import bash_events

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cleanenv.shell.definition import Shell

# What some builds read before ~/.bashrc stands in the program itself: Debian's, SUSE's and Arch's; Gentoo's.
SYSTEM = re.compile(rb"/etc/(?:bash\.bashrc|bash/bashrc|bashrc)(?=\0)")
PROFILES = (".bash_profile", ".bash_login", ".profile")
# Watched before they are exported, so that the line that gave the value is found too.
SEEDS = (
    "PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "CMAKE_PREFIX_PATH",
    "PKG_CONFIG_PATH",
    "ROS_PACKAGE_PATH",
    "AMENT_PREFIX_PATH",
    "VIRTUAL_ENV",
    "PIP_TARGET",
)


def replay(
    row: Shell,
    program: str,
    environ: Mapping[str, str],
    *,
    login: bool,
    timeout: float,
) -> Replay:
    """Replay the startup of ``program``, interactive, as a login shell where ``login`` says so.

    Raises ShellUnusableError where it cannot be started or is older than 4.4.
    """
    home = environ.get("HOME", "/")
    files, missing = startup_files(program, home, login=login)
    tracer = running.shells_file("bash/trace.bash")
    with running.folder() as folder:
        paths = {name: os.path.join(folder, name.lower()) for name in ("EVENTS", "PLACE", "LIST")}
        for path in paths.values():
            with open(path, "xb"):
                pass
        given = {**environ, "ENV": "$CLEANENV_TRACE", "CLEANENV_TRACE": tracer, "CLEANENV_TRACE_NAMES": " ".join(SEEDS)}
        given[skipped_commands.VARIABLE] = skipped_commands.table(row.name)
        given |= {f"CLEANENV_TRACE_{name}": path for name, path in paths.items()}
        if "ENV" in environ:
            given["CLEANENV_KEEP_ENV"] = environ["ENV"]
        words = [program, *(["--login"] if login else []), "--noprofile", "--posix", "-i", "-s", "--", *files]
        ended = running.run(words, given, home, timeout)
        told = bash_events.read(running.events(paths["EVENTS"]), running.events(paths["PLACE"]), tracer)
    if told.unsupported:
        raise ShellUnusableError(f"bash {told.unsupported} cannot be traced", "use 4.4 or newer with --shell PATH")
    return Replay(
        changes=tuple(told.changes),
        skipped=tuple(told.skipped),
        missing=missing,
        finished=told.is_complete,
        timed_out=not ended and not told.is_complete,
        last=() if told.is_complete else told.last,
        notes=tuple(told.notes),
    )


def startup_files(program: str, home: str, *, login: bool) -> tuple[list[str], tuple[Missing, ...]]:
    """Return the startup files that ``program`` reads, and those that it looks for in vain (bash(1), INVOCATION)."""
    read: list[str] = []
    missing: list[Missing] = []
    if not login:
        for path in (*_system_files(program), os.path.join(home, ".bashrc")):
            _try(path, read, missing)
        return read, tuple(missing)
    _try("/etc/profile", read, missing)
    for name in PROFILES:
        # Bash goes on to the next where there is no such file, not where it cannot be read.
        if _try(os.path.join(home, name), read, missing) or os.path.exists(os.path.join(home, name)):
            break
    return read, tuple(missing)


def _try(path: str, read: list[str], missing: list[Missing]) -> bool:
    reason = source_file.reason_missing(path)
    if reason:
        missing.append(Missing(path, reason))
    else:
        read.append(path)
    return not reason


def _system_files(program: str) -> Iterator[str]:
    try:
        with open(program, "rb") as file:
            found = SYSTEM.search(file.read())
    except OSError:
        return
    if found is not None:
        yield os.fsdecode(found[0])
