"""Versions as pip prints them: normalised by packaging (PEP 440) if they are not already."""

# On the way of `freeze`, run in hooks: packaging.version (20 ms) only for a version that is not in normal form.
from __future__ import annotations

# From so many digits on packaging decides, as int() has a limit.
_LONG = 1000


def normal(text: str) -> str | None:
    """Return ``text`` in PEP 440's normal form, None if it is not a version."""
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
        rest, has_mark, number = public.rpartition(mark)
        if has_mark:
            if not _is_number(number):
                return False
            public = rest
    *release, last = public.split(".")
    for part in release:
        if not _is_number(part):
            return False
    return _is_number(last) or _is_pre_release(last)


def _is_number(text: str) -> bool:
    """Whether ``text`` is a number without leading zeros that packaging need not look at."""
    if not text.isdecimal() or len(text) >= _LONG:
        return False
    return text[0] != "0" or text == "0"


def _is_pre_release(part: str) -> bool:
    for mark in ("rc", "a", "b"):
        number, has_mark, serial = part.partition(mark)
        if has_mark:
            return _is_number(number) and _is_number(serial)
    return False


def _is_local(local: str) -> bool:
    for part in local.split("."):
        if not part.isalnum() or part != part.lower():
            return False
        if part.isdecimal() and not _is_number(part):
            return False
    return True
