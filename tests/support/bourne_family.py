"""The shells of the Bourne family: where the same startup text goes in each."""

from __future__ import annotations

from cleanenv.shell import registry
from tests.support.trace_cases import Case

# The file of an interactive shell. dash, busybox ash and here mksh read the one that ENV names, set at login.
RC = {
    "bash": ".bashrc",
    "zsh": ".zshrc",
    "ksh93": ".kshrc",
    "mksh": ".rc",
    "yash": ".yashrc",
    "ash": ".rc",
    "dash": ".rc",
}
BY_ENV = ("mksh", "ash", "dash")
SHELLS = tuple(row.name for row in registry.ROWS if row.tracer in ("bash", "zsh", "ksh93", "posix"))


def login_files(shell: str) -> dict[str, str]:
    """Return the file of a login that names the one of an interactive shell, for those that need it."""
    return {".profile": f"export ENV=$HOME/{RC[shell]}\n"} if shell in BY_ENV else {}


def of(case: Case, shell: str) -> Case:
    """Return a case, written for a file called RC, with the file that ``shell`` reads."""
    name = RC[shell]
    files = {name if file == "RC" else file: text for file, text in case.files.items()}
    expected = {key: [line.replace("RC:", f"{name}:") for line in lines] for key, lines in case.expected.items()}
    options = ["--login"] if shell in BY_ENV else []
    return Case(case.name, {**files, **login_files(shell)}, expected, options)
