"""What nushell's profiler saw: instructions, each with its place and with the one that called it."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, TypedDict

from cleanenv.trace.engine import skipped_commands, source_file
from cleanenv.trace.model import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeAlias

    from cleanenv.trace.engine.ledger import Ledger
    from cleanenv.trace.model import Skipped

    Value: TypeAlias = "str | int | float | bool | list[str] | dict[str, Value] | None"


class Row(TypedDict):
    """An instruction; ``value`` is what it gave, where JSON can say it."""

    id: int
    parent: int
    file: str | None
    line: int | None
    text: str
    value: Value


STAND_IN = "__cleanenv_stand_in"
_STORE = re.compile(r'store-env\s+("(?:\\.|[^"\\])*")')
_CALL = re.compile(r'call\s+decl \d+ ("(?:\\.|[^"\\])*")')
# What runs a block and keeps what it does to the environment; a command of the user's does with --env.
_STREAMS = ("list stream", "byte stream", "raw input", "stream")  # shown in the place of a value
_KEEPING = ("source", "source-env", "use", "export-env", "overlay use", "export use")
_KEEPING_COMMAND = re.compile(r"\bdef\s+(?:--\w+\s+)*--env\s+(?:--\w+\s+)*(?:\"([^\"]+)\"|'([^']+)'|([^\s\[]+))")
_DO = re.compile(r"\bdo\s+(?:-\S+\s+)*(?:--env|-\w*e)")


class Profile:
    """The instructions of one startup, in the order in which they ran."""

    def __init__(
        self,
        rows: Iterable[Row],
        ledger: Ledger,
        end: Mapping[str, str],
        real: Callable[[str], str],
        told: Iterable[str],
    ) -> None:
        self.rows = sorted(rows, key=lambda row: row["id"])
        self.skipped: list[Skipped] = []
        self._by_id = {row["id"]: row for row in self.rows}
        self._ledger = ledger
        self._end = end
        self._real = real
        # Of each call of what stands in for programs, in their order, what became of it.
        self._told = iter(told)
        self._places: dict[str, tuple[tuple[Place, ...], str]] = {}
        self._values: dict[int, Value] = {}  # the last one that each block gave
        self._commands = self._kept() - {""}
        self._keeping = {*_KEEPING, *self._commands}

    def _kept(self) -> set[str]:
        """Return the names of the user's commands that keep what they do to the environment."""
        files = {self._real(row["file"]) for row in self.rows if row["file"] and os.path.isabs(row["file"])}
        return {
            name
            for file in files
            for text in source_file.read(file).lines
            for names in _KEEPING_COMMAND.findall(text)
            for name in names
        }

    def read(self) -> None:
        """Take down what changed the environment for good."""
        found = [(row, name, value) for row in self.rows for name, value in self._set(row)]
        final = {name: number for number, (_, name, _) in enumerate(found)}
        for number, (row, name, value) in enumerate(found):
            chain = self._chain(row)
            text = source_file.read(chain[-1].file).line(chain[-1].line)
            self._places[name] = chain, text
            if final[name] == number:
                self._ledger.record(name, self._end.get(name), chain, text)
            elif value is None or _is_exported(name, value):
                self._ledger.record(name, _exported(value), chain, text)

    def _set(self, row: Row) -> Iterator[tuple[str, Value]]:
        """Yield what an instruction sets for good, with the value, None where it takes it away."""
        found: dict[str, Value] = {}
        before = self._values.get(row["parent"])
        if row["value"] is not None:
            self._values[row["parent"]] = row["value"]
        if store := _STORE.match(row["text"]):
            found = {json.loads(store[1]): before}
        elif call := _CALL.match(row["text"]):
            found = self._called(row, json.loads(call[1]), before)
        if found and self._chain(row) and self._is_lasting(row):
            yield from found.items()

    def _called(self, row: Row, name: str, before: Value) -> dict[str, Value]:
        chain = self._chain(row)
        text = source_file.read(chain[-1].file).line(chain[-1].line) if chain else ""
        if name == STAND_IN:
            kind, key, *_ = [*next(self._told, "").split(" "), ""]
            if kind == "\2skipped":
                self.skipped.append(skipped_commands.skipped(key, text, chain))
        elif name == "load-env" and isinstance(before, dict):
            return before
        elif name == "hide-env":
            words = text.partition("hide-env")[2].partition(";")[0].split()
            return {word: None for word in words if not word.startswith("-")}
        return {}

    def nearest(self, name: str) -> tuple[tuple[Place, ...], str]:
        """Return the last place that set ``name``."""
        return self._places.get(name, ((), ""))

    def _callers(self, row: Row) -> list[Row]:
        """Return the instruction and those that called it, the outermost first."""
        found = [row]
        while (parent := self._by_id.get(found[-1]["parent"])) is not None and parent is not found[-1]:
            found.append(parent)
        return found[::-1]

    def _chain(self, row: Row) -> tuple[Place, ...]:
        chain: list[Place] = []
        function = ""
        for caller in self._callers(row):
            if caller["file"] and os.path.isabs(caller["file"]):
                place = Place(self._real(caller["file"]), caller["line"], function)
                if not chain or (chain[-1].file, chain[-1].line) != (place.file, place.line):
                    chain.append(place)
            call = _CALL.match(caller["text"])
            function = name if call and (name := json.loads(call[1])) in self._commands else ""
        return tuple(chain)

    def _is_lasting(self, row: Row) -> bool:
        for caller in self._callers(row)[:-1]:
            if not caller["file"] or not os.path.isabs(caller["file"]):
                continue  # of our program
            call = _CALL.match(caller["text"])
            if call is None:  # a stream that is drained, with the block in it that makes it
                return False
            text = source_file.read(self._real(caller["file"])).line(caller["line"])
            if json.loads(call[1]) not in self._keeping and not _DO.search(text):
                return False
        return True


def _is_exported(name: str, value: Value) -> bool:
    """Tell whether a child gets a value, as far as the profiler shows it: lists only where nushell joins them."""
    if isinstance(value, list):
        return name.upper() == "PATH"
    return not isinstance(value, dict) and value not in _STREAMS


def _exported(value: Value) -> str | None:
    if isinstance(value, list):
        return ":".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)
