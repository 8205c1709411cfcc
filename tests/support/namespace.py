"""Mount namespaces of a test's own: a read-only overlay over /etc, an empty file system over a directory."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

MOUNT = 'mount -t overlay overlay -o "lowerdir=$0:/etc" /etc && exec "$@"'

EMPTY = 'mount -t tmpfs -o "$1" tmpfs "$0" && shift && exec "$@"'


def over_etc(folder: Path) -> list[str]:
    """Return the words that start a command with ``folder`` laid over /etc; nothing can be written there."""
    return ["unshare", "--mount", "sh", "-c", MOUNT, str(folder)]


def over_directory(directory: Path | str, options: str = "mode=755") -> list[str]:
    """Return the words that start a command with an empty tmpfs(5) of these ``options`` over ``directory``."""
    return ["unshare", "--mount", "sh", "-c", EMPTY, str(directory), options]


def is_possible_over(directory: Path) -> bool:
    """Tell whether this machine lets us mount a tmpfs over ``directory``: it takes root."""
    if os.getuid() != 0:
        return False
    return subprocess.run([*over_directory(directory), "true"], capture_output=True, check=False).returncode == 0


def is_possible(folder: Path) -> bool:
    """Tell whether this machine lets us: it takes root and overlayfs."""
    if os.getuid() != 0:
        return False
    probe = [*over_etc(folder), "true"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


PROGRAM = 'mount --bind "$0" "$1" && shift && exec "$@"'


def with_program_as(program: str, place: str) -> list[str]:
    """Return the words that start a command with ``program`` at the path ``place``."""
    return ["unshare", "--mount", "sh", "-c", PROGRAM, os.path.realpath(program), os.path.realpath(place)]


def is_possible_to_replace() -> bool:
    """Tell whether this machine lets us put a program in the place of another: it takes root."""
    if os.getuid() != 0:
        return False
    probe = [*with_program_as("/bin/true", "/bin/false"), "false"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0
