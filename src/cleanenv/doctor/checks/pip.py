"""Settings of pip and uv, in variables and files, that send packages elsewhere or change what is installed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.doctor import codes, remedies
from cleanenv.doctor.checks import pip_config
from cleanenv.system import credentials

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.doctor.finding import Finding, Subject

# Dependency confusion: by pip's maintainers it is intended, so it stays as it is.
HIGHEST = (
    "installs the highest version of all: whoever can upload to one of these a package named as yours"
    " decides what you get (CVE-2018-20225)"
)
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
    "extra-index-url": ("pip-extra-index", f"pip looks for every package in '{{}}' too and {HIGHEST}"),
    "find-links": ("pip-extra-index", f"pip looks for every package among the files of '{{}}' too and {HIGHEST}"),
    "trusted-host": (
        "pip-trusted-host",
        "pip does not check the certificate of '{}', so anyone between can send packages",
    ),
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
    "UV_INDEX_STRATEGY": ("uv-choice", f"by '{{}}', uv looks for every package in all indexes and {HIGHEST}"),
    "UV_INDEX": ("uv-extra-index", "uv takes packages that '{}' has from there"),
    "UV_EXTRA_INDEX_URL": ("uv-extra-index", "uv takes packages that '{}' has from there"),
    "UV_FIND_LINKS": ("uv-extra-index", "uv also takes packages from the files of '{}'"),
    "UV_INSECURE_HOST": (
        "uv-insecure-host",
        "uv does not check the certificate of '{}', so anyone between can send packages",
    ),
}
UV_SWITCHES = ("UV_SYSTEM_PYTHON", "UV_NO_INDEX")
UV_SAFE = {"UV_INDEX_STRATEGY": "first-index"}  # what uv does anyway
# What else helps than to unset the variable or to remove the line.
ADVICE = {
    "pip-extra-index": "let one index serve all packages (index-url), or install with --require-hashes",
    "pip-trusted-host": "let pip trust the host's certificate (PIP_CERT)",
    "uv-insecure-host": "let uv trust the host's certificate (SSL_CERT_FILE)",
}
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
    if UV_SAFE.get(name) == value:
        return
    if _has_effect(value, is_switch=name in UV_SWITCHES) and not _names_env(subject, value):
        code, fact = UV[name]
        yield _of_variable(code, name, value, fact)


def _of_variable(code: str, name: str, value: str, fact: str) -> Finding:
    shown = _shown(value)
    return codes.finding(
        code,
        fact.format(shown),
        _remedy(code, f"unset {name}, and remove it from the file that sets it"),
        variable=name,
        value=shown,
        evidence=[f"{name}={shown}"],
        line=remedies.unset(name),
    )


def _shown(value: str) -> str:
    """Return a value on one line, without the passwords and tokens in its URLs."""
    if "://" not in value and "\n" not in value:
        return value
    return " ".join(credentials.masked(word) for word in value.split())


def _remedy(code: str, first: str) -> str:
    return f"{first}; if you need it, {ADVICE[code]}" if code in ADVICE else first


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
            shown = _shown(value)
            yield codes.finding(
                code,
                fact.format(shown),
                _remedy(code, f"remove the line from '{path}'"),
                evidence=[f"{path}: [{section}] {option} = {shown}"],
                line=f"{option} = {shown}",
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
