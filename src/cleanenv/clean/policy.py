"""The judging of names by the allow-list.

The rule behind it: what says how to reach the terminal, the network or the
session is kept; what says what is imported, linked, installed or run is dropped.
Whatever has no row in KEPT is dropped: the rows of DROPPED only give it a name.
"""

# On the way of `run`: patterns end in '*' or are names (re costs 6 ms).
from __future__ import annotations

from cleanenv.clean.dropped import (
    DROPPED,
    INSTALLER,
    LINKER,
    MODULES,
    OF_CODE,
    OTHER_ENVIRONMENT,
    OWN,
    PYTHON,
    ROS,
    SCREEN_SIZE,
    SHELL_STARTUP,
    SHELLS_OWN,
    VERSION_MANAGER,
)
from cleanenv.clean.kept import DESKTOP, IDENTITY, KEPT, LANGUAGE, TERMINAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# The kinds and groups that others ask for by name.
__all__ = (
    *("DESKTOP", "IDENTITY", "LANGUAGE", "TERMINAL"),
    *("INSTALLER", "LINKER", "MODULES", "OTHER_ENVIRONMENT", "OWN", "PYTHON", "ROS", "SCREEN_SIZE"),
    *("SHELLS_OWN", "SHELL_STARTUP", "VERSION_MANAGER"),
)

FUNCTION = "an exported shell function"
BAD_NAME = "a name that is not an identifier"
BAD_VALUE = "a value that sudo refuses too"
UNLISTED = "not on the list"

# A project's file may set these groups and nothing else that KEPT or DROPPED names.
PROJECT_MAY_SET = (LANGUAGE,)
PROJECT_MAY_NOT_SET = ("TZDIR", "LOCALE_ARCHIVE", "GUIX_LOCPATH")  # of these: where the data are, names and starts
PROJECT_MAY_SET_NAMES = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR")

# The system's standard directories, in the order of PATH; those that do not exist are left out.
SYSTEM_PATH = (
    "/run/wrappers/bin",  # NixOS
    "/run/current-system/sw/bin",
    "/run/privileged/bin",  # Guix System, whose /usr/bin holds env alone; setuid-programs before 2024
    "/run/setuid-programs",
    "/run/current-system/profile/bin",
    "/run/current-system/profile/sbin",
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/usr/lib/wsl/lib",  # WSL puts it on PATH by itself: nvidia-smi
)

_KEPT_NAMES: dict[str, tuple[str, str]] = {}
_KEPT_STARTS: dict[str, tuple[str, str]] = {}
for _names, _group, _reason in KEPT:
    for _name in _names.split():
        if _name[-1] == "*":
            _KEPT_STARTS[_name[:-1]] = (_group, _reason)
        else:
            _KEPT_NAMES[_name] = (_group, _reason)
_EVERY_START = tuple(_KEPT_STARTS)

_DROPPED_NAMES: dict[str, str] = {}
_DROPPED_STARTS: dict[str, str] = {}
for _kind, _names in DROPPED:
    for _name in _names.split():
        if _name[-1] == "*":
            _DROPPED_STARTS[_name[:-1]] = _kind
        else:
            _DROPPED_NAMES[_name] = _kind


def kept(name: str) -> tuple[str, str] | None:
    """Return the group and the reason for which ``name`` is kept, None if it is not on the list.

    A glob gives way to a longer row of DROPPED, and to a name that speaks of what is loaded or run.
    """
    row = _KEPT_NAMES.get(name)
    if row is not None or not name.startswith(_EVERY_START):
        return row
    start = _longest_start(name, _KEPT_STARTS)
    if name in _DROPPED_NAMES or len(_longest_start(name, _DROPPED_STARTS)) > len(start):
        return None
    if not OF_CODE.isdisjoint(name.upper().split("_")):
        return None
    return _KEPT_STARTS[start]


def hazard(name: str) -> str | None:
    """Return the kind of harm that ``name`` is known for, None if it is known for none."""
    kind = _DROPPED_NAMES.get(name)
    return kind if kind is not None else _DROPPED_STARTS.get(_longest_start(name, _DROPPED_STARTS))


def _longest_start(name: str, starts: dict[str, tuple[str, str]] | dict[str, str]) -> str:
    """Return the longest of ``starts`` with which ``name`` begins, empty for none."""
    for end in range(len(name), 0, -1):
        if name[:end] in starts:
            return name[:end]
    return ""


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether ``name`` is one of ``patterns``, which may be globs as fnmatch knows them."""
    for pattern in patterns:
        if name == pattern:
            return True
        if any(sign in pattern for sign in "*?["):
            from fnmatch import fnmatchcase

            if fnmatchcase(name, pattern):
                return True
    return False


def project_may_keep(pattern: str) -> str | None:
    """Return why a project's file may not keep ``pattern``, a kind of DROPPED or a sentence; None if it may."""
    start = pattern.rstrip("*")
    if any(sign in start for sign in "*?["):
        return "a glob that does more than end in '*'"
    if start == pattern:  # a name
        return None if kept(pattern) is not None else hazard(pattern)
    # A glob lets in what it has in common with any row of DROPPED, itself a name or the start of names.
    for known, kind in _DROPPED_NAMES.items():
        if known.startswith(start):
            return kind
    for known, kind in _DROPPED_STARTS.items():
        if known.startswith(start) or start.startswith(known):
            return kind
    return None


def project_may_set(name: str) -> str | None:
    """Return the kind or group for which a project's file may not set ``name``, None if it may."""
    row = kept(name)
    if row is not None:
        group, _ = row
        is_look = name in PROJECT_MAY_SET_NAMES
        is_language = group in PROJECT_MAY_SET and not name.startswith(PROJECT_MAY_NOT_SET)
        if not (is_look or is_language):
            return group
    return hazard(name)
