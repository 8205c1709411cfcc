"""Names of distributions: their canonical form, and whether something can be one."""

# On the way of `freeze`, run in hooks: no re (6 ms), so no packaging.utils.
from __future__ import annotations

_ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_CHARACTERS = _ALPHANUMERIC + "._-"


def canonical(name: str) -> str:
    """Return ``name`` as PEP 503 compares it: lower case, each run of ``-_.`` one dash."""
    name = name.lower()
    if "_" in name or "." in name:
        name = name.replace("_", "-").replace(".", "-")
    while "--" in name:
        name = name.replace("--", "-")
    return name


def is_valid(name: str) -> bool:
    """Whether ``name`` can be the name of a distribution (PEP 508)."""
    if not name or name.strip(_CHARACTERS):
        return False
    return name[0] in _ALPHANUMERIC and name[-1] in _ALPHANUMERIC
