"""Lines of a startup that ask for a terminal, which a replay does not have: what depends on them is not seen."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cleanenv.trace.engine import source_file
from cleanenv.trace.model import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanenv.trace.model import Change

# The user's own startup files by shell, in HOME or where the variable in front of them leads.
FILES: dict[str, tuple[tuple[str, str], ...]] = {
    "bash": (("HOME", ".bash_profile"), ("HOME", ".bash_login"), ("HOME", ".profile"), ("HOME", ".bashrc")),
    "zsh": (
        ("ZDOTDIR", ".zshenv"),
        ("ZDOTDIR", ".zprofile"),
        ("ZDOTDIR", ".zshrc"),
        ("ZDOTDIR", ".zlogin"),
    ),
    "fish": (("XDG_CONFIG_HOME", "fish/config.fish"),),
    "ksh93": (("HOME", ".profile"), ("HOME", ".kshrc")),
    "mksh": (("HOME", ".profile"), ("HOME", ".mkshrc")),
    "dash": (("HOME", ".profile"),),
    "ash": (("HOME", ".profile"),),
    "yash": (("HOME", ".yash_profile"), ("HOME", ".yashrc")),
    "tcsh": (("HOME", ".tcshrc"), ("HOME", ".cshrc"), ("HOME", ".login")),
}
DEFAULTS = {"ZDOTDIR": "", "XDG_CONFIG_HOME": ".config"}
# `[ -t 0 ]`, `[[ ! -t 1 ]]`, `test -t 2`, fish's isatty, `tty -s` and `$(tty)`.
ASKS = re.compile(r"(?:\[\s|\btest\s)[^#]*?-t\s+[012]\b|\bisatty\b|\btty\s+-s\b|(?:\$\(|`|\()\s*tty\b")


def first(shell: str, environ: Mapping[str, str], changes: Iterable[Change]) -> Place | None:
    """Return the first line that asks for a terminal, of the startup files of ``shell`` and those in ``changes``."""
    files: dict[str, None] = {}
    home = environ.get("HOME", "/")
    for variable, name in FILES.get(shell, ()):
        directory = environ.get(variable) or os.path.join(home, DEFAULTS.get(variable, ""))
        files[os.path.join(directory, name)] = None
    for change in changes:
        for place in change.chain:
            files[place.file] = None
    for file in files:
        for number, text in enumerate(source_file.read(file).lines, 1):
            if not text.lstrip().startswith("#") and ASKS.search(text):
                return Place(file, number)
    return None
