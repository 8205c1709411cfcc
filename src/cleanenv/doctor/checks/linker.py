"""The loader's variables: libraries put into every program, directories searched before the system's (ld.so(8))."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cleanenv.doctor import codes, remedies
from cleanenv.doctor.checks import library_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cleanenv.doctor.finding import Finding, Subject

# (code; variable; what its entries are separated by)
LOADED = (("ld-preload", "LD_PRELOAD", "[ \t:]+"), ("ld-audit", "LD_AUDIT", ":"))
DYLD = ("DYLD_INSERT_LIBRARIES", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH", "DYLD_FALLBACK_LIBRARY_PATH")


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what LD_* and DYLD_* do."""
    environ = subject.environ
    for code, variable, separator in LOADED:
        if environ.get(variable):
            yield from _loaded(code, variable, environ[variable], separator)
    yield from library_path.findings(subject)
    for variable in DYLD:
        value = environ.get(variable)
        if value:
            yield _finding("dyld", variable, value, f"on macOS, programs load libraries from '{value}'")


def _finding(code: str, variable: str, value: str, fact: str, *, evidence: Iterable[str] = ()) -> Finding:
    return codes.finding(
        code,
        fact,
        f"unset {variable}, or set it only for the program that needs it",
        variable=variable,
        value=value,
        evidence=evidence,
        line=remedies.unset(variable),
    )


def _loaded(code: str, variable: str, value: str, separator: str) -> Iterator[Finding]:
    """Yield a finding on the libraries that are loaded, and one on those that do not exist."""
    existing = []
    missing = []
    for name in re.split(separator, value):
        if not name:
            continue
        # A bare name is searched for, and $ORIGIN and its kin differ from program to program.
        is_path = "/" in name and "$" not in name
        if is_path and not os.path.exists(name):
            missing.append(name)
        else:
            existing.append(name)
    if existing:
        fact = f"every program loads '{', '.join(existing)}' first"
        yield _finding(code, variable, value, fact, evidence=existing)
    if missing:
        names = ", ".join(missing)
        fact = f"{variable} names '{names}', which {'does' if len(missing) == 1 else 'do'} not exist"
        yield _finding("ld-preload-missing", variable, value, fact, evidence=missing)
