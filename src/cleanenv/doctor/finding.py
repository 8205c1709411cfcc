"""A finding of doctor, and the subject that its checks look at."""

# On the way of `doctor`: named tuples, since dataclasses cost 12 ms.
from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanenv.doctor.linking.libraries import Substitute
    from cleanenv.doctor.remedies import Command
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.interpreter import Interpreter
    from cleanenv.system.processes import Process

ERROR = "error"  # something wrong is imported, linked or run now
WARNING = "warning"  # something may be, in the right circumstances
NOTE = "note"  # worth knowing
SEVERITIES = (ERROR, WARNING, NOTE)


class Hidden(NamedTuple):
    """What a leak does to one package: it adds it, or hides ENV's own.

    ``package`` is the name by which it is imported, or a library's.
    ``leaked`` is the version that the leak brings and ``location`` the
    directory it lies in; ``own`` is ENV's version, None if ENV has none (the
    package is importable only because of the leak). A version is empty if it
    is not known. A version is that of a distribution: ``distribution`` and
    ``own_distribution`` are the names of these, empty if not known.
    """

    package: str
    location: str
    leaked: str
    own: str | None = None
    distribution: str = ""
    own_distribution: str = ""


class Finding(NamedTuple):
    """One fact with its evidence, what it does to ENV, and how to fix it.

    ``code`` is stable (README lists all); ``variable`` is the environment
    variable that it is about, empty if it is about none, and ``entries`` those
    parts of a search path in it, as they are written. ``evidence`` holds lines
    that a person can check. ``remedy`` is an imperative sentence, ``line`` the
    exact command to run or line to change, empty if there is none; ``command``
    the same if each shell says it in words of its own.
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
    entries: tuple[str, ...] = ()
    command: Command | None = None


class Subject:
    """What the checks look at, all that they know of the outside: a check is a pure function of it and of files.

    ``environ`` is the environment that cleanenv was started in, ``environment``
    the ENV that was asked for, None for the shell alone. ``directory`` is the
    current one, ``home`` the user's. ``wanted`` are the names that a clean shell
    was asked to let in (``--keep``, ``--set``, ``--source``). ``ancestors`` are
    the processes above cleanenv, the parent first, read as they are asked for.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        environment: Environment | None,
        directory: str,
        home: str,
        wanted: frozenset[str] = frozenset(),
        *,
        ancestors: Iterable[Process] = (),
    ) -> None:
        self.environ = environ
        self.environment = environment
        self.directory = directory
        self.home = home
        self.wanted = wanted
        self.ancestors = ancestors

    @cached_property
    def python(self) -> Interpreter | None:
        """ENV's Python, None without ENV or if its files do not show which one it is."""
        from cleanenv.environments import interpreter

        return interpreter.read(self.environment) if self.environment is not None else None

    @cached_property
    def substitutes(self) -> list[Substitute]:
        """The libraries that ENV's files load from LD_LIBRARY_PATH, by name."""
        from cleanenv.doctor.checks import library_path

        return library_path.read_substitutes(self)
