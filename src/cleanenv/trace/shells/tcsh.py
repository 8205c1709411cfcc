"""tcsh: its startup replayed with an alias that runs before each command and tells the files open at that time."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleanenv.trace import sandbox as running
from cleanenv.trace.engine import skipped_commands, source_file
from cleanenv.trace.engine.ledger import UNSEEN, Ledger, dumped
from cleanenv.trace.model import EVAL, TEMPORARY, Place, Replay
from cleanenv.trace.start import USUAL, Given
from cleanenv.trace.syntax import csh_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.shell.definition import Shell
    from cleanenv.trace.model import Skipped

BUILTINS = ("history", "dirs")  # of the table
FOLDERS = ("/usr/bin", "/bin", "/usr/local/bin")  # in which a program may be named by its path
MOST_FILES = 4  # /etc/csh.cshrc, /etc/csh.login, ~/.tcshrc or ~/.cshrc, ~/.login
NOTES = (
    "the lines are found by the text of the commands, as the shell does not tell them",
    "within a loop the shell tells nothing: a change in one is named by the line there that names the variable",
)
WITHOUT_PROC = "without /proc the files that are being read are unknown, and with them every place"
DELETED = " (deleted)"
_RECORD = re.compile(
    rb"\x02skipped (?P<key>\S+) (?P<words>[^\n]*)\n"
    rb"|__cleanenv_command (?P<command>[^\0]*?)\n(?P<files>(?:/[^\0]*\0)*)"
    rb"__cleanenv_environ\n(?P<environ>(?:(?!__cleanenv_|\x02)[^\0=]+=[^\0]*\0)*)",
    re.DOTALL,
)
_START = r"(?:^|[;&|(`]|\bthen\b|\belse\b)"
# What the aliases of the tracer have made of a command.
_STOOD_IN = re.compile(r"\$__cleanenv_stand_in:q\s+")
_ALIAS = re.compile(r"""(?:^|[;)&|])\s*alias\s+([^\s;]+)\s+('[^']*'|"[^"]*"|[^;]+)""")


@dataclass(slots=True)
class _Level:
    """A file that is being read, and the line of it that was reached."""

    file: str
    line: int | None = None
    reached: int = 0
    text: str = ""
    note: str = ""


def replay(
    row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float, given: Given = USUAL
) -> Replay:
    """Replay the startup of an interactive tcsh."""
    del given  # tcsh has no option that names a startup file
    tracer = running.shells_file("csh/trace.csh")
    home = environ.get("HOME", "/")
    files = _files(home, login=login)
    with running.folder() as folder:
        out, last = os.path.join(folder, "out"), os.path.join(folder, "end")
        copies = _copied(files, folder, row.name)
        names = [name for name in skipped_commands.names(row.name) if name not in BUILTINS]
        fed = {
            "CLEANENV_TRACE_NAMES": " ".join([*names, *_by_path(names)]),
            "CLEANENV_TRACE_STAND_IN": running.shells_file("posix/stand_in.sh"),
            skipped_commands.VARIABLE: skipped_commands.table(row.name),
            "CLEANENV_TRACE_OUT": out,
            "CLEANENV_TRACE_END": last,
            "CLEANENV_TRACE_ENV": shutil.which("env", path=os.defpath) or "env",
            "CLEANENV_TRACE_READLINK": shutil.which("readlink", path=os.defpath) or "readlink",
        }
        if login:
            fed["CLEANENV_TRACE_LOGIN"] = "1"
        # The tracer sources four files by their number; what does not exist it passes over.
        paths = [*copies, *MOST_FILES * [os.path.join(folder, "none")]]
        for number, path in enumerate(paths[:MOST_FILES], 1):
            fed[f"CLEANENV_TRACE_{number}"] = path
        is_ended = running.run([program, "-f", tracer], {**environ, **fed}, home, timeout)
        reading = _Reading(tracer, copies)
        for record in _RECORD.finditer(running.events(out)):
            if record["key"]:
                reading.skip(os.fsdecode(record["key"]), os.fsdecode(record["words"]))
                continue
            opened = os.fsdecode(record["files"]).split("\0")[:-1]
            reading.take(os.fsdecode(record["command"]), opened, dumped(record["environ"]) or {})
        end = dumped(running.events(last))
    if end is not None:
        # Without the alias the last command told is still one of the user's.
        reading.see(end, (UNSEEN,) if reading.chain() else ())
    return Replay(
        changes=reading.ledger.marked() if reading.ledger else (),
        skipped=skipped_commands.each_once(reading.skipped),
        missing=source_file.missing(files),
        finished=end is not None,
        timed_out=not is_ended,
        last=reading.chain() if end is None else (),
        notes=NOTES if os.path.isdir("/proc/self/fd") else (*NOTES, WITHOUT_PROC),
    )


def _by_path(names: list[str]) -> list[str]:
    """Return the programs of these names as they are called by a path."""
    paths: list[str] = []
    for folder in FOLDERS:
        paths += [f"{folder}/{name}" for name in names]
    return paths


def _files(home: str, *, login: bool) -> list[str]:
    own = [os.path.join(home, name) for name in (".tcshrc", ".cshrc")]
    own = own[:1] if os.path.lexists(own[0]) else own
    if login:
        return ["/etc/csh.cshrc", "/etc/csh.login", *own, os.path.join(home, ".login")]
    return ["/etc/csh.cshrc", *own]


