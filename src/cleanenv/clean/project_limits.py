"""What the file of a project, which may be anybody's, may keep and set."""

from __future__ import annotations

from cleanenv.clean import dropped, policy

# A project's file may set these groups and nothing else that KEPT or DROPPED names.
MAY_SET = (policy.LANGUAGE,)
MAY_NOT_SET = ("TZDIR", "LOCALE_ARCHIVE", "GUIX_LOCPATH")  # of these: where the data are
MAY_SET_NAMES = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR")


def may_keep(pattern: str) -> str | None:
    """Return why a project's file may not keep ``pattern``, a kind of DROPPED or a sentence; None if it may."""
    start = pattern.rstrip("*")
    if any(sign in start for sign in "*?["):
        return "a glob that does more than end in '*'"
    if start == pattern:  # a name
        return None if policy.kept(pattern) is not None else policy.hazard(pattern)
    # A glob lets in what it has in common with any row of DROPPED, itself a name or the start of names.
    return dropped.kind_of_glob(start)


def may_set(name: str) -> str | None:
    """Return the kind or group for which a project's file may not set ``name``, None if it may."""
    row = policy.kept(name)
    if row is not None:
        group, _ = row
        is_look = name in MAY_SET_NAMES
        is_language = group in MAY_SET and not name.startswith(MAY_NOT_SET)
        if not (is_look or is_language):
            return group
    return policy.hazard(name)
