"""What check found: imports with where they stand, and what they depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleanenv.check import codes
from cleanenv.doctor.finding import ERROR, WARNING, Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.check.leaks import Leak
    from cleanenv.environments.environment import Environment
    from cleanenv.trace.tracing import Trace


class Place(NamedTuple):
    """Where an import stands: ``file`` relative to the project, and as Use has the rest."""

    file: str
    line: int
    cell: int = 0
    guard: str = ""
    is_lazy: bool = False
    changes_path: bool = False

    @property
    def shown(self) -> str:
        """``file:line``, in a notebook ``file, cell 3:line``."""
        return f"{self.file}, cell {self.cell}:{self.line}" if self.cell else f"{self.file}:{self.line}"


class Remedy(NamedTuple):
    """How a finding is fixed: an imperative sentence, and the command that follows it, empty if there is none.

    ``manifest`` is the file that it changes, relative to the project, empty if it changes none.
    """

    text: str
    line: str = ""
    manifest: str = ""


class ImportFinding(NamedTuple):
    """One finding: ``finding`` as doctor has them, and what it says of imports.

    ``short`` is the fact without the leak, under whose heading people read it.
    ``module`` is the name that is imported, ``distribution`` and ``version``
    what it comes from, empty if not known; ``manifest`` the file that names it
    or should; ``places`` where it is imported.
    """

    finding: Finding
    short: str
    leak: Leak | None
    module: str
    distribution: str
    version: str
    manifest: str
    places: tuple[Place, ...]

    @property
    def code(self) -> str:
        """Its code."""
        return self.finding.code


class Result(NamedTuple):
    """All that check reports on ``project``, a name, at ``path``.

    ``files`` is how many were looked at, ``manifests`` those that declare what
    it needs; ``computed`` those of them that a program completes. ``wanted``
    as in a Diagnosis; ``trace`` is None if none was asked for.
    """

    project: str
    path: str
    environment: Environment
    python: str
    files: int
    findings: tuple[ImportFinding, ...]
    manifests: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    trace: Trace | None = None

    @property
    def is_sound(self) -> bool:
        """Whether there is neither an error nor a warning."""
        return not any(found.finding.severity in (ERROR, WARNING) for found in self.findings)

    def of_code(self, code: str) -> list[ImportFinding]:
        """Return the findings of ``code``."""
        return [found for found in self.findings if found.code == code]


def ordered(findings: Sequence[ImportFinding]) -> tuple[ImportFinding, ...]:
    """Return ``findings`` in the order of the codes, then of modules."""
    return tuple(sorted(findings, key=lambda found: (codes.ORDER[found.code], found.module, found.manifest)))
