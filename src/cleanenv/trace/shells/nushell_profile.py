"""What nushell's profiler saw: instructions, each with its place and with the one that called it."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from cleanenv.trace.engine import skipped_commands, source_file
from cleanenv.trace.model import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
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


class Setting(NamedTuple):
    """What an instruction sets, None where it takes the variable away."""

    row: Row
    name: str
    value: Value


class Profile:
    """The instructions of one startup, in the order in which they ran."""

    def __init__(
        self,
        rows: Iterable[Row],
        ledger: Ledger,
        end: Mapping[str, str],
        real: Callable[[str], str],
        calls: Iterable[str],
    ) -> None:
        self.rows = sorted(rows, key=lambda row: row["id"])
        self.skipped: list[Skipped] = []
        self._by_id = {row["id"]: row for row in self.rows}
        self._ledger = ledger
        self._end = end
        self._real = real
        # Of each call of what stands in for programs, in their order, what became of it.
        self._calls = iter(calls)
        self._places: dict[str, tuple[tuple[Place, ...], str]] = {}
        self._values: dict[int, Value] = {}  # the last one that each block gave
        self._commands = self._kept() - {""}
        self._keeping = {*_KEEPING, *self._commands}

    def _kept(self) -> set[str]:
        """Return the names of the user's commands that keep what they do to the environment."""
        names: set[str] = set()
        for file in {self._real(row["file"]) for row in self.rows if _is_in_file(row) and row["file"]}:
            for text in source_file.read(file).lines:
                for alternatives in _KEEPING_COMMAND.findall(text):
                    names.update(alternatives)
        return names

    def read(self) -> None:
        """Take down what changed the environment for good.

        The last value of a variable is the one that a child of the shell has at
        the end; what it had before is the profiler's word.
        """
        settings: list[Setting] = []
        for row in self.rows:
            settings += self._settings(row)
        last = {setting.name: setting for setting in settings}
        for setting in settings:
            name = setting.name
            chain = self._chain(setting.row)
            text = source_file.text_at(chain)
            self._places[name] = chain, text
            if setting is last[name]:
                self._ledger.record(name, self._end.get(name), chain, text)
            elif setting.value is None or _is_exported(name, setting.value):
                self._ledger.record(name, _exported(setting.value), chain, text)

    def _settings(self, row: Row) -> list[Setting]:
        """Return what an instruction sets for good; it takes its input from the last value of its block."""
        before = self._values.get(row["parent"])
        if row["value"] is not None:
            self._values[row["parent"]] = row["value"]
        store = _STORE.match(row["text"])
        called = _called(row)
        values: dict[str, Value] = {}
        if store is not None:
            values = {json.loads(store[1]): before}
        elif called:
            values = self._values_of_call(row, called, before)
        if not values or not self._chain(row) or not self._is_lasting(row):
            return []
        return [Setting(row, name, value) for name, value in values.items()]

    def _values_of_call(self, row: Row, command: str, before: Value) -> dict[str, Value]:
        """Return what the call of a command sets; take down what was skipped."""
        chain = self._chain(row)
        text = source_file.text_at(chain)
        if command == STAND_IN:
            kind, key, *_ = [*next(self._calls, "").split(" "), ""]
            if kind == "\2skipped":
                self.skipped.append(skipped_commands.skipped(key, text, chain))
        elif command == "load-env" and isinstance(before, dict):
            return before
        elif command == "hide-env":
            words = text.partition("hide-env")[2].partition(";")[0].split()
            return {word: None for word in words if not word.startswith("-")}
        return {}

    def nearest(self, name: str) -> tuple[tuple[Place, ...], str]:
        """Return the last place that set ``name``."""
        return self._places.get(name, ((), ""))

    def _callers(self, row: Row) -> list[Row]:
        """Return the instruction and those that called it, the outermost first."""
        rows = [row]
        while True:
            parent = self._by_id.get(rows[-1]["parent"])
            if parent is None or parent is rows[-1]:
                return rows[::-1]
            rows.append(parent)

    def _chain(self, row: Row) -> tuple[Place, ...]:
        places: list[Place] = []
        function = ""
        for caller in self._callers(row):
            if _is_in_file(caller):
                place = Place(self._real(caller["file"] or ""), caller["line"], function)
                is_same_line = places and (places[-1].file, places[-1].line) == (place.file, place.line)
                if not is_same_line:
                    places.append(place)
            command = _called(caller)
            function = command if command in self._commands else ""
        return tuple(places)

    def _is_lasting(self, row: Row) -> bool:
        """Tell whether all that called an instruction keeps what it does to the environment."""
        for caller in self._callers(row)[:-1]:
            if not _is_in_file(caller):
                continue  # of our program
            command = _called(caller)
            if not command:  # a stream that is drained, with the block in it that makes it
                return False
            text = source_file.read(self._real(caller["file"] or "")).line(caller["line"])
            if command not in self._keeping and not _DO.search(text):
                return False
        return True


def _is_in_file(row: Row) -> bool:
    """Tell whether an instruction is one of a file's, and not of the words that nushell was started with."""
    return bool(row["file"]) and os.path.isabs(row["file"] or "")


def _called(row: Row) -> str:
    """Return the name of the command that an instruction calls, empty for another kind of it."""
    call = _CALL.match(row["text"])
    return str(json.loads(call[1])) if call is not None else ""


def _is_exported(name: str, value: Value) -> bool:
    """Tell whether a child gets a value, as far as the profiler shows it: lists only where nushell joins them."""
    if isinstance(value, list):
        return name.upper() == "PATH"
    return not isinstance(value, dict) and value not in _STREAMS


def _exported(value: Value) -> str | None:
    if value is None:
        return None
    if isinstance(value, list):
        return ":".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
