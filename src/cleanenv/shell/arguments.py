"""What the arguments of a running shell say of it: whether it talks to the user, and whether it is a login shell."""

# On the way of `shell`: no typing (7 ms).
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.shell.definition import Shell

INTERACTIVE = "interactive"
COMMAND = "command"
SCRIPT = "script"
# tcsh(1) and csh(1): -l makes a login shell only if it is the only argument.
LOGIN_ALONE = ("tcsh", "csh")
COMMAND_AS_VALUE = ("fish", "nushell", "xonsh")  # in the others the first operand is the command
# Their options have one dash and several letters, by the flag package of Go: -norc.
WORDS_OF_ONE_DASH = ("elvish",)


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


def options(shell: Shell | None, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each option among ``words`` with its value, empty if it takes none, up to the first operand.

    A value in the same word (``--rcfile=FILE``, ``-CFILE``) is split off, and
    letters that stand in one word (``-lic``) are yielded one by one.
    """
    valued = shell.valued if shell is not None else ()
    if shell is not None and shell.name in COMMAND_AS_VALUE:
        valued = (*valued, "-c", "--command", "--commands")
    rest = iter(words)
    for word in rest:
        if word in ("-", "--") or not word.startswith(("-", "+")):
            return  # what follows are the words of a script or a command
        if word in valued:
            yield word, next(rest, "")
            continue
        if word.startswith("--"):
            name, _, value = word.partition("=")
            yield name, value
            continue
        if shell is not None and shell.name in WORDS_OF_ONE_DASH:
            yield word, ""
            continue
        for index, letter in enumerate(word[1:], 2):
            option = word[0] + letter
            if option in valued:
                yield option, word[index:] or next(rest, "")
                break
            yield option, ""


def asks_for_login(shell: Shell | None, words: Sequence[str]) -> bool:
    """Tell whether the options among ``words`` make a login shell: ``-l``, ``-lic``, ``--login``, ``-o login``."""
    if shell is not None and shell.name in LOGIN_ALONE:
        return list(words) == ["-l"]
    is_login = False
    for option, value in options(shell, words):
        if option in ("--login", "-l"):
            is_login = True
        elif option == "+l":
            is_login = False
        elif option in ("-o", "+o") and _is_option_login(value):
            is_login = option == "-o"
    return is_login


def _is_option_login(name: str) -> bool:
    """Tell whether ``name`` is zsh's option login: case and underscores do not matter (zshoptions(1))."""
    return name.replace("_", "").lower() == "login"


def _cluster(word: str) -> str:
    """Return the letters of options that stand in one word, as in ``-lic``; none for a long option or no option."""
    return word[1:] if word.startswith("-") and not word.startswith("--") else ""
