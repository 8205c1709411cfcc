"""csh and elvish: their startup files read and not run, as neither lets itself be watched."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.trace.engine import source_file
from cleanenv.trace.engine.ledger import Ledger
from cleanenv.trace.model import Place, Replay
from cleanenv.trace.start import USUAL, Given
from cleanenv.trace.syntax.csh_grammar import Csh
from cleanenv.trace.syntax.elvish_grammar import Elvish
from cleanenv.trace.syntax.static_grammar import AS_WRITTEN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cleanenv.shell.definition import Shell
    from cleanenv.trace.syntax.static_grammar import Grammar

GRAMMARS: dict[str, Callable[[Mapping[str, str]], Grammar]] = {"csh": Csh, "elvish": Elvish}
DEEPEST = 30  # files that source one another
MOST = 2000  # files in all
NOTES = (
    "the files were read and not run: conditions were not evaluated, loops not repeated, functions not followed",
    "a value that the shell would have to work out is given as it is written",
)


def replay(
    row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float, given: Given = USUAL
) -> Replay:
    """Read the startup files of ``row``."""
    del program, timeout
    grammar = GRAMMARS[row.name](environ)
    files = [given.rc] if given.rc else grammar.startup(login=login)
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
        is_open = any(place.file == file for place in chain)
        if is_open or len(chain) >= DEEPEST or self._count > MOST:
            return
        if chain and not os.path.isfile(file):
            self.missing.append(file)
            return
        for number, text in self._grammar.lines(file):
            here = (*chain, Place(file, number))
            for setting in self._grammar.settings(text, self.ledger.values):
                notes = () if setting.is_known else (AS_WRITTEN,)
                self.ledger.record(setting.name, setting.value, here, text.strip(), notes)
            for sourced in self._grammar.sourced(text, file, self.ledger.values):
                self.read(sourced, here)
