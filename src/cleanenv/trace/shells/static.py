"""csh and elvish: their startup files read and not run, as neither lets itself be watched."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.trace.engine import source_file
from cleanenv.trace.engine.ledger import Ledger
from cleanenv.trace.model import Place, Replay
from cleanenv.trace.syntax.static_grammar import AS_WRITTEN, GRAMMARS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.shell.definition import Shell
    from cleanenv.trace.syntax.static_grammar import Grammar

DEEPEST = 30  # files that source one another
MOST = 2000  # files in all
NOTES = (
    "the files were read and not run: conditions were not evaluated, loops not repeated, functions not followed",
    "a value that the shell would have to work out is given as it is written",
)


def replay(row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float) -> Replay:
    """Read the startup files of ``row``."""
    del program, timeout
    grammar = GRAMMARS[row.name](environ)
    files = grammar.startup(login=login)
    reading = _Reading(grammar, environ)
    for file in files:
        reading.read(file, ())
    missing = source_file.missing([*files, *reading.missing])
    return Replay(changes=reading.ledger.marked(), missing=missing, notes=NOTES, is_replayed=False)


class _Reading:
    """What the files read so far set, in the order of their lines."""

    def __init__(self, grammar: Grammar, environ: Mapping[str, str]) -> None:
        self.ledger = Ledger(environ)
        self.missing: list[str] = []
        self._grammar = grammar
        self._count = 0

    def read(self, file: str, chain: tuple[Place, ...]) -> None:
        """Read a file that the line at the end of ``chain`` sources."""
        self._count += 1
        if len(chain) >= DEEPEST or self._count > MOST or any(place.file == file for place in chain):
            return
        if chain and not os.path.isfile(file):
            self.missing.append(file)
            return
        for number, text in self._grammar.lines(file):
            here = (*chain, Place(file, number))
            for name, value, is_known in self._grammar.changes(text, self.ledger.values):
                self.ledger.record(name, value, here, text.strip(), () if is_known else (AS_WRITTEN,))
            for sourced in self._grammar.sourced(text, file, self.ledger.values):
                self.read(sourced, here)
