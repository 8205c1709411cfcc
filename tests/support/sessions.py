"""One interactive session: a clean shell on a terminal, and what programs in it see."""

from __future__ import annotations

import itertools
from pathlib import Path

from cleanenv.shell.detect import Found
from tests.support.seen import DUMP, Seen, load
from tests.support.terminal import Terminal

# What each shell sets and exports by itself, by its manual and by a start with an empty environment.
OWN = {
    "bash": {"PWD", "OLDPWD", "_"},
    "zsh": {"PWD", "OLDPWD", "_", "LOGNAME"},
    "fish": {"PWD", "OLDPWD", "USER", "LOGNAME"},
    "tcsh": {"PWD", "LOGNAME", "HOST", "HOSTTYPE", "VENDOR", "OSTYPE", "MACHTYPE", "GROUP", "REMOTEHOST"},
    "csh": {"PWD", "LOGNAME"},
    "ksh93": {"PWD", "OLDPWD", "_", "A__z"},
    "mksh": {"PWD", "OLDPWD", "_"},
    "dash": {"PWD", "OLDPWD", "_"},
    "ash": {"PWD", "OLDPWD", "_"},
    "yash": {"PWD", "OLDPWD", "_"},
    "xonsh": {
        *("PWD", "OLDPWD", "BASH_COMPLETIONS", "XONSH_VERSION", "XONSH_DATA_DIR", "XONSH_HISTORY_FILE", "XONSH_LOGIN"),
        *("XONSH_INTERACTIVE", "XONSH_MODE", "COLOR_RESULTS", "THREAD_SUBPROCS", "SHELL_TYPE", "HOSTNAME"),
        *("LAST_RETURN_CODE", "XONSH_APPEND_NEWLINE", "XONSH_CAPTURE_ALWAYS"),
        *("LS_COLORS", "XONSH_PROMPT_CURSOR_SHAPE"),  # with prompt_toolkit
    },
    "nushell": {
        *("PWD", "OLDPWD", "CMD_DURATION_MS", "LAST_EXIT_CODE", "NU_VERSION", "CURRENT_FILE", "FILE_PWD"),
        *("PROMPT_INDICATOR", "PROMPT_INDICATOR_VI_INSERT", "PROMPT_INDICATOR_VI_NORMAL", "PROMPT_MULTILINE_INDICATOR"),
        *("TRANSIENT_PROMPT_COMMAND", "TRANSIENT_PROMPT_INDICATOR", "TRANSIENT_PROMPT_INDICATOR_VI_INSERT"),
        *("TRANSIENT_PROMPT_INDICATOR_VI_NORMAL", "TRANSIENT_PROMPT_MULTILINE_INDICATOR"),
        "TRANSIENT_PROMPT_COMMAND_RIGHT",
    },
    "elvish": {"PWD"},
}
_numbers = itertools.count()


class Session(Terminal):
    """A clean shell for ``venv`` on a terminal, ready at its first prompt."""

    def __init__(
        self, found: Found, venv: Path, tool: list[str], caller: dict[str, str], folder: Path, *options: str
    ) -> None:
        super().__init__([*tool, "shell", str(venv), "--shell", found.program, *options], caller, folder)
        self.folder = folder
        self.marker = f"({venv.name}) "

    def ready(self) -> None:
        """Wait for the prompt with the marker."""
        self.wait_prompt(self.marker)

    def look(self) -> Seen:
        """Return what ``python``, typed at the prompt, sees."""
        report = self.folder / f"seen-{next(_numbers)}.json"
        self.enter(f"python {DUMP} {report}")
        return self.look_at(report.name)

    def look_at(self, name: str) -> Seen:
        """Return the report ``name`` when it is there, and the prompt is back."""
        report = self.folder / name
        self.wait(report.exists, "the report")
        self.wait_prompt("")
        return load(report)

    def leave(self) -> int:
        """Exit and return the status."""
        self.enter("exit")
        return self.wait_end()
