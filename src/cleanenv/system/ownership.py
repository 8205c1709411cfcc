"""Whether what was found in the file system, and not named by the user, may decide what the user runs.

The model is git's safe.directory (CVE-2022-24765), with the modes that sshd looks at (StrictModes): what is found
must belong to the user or to root, and nobody else may be able to write to it.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = 0
BY_GROUP = stat.S_IWGRP
BY_OTHERS = stat.S_IWOTH
ACL = "system.posix_acl_access"  # acl(5); the bits of the group are then the most that anybody named in it may


def directories(top: str, below: str) -> Iterator[str]:
    """Yield ``below`` and each directory above it up to ``top``, which is one of these."""
    while True:
        yield below
        parent = os.path.dirname(below)
        if below in (top, parent):
            return
        below = parent


def objection(path: str, environ: Mapping[str, str]) -> str | None:
    """Return why the file or directory at ``path`` cannot be trusted, as a predicate; None if it can be.

    Of a link, it must belong to the user or root, and so must what it leads
    to. What does not exist does no harm.
    """
    try:
        found = os.lstat(path)
        if not stat.S_ISLNK(found.st_mode):
            return objection_to(found, path, environ)
        foreign = _foreign_owner(found, environ)
        return foreign or objection_to(os.stat(path), path, environ)
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"cannot be looked at ({(error.strerror or 'error').lower()})"


def objection_to(found: os.stat_result, path: str | int, environ: Mapping[str, str]) -> str | None:
    """Return the same for what ``found`` was read of; ``path`` may be the descriptor."""
    foreign = _foreign_owner(found, environ)
    if foreign:
        return foreign
    # Nobody can put something else into the place of what is yours in a sticky directory, such as /tmp.
    if stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX:
        return None
    if found.st_mode & BY_OTHERS:
        return "is world-writable"
    if found.st_mode & BY_GROUP and not _is_private(found, path):
        return f"can be written by the group {_group_name(found.st_gid)}"
    return None


def _foreign_owner(found: os.stat_result, environ: Mapping[str, str]) -> str | None:
    if found.st_uid in _trusted(environ):
        return None
    return f"belongs to {_user_name(found.st_uid)}"


def _trusted(environ: Mapping[str, str]) -> tuple[int, ...]:
    """Return the users whose files count: this one, root, and for root below sudo(8) who called it, as for git."""
    user = os.geteuid()
    caller = environ.get("SUDO_UID", "")
    if user == ROOT and caller.isascii() and caller.isdigit() and len(caller) <= len(str(2**32)):
        return (ROOT, int(caller))
    return (ROOT, user)


def _is_private(found: os.stat_result, path: str | int) -> bool:
    """Tell whether the group that may write has no member but the owner, as where each user has one (umask 002).

    It then has the owner's name, by useradd(8); without a name, in a container, the owner's number. An access control
    list may name others.
    """
    try:
        os.getxattr(path, ACL)
    except (OSError, AttributeError):  # none; no such call but on Linux
        pass
    else:
        return False
    import grp

    owners = (_user_name(found.st_uid), _user_name(ROOT))
    try:
        group = grp.getgrgid(found.st_gid)
    except KeyError:
        return found.st_gid == found.st_uid
    return group.gr_name in owners and set(group.gr_mem) <= set(owners)


def _user_name(user: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def _group_name(group: int) -> str:
    import grp

    try:
        return grp.getgrgid(group).gr_name
    except KeyError:
        return str(group)
