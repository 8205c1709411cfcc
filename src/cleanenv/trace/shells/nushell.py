"""nushell: its startup files sourced under its own profiler, which tells file and line of every instruction."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from importlib import resources
from typing import TYPE_CHECKING

from cleanenv.trace import sandbox as running
from cleanenv.trace.engine import skipped_commands, source_file, symlink_tree
from cleanenv.trace.engine.ledger import Ledger, dumped
from cleanenv.trace.model import Place, Replay
from cleanenv.trace.shells.nushell_profile import STAND_IN, Profile, Row
from cleanenv.trace.start import USUAL, Given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cleanenv.shell.definition import Shell

UNTOLD = "the profiler tells nothing of a startup that does not come to its end: only the file is known"
NOTES = ("values between the first and the last of a variable are the profiler's, where it shows them",)
AUTOLOAD = "$nu.vendor-autoload-dirs | append ($nu.user-autoload-dirs? | default []) | to json --raw"
OURS = "cleanenv-"
WRITTEN = ("START", "END", "OUT", "DONE", "BAD", "TOLD")  # the files that the tracer writes
SHELLS_OWN = ("FILE_PWD", "CURRENT_FILE", "LAST_EXIT_CODE", "CMD_DURATION_MS")
ROOM = 'ulimit -v 2000000 2>/dev/null; exec "$@"'  # the profile of an endless loop grows without end
_STEP = """try { source ($nu.default-config-dir | path join "NAME") } catch {
    "NAME\\n" | save --append $env.CLEANENV_TRACE_BAD
}
"NAME\\n" | save --force $env.CLEANENV_TRACE_DONE"""
_DEFINITION = f'def --wrapped "NAME" [...words] {{ {STAND_IN} "NAME" ...$words }}'
_PARSING = 5.0  # seconds


def replay(
    row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float, given: Given = USUAL
) -> Replay:
    """Replay the startup of an interactive nushell."""
    with running.folder() as folder:
        return _Startup(folder, program, environ, row, login=login, given=given).trace(timeout)


class _Startup:
    """One startup of nushell, in a configuration folder of links."""

    def __init__(
        self, folder: str, program: str, environ: Mapping[str, str], row: Shell, *, login: bool, given: Given
    ) -> None:
        self.folder = folder
        self.program = program
        self.environ = environ
        self.suffixes = row.suffixes or (".nu",)
        self.stand_ins = list(skipped_commands.names(row.name))
        self.table = skipped_commands.table(row.name)
        self.login = login
        self.given = given
        self.home = environ.get("HOME", "/")
        self.user = os.path.join(environ.get("XDG_CONFIG_HOME") or os.path.join(self.home, ".config"), "nushell")
        self.own = os.path.join(folder, "config", "nushell")
        self.links: dict[str, str] = {}  # our names of the user's files
        self.notes = list(NOTES)

    def _ask(self, *words: str) -> str:
        """Return what nushell prints without any startup file."""
        try:
            done = subprocess.run(
                [self.program, "--no-config-file", *words],
                env={**self.environ},
                cwd=running.start_directory(self.home),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=_PARSING,
            )
        except subprocess.TimeoutExpired:
            return ""
        except OSError as error:
            raise running.cannot_start(self.program, error) from error
        return os.fsdecode(done.stdout)

    def startup(self) -> list[str]:
        """Return the files that nushell reads, in their order, whether they are there or not."""
        files = [
            self.given.env_file or os.path.join(self.user, "env.nu"),
            self.given.rc or os.path.join(self.user, "config.nu"),
        ]
        if self.login:
            files.append(os.path.join(self.user, "login.nu"))
        try:
            folders: list[str] = json.loads(self._ask("--commands", AUTOLOAD))
        except ValueError:
            folders = []
        for folder in folders:
            if os.path.isdir(folder):
                names = tuple(sorted(name for name in os.listdir(folder) if name.endswith(self.suffixes)))
                files += [os.path.join(folder, name) for name in names]
        return files

    def _is_sound(self, file: str) -> bool:
        return '"severity":"Error"' not in self._ask("--ide-check", "9", file)

    def lay(self, files: list[str]) -> list[str]:
        """Make the configuration folder, and return the names in it of the files to be sourced."""
        left_out = ("history.txt", "history.sqlite3", "history.sqlite3-shm", "history.sqlite3-wal")
        rewrite = _rewriting(self.stand_ins)
        symlink_tree.lay(self.user, self.own, left_out=left_out, copied=("plugin.msgpackz",), rewrite=rewrite)
        os.makedirs(os.path.join(self.own, OURS), exist_ok=True)
        os.symlink(str(resources.files("cleanenv.shells") / "nushell" / "trace.nu"), self._mine("trace.nu"))
        names = []
        for number, file in enumerate(files):
            if not os.path.isfile(file):
                continue
            if not self._is_sound(file):
                self.notes.append(f"'{file}' does not parse: the shell leaves it out")
                continue
            # Beside its own name, as a file may source another by a path relative to its folder.
            inside = os.path.relpath(file, self.user)
            place = os.path.dirname(os.path.join(self.own, inside)) if not inside.startswith("..") else self._mine("")
            link = os.path.join(place, f"{OURS}{number}{self.suffixes[0]}")
            symlink_tree.link(file, link, rewrite)
            self.links[link] = file
            names.append(os.path.relpath(link, self.own))
        return names

    def _mine(self, name: str) -> str:
        return os.path.join(self.own, OURS, name)

    def _program(self, names: list[str]) -> str:
        """Return what nushell is to run: the names in it are ours, the user's are in variables and links."""
        steps = [_STEP.replace("NAME", name) for name in names]
        return "\n".join(
            (
                f'source ($nu.default-config-dir | path join "{OURS}" "trace.nu")',
                *(_DEFINITION.replace("NAME", name) for name in self.stand_ins),
                "debug profile --spans --values --lines --max-depth 60 {",
                "hide-env --ignore-errors XDG_CONFIG_HOME",
                "let kept = $env.CLEANENV_KEEP_XDG_CONFIG_HOME?",
                "if $kept != null { $env.XDG_CONFIG_HOME = $kept }",
                "^$env.CLEANENV_TRACE_ENV -0 | save --raw --force $env.CLEANENV_TRACE_START",
                *steps,
                "^$env.CLEANENV_TRACE_ENV -0 | save --raw --force $env.CLEANENV_TRACE_END",
                "} | __cleanenv_write $env.CLEANENV_TRACE_OUT",
            )
        )

    def trace(self, timeout: float) -> Replay:
        """Start nushell and return what it told."""
        files = self.startup()
        names = self.lay(files)
        paths = {name: os.path.join(self.folder, name.lower()) for name in WRITTEN}
        fed = {f"CLEANENV_TRACE_{name}": path for name, path in paths.items()}
        fed["CLEANENV_TRACE_ENV"] = shutil.which("env", path=os.defpath) or "env"
        fed["CLEANENV_TRACE_STAND_IN"] = running.shells_file("posix/stand_in.sh")
        fed[skipped_commands.VARIABLE] = self.table
        fed["XDG_CONFIG_HOME"] = os.path.dirname(self.own)
        if "XDG_CONFIG_HOME" in self.environ:
            fed["CLEANENV_KEEP_XDG_CONFIG_HOME"] = self.environ["XDG_CONFIG_HOME"]
        options = ["--no-config-file", "--interactive"]
        if self.login:
            options.append("--login")
        words = ["/bin/sh", "-c", ROOM, "sh", self.program, *options, "--commands", self._program(names)]
        is_ended = running.run(words, {**self.environ, **fed}, self.home, timeout)
        events = {name: running.events(path) for name, path in paths.items()}
        return self._replayed(events, names, files, is_timed_out=not is_ended)

    def _replayed(
        self, events: Mapping[str, bytes], names: list[str], files: list[str], *, is_timed_out: bool
    ) -> Replay:
        """Return what ``events`` say, by the names of WRITTEN, of the links ``names`` and the startup ``files``."""
        start, end = dumped(events["START"]), dumped(events["END"])
        ledger = Ledger(self._theirs(start or {}))
        rows: list[Row] = [json.loads(line) for line in events["OUT"].split(b"\n") if line]
        calls = os.fsdecode(events["TOLD"]).split("\n")
        profile = Profile(rows, ledger, self._theirs(end or {}), self._real, calls)
        profile.read()
        if end is not None:
            ledger.settle(self._theirs(end), (), profile.nearest)
        for name in os.fsdecode(events["BAD"]).splitlines():
            file = self.links[os.path.join(self.own, name)]
            self.notes.append(f"an error ended '{file}': what stands after it was not run")
        last: tuple[Place, ...] = ()
        if end is None:
            self.notes.append(UNTOLD)
            last = self._last(names, os.fsdecode(events["DONE"]).strip())
        return Replay(
            changes=ledger.marked(),
            skipped=skipped_commands.each_once(profile.skipped),
            missing=source_file.missing(files),
            finished=end is not None,
            timed_out=is_timed_out,
            last=last,
            notes=tuple(self.notes),
        )

    def _last(self, names: list[str], done: str) -> tuple[Place, ...]:
        """Return the file that nushell was in: the one after that which it is ``done`` with."""
        left = names[names.index(done) + 1 :] if done in names else names
        return (Place(self.links[os.path.join(self.own, left[0])]),) if left else ()

    def _real(self, file: str) -> str:
        if file in self.links:
            return self.links[file]
        return file.replace(self.own, self.user) if file.startswith(self.own) else file

    def _theirs(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return an environment without what is ours, and nushell's own, in it."""
        theirs: dict[str, str] = {}
        for name, value in environ.items():
            if not name.startswith("CLEANENV_") and name not in SHELLS_OWN:
                theirs[name] = value.replace(self.own, self.user)
        return theirs


def _rewriting(names: Iterable[str]) -> Callable[[bytes], bytes]:
    """Return what makes a file call what stands in for a program, where a caret or a path would pass over it."""
    program = rb"(?:%b)(?![\w./-])" % b"|".join(re.escape(os.fsencode(name)) for name in names)
    external = re.compile(rb"\^(?=(?:[\w./~-]*/)?%b)" % program)
    by_path = re.compile(rb"(?m)((?:^|[;|({])[ \t]*)(?=[~/][\w./~-]*/%b)" % program)

    def rewrite(text: bytes) -> bytes:
        text = external.sub(STAND_IN.encode() + b" ", text)
        return by_path.sub(rb"\1%b " % STAND_IN.encode(), text)

    return rewrite