def _copied(files: list[str], folder: str, shell: str) -> dict[str, str]:
    """Return where to read each of the files that are there: a copy where no alias can keep a command from running.

    That is so behind ``if (…)``, where csh looks for no alias, and behind a backslash; and of builtins, since an alias
    of one would have to run it where it is not to be skipped.
    """
    names = "|".join(re.escape(name) for name in skipped_commands.names(shell) if name not in BUILTINS)
    program = rf"(?:/\S*/)?(?:{names})(?![\w./-])(?!exec\s*$)"
    builtin = rf"(?:{'|'.join(BUILTINS)})\s[^;&|\n]*-\w*S"
    patterns = [
        re.compile(rf"(?m)^(\s*(?:else\s+)?if\s*\(.*\)\s*)\\?(?={program}|{builtin})"),
        re.compile(rf"(?m)({_START}\s*)(?:\\(?={program})|\\?(?={builtin}))"),
    ]
    copies: dict[str, str] = {}
    for number, file in enumerate(files):
        text = "\n".join(source_file.read(file).lines)
        changed = text
        for pattern in patterns:
            changed = pattern.sub(r"\1$__cleanenv_stand_in:q ", changed)
        if changed != text:
            path = os.path.join(folder, f"{number}{os.path.basename(file)}")
            with open(path, "wb") as copy:
                copy.write(os.fsencode(changed))
            copies[path] = file
        elif os.path.isfile(file):
            copies[file] = file
    return copies


class _Reading:
    """What was told so far: each record comes before its command, with what the one before it has changed."""

    def __init__(self, tracer: str, copies: Mapping[str, str]) -> None:
        self._copies = copies
        self.ledger: Ledger | None = None
        self.skipped: list[Skipped] = []
        self._tracer = os.path.realpath(tracer)
        self._levels: list[_Level] = []
        self._aliases: set[tuple[str, str]] = set()  # names with what they stand for

    def take(self, text: str, files: list[str], environ: dict[str, str]) -> None:
        """Take in one record."""
        if self.ledger is None:
            self.ledger = Ledger(environ)
        self.see(environ)
        self._open([file for file in files if os.path.realpath(file) != self._tracer and not _is_device(file)])
        text = _STOOD_IN.sub("", text)
        if self._levels and text.strip():
            self._stand(self._levels[-1], text)
        self._aliases.update(_ALIAS.findall(text))

    def skip(self, key: str, words: str) -> None:
        """Take down that the last command, or one in it, was not run."""
        self.skipped.append(skipped_commands.skipped(key, words, self.chain()))

    def see(self, environ: Mapping[str, str], notes: tuple[str, ...] = ()) -> None:
        """Put down what the command before has changed."""
        if self.ledger is None:
            return
        for name in sorted({*self.ledger.values, *environ}):
            if self.ledger.values.get(name) == environ.get(name):
                continue
            chain = self.chain(name)
            text = source_file.text_at(chain)
            if chain and not text:
                text = self._levels[-1].text
            self.ledger.record(name, environ.get(name), chain, text, notes)

    def chain(self, name: str = "") -> tuple[Place, ...]:
        """Return the places from the startup file down to the last command, which changed ``name``."""
        places: list[Place] = []
        for level in self._levels:
            is_last = level is self._levels[-1]
            line = self._line(level, name if is_last else "")
            places.append(Place(self._copies.get(level.file, level.file), line, note=level.note))
        return tuple(places)

    def _line(self, level: _Level, name: str) -> int | None:
        """Return the line of the last command; where that is a loop, of what in it sets ``name`` or sources."""
        if level.line is None or csh_lines.first_word(level.text) not in csh_lines.LOOPS:
            return level.line
        if not name and level is self._levels[-1]:
            return level.line
        pattern = r"\bsource\s"
        if name:  # as setenv has it, or as the shell's own variable that goes with it, as `path` does with PATH
            pattern = rf"\bsetenv\s+{name}\b|\bset\s+{name.lower()}\b"
        return csh_lines.within(level.file, level.line, pattern) or level.line

    def _open(self, files: list[str]) -> None:
        files = [self._copies.get(file, file) for file in files]
        kept = 0
        for level, file in zip(self._levels, files, strict=False):
            if level.file != file.removesuffix(DELETED):
                break
            kept += 1
        del self._levels[kept:]
        for file in files[kept:]:
            note = TEMPORARY if file.endswith(DELETED) else ""
            self._levels.append(_Level(file.removesuffix(DELETED), note=note))

    def _stand(self, level: _Level, text: str) -> None:
        """Find where a command stands: as a line, behind an alias, or in the eval before it."""
        line = csh_lines.find(level.file, text, level.reached)
        if line is None:
            names = {name for name, meaning in self._aliases if csh_lines.begins(text, meaning)}
            line = csh_lines.calling(level.file, names, level.reached)
        if line is None and re.search(r"\beval\b", level.text):
            level.note = level.note or EVAL
            return
        if level.note == EVAL:
            level.note = ""
        level.line = line
        level.text = text
        if line is not None:
            level.reached = line + 1


def _is_device(file: str) -> bool:
    return file.startswith(("/dev/", "/proc/")) or not file.startswith("/")
