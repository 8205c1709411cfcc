"""Settings of pip and uv, in variables and files, that send packages elsewhere or change what is installed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.doctor import codes, remedies
from cleanenv.doctor.checks import pip_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.doctor.finding import Finding, Subject

# pip's options by their long names: (code; what happens, with the value).
OPTIONS = {
    "target": ("pip-target", "pip installs into '{}', not into the environment"),
    "prefix": ("pip-prefix", "pip installs under '{}', not into the environment"),
    "root": ("pip-root", "pip installs under '{}' as if it were /, not into the environment"),
    "python": ("pip-python", "pip installs for the Python '{}', not for the environment's"),
    "user": ("pip-user", "pip installs into your home directory, not into the environment, or refuses to install"),
    "no-index": ("pip-no-index", "pip uses no package index"),
    "no-deps": ("pip-choice", "pip does not install what a package requires"),
    "no-dependencies": ("pip-choice", "pip does not install what a package requires"),
    "dry-run": ("pip-choice", "pip installs nothing and only prints what it would install"),
    "constraint": ("pip-choice", "pip installs only versions that '{}' allows"),
    "pre": ("pip-choice", "pip installs pre-releases too"),
    "ignore-installed": ("pip-choice", "pip installs over existing packages without removing them"),
}
SWITCHES = ("user", "no-index", "no-deps", "no-dependencies", "dry-run", "pre", "ignore-installed")
PREFIX = "PIP_"
# uv's variables (code; what happens, with the value).
UV = {
    "UV_SYSTEM_PYTHON": ("uv-elsewhere", "uv installs into the system's Python, not into the environment"),
    "UV_PYTHON": ("uv-elsewhere", "uv uses the Python '{}', not the environment's"),
    "UV_PROJECT_ENVIRONMENT": ("uv-elsewhere", "uv installs a project's packages into '{}', not into the environment"),
    "UV_NO_INDEX": ("uv-choice", "uv uses no package index"),
    "UV_CONSTRAINT": ("uv-choice", "uv installs only versions that '{}' allows"),
    "UV_OVERRIDE": ("uv-choice", "uv installs the versions in '{}', whatever packages require"),
    "UV_CONFIG_FILE": ("uv-choice", "uv reads its configuration from '{}' only"),
}
UV_SWITCHES = ("UV_SYSTEM_PYTHON", "UV_NO_INDEX")
TRUE = ("y", "yes", "t", "true", "on", "1")


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield the settings of pip and uv that change what goes where, and pip's files that it fails on."""
    for name, value in sorted(subject.environ.items()):
        if name.startswith(PREFIX):
            yield from _of_pips_variable(name, value)
        elif name in UV:
            yield from _of_uvs_variable(subject, name, value)
    prefix = subject.environment.path if subject.environment is not None else None
    for path in pip_config.files(subject.environ, subject.home, prefix):
        yield from _of_file(path)


def _of_pips_variable(name: str, value: str) -> Iterator[Finding]:
    option = name.removeprefix(PREFIX).lower().replace("_", "-")
    if option in OPTIONS and _has_effect(value, is_switch=option in SWITCHES):
        code, fact = OPTIONS[option]
        yield _of_variable(code, name, value, fact)


def _of_uvs_variable(subject: Subject, name: str, value: str) -> Iterator[Finding]:
    if _has_effect(value, is_switch=name in UV_SWITCHES) and not _names_env(subject, value):
        code, fact = UV[name]
        yield _of_variable(code, name, value, fact)


def _of_variable(code: str, name: str, value: str, fact: str) -> Finding:
    return codes.finding(
        code,
        fact.format(value),
        f"unset {name}, and remove it from the file that sets it",
        variable=name,
        value=value,
        evidence=[f"{name}={value}"],
        line=remedies.unset(name),
    )


def _of_file(path: str) -> Iterator[Finding]:
    try:
        settings = pip_config.read(path)
    except pip_config.BrokenError as error:
        fact = f"pip cannot read its configuration file '{path}', and refuses to run"
        yield codes.finding("pip-config-broken", fact, "fix the file, or move it away", evidence=[str(error)])
        return
    for section, option, value in settings:
        if option in OPTIONS and _has_effect(value, is_switch=option in SWITCHES):
            code, fact = OPTIONS[option]
            yield codes.finding(
                code,
                fact.format(value),
                f"remove the line from '{path}'",
                evidence=[f"{path}: [{section}] {option} = {value}"],
                line=f"{option} = {value}",
            )


def _has_effect(value: str, *, is_switch: bool) -> bool:
    """Tell whether a value does anything: pip ignores empty ones, and a switch may be off."""
    if is_switch:
        return value.strip().lower() in TRUE
    return bool(value)


def _names_env(subject: Subject, value: str) -> bool:
    """Tell whether a value of uv's names ENV: its path, its Python's, or a version that its Python has."""
    environment = subject.environment
    if environment is None:
        return False
    if subject.python is not None and f"{subject.python.full}.".startswith(f"{value}."):
        return True
    path = os.path.normpath(os.path.join(subject.directory, value))
    # ENV's python is a link that leads out of ENV, so it is compared by its name.
    if os.path.dirname(path) == os.path.normpath(environment.bin):
        return True
    return os.path.realpath(path) == os.path.realpath(environment.path)
