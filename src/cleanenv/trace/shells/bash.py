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
from cleanenv.trace.start import USUAL, Given

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cleanenv.shell.definition import Shell

# What some builds read before ~/.bashrc stands in the program itself: Debian's, SUSE's and Arch's; Gentoo's.
SYSTEM = re.compile(rb"/etc/(?:bash\.bashrc|bash/bashrc|bashrc)(?=\0)")
VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))", re.ASCII)
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
    given: Given = USUAL,
) -> Replay:
    """Replay the startup of ``program``, interactive, as a login shell where ``login`` says so.

    Raises ShellUnusableError where it cannot be started or is older than 4.4.
    """
    home = environ.get("HOME", "/")
    files, missing = startup_files(program, environ, login=login, given=given)
    tracer = running.shells_file("bash/trace.bash")
    with running.folder() as folder:
        paths = {name: os.path.join(folder, name.lower()) for name in ("EVENTS", "PLACE", "LIST")}
        for path in paths.values():
            with open(path, "xb"):
                pass
        # In posix mode an interactive bash reads the file that ENV names, and no other (bash(1), INVOCATION).
        fed = {**environ, "ENV": "$CLEANENV_TRACE", "CLEANENV_TRACE": tracer, "CLEANENV_TRACE_NAMES": " ".join(SEEDS)}
        fed[skipped_commands.VARIABLE] = skipped_commands.table(row.name)
        fed |= {f"CLEANENV_TRACE_{name}": path for name, path in paths.items()}
        if "ENV" in environ:
            fed["CLEANENV_KEEP_ENV"] = environ["ENV"]
        words = [program, "--noprofile", "--posix", "-i", "-s", "--", *files]
        if login:
            words.insert(1, "--login")
        ended = running.run(words, fed, home, timeout)
        reader = bash_events.Reader(tracer)
        reader.read(running.events(paths["EVENTS"]))
        place = running.events(paths["PLACE"])
    if reader.unsupported:
        raise ShellUnusableError(f"bash {reader.unsupported} cannot be traced", "use 4.4 or newer with --shell PATH")
    return Replay(
        changes=tuple(reader.changes()),
        skipped=skipped_commands.each_once(reader.skipped),
        missing=missing,
        finished=reader.is_complete,
        timed_out=not ended and not reader.is_complete,
        last=() if reader.is_complete else reader.exit or reader.last(place),
        notes=tuple(reader.notes),
    )


def startup_files(
    program: str, environ: Mapping[str, str], *, login: bool, given: Given = USUAL
) -> tuple[list[str], tuple[Missing, ...]]:
    """Return the startup files that ``program`` reads, and those that give nothing (bash(1), INVOCATION)."""
    home = environ.get("HOME", "/")
    paths: list[str] = []
    if login:
        if not given.is_without_profile:
            paths = ["/etc/profile", *_profile(home)]
    elif given.is_posix:
        paths = [_expanded(environ["ENV"], environ)] if environ.get("ENV") else []
    elif not given.is_without_rc:
        # The system's file is read even if --rcfile names another one for the user's (shell.c, SYS_BASHRC).
        paths = [*_system_files(program), given.rc or os.path.join(home, ".bashrc")]
    missing = source_file.missing(paths)
    without = {file.file for file in missing}
    return [path for path in paths if path not in without], missing


def _expanded(path: str, environ: Mapping[str, str]) -> str:
    """Return the value of ENV with the variables in it put in, as far as that is all that it needs."""
    return VARIABLE.sub(lambda match: environ.get(match[1] or match[2], ""), path)


def _profile(home: str) -> Iterator[str]:
    """Yield the profiles that bash looks for: after one that does not exist the next, after an unreadable one none."""
    for name in PROFILES:
        path = os.path.join(home, name)
        yield path
        if os.path.exists(path):
            return


def _system_files(program: str) -> Iterator[str]:
    try:
        with open(program, "rb") as file:
            match = SYSTEM.search(file.read())
    except OSError:
        return
    if match is not None:
        yield os.fsdecode(match[0])
