"""What doctor says of one thing that is wrong."""

# On the way of `doctor`: named tuples, since dataclasses cost 12 ms.
from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cleanenv.environments.environment import Environment

ERROR = "error"  # something wrong is imported, linked or run now
WARNING = "warning"  # something may be, in the right circumstances
NOTE = "note"  # worth knowing
SEVERITIES = (ERROR, WARNING, NOTE)


class Hidden(NamedTuple):
    """What a leak does to one package: it provides it, or shadows ENV's own.

    ``leaked`` is the version that the leak brings and ``location`` its folder;
    ``own`` is ENV's version, None where ENV has none (the package is there only
    by the leak). A version is empty where nothing tells it.
    """

    package: str
    location: str
    leaked: str
    own: str | None = None


class Finding(NamedTuple):
    """One fact with what shows it, what it does to this very ENV, and what to do.

    ``code`` is stable (README lists all); ``variable`` is the environment
    variable that it is about, empty where it is about none. ``evidence`` holds
    lines that a person can check. ``remedy`` is a sentence, ``line`` the exact
    command or line to change where there is one.
    """

    code: str
    severity: str
    fact: str
    remedy: str
    variable: str = ""
    value: str = ""
    evidence: tuple[str, ...] = ()
    hides: tuple[Hidden, ...] = ()
    line: str = ""


class Subject(NamedTuple):
    """What the checks look at: all that is read of the outside, so that a check is a pure function of it and of files.

    ``environ`` is the environment that cleanenv was started in, ``environment``
    the ENV that was asked for, None for the shell alone. ``folder`` is the
    current one, ``home`` the user's. ``wanted`` are the names that a clean shell
    was told to let in (``--keep``, ``--set``, ``--source``).
    """

    environ: dict[str, str]
    environment: Environment | None
    folder: str
    home: str
    wanted: frozenset[str] = frozenset()
