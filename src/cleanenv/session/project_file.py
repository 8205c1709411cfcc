"""What of a project's file takes effect: whose file it is, and what the user has allowed it."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.clean.plan import Overrides
from cleanenv.errors import UsageError
from cleanenv.session import config_table, consent
from cleanenv.session.config_table import Table
from cleanenv.system import ownership

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTHING = Table(None, None, Overrides(), (), {})
# The choice of an environment, as a '.venv' in the directory is one; and what doctor is not to report.
NEED_NO_CONSENT = ("env", "ignore")
_MOST_NAMED = 6
_LONGEST_NAMED = 60


class Found(NamedTuple):
    """A project's file, read once: its path, its content, and what it was when it was read."""

    path: str
    content: bytes
    status: os.stat_result


class Effect(NamedTuple):
    """What a project's file says as far as it counts, and a sentence for what does not, each empty if there is none.

    ``passed_over`` is about the whole file, ``left_out`` about all of it but ``env`` and ``ignore``.
    """

    table: Table
    passed_over: str = ""
    left_out: str = ""


def read(found: Found, directory: str, environ: Mapping[str, str]) -> Effect:
    """Return what of the file ``found`` takes effect for a user in ``directory``, which is beside it or below.

    Raises UsageError, naming the line, for what is wrong in a file that is the user's.
    """
    path = found.path
    allowed = consent.recorded(path, environ)
    objection = objection_to(found, directory, environ)
    if objection is not None:
        if allowed is None:  # it is not even parsed
            return Effect(NOTHING, passed_over=_foreign(path, objection))
        try:
            said = config_table.project(path, found.content, environ.get("HOME", ""))
        except UsageError:
            return Effect(NOTHING, passed_over=_foreign(path, objection))
        if consent.digest(said.items) != allowed:
            return Effect(NOTHING, passed_over=_foreign(path, objection))
        return Effect(said.table)
    said = config_table.project(path, found.content, environ.get("HOME", ""))
    needing = asked_for(said.items)
    if not needing or consent.digest(said.items) == allowed:
        return Effect(said.table)
    phrases = " and ".join(needing)
    fact = f"'{path}' is not allowed to {phrases}, which is left out"
    if allowed is not None:
        fact = f"'{path}' has changed since you allowed it, so it may not {phrases}, which is left out"
    sentence = f"{fact}: read it, then run {_command(path)}"
    return Effect(Table(said.table.env, None, Overrides(), (), said.table.ignore), left_out=sentence)


def objection_to(found: Found, directory: str, environ: Mapping[str, str]) -> str | None:
    """Return a clause that says who else may decide what the file says to a user in ``directory``; None for nobody."""
    objection = ownership.objection_to(found.status, found.path, environ)
    if objection is not None:
        return f"it {objection}"
    for path in (found.path, *ownership.directories(os.path.dirname(found.path), directory)):
        objection = ownership.objection(path, environ)
        if objection is not None:
            return f"'{path}' {objection}"
    return None


def asked_for(items: Mapping[str, object]) -> list[str]:
    """Return what a checked table asks for beside an environment, such as ``keep A, B``, a phrase for each key."""
    phrases = []
    for key, value in items.items():
        names = list(value) if isinstance(value, (list, dict)) else [value]
        if key not in NEED_NO_CONSENT and names:
            phrases.append(f"{_VERBS[key]} {_listed([str(name) for name in names])}")
    return phrases


_VERBS = {"keep": "keep", "set": "set", "shell": "start the shell", "path": "put on PATH", "source": "source"}


def _listed(names: Sequence[str]) -> str:
    shown = [name if len(name) <= _LONGEST_NAMED else f"{name[:_LONGEST_NAMED]}…" for name in names[:_MOST_NAMED]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _foreign(path: str, objection: str) -> str:
    return f"'{path}' is not used, since {objection}: if you trust what it says, run {_command(path)}"


def _command(path: str) -> str:
    command = f"cleanenv allow {shlex.quote(path)}"
    return command if "'" in command else f"'{command}'"
