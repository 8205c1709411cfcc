"""One import in a source: what, where, and under which condition."""

from __future__ import annotations

from typing import NamedTuple

UNGUARDED = ""
TYPING = "typing"  # only type checkers run it
OPTIONAL = "optional"  # its failure is caught
FALLBACK = "fallback"  # it is tried after another one failed


class Use(NamedTuple):
    """An import of ``module``, its dotted name, at ``line`` of a file, or of its notebook's cell ``cell`` (else 0).

    ``names`` are those that ``from module import …`` takes: they may be
    submodules. ``guard`` is one of the words above; imports of one ``group``
    stand in for each other (0: none). ``is_lazy`` if it is in a function.
    ``changes_path`` if the file changes sys.path.
    """

    module: str
    line: int
    names: tuple[str, ...] = ()
    guard: str = UNGUARDED
    group: int = 0
    is_lazy: bool = False
    cell: int = 0
    changes_path: bool = False

    @property
    def top(self) -> str:
        """The first part of the name, which is searched on sys.path."""
        return self.module.partition(".")[0]
