"""Python programs that a clean PATH finds outside the environment: they run with another Python and its packages."""

from __future__ import annotations

import os

from cleanenv.system.console import with_tilde

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.environments.environment import Environment

LONGEST_FIRST_LINE = 256  # Linux: BINPRM_BUF_SIZE
INSTALLERS = ("uv", "poetry", "pdm", "hatch", "pipenv", "conda")


def note(name: str, program: str, environment: Environment) -> str | None:
    """Return a sentence if the command ``name``, found at ``program``, is a Python program of another installation."""
    if "/" in name or program.startswith(f"{environment.bin}/") or not is_of_python(program):
        return None
    return f"Note: {name} is {program}, not the environment's: install it there"


def note_without_pip(environment: Environment, clean_path: str, caller: Mapping[str, str]) -> str | None:
    """Return a sentence if ENV has no pip and another answers to the name; it names installers that are left out."""
    if os.path.lexists(f"{environment.bin}/pip"):
        return None
    home = caller.get("HOME", "")
    other = _find("pip", clean_path)
    parts = [f"'pip' is {other}"] if other else []
    for name in INSTALLERS:
        outside = _find(name, caller.get("PATH", ""))
        if outside and not _find(name, clean_path):
            directory = with_tilde(os.path.dirname(outside), home)
            parts.append(f"{name} is left out: let it in with --path {directory}")
            break
    if not parts:
        return None
    return f"Note: {environment.name} has no pip; {', and '.join(parts)}"


def _find(name: str, path: str) -> str | None:
    for directory in path.split(":"):
        candidate = f"{directory}/{name}"
        if directory.startswith("/") and os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return candidate
    return None


def is_of_python(program: str) -> bool:
    """Tell whether the first line of ``program`` names a Python."""
    try:
        descriptor = os.open(program, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        start = os.read(descriptor, LONGEST_FIRST_LINE)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    first, _, rest = start.partition(b"\n")
    if first[:2] != b"#!":
        return False
    if first[2:].strip() == b"/bin/sh":  # what pip writes if the path of the Python is too long
        first = rest.partition(b"\n")[0]
    words = first[2:].split()
    return any(os.path.basename(word).startswith((b"python", b"pypy")) for word in words)
