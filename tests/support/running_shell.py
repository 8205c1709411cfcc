"""An interactive shell on a terminal with startup files of its own, as a user has one, and cleanenv called in it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.installed_shells import find_shell
from tests.support.terminal import Terminal
from tests.support.trace_cases import TOOL, Document, environ_of, write

PROMPT = "prompt> "
# A line of a startup file that sets the prompt, and one that sets an exported variable.
PROMPTS = {
    "bash": f"PS1='{PROMPT}'\n",
    "zsh": f"PS1='{PROMPT}'\nunsetopt zle promptsp 2>/dev/null\n",
    "fish": f"function fish_prompt; echo -n '{PROMPT}'; end\nset -g fish_greeting\n",
}
SETTINGS = {"bash": "export {}={}", "zsh": "export {}={}", "fish": "set -gx {} {}"}
FILES = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}
LOGIN_FILES = {"bash": ".bash_profile", "zsh": ".zprofile", "fish": ".config/fish/config.fish"}
SHELLS = tuple(FILES)


def setting(shell: str, name: str, value: str) -> str:
    """Return the line that sets an exported variable in ``shell``."""
    return SETTINGS[shell].format(name, value)


class Running(Terminal):
    """A shell at its first prompt; ``home`` has its startup files, ``words`` its arguments."""

    def __init__(
        self,
        shell: str,
        home: Path,
        words: Sequence[str] = (),
        more: Mapping[str, str] | None = None,
        files: Mapping[str, str] | None = None,
        argv: Sequence[str] = (),
    ) -> None:
        write(home, files or {})
        program = find_shell(shell).program
        self.home = home
        self.shell = shell
        self._count = 0
        super().__init__([*(argv or [program]), *words], {**environ_of(home), **(more or {})}, home)
        self.wait_prompt(PROMPT.strip())

    def type(self, line: str) -> None:
        """Type a command and wait for the prompt after it."""
        mark = self._mark()
        self.enter(f"{line}; touch {mark}")
        self.wait(mark.exists, f"the end of {line!r}")
        self.wait_prompt(PROMPT.strip())

    def _mark(self) -> Path:
        self._count += 1
        return self.home / f"done-{self._count}"

    def call(self, *words: str) -> str:
        """Return what ``cleanenv``, called at the prompt, prints."""
        mark = self._mark()
        out = mark.with_suffix(".out")
        self.enter(f"{shlex.join([*TOOL, *words])} >{out}; touch {mark}")
        self.wait(mark.exists, f"the end of {words}")
        self.wait_prompt(PROMPT.strip())
        return out.read_text(encoding="utf-8")

    def trace(self, *words: str) -> Document:
        """Return what ``cleanenv trace``, called at the prompt, finds."""
        document: Document = json.loads(self.call("trace", "--json", *words))
        return document
