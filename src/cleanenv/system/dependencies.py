"""The packages that cleanenv itself needs, and what to do if one cannot be imported."""

from __future__ import annotations

import sys

from cleanenv.system.failure import BrokenError

DISTRIBUTION = "cleanenv-shell"
# What is imported: the distribution that brings it.
DISTRIBUTIONS = {
    "click": "click",
    "packaging": "packaging",
    "pip_requirements_parser": "pip-requirements-parser",
    "psutil": "psutil",
    "rich": "rich",
    "shellingham": "shellingham",
    "tomli": "tomli",
}


def explain(error: ImportError) -> BrokenError | None:
    """Return the refusal that ``error`` means, with the command that repairs it; None for another's package.

    It happens if pip took a leaked package for one that is installed
    ('Requirement already satisfied'): cleanenv starts without the leak.
    """
    package = (error.name or "").partition(".")[0]
    if package not in DISTRIBUTIONS:
        return None
    return BrokenError(
        f"cleanenv's own dependency '{package}' cannot be imported ({error.msg})", f"run {_repair(package)}"
    )


def _repair(package: str) -> str:
    """Return the command that installs ``package`` where cleanenv itself is, also over broken remains."""
    import shlex
    from importlib.util import find_spec

    wanted = shlex.quote(_requirement(package))
    python = shlex.quote(sys.executable)
    if find_spec("pip") is not None:  # -I: without the leak that deceived pip
        return f"{python} -I -m pip install --force-reinstall {wanted}"
    return f"uv pip install --reinstall --python {python} {wanted}"


def _requirement(package: str) -> str:
    """Return what cleanenv's metadata require of ``package``, else its bare name."""
    from importlib import metadata

    name = DISTRIBUTIONS[package]
    try:
        requirements = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        requirements = []
    for requirement in requirements:
        text = requirement.partition(";")[0].strip()
        if text.startswith(name) and not text[len(name) :][:1].isalnum() and text[len(name) :][:1] != "-":
            return text
    return name
