"""Versions as pip prints them: normalised by packaging (PEP 440) where they are not already."""

# On the way of `freeze`, run in hooks: packaging.version (20 ms) only for a version that is not in normal form.
from __future__ import annotations

# From so many digits on packaging decides, as int() has a limit.
_LONG = 1000


def normal(text: str) -> str | None:
    """Return ``text`` in PEP 440's normal form, None where it is no version."""
    if is_normal(text):
        return text
    from packaging.version import InvalidVersion, Version

    try:
        return str(Version(text))
    except (InvalidVersion, ValueError):  # ValueError: more digits than int() takes (CVE-2020-10735)
        return None


def is_normal(text: str) -> bool:
    """Whether ``text`` is surely in normal form; False may also mean 'look closer'."""
    if not text.isascii() or not text:
        return False
    for part in text.split("."):  # as most are: numbers alone
        if not part.isdecimal() or (part[0] == "0" and part != "0"):
            break
    else:
        return len(text) < _LONG
    public, plus, local = text.partition("+")
    if plus and not _is_local(local):
        return False
    for mark in (".dev", ".post"):
        before, found, number = public.rpartition(mark)
        if found:
            if not _is_number(number):
                return False
            public = before
    *release, last = public.split(".")
    for part in release:
        if not _is_number(part):
            return False
    return _is_number(last) or _is_pre_release(last)


def _is_number(text: str) -> bool:
    return text.isdecimal() and (text[0] != "0" or text == "0") and len(text) < _LONG


def _is_pre_release(part: str) -> bool:
    for mark in ("rc", "a", "b"):
        number, found, serial = part.partition(mark)
        if found:
            return _is_number(number) and _is_number(serial)
    return False


def _is_local(local: str) -> bool:
    for part in local.split("."):
        if not part.isalnum() or part != part.lower() or (part.isdecimal() and not _is_number(part)):
            return False
    return True
