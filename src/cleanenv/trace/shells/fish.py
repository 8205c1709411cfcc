"""fish: its startup replayed in folders of links, every command told by fish_trace, every change by an event."""

from __future__ import annotations

import os
import re
import shutil
import time
from threading import Thread
from typing import TYPE_CHECKING

from cleanenv.trace import sandbox as running
from cleanenv.trace.engine import skipped_commands, source_file, symlink_tree
from cleanenv.trace.engine.fifo import Pipe
from cleanenv.trace.engine.ledger import Ledger, dumped, is_own
from cleanenv.trace.model import Place, Replay
from cleanenv.trace.shells.fish_call_stack import Nesting
from cleanenv.trace.start import USUAL, Given
from cleanenv.trace.syntax import fish_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cleanenv.shell.definition import Shell

FIRST = "\x01cleanenv.fish"  # sorts before every name that people give
FOLDERS = {
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_CACHE_HOME": ".cache",
    "XDG_RUNTIME_DIR": "",
}
STORE = "fish_variables"
OURS = ("fish_trace", "COLUMNS", "LINES")
MOST_NAMES = 3000  # they go through one variable, which holds 128 kB
LONGEST_NAME = 40
NOTE = "fish reports commands without their lines: the lines are found by the text of the commands"
# What is exported, or written as such names are: an event for each turn of a loop's counter would take its time.
_NAMES = re.compile(
    r"\b(?:set|read)\s+(?:-\S+\s+)*(?:-\w*x\w*|--export)\s+(?:-\S+\s+)*([A-Za-z_]\w*)"
    r"|\b(?:export|setenv)\s+([A-Za-z_]\w*)|\b([A-Z][A-Z0-9_]+)\b"
)
_FILES = re.compile(r"(?:~|\$HOME|\{\$HOME\})?/[^\s;&|()<>'\"*$]+")
_HOME = re.compile(r"^(?:~|\$HOME|\{\$HOME\})")
# What no function can stand in for, where a command begins: `exec` and `command`, and a program by its path.
_START = rb"(?m)(^[ \t]*|[;&|(][ \t]*|\b(?:and|or|not|else|begin|if|while)[ \t]+)"
_EMPTIES = re.compile(rb"(^|[^>&])>[?|]?(\s*[^>&?|\s])")  # a file that is written anew, and no descriptor
_TEE = re.compile(rb"\|\s*tee(?=\s+[^\s-])")
_EXEC = re.compile(_START + rb"exec(?=[ \t]+[^\s<>])")


def replay(
    row: Shell, program: str, environ: Mapping[str, str], *, login: bool, timeout: float, given: Given = USUAL
) -> Replay:
    """Replay the startup of an interactive fish."""
    options = ["--login"] if login else []
    for command in given.commands:
        options += ["--init-command", command]
    started = time.monotonic()
    with running.folder() as folder:
        startup = _Startup(folder, environ, row)
        first = startup.trace(program, timeout, options)
    left = timeout - (time.monotonic() - started)
    if not first.finished or not startup.unforeseen or left < timeout / 2:
        return first
    # Events have to be asked for by name, and nobody could know these names beforehand.
    with running.folder() as folder:
        again = _Startup(folder, environ, row, startup.unforeseen).trace(program, left, options)
    return again if again.finished else first


