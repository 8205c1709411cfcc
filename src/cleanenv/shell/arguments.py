"""What the arguments of a running shell say of it: whether it talks to the user, and whether it is a login shell."""

# On the way of `shell`: no typing (7 ms).
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.shell.definition import Shell

INTERACTIVE = "interactive"
COMMAND = "command"
SCRIPT = "script"


def use_of(shell: Shell, words: Sequence[str]) -> str:
    """Tell from its arguments whether a shell talks to the user, runs one command, or a script."""
    rest = iter(words)
    for word in rest:
        if word in shell.valued:
            next(rest, None)
        elif word in ("-i", "--interactive"):
            return INTERACTIVE
        elif word in ("-s", "--login", "-l"):
            continue
        elif word in ("--command", "--commands") or "c" in _cluster(word)[:3]:
            return COMMAND
        elif not word.startswith(("-", "+")):
            return SCRIPT
    return INTERACTIVE


def _cluster(word: str) -> str:
    """Return the letters of options that stand in one word, as in ``-lic``; none for a long option or no option."""
    return word[1:] if word.startswith("-") and not word.startswith("--") else ""


def asks_for_login(shell: Shell | None, words: Sequence[str]) -> bool:
    """Tell whether the options among ``words`` include ``-l``, also in one word with others, as in ``bash -lic``."""
    rest = iter(words)
    for word in rest:
        if shell is not None and word in shell.valued:
            next(rest, None)
        elif word == "--login" or "l" in _cluster(word)[:3]:
            return True
        elif word == "--" or not word.startswith(("-", "+")):
            return False  # the words of a script or a command
    return False
