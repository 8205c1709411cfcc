"""What fish tells while it starts: its commands with how deep they stand (fish_trace), and our events between them."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from cleanenv.trace.engine import skipped_commands, source_file
from cleanenv.trace.model import EVAL, SUBSTITUTION, Place
from cleanenv.trace.shells import fish_event
from cleanenv.trace.shells.fish_frame import Frame
from cleanenv.trace.syntax import command_lookup, fish_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from cleanenv.trace.engine.ledger import Ledger
    from cleanenv.trace.model import Skipped

_COMMAND = re.compile(r"(-*)> ?(.*)", re.DOTALL)
EMBEDDED = "embedded:"  # how fish names a file that it holds within itself, from 4.1 on
_DIRECT = 2  # how much deeper a command stands than the file or function that holds it, at the most
STAND_IN = "__cleanenv_stand_in"
# What stands in for a builtin, or before a path, in the files below the configuration folder.
RENAMED = {"__cleanenv_exec": "exec", "__cleanenv_command": "command", "__cleanenv_path": ""}
_SETTERS = ("set", "read", "export", "setenv")
_TELLING = frozenset((*_SETTERS, "source", ".", "eval", "function"))
_EXPORTS = re.compile(r"-\w*x|--export|[A-Za-z_]\w*=")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_AT_PROMPT = "a hook set it when the prompt was shown"
_PIPED = "-"


class Nesting:
    """The commands that run at present, and what was seen of the variables until now."""

    def __init__(
        self,
        ledger: Ledger,
        home: str,
        translate: Callable[[str], str],
        start: Callable[[], None],
        watched: Collection[str],
    ) -> None:
        self.stack: list[Frame] = []
        self.ledger = ledger
        self.skipped: list[Skipped] = []
        self.nearest: dict[str, tuple[tuple[Place, ...], str]] = {}
        self.is_at_prompt = False
        self.is_started = False
        self._functions: dict[str, tuple[str | None, int]] = {}
        self._made: dict[str, Place] = {}  # of functions that an eval made, the eval
        self._hooks: list[tuple[Place, ...]] = []  # of the prompt, where an eval defines them
        self._event: list[str] | None = None
        self._home = home
        self._translate = translate
        self._watched = watched  # the names of which events tell
        self._start = start  # called before the first of the user's files
        self._own = ""  # fish's own config.fish, which sources conf.d

    def feed(self, text: str) -> None:
        """Take in one line."""
        if text.startswith("\x02"):
            self._mark(text[1:].split(" "))
            return
        if self._event is not None:
            self._event.append(text)
            return
        command = _COMMAND.fullmatch(text)
        if command is not None and command[2]:
            self._command(len(command[1]), command[2])

    def _mark(self, words: list[str]) -> None:
        if words[0] == "event":
            self._event = [words[-1]]
        elif words[0] == "end" and self._event:
            self._changed(self._event[0], self._event[1:])
            self._event = None
        elif words[0] == "skipped":
            self._skip(words[1])
        elif words[0] == "start":
            self._start()
            self.is_started = True
        elif words[0] == "prompt":
            self.stack.clear()
            self.is_at_prompt = True

    def _skip(self, key: str) -> None:
        """Take down that the command which the tracer's function stands in for was not run."""
        while self.stack and self.stack.pop().name != STAND_IN:
            pass
        if self.stack:
            text = " ".join(self.stack[-1].words)
            self.skipped.append(skipped_commands.skipped(key, text, self.chain()))

    def _command(self, depth: int, text: str) -> None:
        while self.stack and self.stack[-1].depth >= depth:
            self.stack.pop()
        if text.startswith("function ") and self.stack and depth - self.stack[-1].depth > _DIRECT:
            self._define_own(text)
            return
        around = self._code()
        first, blank, rest = text.partition(" ")
        if first in RENAMED:
            text = f"{RENAMED[first]}{blank}{rest}".lstrip()
        frame = Frame(depth, text)
        if around is not None and around.file is not None:
            around.pending.append(frame)
        self.stack.append(frame)
        # Splitting a command into its words takes long, and of most nothing is to be known.
        if frame.name in _TELLING or frame.name in self._functions:
            self._enter(frame, frame.words[1:], around)

    def _find(self, around: Frame) -> None:
        """Look for the lines of the commands that ran in the code of ``around``."""
        path = self._translate(around.file or "")
        for frame in around.pending:
            frame.line = command_lookup.find(path, frame.words, around.position, around.first)
            around.position = frame.line or around.position
        around.pending.clear()

    def _enter(self, frame: Frame, arguments: list[str], around: Frame | None) -> None:
        """Give ``frame`` the code that it runs, and take down what it says of a variable."""
        name = frame.name
        if name in ("source", "."):
            self._source(frame, arguments)
        elif name == "eval":
            frame.note = EVAL
        elif name == "function" and arguments:
            self._define(frame, arguments, around)
        elif name in self._functions:
            self._call(frame, name)
        elif name in _SETTERS and any(map(_EXPORTS.match, arguments)):
            names = [word for word in arguments if not word.startswith("-")]
            if names:
                self._near(names[0])

    def _call(self, frame: Frame, function: str) -> None:
        """Give a call the code of its function; of one that an eval made it is nowhere, but the eval is known."""
        frame.file, frame.first = self._functions[function]
        if frame.file is None:
            frame.note = EVAL
            frame.made = self._made.get(function)
        else:
            frame.function = function

    def _define(self, frame: Frame, arguments: list[str], around: Frame | None) -> None:
        """Remember where a function stands; the lines of one that an eval defines are nowhere."""
        if around is None:
            return
        if around.file is not None:
            self._find(around)
            if frame.line is not None:
                self._functions[arguments[0]] = (around.file, frame.line)
                return
        if around.note == EVAL:
            self._functions[arguments[0]] = (None, 0)
            chain = self.chain()
            if chain:
                self._made[arguments[0]] = replace(chain[-1], function=arguments[0], note=EVAL)
            if "fish_prompt" in arguments:
                self._hooks.append(self.chain())

    def _define_own(self, text: str) -> None:
        """Remember a function that fish loads from within its own program, of which it tells no file (from 4.1 on)."""
        name = fish_words.words(text)[1]
        self._functions[name] = (f"{EMBEDDED}functions/{name}.fish", 0)

    def _source(self, frame: Frame, arguments: list[str]) -> None:
        paths = [word for word in arguments if word != "--"]
        if not paths or paths[0] in (_PIPED, "/dev/stdin"):
            frame.note = EVAL
            return
        is_embedded = paths[0].startswith(EMBEDDED)
        frame.file = paths[0] if is_embedded else os.path.join(self._home, paths[0])
        self._own = self._own or frame.file
        if ".psub." in paths[0] or paths[0].startswith("/dev/fd/"):  # psub(1) makes a file of such a name
            frame.note = SUBSTITUTION

    def _near(self, word: str) -> None:
        """Remember where a variable was exported that no event tells of."""
        name = word.partition("[")[0].partition("=")[0]
        is_told = self.is_started and name in self._watched
        if not is_told and _IDENTIFIER.fullmatch(name) is not None:
            chain = self.chain()
            self.nearest[name] = chain, source_file.text_at(chain)

    def _code(self) -> Frame | None:
        """Return the innermost command that runs code: the place where the next one stands."""
        for frame in reversed(self.stack):
            if frame.runs_code:
                return frame
        return None

    def chain(self) -> tuple[Place, ...]:
        """Return the places from the startup file down to the command that runs now."""
        places: list[Place] = []
        around: Frame | None = None
        for frame in self.stack:
            is_last = frame is self.stack[-1]
            if around is not None and around.file is not None and (is_last or frame.runs_code):
                self._find(around)
                note = EVAL if frame.note == EVAL and frame.made is None else around.note
                places.append(Place(self._translate(around.file), frame.line, around.function, note))
            if frame.made is not None:
                places.append(frame.made)
            if frame.runs_code:
                around = frame
        # fish's own loop over conf.d says nothing, unless there is nothing else.
        users = [place for place in places if place.file != self._own]
        return tuple(users or places)

    def _changed(self, name: str, event: list[str]) -> None:
        """Take down one event: the trace knows the calls, the event itself the exact line."""
        value = fish_words.lasting(event)
        if value is not None:
            value = self._translate(value)
        chain = self.chain()
        exact = fish_event.place_of(event, self._home, self._translate)
        notes: tuple[str, ...] = ()
        if chain and exact is not None:
            chain = self._with_exact(chain, exact, name)
        elif not chain and exact is not None:
            chain = (exact,)
        elif not chain and self.is_at_prompt and len(self._hooks) == 1:
            chain = self._hooks[0]
        if self.is_at_prompt:
            notes = (_AT_PROMPT,)
        self.ledger.record(name, value, chain, source_file.text_at(chain), notes)

    def _with_exact(self, chain: tuple[Place, ...], exact: Place, name: str) -> tuple[Place, ...]:
        """Return a chain whose innermost line, which was found by its text, is as the event has it."""
        last = chain[-1]
        if last.note == EVAL:
            return chain
        if exact.file != last.file:
            return (*chain, exact)
        # In fish's own config.fish a line that does not name the variable is one that sources a file of the user's.
        if exact.file == self._own and not self._names(name):
            return chain
        return (*chain[:-1], Place(exact.file, exact.line, last.function, last.note))

    def _names(self, name: str) -> bool:
        """Tell whether the command that runs now names the variable."""
        words = self.stack[-1].words if self.stack else []
        return any(name == word.partition("[")[0] for word in words)