class _Startup:
    """One startup of fish, in folders of its own."""

    def __init__(self, folder: str, environ: Mapping[str, str], row: Shell, names: Iterable[str] = ()) -> None:
        self.folder = folder
        self.environ = environ
        self.shell = row.name
        self.suffixes = row.suffixes
        self.names = set(names)
        self.unforeseen: set[str] = set()  # what changed without an event
        self.home = environ.get("HOME", "/")
        self.real = {name: self._folder_of(name) for name in FOLDERS}
        self.config = os.path.join(self.real["XDG_CONFIG_HOME"], "fish")
        self.pipe = os.path.join(folder, "pipe")
        self.ledger = Ledger(environ)
        self.nesting = Nesting(self.ledger, self.home, self.translate, self._start, self.names)

    def _folder_of(self, name: str) -> str:
        return self.environ.get(name) or os.path.join(self.home, FOLDERS[name])

    def _laid(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def lay(self) -> None:
        """Make the folders that fish takes for the user's."""
        for name in FOLDERS:
            os.makedirs(self._laid(name), mode=0o700)
        target = os.path.join(self._laid("XDG_CONFIG_HOME"), "fish")
        symlink_tree.lay(self.config, target, copied=(STORE,), rewrite=_rewriting(self.shell))
        data = os.path.join(self._laid("XDG_DATA_HOME"), "fish")
        left_out = ("fish_history", "generated_completions")
        symlink_tree.lay(os.path.join(self.real["XDG_DATA_HOME"], "fish"), data, left_out=left_out)
        os.makedirs(os.path.join(target, "conf.d"), exist_ok=True)
        tracer = running.shells_file("fish/trace.fish")
        os.symlink(tracer, os.path.join(target, "conf.d", FIRST))

    def translate(self, text: str) -> str:
        """Return a text with the user's folders in the place of ours."""
        for name, real in self.real.items():
            text = text.replace(self._laid(name), real)
        return text

    def trace(self, program: str, timeout: float, options: Iterable[str]) -> Replay:
        """Start fish and return what it told."""
        self.lay()
        words = [program, *options, "--interactive", "--debug-output", self.pipe, "--command", "__cleanenv_finish"]
        pipe = Pipe(self.pipe, self.nesting.feed)
        reader = Thread(target=pipe.read, daemon=True)
        reader.start()
        try:
            is_ended = running.run(words, self._fed(), self.home, timeout)
        finally:
            pipe.close()
            reader.join()
        return self._replayed(is_timed_out=not is_ended)

    def _fed(self) -> dict[str, str]:
        """Return the environment that fish is started in: what the tracer needs, and our folders for the user's."""
        candidates = sorted({*self.environ, *_names(self._files())} - {""})[:MOST_NAMES]
        self.names |= {name for name in candidates if len(name) <= LONGEST_NAME}
        fed = {
            **self.environ,
            "CLEANENV_TRACE_PIPE": self.pipe,
            "CLEANENV_TRACE_START": self._laid("start"),
            "CLEANENV_TRACE_END": self._laid("end"),
            "CLEANENV_TRACE_ENV": shutil.which("env", path=os.defpath) or "env",
            "CLEANENV_TRACE_STAND_IN": running.shells_file("posix/stand_in.sh"),
            skipped_commands.VARIABLE: skipped_commands.table(self.shell),
            "CLEANENV_TRACE_NAMES": ",".join(self.names),
            "fish_trace": "1",
        }
        for name in FOLDERS:
            if name in self.environ:
                fed[f"CLEANENV_KEEP_{name}"] = self.environ[name]
            fed[name] = self._laid(name)
        return fed

    def _files(self) -> list[str]:
        """Return the files in which names of variables are looked for: fish's events want them beforehand."""
        files = dict.fromkeys([os.path.join(self.config, "config.fish"), "/etc/fish/config.fish"])
        folders = (os.path.join(self.config, "conf.d"), os.path.join(self.config, "functions"), "/etc/fish/conf.d")
        for folder in folders:
            for name in sorted(_names_in(folder)):
                if name.endswith(self.suffixes):
                    files[os.path.join(folder, name)] = None
        unread = list(files)
        while unread and len(files) < MOST_NAMES:
            for path in self._mentioned(unread.pop(0)):
                if path not in files:
                    files[path] = None
                    unread.append(path)
        return list(files)

    def _mentioned(self, path: str) -> Iterator[str]:
        """Yield the paths of fish's files that the lines of a file name, with the home put in."""
        for text in source_file.read(path).lines:
            for word in _FILES.findall(text):
                if word.endswith(self.suffixes):
                    yield _HOME.sub(lambda _: self.home, word)

    def _start(self) -> None:
        """Take down what was set before the first of the user's files: by fish, and by universal variables."""
        start = dumped(running.events(self._laid("start"))) or {}
        store = os.path.join(self.config, STORE)
        universal = fish_words.universal(source_file.read(store).lines)

        def nearest(name: str) -> tuple[tuple[Place, ...], str]:
            # fish puts its fish_user_paths in front of PATH.
            line = universal.get(name) or universal.get("fish_user_paths" if name == "PATH" else "")
            if line is None:
                return self.nesting.nearest.get(name, ((), ""))
            chain = (Place(store, line),)
            return chain, source_file.text_at(chain)

        self.ledger.settle(self._theirs(start), (), nearest, note="")

    def _theirs(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return an environment without what is ours in it."""
        theirs: dict[str, str] = {}
        for name, value in environ.items():
            if not name.startswith(("CLEANENV_", *OURS)):
                theirs[name] = self.translate(value)
        return theirs

    def _replayed(self, *, is_timed_out: bool) -> Replay:
        end = dumped(running.events(self._laid("end")))
        if end is not None:
            theirs = self._theirs(end)
            for name, value in theirs.items():
                is_foreseen = name in self.names or is_own(name)
                if value != self.ledger.values.get(name) and not is_foreseen:
                    self.unforeseen.add(name)
            self.ledger.settle(theirs, (), lambda name: self.nesting.nearest.get(name, ((), "")))
        return Replay(
            changes=self.ledger.marked(),
            skipped=skipped_commands.each_once(self.nesting.skipped),
            missing=source_file.missing(["/etc/fish/config.fish", os.path.join(self.config, "config.fish")]),
            finished=end is not None,
            timed_out=is_timed_out,
            last=self.nesting.chain() if end is None else (),
            notes=(NOTE,),
        )


def _rewriting(shell: str) -> Callable[[bytes], bytes]:
    """Return what makes a file call the tracer's functions where it would pass over them."""
    names = b"|".join(re.escape(os.fsencode(name)) for name in skipped_commands.names(shell))
    behind = re.compile(_START + rb"command(?=[ \t]+(?:\S*/)?(?:%b)(?![\w./-]))" % names)
    by_path = re.compile(_START + rb"(?=[\"']?[~/$][\w./~${}-]*/(?:%b)(?![\w./-]))" % names)
    agents = b"|".join(re.escape(os.fsencode(name)) for name in skipped_commands.named("daemon"))
    # A redirection comes before the function that stands in for an agent: it must not empty the file of the real one.
    filled = re.compile(rb"(?m)^[^#\n]*(?<![\w.-])(?:%b)(?![\w.-]).*" % agents)

    def rewrite(text: bytes) -> bytes:
        text = _EXEC.sub(rb"\1__cleanenv_exec", text)
        text = behind.sub(rb"\1__cleanenv_command", text)
        text = by_path.sub(rb"\1__cleanenv_path ", text)
        return filled.sub(lambda line: _EMPTIES.sub(rb"\1>>\2", _TEE.sub(rb"\g<0> -a", line[0])), text)

    return rewrite


def _names(files: Iterable[str]) -> set[str]:
    """Return what may be names of variables in the files."""
    names: set[str] = set()
    for path in files:
        for text in source_file.read(path).lines:
            for alternatives in _NAMES.findall(text):
                names.update(alternatives)
    return names


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
