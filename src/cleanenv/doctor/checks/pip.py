"""What pip and uv are told by variables and files that sends packages elsewhere, or keeps them from being found."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.doctor.checks import pip_config
from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding
from cleanenv.doctor.imports import sys_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.doctor.finding import Subject

# pip's options by their long names: (code; what happens, with the value).
OPTIONS = {
    "target": ("pip-target", "pip installs into '{}', not into the environment"),
    "prefix": ("pip-prefix", "pip installs below '{}', not into the environment"),
    "root": ("pip-root", "pip installs below '{}' as if that were /, not into the environment"),
    "python": ("pip-python", "pip works for the Python '{}', not for the environment's"),
    "user": ("pip-user", "pip installs into your home, not into the environment, or refuses to"),
    "no-index": ("pip-no-index", "pip asks no package index"),
    "no-deps": ("pip-choice", "pip leaves out what a package requires"),
    "no-dependencies": ("pip-choice", "pip leaves out what a package requires"),
    "dry-run": ("pip-choice", "pip installs nothing and only says what it would"),
    "constraint": ("pip-choice", "pip takes only versions that '{}' allows"),
    "pre": ("pip-choice", "pip takes versions before their release too"),
    "ignore-installed": ("pip-choice", "pip installs over what is there without removing it"),
}
SWITCHES = ("user", "no-index", "no-deps", "no-dependencies", "dry-run", "pre", "ignore-installed")
PREFIX = "PIP_"
# uv's variables (code; what happens, with the value).
UV = {
    "UV_SYSTEM_PYTHON": ("uv-elsewhere", "uv installs into the system's Python, not into the environment"),
    "UV_PYTHON": ("uv-elsewhere", "uv works for the Python '{}', not for the environment's"),
    "UV_PROJECT_ENVIRONMENT": ("uv-elsewhere", "uv keeps a project's packages in '{}', not in the environment"),
    "UV_NO_INDEX": ("uv-choice", "uv asks no package index"),
    "UV_CONSTRAINT": ("uv-choice", "uv takes only versions that '{}' allows"),
    "UV_OVERRIDE": ("uv-choice", "uv takes the versions in '{}' whatever packages require"),
    "UV_CONFIG_FILE": ("uv-choice", "uv is configured by '{}' alone"),
}
UV_SWITCHES = ("UV_SYSTEM_PYTHON", "UV_NO_INDEX")
TRUE = ("y", "yes", "t", "true", "on", "1")


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield the settings of pip and uv that change where packages go, and pip's files that it fails on."""
    for name, value in sorted(subject.environ.items()):
        option = name.removeprefix(PREFIX).lower().replace("_", "-")
        if name.startswith(PREFIX) and option in OPTIONS and _counts(option in SWITCHES, value):
            code, fact = OPTIONS[option]
            yield _of_variable(code, name, value, fact)
        elif name in UV and _counts(name in UV_SWITCHES, value) and not _is_own(subject, value):
            code, fact = UV[name]
            yield _of_variable(code, name, value, fact)
    environment = subject.environment
    for path in pip_config.files(subject.environ, subject.home, environment.path if environment else None):
        yield from _of_file(path)


def _of_variable(code: str, name: str, value: str, fact: str) -> Finding:
    remedy = f"unset {name}, and take it out of the file that sets it"
    return Finding(
        code, SEVERITY[code], fact.format(value), remedy, name, value, (f"{name}={value}",), line=f"unset {name}"
    )


def _of_file(path: str) -> Iterator[Finding]:
    try:
        settings = pip_config.read(path)
    except pip_config.BrokenError as error:
        code = "pip-config-broken"
        fact = f"pip cannot read its configuration '{path}', and does nothing at all"
        yield Finding(code, SEVERITY[code], fact, "mend the file, or move it away", evidence=(str(error),))
        return
    for setting in settings:
        if setting.option in OPTIONS and _counts(setting.option in SWITCHES, setting.value):
            code, fact = OPTIONS[setting.option]
            yield Finding(
                code,
                SEVERITY[code],
                fact.format(setting.value),
                f"take the line out of '{path}'",
                evidence=(f"{path}: [{setting.section}] {setting.option} = {setting.value}",),
                line=f"{setting.option} = {setting.value}",
            )


def _counts(is_switch: bool, value: str) -> bool:  # noqa: FBT001 - a pure condition
    """Tell whether a value does anything: pip passes over empty ones, and a switch may be off."""
    return value.strip().lower() in TRUE if is_switch else bool(value)


def _is_own(subject: Subject, value: str) -> bool:
    """Tell whether a value of uv's names ENV itself."""
    if subject.environment is None:
        return False
    path = os.path.realpath(os.path.join(subject.folder, value))
    own = os.path.realpath(subject.environment.path)
    python = sys_path.python_of(subject)
    if python is not None and f"{python.full}.".startswith(f"{value}."):
        return True  # UV_PYTHON may ask for a version, which ENV's is then
    # ENV's python is a link out of ENV, so it is compared by its name.
    named = os.path.normpath(os.path.join(subject.folder, value))
    return path == own or os.path.dirname(named) == os.path.normpath(subject.environment.bin)
