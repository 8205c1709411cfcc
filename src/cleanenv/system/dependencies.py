"""The packages that cleanenv itself needs, and what to do if one cannot be imported."""

from __future__ import annotations

import sys

DISTRIBUTION = "cleanenv-shell"


def explain(error: ImportError) -> tuple[str, str] | None:
    """Return the fact that ``error`` means, and the command that repairs it; None if it is not of a package.

    It happens if pip took a leaked package for one that is installed
    ('Requirement already satisfied'): cleanenv starts without the leak.
    """
    package = (error.name or "").partition(".")[0]
    if error.name == "cleanenv.shells":
        return "cleanenv's own files for the shells are missing", f"run {_repair(DISTRIBUTION)}"
    if package in ("", "cleanenv") or package in sys.stdlib_module_names:
        return None
    return f"cleanenv's own dependency '{package}' cannot be imported ({error.msg})", f"run {_repair(package)}"


def _repair(package: str) -> str:
    """Return the command that installs ``package`` where cleanenv itself is, also over broken remains."""
    import shlex
    from importlib.util import find_spec

    wanted = shlex.quote(_requirement(package.replace("_", "-")))
    python = shlex.quote(sys.executable)
    if find_spec("pip") is not None:  # -I: without the leak that deceived pip
        return f"{python} -I -m pip install --force-reinstall {wanted}"
    return f"uv pip install --reinstall --python {python} {wanted}"


def _requirement(distribution: str) -> str:
    """Return what cleanenv's metadata require of ``distribution``, else its bare name."""
    from importlib import metadata

    try:
        requirements = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        requirements = []
    for requirement in requirements:
        text = requirement.partition(";")[0].strip()
        after = text.removeprefix(distribution)
        if after != text and not after[:1].isalnum() and not after.startswith("-"):
            return text
    return distribution
